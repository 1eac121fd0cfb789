"""Volunteers asked by trade and hour, their answers, and hours that count once."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from tests.depth import examples
from tests.factories import make_account
from tests.forms import forms_on, press
from tests.functional.branches.world import MONDAY, Team, add, make_absence, make_team
from tests.functional.pages import see, text
from tests.functional.racing import at_once
from tests.functional.tables import all_of, reload
from webapp.accounts.models import Account
from webapp.branches.lifecycle import CallState, HelpState
from webapp.branches.models import MemberProfile
from webapp.branches.models.volunteering import HelpCall, HelpWanted, VolunteerHours
from webapp.branches.queries import volunteering as queries
from webapp.branches.services import volunteer_hours, volunteering
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.errors import AppError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOARD = "/staff/branches/volunteers"
TUESDAY = MONDAY.replace(hour=14) + DAY
TYPED = {
    "trade": "水电", "words": "换三楼的灯", "for_whom": "一位住三楼的老人",
    "day": "2026-12-01", "start": "14:00", "end": "16:00", "wanted": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.frozen(MONDAY):
        yield


def knows(session: Any, account: Account, *trades: str, hours: str = "12345") -> None:
    window = [{"days": hours, "start": "09:00", "end": "17:00"}]
    row = MemberProfile(
        account_id=account.id, volunteer=True, trades=list(trades), hours=window,
        updated_at=clock.now(),
    )  # fmt: skip
    add(session, row)


def make_help(session: Any, team: Team, **fields: Any) -> HelpWanted:
    usual = {
        "branch_id": team.branch.id, "trade": "水电", "words": "换灯", "for_whom": "一位老人",
        "starts_at": TUESDAY, "ends_at": TUESDAY + 2 * HOUR, "wanted": 1,
        "owner_id": team.secretary.id, "backup_id": team.member.id,
        "state": HelpState.OPEN, "created_at": clock.now(),
    }  # fmt: skip
    return add(session, HelpWanted(**{**usual, **fields}))


def make_call(
    session: Any, row: HelpWanted, account: Account, state: CallState = CallState.YES
) -> HelpCall:
    answered = None if state is CallState.ASKED else clock.now()
    call = HelpCall(
        help_id=row.id, account_id=account.id, state=state, asked_at=clock.now(),
        answered_at=answered,
    )  # fmt: skip
    return add(session, call)


def test_asked_answered_confirmed_thanked(
    db: Database, client: FlaskClient, team: Team, write: Any, sign_in: Any
) -> None:
    with write() as session:
        knows(session, team.third, "修水电")
        knows(session, team.member, "水电", hours="67")
        away = make_account(session, role=Role.STAFF, name="请假的")
        knows(session, away, "水电")
        make_absence(session, away, (TUESDAY.date(), TUESDAY.date()))
        other = make_account(session, role=Role.STAFF, name="不懂的")
        knows(session, other, "算账")
    desk, helper = sign_in(team.secretary), sign_in(team.third)
    pair = {"owner": str(team.secretary.id), "backup": str(team.member.id)}
    made = press(desk, f"/staff/branches/{team.branch.id}/help/new", **TYPED, **pair)
    page = made.headers["Location"]
    said = see(desk, page)
    order = [said.index(f"{name} · ") for name in ("杨兴全", "唐敏", "请假的")]
    assert order == sorted(order)  # who is here then first, who is away last
    assert "不懂的" not in said
    assert press(desk, page, "/ask", people=[]).status_code == 400
    assert press(desk, page, "/ask", people=[str(other.id)]).status_code == 400
    assert (
        press(desk, page, "/ask", people=[str(team.third.id), str(team.member.id)]).status_code
        == 303
    )
    mine = "/staff/branches/volunteers/mine"
    assert "换三楼的灯" in see(helper, mine)
    assert "换三楼的灯" not in see(sign_in(other), mine)
    assert press(helper, mine, "/yes").status_code == 303
    # The place is taken: the other, asked by telephone, need not come.
    first, second = all_of(db, HelpCall)
    calls = {first.account_id: first, second.account_id: second}
    late = calls[team.member.id]
    assert press(desk, page, f"/calls/{late.id}/noted/yes").status_code == 303
    assert reload(db, HelpCall, late.id).state is CallState.NOT_NEEDED
    assert "我帮了多久" not in see(helper, mine)  # it has not begun
    with clock.frozen(TUESDAY + 3 * HOUR):
        hours = f"/staff/branches/volunteers/calls/{calls[team.third.id].id}/mine"
        assert hours in see(helper, mine)
        assert press(helper, hours, end="17:00").status_code == 303
        assert "等支部确认" in see(helper, mine)
        assert "帮的忙，加起来" not in see(client, f"/branches/{team.branch.id}")
        confirm = f"/staff/branches/volunteers/calls/{calls[team.third.id].id}/hours"
        assert confirm in see(desk, page)
        assert press(desk, confirm, thanks="").status_code == 400
        assert press(desk, confirm, end="16:30").status_code == 303
        said = see(helper, mine)
        assert "2 小时 30 分" in said
        assert "谢谢您来帮忙，一位住三楼的老人记着您" in said
        assert "加起来 2 小时 30 分" in see(client, f"/branches/{team.branch.id}")
        assert team.third.name not in see(client, "/branches/promises")
        assert press(desk, page, "/finish").status_code == 303
        assert "办完了" in see(desk, page)
    assert sign_in(other).get(confirm).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"words": "陪残疾的王大爷看病"}, "words"),
        ({"words": "打 13912345678 找他"}, "words"),
        ({"for_whom": "低保户张家"}, "for_whom"),
        ({"trade": ""}, "trade"),
        ({"day": "2026-11-29"}, "day"),
        ({"start": "08:00", "end": "23:00"}, "end"),
        ({"wanted": "0"}, "wanted"),
        ({"wanted": "viele"}, "wanted"),
        ({"words": "长" * 121}, "words"),
    ],
)
def test_nonsense_and_what_is_nobodys_business(
    db: Database, team: Team, sign_in: Any, changes: dict[str, str], field: str
) -> None:
    pair = {"owner": str(team.secretary.id), "backup": str(team.member.id)}
    page = f"/staff/branches/{team.branch.id}/help/new"
    answer = press(sign_in(team.secretary), page, **{**TYPED, **pair, **changes})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in text(answer)
    assert all_of(db, HelpWanted) == []


def test_a_no_a_change_of_mind_and_a_call_off(
    db: Database, team: Team, write: Any, sign_in: Any
) -> None:
    with write() as session:
        row = make_help(session, team, wanted=2)
        call = make_call(session, row, team.third, CallState.ASKED)
        other = make_call(session, row, team.member, CallState.ASKED)
    desk, helper = sign_in(team.secretary), sign_in(team.third)
    page, mine = f"{BOARD}/{row.id}", f"{BOARD}/mine"
    assert press(desk, page, f"/calls/{call.id}/noted/yes").status_code == 303
    assert "是支部打电话问了您记的" in see(helper, mine)
    assert press(helper, mine, f"/calls/{call.id}/no").status_code == 303
    assert reload(db, HelpCall, call.id).state is CallState.NO
    forms = [one.action for one in forms_on(helper.get(mine))]
    assert not any(str(other.id) in one.split("/") for one in forms)
    assert press(desk, page, "/call-off", reason="").status_code == 400
    assert press(desk, page, "/call-off", reason="老人自己换好了").status_code == 303
    assert reload(db, HelpCall, other.id).state is CallState.NOT_NEEDED
    assert "这件事不用了" in see(sign_in(team.member), mine)
    assert "能来" not in [one.action.rsplit("/", 1)[-1] for one in forms_on(helper.get(mine))]
    with pytest.raises(AppError), db.transaction(team.actor(team.third)) as session:
        volunteering.answer(session, team.actor(team.third), call_id=call.id, yes=True)
    with pytest.raises(AppError), db.transaction(team.actor(team.third)) as session:
        volunteering.answer(session, team.actor(team.third), call_id=other.id, yes=True)


def test_of_two_who_say_yes_at_once_one_comes(
    app: Flask, db: Database, team: Team, write: Any
) -> None:
    with write() as session:
        row = make_help(session, team)
        calls = [make_call(session, row, one, CallState.ASKED) for one in (team.member, team.third)]

    def says_yes(call: HelpCall, account: Account) -> Any:
        return team.actor(account), lambda session, actor: volunteering.answer(
            session, actor, call_id=call.id, yes=True
        )

    ended = at_once(app, db, says_yes(calls[0], team.member), says_yes(calls[1], team.third))
    assert ended == ["done", "done"]
    states = sorted(one.state.value for one in all_of(db, HelpCall))
    assert states == ["not_needed", "yes"]


def test_one_hour_counts_once_by_whatever_way(
    app: Flask, db: Database, team: Team, write: Any
) -> None:
    with write() as session:
        rows = [make_help(session, team) for _ in range(2)]
        calls = [make_call(session, row, team.third) for row in rows]

    def says(call: HelpCall) -> Any:
        return team.actor(team.third), lambda session, actor: volunteer_hours.say_hours(
            session, actor, call_id=call.id, starts_at=TUESDAY, ends_at=TUESDAY + HOUR
        )

    with clock.frozen(TUESDAY + DAY):
        assert at_once(app, db, says(calls[0]), says(calls[1])) == ["400", "done"]
        (hours,) = all_of(db, VolunteerHours)
        free = next(call for call in calls if call.id != hours.call_id)
        row = VolunteerHours(
            call_id=free.id, account_id=team.third.id, starts_at=TUESDAY + HOUR / 2,
            ends_at=TUESDAY + 2 * HOUR, noted_at=clock.now(),
        )  # fmt: skip
        with pytest.raises(DatabaseError), write() as session:  # past the service
            add(session, row)
        boss = team.actor(team.secretary)
        given = {"starts_at": TUESDAY, "ends_at": TUESDAY + HOUR, "thanks": "谢谢"}
        with db.transaction(boss) as session:
            volunteer_hours.confirm_hours(session, boss, call_id=hours.call_id, **given)
    later = {"ends_at": TUESDAY + 3 * HOUR}
    with pytest.raises(DatabaseError), write() as session:
        session.exec(update(VolunteerHours).values(**later))
    with pytest.raises(DatabaseError), write() as session:
        session.delete(session.merge(hours))


def test_nobody_confirms_their_own(db: Database, team: Team, write: Any, sign_in: Any) -> None:
    with write() as session:
        row = make_help(session, team)
        call = make_call(session, row, team.secretary)
    with clock.frozen(TUESDAY + DAY):
        desk = sign_in(team.secretary)
        page = f"{BOARD}/calls/{call.id}/hours"
        assert page not in see(desk, f"{BOARD}/{row.id}")
        assert "请另一位同事来确认" in text(press(desk, page))
        hours = VolunteerHours(
            call_id=call.id, account_id=team.secretary.id, starts_at=TUESDAY,
            ends_at=TUESDAY + HOUR, noted_at=clock.now(), confirmed_at=clock.now(),
            confirmed_by_id=team.secretary.id, thanks="谢谢自己",
        )  # fmt: skip
        with pytest.raises(DatabaseError), write() as session:
            add(session, hours)
        assert press(sign_in(team.member), page).status_code == 303  # the backup does


quarters = st.integers(-20, 40)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_is_said_no_minute_counts_twice(app: Flask, db: Database, write: Any) -> None:
    """Random reports to three things at one time: what counts is never more than the clock says."""
    with write() as session:
        team = make_team(session)
        rows = [make_help(session, team) for _ in range(3)]
        calls = [make_call(session, row, team.third) for row in rows]

    def at(quarter: int) -> datetime:
        return TUESDAY + timedelta(minutes=15 * quarter)

    @given(st.lists(st.tuples(st.integers(0, 2), quarters, quarters, st.booleans()), max_size=8))
    @settings(max_examples=examples(20))
    def check(reports: list[tuple[int, int, int, bool]]) -> None:
        with write() as session:
            for row in all_of(db, VolunteerHours):
                if row.confirmed_at is None:
                    session.delete(session.merge(row))
        for which, start, end, confirms in reports:
            actor = team.actor(team.secretary if confirms else team.third)
            said = {"call_id": calls[which].id, "starts_at": at(start), "ends_at": at(end)}
            try:
                with app.app_context(), db.transaction(actor) as session:
                    if confirms:
                        volunteer_hours.confirm_hours(session, actor, **said, thanks="谢谢")
                    else:
                        volunteer_hours.say_hours(session, actor, **said)
            except AppError:
                continue
        counted = sorted((one.starts_at, one.ends_at) for one in all_of(db, VolunteerHours))
        for one, two in pairwise(counted):
            assert one[1] <= two[0]
        for begins, ends in counted:
            assert TUESDAY - 3 * HOUR <= begins < ends <= TUESDAY + 8 * HOUR

    with clock.frozen(TUESDAY + 2 * DAY):
        check()
        with db.reader() as session:
            total = queries.own_minutes(session, team.third.id)
            assert total == sum(queries.minutes_by_branch(session).values())
            assert total <= 11 * 60
