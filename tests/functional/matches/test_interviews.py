"""An interview: where it is, its calendar file, and another time for it, asked for by taps."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from tests.calendar_reader import read, text_value
from tests.factories import make_resident
from tests.forms import forms_on, submit
from tests.functional.matches_world import World, make_world, visible_words
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.db import Database
from webapp.core.models import AuditEvent
from webapp.matches import half_days
from webapp.matches.lifecycle import MatchState, WishState
from webapp.matches.models import InterviewWish, Match
from webapp.messages.models import MessageThread

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=clock.LOCAL)
FIRST = "2026-12-02 am"


@pytest.fixture
def invited(db: Database, write: Any, sign_in: Callable[[Account], FlaskClient]) -> Any:
    """An applicant invited for Thursday at half past nine, on a Tuesday that stands still."""
    with clock.frozen(TUESDAY):
        world = make_world(db, write, sign_in, opening_address="含谷镇兴谷路9号")
        world.stand_applied()
        sent = world.employ(
            "invite", day="2026-12-03", time="09:30", place="二楼会议室", contact="王主管",
            bring="身份证复印件",
        )  # fmt: skip
        assert sent.status_code == 303
        yield world


def wishes(world: World) -> list[InterviewWish]:
    with world.db.reader() as session:
        return list(session.exec(select(InterviewWish).order_by(InterviewWish.id)).all())


def ask(world: World, **data: Any) -> Any:
    return world.answer("other-time", **data)


def test_all_that_somebody_needs_to_get_there(invited: World) -> None:
    page = invited.see("resident", f"/me/matches/{invited.match_id}")
    words = visible_words(page)
    for fact in (
        "12月3日（周四） 09:30",
        "含谷镇兴谷路9号（二楼会议室）",
        "王主管",
        "身份证复印件",
    ):
        assert fact in words
    assert "https://uri.amap.com/search?" in page
    assert "问社区" in words


def test_its_calendar_file_counts_moves_and_says_nothing_private(invited: World) -> None:
    url = f"/me/matches/{invited.match_id}/interview.ics"
    _calendar, (first,) = read(invited.browser("resident").get(url).data)
    assert first["DTSTART"] == "20261203T013000Z"
    assert text_value(first["SUMMARY"]) == "面试"
    assert text_value(first["LOCATION"]) == "含谷镇兴谷路9号（二楼会议室）"
    invited.employ("invite", day="2026-12-04", time="14:00", place="二楼会议室")
    _calendar, (second,) = read(invited.browser("resident").get(url).data)
    assert second["UID"] == first["UID"]
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert second["DTSTART"] == "20261204T060000Z"


def test_from_ones_own_page_to_a_changed_time(invited: World) -> None:
    """Screens 2, taps 4, nothing typed: the line, the drawer, a half day, the button."""
    browser, path = invited.browser("resident"), f"/me/matches/{invited.match_id}"
    assert f'href="{path}' in invited.see("resident", "/me/")  # screen 1, tap 1
    page = browser.get(path)  # screen 2; tap 2 opens the drawer
    (form,) = [one for one in forms_on(page) if one.action.endswith("/other-time")]
    assert set(form.data) == {"csrf_token", "idempotency_key"}
    sent = browser.post(form.action, data={**form.data, "halves": FIRST})  # taps 3 and 4
    assert sent.status_code == 303
    words = visible_words(invited.see("resident", path))
    assert "您说去不了，能去的：12月2日（周三）上午。等单位回话" in words
    seen = visible_words(invited.see("employer", f"/employer/matches/{invited.match_id}"))
    assert "去不了这个时间，能去的：12月2日（周三）上午" in seen
    with invited.db.reader() as session:
        thread = session.exec(select(MessageThread)).one()
        assert thread.unread_employer
    assert "想改时间的" in invited.see("staff", "/staff/")


def test_a_new_time_settles_it_and_comes_filled_in(invited: World) -> None:
    ask(invited, halves="2026-12-04 pm")
    browser, page = invited.browser("employer"), f"/employer/matches/{invited.match_id}"
    (form,) = [one for one in forms_on(browser.get(page)) if one.action.endswith("/invite")]
    kept = {name: form.data[name] for name in ("day", "time", "place", "contact", "bring")}
    assert kept == {
        "day": "2026-12-04", "time": "14:30", "place": "二楼会议室", "contact": "王主管",
        "bring": "身份证复印件",
    }  # fmt: skip
    assert browser.post(form.action, data=form.data).status_code == 303
    (wish,) = wishes(invited)
    assert (wish.state, wish.settled_by_id) == (
        WishState.MOVED, invited.accounts["employer"].id
    )  # fmt: skip
    match = invited.get(Match, invited.match_id)
    assert match.interview_at == datetime(2026, 12, 4, 14, 30, tzinfo=clock.LOCAL)
    assert ask(invited, wants_call="y").status_code == 303  # of the new time, another wish


def test_the_employer_keeps_the_time(invited: World) -> None:
    ask(invited, halves=FIRST)
    assert invited.employ("keep-time").status_code == 303
    assert [one.state for one in wishes(invited)] == [WishState.KEPT]
    assert "还是原来的时间" in invited.see("resident", f"/me/matches/{invited.match_id}")
    assert invited.employ("keep-time").status_code == 409
    with invited.db.reader() as session:
        assert session.exec(select(MessageThread)).one().unread_resident


def test_somebody_can_come_after_all(invited: World) -> None:
    ask(invited, wants_call="y")
    assert invited.answer("can-come").status_code == 303
    assert [one.state for one in wishes(invited)] == [WishState.TAKEN_BACK]


def test_one_wish_at_a_time_and_none_without_words(invited: World) -> None:
    nothing = ask(invited)
    assert nothing.status_code == 400
    assert "请点一个能去的时候" in nothing.get_data(as_text=True)
    for wrong in ("2026-12-01 am", "2027-01-01 am", "明天", ""):
        assert ask(invited, halves=wrong).status_code == 400, wrong
    many = [one.code for one in half_days.ahead()]
    assert ask(invited, halves=many).status_code == 400
    assert ask(invited, halves=FIRST).status_code == 303
    assert ask(invited, halves=FIRST).status_code == 409
    assert len(wishes(invited)) == 1


def test_the_database_holds_one_open_wish_and_what_was_asked(invited: World) -> None:
    ask(invited, halves=FIRST)
    (wish,) = wishes(invited)
    second = wish.model_dump(exclude={"id"})
    for change in (
        lambda session: session.add(InterviewWish(**second)),
        lambda session: _set(session, wish.id, halves=[]),
        lambda session: _set(session, wish.id, wants_call=True),
        lambda session: _set(session, wish.id, state=WishState.KEPT),
    ):
        with pytest.raises(IntegrityError), invited.write() as session:
            change(session)
    invited.employ("keep-time")
    with pytest.raises(IntegrityError), invited.write() as session:
        _set(session, wish.id, state=WishState.OPEN, settled_at=None, settled_by_id=None)


def _set(session: Session, wish_id: int, **values: Any) -> None:
    wish = session.get_one(InterviewWish, wish_id)
    for name, value in values.items():
        setattr(wish, name, value)
    session.add(wish)
    session.flush()


def test_after_its_time_nothing_of_it_is_offered(invited: World) -> None:
    ask(invited, halves=FIRST)
    with clock.frozen(datetime(2026, 12, 3, 9, 31, tzinfo=clock.LOCAL)):
        page = f"/me/matches/{invited.match_id}"
        assert "other-time" not in invited.see("resident", page)
        assert "keep-time" not in invited.see("employer", f"/employer/matches/{invited.match_id}")
        assert invited.employ("keep-time").status_code == 409
        assert invited.answer("can-come").status_code == 409
        assert "想改时间的" not in invited.see("staff", "/staff/")


def test_what_ends_the_interview_ends_the_wish(invited: World) -> None:
    ask(invited, halves=FIRST)
    assert invited.employ("refuse", refuse_code="filled").status_code == 303
    assert [one.state for one in wishes(invited)] == [WishState.DROPPED]
    assert ask(invited, halves=FIRST).status_code == 409


def test_staff_ask_and_keep_for_others_and_it_says_so(invited: World) -> None:
    assert invited.record("other-time", halves=FIRST).status_code == 303
    assert "社区替您记下的" in invited.see("resident", f"/me/matches/{invited.match_id}")
    assert invited.record("keep-time").status_code == 303
    with invited.db.reader() as session:
        done = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()
    kept = [
        one.details for one in done if one.action in {"match.ask_other_time", "match.keep_time"}
    ]
    assert kept == [{"on_behalf": True}, {"on_behalf": True}]


def test_others_neither_ask_nor_keep(invited: World, write: Any, sign_in: Any) -> None:
    with write() as session:
        other = make_resident(session, with_account=True)
        account = session.get_one(Account, other.account_id)
    stranger = sign_in(account)
    page = f"/me/matches/{invited.match_id}"

    for path in ("other-time", "can-come"):
        sent = submit(stranger, f"{page}/{path}", {"wants_call": "y"}, page="/account/password")
        assert sent.status_code == 404
    assert stranger.get(f"{page}/interview.ics").status_code == 404
    assert wishes(invited) == []
    assert invited.state() is MatchState.INTERVIEW


def test_half_days_leave_out_days_off() -> None:
    with clock.frozen(datetime(2026, 12, 4, 9, 0, tzinfo=clock.LOCAL)):  # a Friday
        found = half_days.ahead()
    assert (found[0].day, found[-1].day) == (date(2026, 12, 7), date(2026, 12, 11))
    assert len(found) == 10
    assert found[1].day - found[0].day == timedelta(0)
