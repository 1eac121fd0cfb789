"""Calls noted where the line stands: with residents and employers, put off, kept, shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests import factories
from tests.forms import press
from tests.functional.pages import see
from webapp.accounts.models import Account
from webapp.contacts import service
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.employers.lifecycle import EmployerState
from webapp.matches.lifecycle import MatchState
from webapp.privacy import service as privacy

WORKBENCH, DUE = "/staff/", "/staff/work/due"
NUMBER, MASKED, FIRM = "13912345678", "139****5678", "02388886666"


@pytest.fixture
def member(write: Any) -> Account:
    with write() as session:
        return factories.make_account(session, role=Role.STAFF, name="李晓梅")


@pytest.fixture
def desk(sign_in: Callable[[Account], FlaskClient], member: Account) -> FlaskClient:
    return sign_in(member)


@pytest.fixture
def silent(write: Any) -> Any:
    """An application that its employer has not answered in time."""
    with write() as session:
        employer = factories.make_employer(session, phone=FIRM, contact_name="周经理")
        opening = factories.make_opening(session, employer_id=employer.id, title="楼栋保洁")
        person = factories.make_resident(session, name="陈桂芳", phone=NUMBER)
        return factories.make_match(
            session, state=MatchState.APPLIED, chases=1, asked_at=clock.now(),
            opening_id=opening.id, resident_id=person.id,
        )  # fmt: skip


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_an_employer_is_chased_from_the_line_and_comes_back_on_the_day(
    desk: FlaskClient, silent: Any
) -> None:
    line = see(desk, WORKBENCH)
    assert f"tel:{FIRM}" in line
    assert "周经理" in line
    url = f"/staff/calls/hirer/{silent.id}"
    typed = {"came": "yes", "words": "经理周五答复", "next_on": in_days(3)}
    noted = press(desk, WORKBENCH, url, **typed)
    assert (noted.status_code, noted.headers["Location"]) == (303, WORKBENCH)
    assert "没有到期的" in see(desk, DUE)
    match = see(desk, f"/staff/matches/{silent.id}")
    assert "周五答复" in match
    assert "李晓梅" in match
    assert "周五答复" in see(desk, url)
    with clock.frozen(clock.now() + timedelta(days=3)):
        page = see(desk, DUE)
        assert "陈桂芳" in page
        assert "经理周五答复" in page  # what was said last, beside the line
        assert press(desk, DUE, url, came="no").status_code == 303
        assert "陈桂芳" not in see(desk, DUE)
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert "陈桂芳" in see(desk, DUE)


def test_a_resident_is_called_from_the_line_and_the_other_list_keeps_its_own(
    desk: FlaskClient, write: Any
) -> None:
    with write() as session:
        person = factories.make_resident(session, name="赵小妹", phone=NUMBER)
        match = factories.make_match(
            session,
            state=MatchState.OFFERED,
            offered_until=clock.today() + timedelta(days=9),
            resident_id=person.id,
        )
    url, page = f"/staff/calls/applicant/{match.id}", "/staff/work/call"
    assert f"tel:{NUMBER}" in see(desk, page)
    assert press(desk, page, url, came="no").status_code == 303
    assert "赵小妹" not in see(desk, page)
    assert "没打通" in see(desk, f"/staff/residents/{person.id}/contacts")
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert "赵小妹" in see(desk, page)
        assert "赵小妹" not in see(desk, "/staff/work/again")  # on one list, not on two
        assert press(desk, page, url, came="yes", words="想想", next_on="").status_code == 303
        assert "想想" in see(desk, page)  # no day was said: it waits on


def test_an_opening_and_an_employers_papers_are_put_off_each_by_itself(
    desk: FlaskClient, write: Any
) -> None:
    with write() as session:
        employer = factories.make_employer(session, state=EmployerState.VERIFIED, phone=FIRM)
        ends = factories.make_opening(
            session, employer_id=employer.id, title="快到期的活", valid_until=clock.today()
        )
        lapsed = factories.make_employer(session, state=EmployerState.LAPSED)
    for called, id_, page, name in (
        ("opening", ends.id, "/staff/work/expiring", "快到期的活"),
        ("employer", lapsed.id, "/staff/work/verify", lapsed.name),
    ):
        assert name in see(desk, page)
        typed = {"came": "yes", "words": "下周来", "next_on": in_days(2)}
        assert press(desk, page, f"/staff/calls/{called}/{id_}", **typed).status_code == 303
        assert name not in see(desk, page)
    assert "下周来" not in see(desk, "/staff/work/firms")
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert "快到期的活" not in see(desk, "/staff/work/firms")  # back on its own list alone
        assert lapsed.name in see(desk, "/staff/work/firms")
    assert "下周来" in see(desk, f"/staff/calls/employer/{employer.id}")


def test_bad_input_is_said_beside_the_field_and_nothing_is_noted(
    db: Database, desk: FlaskClient, silent: Any
) -> None:
    url = f"/staff/calls/hirer/{silent.id}"
    for bad, words in (
        ({"came": "yes", "words": ""}, "请写一句说了什么"),
        ({"came": "yes", "words": "好" * 301}, "最多 300 个字"),
        ({"came": "maybe", "words": "好"}, "请点打通了没有"),
        ({"came": "no", "next_on": clock.today().isoformat()}, "明天以后"),
        ({"came": "no", "next_on": "2999-01-01"}, "明天以后"),
        ({"came": "no", "next_on": "星期五"}, "日期"),
    ):
        refused = press(desk, url, **bad)
        assert refused.status_code == 400
        assert words in refused.get_data(as_text=True)
    for gone in ("hirer/99999", "opening/0", "resident/99999", "nobody/1"):
        assert desk.get(f"/staff/calls/{gone}").status_code == 404
    away = {"came": "no", "next": "https://evil.example/"}
    assert press(desk, url, **away).headers["Location"] == WORKBENCH
    with db.reader() as session:
        assert len(session.exec(select(Contact)).all()) == 1  # the last alone


def test_numbers_are_masked_for_another_branch_and_employers_read_nothing(
    write: Any, sign_in: Callable[[Account], FlaskClient], silent: Any
) -> None:
    with write() as session:
        branch = factories.make_branch(session, serves_all=False)
        other = factories.make_account(session, role=Role.STAFF, branch_id=branch.id)
        boss = factories.make_account(session, role=Role.EMPLOYER)
        factories.make_employer(session, member=boss)
        offered = factories.make_match(
            session, state=MatchState.OFFERED, offered_until=clock.today(),
            resident_id=silent.resident_id,
        )  # fmt: skip
    colleague = sign_in(other)
    url = f"/staff/calls/applicant/{offered.id}"
    for page in ("/staff/work/call", f"/staff/matches/{offered.id}"):
        shown = see(colleague, page)
        assert MASKED in shown
        assert NUMBER not in shown
    assert NUMBER not in see(colleague, url)
    assert press(colleague, "/staff/work/call", url, came="no").status_code == 403
    assert sign_in(boss).get(url).status_code == 403


def test_what_is_on_record_never_changes_and_goes_with_the_file_alone(
    db: Database, write: Any, member: Account, silent: Any
) -> None:
    with write() as session:
        person = factories.make_resident(session)
        employer = factories.make_employer(session)
        for side in ({"resident_id": person.id}, {"employer_id": employer.id}):
            session.add(
                Contact(
                    account_id=member.id, at=clock.now(), way="phone", reached=True,
                    words="腿还没好", **side,
                )
            )  # fmt: skip
    for forged in (
        "UPDATE contact SET words = '说好了'",
        "UPDATE contact SET next_on = NULL, reached = false",
        "DELETE FROM contact WHERE resident_id IS NOT NULL",
        "DELETE FROM contact WHERE employer_id IS NOT NULL",
        "INSERT INTO contact (account_id, at, way, reached, words)"
        " SELECT account_id, at, way, reached, words FROM contact",
    ):
        with pytest.raises(DBAPIError), db.write_engine.begin() as connection:
            connection.execute(text(forged))
    with write() as session:
        privacy.leave(
            session,
            Actor(account_id=member.id, role=Role.STAFF, serves_all=True),
            resident_id=person.id,
        )
    with db.transaction(SYSTEM) as session:
        gone = session.get_one(type(employer), employer.id)
        gone.state, gone.closed_at = EmployerState.CLOSED, clock.now()
        session.add(gone)
        session.flush()
        assert service.forget_closed(session) == 1
    with db.reader() as session:
        assert session.exec(select(Contact)).all() == []


def test_a_call_is_noted_from_a_household_on_the_caseload(
    desk: FlaskClient, write: Any, member: Account
) -> None:
    with write() as session:
        home = factories.make_household(session, responsible_id=member.id)
        person = factories.make_resident(session, name="钱大爷", phone=NUMBER, household_id=home.id)
    page, url = "/staff/caseload/", f"/staff/calls/resident/{person.id}"
    assert f"tel:{NUMBER}" in see(desk, page)
    noted = press(desk, page, url, came="yes", words="下周来登记", next_on=in_days(2))
    assert noted.headers["Location"] == page
    assert "下周来登记" in see(desk, page)
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert "下周来登记" in see(desk, "/staff/work/again")
