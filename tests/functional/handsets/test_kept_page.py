"""What a telephone keeps for reading without network: whose, what, and until when it is wished."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import (
    make_account,
    make_branch,
    make_employer,
    make_match,
    make_opening,
    make_resident,
)
from tests.forms import csrf_token, press
from tests.functional.pages import see
from tests.functional.tables import all_of
from webapp.accounts.models import Account, LoginSession
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.icalendar import CalendarEntry
from webapp.handsets.queries import class_appointments
from webapp.matches.lifecycle import MatchState
from webapp.residents.models import Resident

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=clock.LOCAL)
KEPT, SETTINGS = "/me/kept-page", "/me/handset"


@pytest.fixture
def person(write: Any) -> tuple[Resident, Account]:
    """A resident who can sign in."""
    with write() as session:
        resident = make_resident(session, with_account=True, skills=["绣花"], phone="13900001234")
        return resident, session.get_one(Account, resident.account_id)


def switch(browser: FlaskClient, on: str) -> Any:
    """Press the switch on the page of the telephone."""
    return press(browser, SETTINGS, "/me/handset/keep", on=on)


def marker(browser: FlaskClient) -> str:
    """Return the name under which this browser is told to keep a page."""
    return see(browser, "/me/").partition(' data-kept="')[2].partition('"')[0]


def test_only_a_browser_that_was_asked_to_keeps_it(db: Database, person: Any, sign_in: Any) -> None:
    _resident, account = person
    asked, other = sign_in(account), sign_in(account)
    assert 'data-kept="' not in see(asked, "/me/").partition("<script")[0]
    assert switch(asked, "1").headers["Location"] == SETTINGS
    own = marker(asked)
    assert len(own) == 32
    assert 'data-kept="' not in see(other, "/me/").partition("<script")[0]
    assert asked.get(KEPT).headers["X-Kept-For"] == own
    # Another session of the same person has another name: nothing of one is taken for the other's.
    switch(other, "1")
    assert marker(other) not in {"", own}
    switch(asked, "")
    assert 'data-kept="' not in see(asked, "/me/").partition("<script")[0]
    assert asked.get(KEPT).headers["X-Kept-For"] == ""
    kept = [one.keeps_page for one in all_of(db, LoginSession) if one.account_id == account.id]
    assert sorted(kept) == [False, True]


def test_the_wish_ends_with_the_session(db: Database, person: Any, sign_in: Any) -> None:
    _resident, account = person
    browser = sign_in(account)
    switch(browser, "1")
    press(browser, "/me/", "/logout")
    assert 'data-kept="' not in see(browser, "/").partition("<script")[0]
    assert not any(one.keeps_page for one in all_of(db, LoginSession))
    assert 'data-kept="' not in see(sign_in(account), "/me/").partition("<script")[0]


def test_appointments_and_slips_and_nothing_else(person: Any, write: Any, sign_in: Any) -> None:
    resident, account = person
    soon = clock.now() + timedelta(days=2)
    with write() as session:
        make_branch(session, phone="023-61230042")
        opening = make_opening(
            session, employer_id=make_employer(session, name="暖邻物业").id, title="招门卫"
        )
        make_match(
            session,
            resident_id=resident.id,
            opening_id=opening.id,
            state=MatchState.INTERVIEW,
            interview_at=soon,
            interview_place="3号楼门房",
        )
        old = make_opening(session, employer_id=make_employer(session).id, title="去年的活")
        make_match(
            session,
            resident_id=resident.id,
            opening_id=old.id,
            state=MatchState.INTERVIEW,
            interview_at=clock.now() - timedelta(days=2),
        )
        stranger = make_resident(session)
        make_match(
            session,
            resident_id=stranger.id,
            opening_id=make_opening(
                session, employer_id=make_employer(session).id, title="别人的活"
            ).id,
            state=MatchState.INTERVIEW,
            interview_at=soon,
        )
    page = see(sign_in(account), KEPT)
    for words in ("暖邻物业", "招门卫", "3号楼门房", "存下的", "手上没有领回来的活"):
        assert words in page
    # Nothing else of the file, no form, no script that could be wanted without network.
    for words in ("去年的活", "别人的活", "绣花", "13900001234", account.name, "<form", "<script"):
        assert words not in page


def test_a_stale_page_has_its_time_with_it(person: Any, sign_in: Any) -> None:
    answer = sign_in(person[1]).get(KEPT)
    at, until = int(answer.headers["X-Kept-At"]), int(answer.headers["X-Kept-Until"])
    assert until - at == 7 * 86400
    assert abs(at - clock.now().timestamp()) < 60


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_else_has_such_a_switch(client: FlaskClient, write: Any, sign_in: Any) -> None:
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
    assert client.get(KEPT).status_code == 302
    browser = sign_in(staff)
    assert browser.get(KEPT).status_code == 403
    data = {"csrf_token": csrf_token(browser, "/account/password"), "on": "1"}
    assert browser.post("/me/handset/keep", data=data).status_code == 403
    worker = client.get("/me/kept-page-worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"


def test_a_long_course_is_its_next_weeks_and_a_number(app: Flask) -> None:
    def entry(days: int, *, cancelled: bool = False) -> CalendarEntry:
        at = MONDAY + timedelta(days=days)
        return CalendarEntry(
            uid="x", starts_at=at, ends_at=at + timedelta(hours=2), summary="做面班", location="",
            description="带围裙", changed_at=MONDAY, sequence=0, cancelled=cancelled, url="",
        )  # fmt: skip

    with app.test_request_context():
        near = class_appointments([entry(n, cancelled=n == 1) for n in (1, 2, 10, 20, 30)], MONDAY)
        far = class_appointments([entry(n) for n in (20, 30)], MONDAY)
    assert [one.note for one in near] == ["带围裙", "带围裙；往后还有 2 次"]
    assert [one.note for one in far] == ["带围裙；往后还有 1 次"]
