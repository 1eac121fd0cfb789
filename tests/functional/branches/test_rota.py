"""The rota through its pages: a week at once, other hours, swapping in two taps, gaps in red."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.depth import examples
from tests.factories import make_account
from tests.forms import forms_on, press
from tests.functional.branches.world import MONDAY, Team, make_absence, make_shift, make_team
from tests.functional.pages import see, text
from tests.functional.racing import at_once
from tests.functional.tables import all_of
from webapp.branches.models.rota import DutyShift
from webapp.branches.queries.rota import gaps, on_duty
from webapp.branches.services import rota
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.errors import AppError

ROTA = "/staff/branches/rota"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PHONE = "023-61230009"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with clock.frozen(MONDAY):
        yield


def shifts(db: Database) -> list[tuple[int, datetime, datetime]]:
    rows = sorted(all_of(db, DutyShift), key=lambda one: (one.starts_at, one.id))
    return [(one.account_id, one.starts_at, one.ends_at) for one in rows]


def test_a_week_is_written_on_one_page(
    db: Database, client: FlaskClient, team: Team, sign_in: Any
) -> None:
    desk = sign_in(team.secretary)
    assert "没有人值班" in see(desk, ROTA)
    one, two = str(team.member.id), str(team.third.id)
    week = {"2026-12-01-day": one, "2026-12-01-night": two, "2026-11-30-night": one}
    assert press(desk, ROTA, ROTA, phone=PHONE, **week).status_code == 303
    at8 = MONDAY.replace(hour=8)
    expected = [
        (team.member.id, at8 + 12 * HOUR, at8 + 24 * HOUR),
        (team.member.id, at8 + 24 * HOUR, at8 + 36 * HOUR),
        (team.third.id, at8 + 36 * HOUR, at8 + 48 * HOUR),
    ]
    assert shifts(db) == expected
    with clock.frozen(at8 + 13 * HOUR):
        assert PHONE in see(client, "/help")
        assert team.member.phone not in see(client, "/help")
    # The page shows what stands; sent as it stands, nothing changes.
    assert "记下了，改了 0 个班" in text(desk.get(press(desk, ROTA, ROTA).headers["Location"]))
    assert shifts(db) == expected
    given = press(desk, ROTA, ROTA, **{"2026-12-01-night": one, "2026-12-01-day": ""})
    assert given.status_code == 303
    assert shifts(db) == [expected[0], (team.member.id, *expected[2][1:])]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"phone": ""}, "请填值班电话"),
        ({"phone": "找我"}, "请填电话号码"),
        ({"phone": "own"}, "自己的手机号"),
        ({"2026-12-01-day": "999999"}, "Not a valid choice"),
    ],
)
def test_nonsense_in_a_week_is_refused(
    db: Database, team: Team, sign_in: Any, changes: dict[str, str], told: str
) -> None:
    desk = sign_in(team.secretary)
    given = {"phone": PHONE, "2026-12-02-day": str(team.member.id), **changes}
    if given["phone"] == "own":
        given["phone"] = team.third.phone
    answer = press(desk, ROTA, ROTA, **given)
    assert answer.status_code == 400
    if "valid" not in told:
        assert told in text(answer)
    assert shifts(db) == []
    assert see(desk, f"{ROTA}?week=no-day")
    assert see(desk, f"{ROTA}?week=1900-01-01")


def test_of_a_running_shift_what_is_left_is_given_on(
    db: Database, team: Team, write: Any, sign_in: Any
) -> None:
    at8 = MONDAY.replace(hour=8)
    with write() as session:
        running = make_shift(session, team.member, at8, at8 + 12 * HOUR)
        make_shift(session, team.secretary, at8 + DAY, at8 + 36 * HOUR)
    mine = sign_in(team.member)
    page = f"{ROTA}/{running.id}"
    assert page in see(mine, ROTA)  # tap 1
    forms = [one for one in forms_on(mine.get(page)) if "member" in one.data]
    assert {one.data["member"] for one in forms} == {str(team.secretary.id), str(team.third.id)}
    taken = next(one for one in forms if one.data["member"] == str(team.third.id))
    assert mine.post(taken.action, data=taken.data).status_code == 303  # tap 2
    assert shifts(db) == [
        (team.member.id, at8, MONDAY),
        (team.third.id, MONDAY, at8 + 12 * HOUR),
        (team.secretary.id, at8 + DAY, at8 + 36 * HOUR),
    ]
    with db.reader() as session:
        found = on_duty(session, MONDAY)
    assert found is not None
    assert found.account_id == team.third.id
    # It fills its slot still: the week shows it, and gives it on again.
    desk = sign_in(team.secretary)
    given = press(desk, ROTA, ROTA, **{"2026-11-30-day": ""})
    assert given.status_code == 303
    assert shifts(db)[0] == (team.member.id, at8, MONDAY)
    assert len(shifts(db)) == 2


def test_who_may_change_the_rota(db: Database, team: Team, write: Any, sign_in: Any) -> None:
    at8 = MONDAY.replace(hour=8)
    with write() as session:
        theirs = make_shift(session, team.third, at8 + DAY, at8 + 36 * HOUR)
        over = make_shift(session, team.member, at8 - DAY, at8 - 12 * HOUR)
        stranger = make_account(session, role=Role.STAFF)
    before = shifts(db)
    mine = sign_in(team.member)
    assert "这一周就这样排" not in see(mine, ROTA)
    token = see(mine, "/staff/branches/absences").split('name="csrf_token" value="')[1]
    sent = {"csrf_token": token.split('"')[0], "idempotency_key": "a" * 32, "phone": PHONE,
            "member": str(team.member.id)}  # fmt: skip
    assert mine.get(f"{ROTA}/{theirs.id}").status_code == 403
    assert mine.post(f"{ROTA}/{theirs.id}", data=sent).status_code == 403
    assert mine.post(f"{ROTA}/{theirs.id}/remove", data=sent).status_code == 403
    assert mine.post(ROTA, data=sent).status_code == 403
    assert mine.get(f"{ROTA}/{over.id}").status_code == 409
    assert sign_in(stranger).get(f"{ROTA}/{theirs.id}").status_code == 403
    assert shifts(db) == before
    desk = sign_in(team.boss)
    assert press(desk, f"{ROTA}/{theirs.id}", "/remove").status_code == 303
    assert len(shifts(db)) == 1


def test_another_shift_at_any_hours(db: Database, team: Team, write: Any, sign_in: Any) -> None:
    desk = sign_in(team.secretary)
    page = f"{ROTA}/new"
    given = {"member": str(team.member.id), "day": "2026-12-01", "start": "22:00", "end": "02:00",
             "phone": PHONE}  # fmt: skip
    for wrong in ({"member": ""}, {"day": "2026-11-20"}, {"day": "2027-11-20"}, {"end": ""}):
        assert press(desk, page, **{**given, **wrong}).status_code == 400, wrong
    assert press(desk, page, **given).status_code == 303
    ten = MONDAY.replace(hour=22) + DAY
    assert shifts(db) == [(team.member.id, ten, ten + 4 * HOUR)]
    again = press(desk, page, **{**given, "start": "23:00"})
    assert again.status_code == 400
    assert "唐敏那时候已经有班了" in text(again)
    other = press(desk, page, **{**given, "member": str(team.third.id), "start": "23:00"})
    assert other.status_code == 303  # two are on duty then
    assert "22:00–02:00" in see(desk, f"{ROTA}?week=2026-12-01")


def test_gaps_of_two_weeks_are_red_and_leave_makes_one(
    db: Database, team: Team, write: Any, sign_in: Any
) -> None:
    with write() as session:
        make_shift(session, team.member, MONDAY - HOUR, MONDAY + 7 * DAY)
        make_shift(session, team.third, MONDAY + 7 * DAY, MONDAY + 15 * DAY)
    desk = sign_in(team.secretary)
    assert "每个钟头都有人值班" in see(desk, ROTA)
    with write() as session:
        make_absence(session, team.member, (MONDAY.date() + DAY, MONDAY.date() + DAY))
    page = see(desk, ROTA)
    assert "12月1日（周二） 00:00–12月2日（周三） 00:00" in page
    assert "有 1 段时间没有人值班" in see(desk, "/staff/branches/")


def test_two_shifts_of_one_person_at_once(app: Flask, db: Database, team: Team) -> None:
    def add(hour: int) -> Any:
        return team.actor(team.secretary), lambda session, actor: rota.add_shift(
            session, actor, account_id=team.member.id, starts_at=MONDAY + hour * HOUR,
            ends_at=MONDAY + (hour + 4) * HOUR, phone=PHONE,
        )  # fmt: skip

    assert at_once(app, db, add(20), add(22)) == ["400", "done"]
    assert len(shifts(db)) == 1


class Rota(RuleBasedStateMachine):
    """Whatever is added, given on and taken out: nobody twice, and the right one is rung."""

    db: Database
    app: Flask

    def __init__(self) -> None:
        super().__init__()
        with self.db.transaction(rota.SYSTEM) as session:
            for row in all_of(self.db, DutyShift):
                session.delete(session.merge(row))
        self.model: list[list[Any]] = []

    def act(self, verb: Any, **given: Any) -> Any:
        actor = self.team.actor(self.team.boss)
        try:
            with self.app.app_context(), self.db.transaction(actor) as session:
                return verb(session, actor, **given)
        except AppError:
            return None

    team: Team
    people = st.integers(0, 2)
    hours = st.integers(-3, 20)

    def person(self, n: int) -> int:
        return [self.team.secretary, self.team.member, self.team.third][n].id

    @rule(who=people, start=hours, length=st.integers(1, 12))
    def add(self, who: int, start: int, length: int) -> None:
        begins, ends = MONDAY + start * HOUR, MONDAY + (start + length) * HOUR
        shift = self.act(
            rota.add_shift, account_id=self.person(who), starts_at=begins, ends_at=ends, phone="1"
        )
        clash = any(p == self.person(who) and s < ends and e > begins for p, s, e in self.model)
        assert (shift is None) == (clash or ends <= MONDAY)
        if shift is not None:
            self.model.append([self.person(who), begins, ends])

    @rule(who=people, at=st.integers(0, 50))
    def give(self, who: int, at: int) -> None:
        rows = all_of(self.db, DutyShift)
        if not rows:
            return
        shift = rows[at % len(rows)]
        start, end, taker = max(shift.starts_at, MONDAY), shift.ends_at, self.person(who)
        old = [shift.account_id, shift.starts_at, shift.ends_at]
        clash = any(
            p == taker and s < end and e > start for p, s, e in self.model if [p, s, e] != old
        )
        given = self.act(rota.give_shift, shift_id=shift.id, account_id=taker)
        if taker == shift.account_id or clash or end <= MONDAY:
            assert given is None or taker == shift.account_id
            return
        self.model.remove(old)
        if shift.starts_at < MONDAY:
            self.model.append([old[0], old[1], MONDAY])
        self.model.append([taker, start, end])

    @rule(at=st.integers(0, 50))
    def take_out(self, at: int) -> None:
        rows = all_of(self.db, DutyShift)
        if not rows:
            return
        shift = rows[at % len(rows)]
        self.act(rota.remove_shift, shift_id=shift.id)
        old = [shift.account_id, shift.starts_at, shift.ends_at]
        if shift.ends_at > MONDAY:
            self.model.remove(old)
            if shift.starts_at < MONDAY:
                self.model.append([old[0], old[1], MONDAY])

    @invariant()
    def as_in_the_model(self) -> None:
        found = shifts(self.db)
        assert sorted(found) == sorted(tuple(one) for one in self.model)
        with self.db.reader() as session:
            holes = gaps(session, MONDAY, MONDAY + DAY)
            for half in (0, 5, 11, 23):
                moment = MONDAY + half * HOUR + HOUR / 2
                there = [(s, p) for p, s, e in self.model if s <= moment < e]
                duty = on_duty(session, moment)
                assert duty is not None
                if there:
                    latest = max(s for s, _p in there)
                    assert duty.account_id in {p for s, p in there if s == latest}
                assert bool(there) != any(gap.starts_at <= moment < gap.ends_at for gap in holes)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_rota_against_a_model(app: Flask, db: Database, write: Any) -> None:
    with write() as session:
        Rota.team = make_team(session)
    Rota.db, Rota.app = db, app
    with clock.frozen(MONDAY):
        run_state_machine_as_test(
            Rota, settings=hypothesis_settings(max_examples=examples(12), stateful_step_count=10)
        )
