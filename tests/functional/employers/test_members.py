"""Several people of one employer: colleagues come and go, and the employer closes."""

from datetime import timedelta

from sqlmodel import select

from tests.factories import (
    acting,
    make_account,
    make_employer,
    make_match,
)
from tests.forms import submit
from tests.functional.pages import text
from tests.functional.racing import at_once
from tests.functional.tables import reload
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.employers.services import checks, members
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening


def test_a_colleague_comes_and_goes(app, db, write, sign_in, house):
    employer, account, _opening, staff = house
    browser = sign_in(account)
    data = {"name": "罗小兰", "phone": "13912340000", "password": "warm-house-42"}
    for field, value in [
        ("name", ""),
        ("phone", "12"),
        ("password", "123"),
        ("phone", account.phone),
    ]:
        assert submit(browser, "/employer/people/new", {**data, field: value}).status_code == 400
    only = f"/employer/people/{account.id}/remove"
    assert submit(browser, only).status_code == 409
    assert submit(browser, "/employer/people/new", data).status_code == 303
    colleague = app.test_client()
    right = {"phone": data["phone"], "password": data["password"]}
    assert submit(colleague, "/login", right).headers["Location"] == "/employer/"
    assert employer.name in text(colleague.get("/employer/"))
    with db.reader() as session:
        id_ = session.exec(select(Account.id).where(Account.phone == data["phone"])).one()
    with write() as session:
        stranger = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=stranger)
    for other in (sign_in(stranger),):  # another employer's people do not exist
        assert other.get(f"/employer/people/{id_}/remove").status_code == 404
        refused = submit(other, f"/employer/people/{id_}/remove", page="/employer/people/new")
        assert refused.status_code == 404
    desk = sign_in(staff)
    wrong = f"/staff/employers/{employer.id}/people/{stranger.id}/remove"
    assert desk.get(wrong).status_code == 404
    assert submit(desk, f"/staff/employers/{employer.id}/people/{id_}/remove").status_code == 303
    assert colleague.get("/employer/").status_code == 302  # signed out at once
    assert submit(app.test_client(), "/login", right).status_code == 400
    assert submit(browser, "/employer/people/new", data).status_code == 303  # the number is free
    assert "罗小兰" in text(desk.get(f"/staff/employers/{employer.id}/people"))


def test_two_who_remove_each_other_leave_one(app, db, write, house):
    employer, account, _opening, _staff = house
    with write() as session:
        other = make_account(session, role=Role.EMPLOYER)
        session.add(EmployerMember(employer_id=employer.id, account_id=other.id))

    def remove(account_id):
        return lambda session, actor: members.remove_member(
            session, actor, employer_id=employer.id, account_id=account_id
        )

    first = acting(account, employer_id=employer.id)
    second = acting(other, employer_id=employer.id)
    ended = at_once(app, db, (first, remove(other.id)), (second, remove(account.id)))
    assert ended == ["409", "done"]
    with db.reader() as session:
        assert len(members.members_of(session, employer.id)) == 1


def test_closing_ends_what_is_under_way_and_keeps_the_hired(app, db, write, sign_in, client, house):
    employer, account, opening, _staff = house
    with write() as session:
        waiting = make_match(session, opening_id=opening.id, state=MatchState.INTERVIEW)
        hired = make_match(
            session, opening_id=opening.id, state=MatchState.HIRED, start_date=clock.today()
        )
        session.get_one(Opening, opening.id).hired_count = 1
        stranger = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=stranger)
    browser = sign_in(account)
    assert "马上都结束" in text(browser.get("/employer/close"))
    assert submit(browser, "/employer/close", {"reason": ""}).status_code == 400
    assert submit(browser, "/employer/close", {"reason": "搬走了"}).status_code == 303
    assert submit(browser, "/employer/close", {"reason": "再来"}).status_code == 409
    assert reload(db, Employer, employer.id).state is EmployerState.CLOSED
    assert reload(db, Opening, opening.id).state is OpeningState.CLOSED
    assert reload(db, Match, waiting.id).state is MatchState.OPENING_CLOSED
    assert reload(db, Match, hired.id).state is MatchState.HIRED
    assert client.get(f"/openings/{opening.id}").status_code == 410
    home = text(browser.get("/employer/"))
    assert "单位已注销" in home
    assert "发布招聘" not in home
    refused = submit(browser, "/employer/people/new", page="/employer/people/new", data={
        "name": "罗小兰", "phone": "13912340000", "password": "warm-house-42",
    })  # fmt: skip
    assert refused.status_code == 400
    later = clock.now() + timedelta(days=1090)
    with clock.frozen(later), app.test_request_context(), write() as session:
        assert checks.forget_closed(session) == 0  # kept three years
    with write() as session:
        session.get_one(Employer, employer.id).phone = "02361234567"
    with clock.frozen(clock.now() + timedelta(days=1100)), app.test_request_context():
        with write() as session:
            assert checks.forget_closed(session) == 1
        with write() as session:
            assert checks.forget_closed(session) == 0
    assert reload(db, Employer, employer.id).phone == ""
    assert reload(db, Account, account.id).phone != account.phone
