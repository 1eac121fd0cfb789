"""Several people of one employer: colleagues come and go, and the employer closes."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from tests.factories import (
    acting,
    make_account,
    make_employer,
    make_match,
)
from tests.forms import press, submit
from tests.functional.pages import text
from tests.functional.racing import at_once
from tests.functional.tables import reload
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import ANONYMOUS, Role
from webapp.core.models import AuditEvent
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerInvitation, EmployerMember
from webapp.employers.services import checks, invitations, members
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

DATA = {"name": "罗小兰", "phone": "13912340000", "password": "warm-house-42"}
RIGHT = {"phone": DATA["phone"], "password": DATA["password"]}
LINK = re.compile(r"/employer/join/([2-9A-HJ-NP-Z]{12})")


def invited(browser, people="/employer/people"):
    """Make an invitation on the page of people and return its code."""
    before = set(LINK.findall(text(browser.get(people))))
    assert press(browser, people, "/invite").status_code == 303
    (code,) = set(LINK.findall(text(browser.get(people)))) - before
    return code


def account_of(db, phone):
    with db.reader() as session:
        return session.exec(
            select(Account).where(Account.phone == phone).order_by(col(Account.id).desc())
        ).first()


def test_a_colleague_is_invited_comes_and_goes(app, db, write, sign_in, house):
    """The owner taps twice, the colleague fills in three fields and taps once."""
    employer, account, opening, _staff = house
    browser = sign_in(account)
    assert submit(browser, f"/employer/people/{account.id}/remove").status_code == 409
    link = f"/employer/join/{invited(browser)}"
    colleague = app.test_client()
    assert employer.name in text(colleague.get(link))
    for field, value in [("name", ""), ("phone", "12"), ("password", "123")]:
        assert submit(colleague, link, {**DATA, field: value}).status_code == 400
    assert submit(colleague, link, DATA).headers["Location"] == "/employer/"
    assert employer.name in text(colleague.get("/employer/"))
    id_ = account_of(db, DATA["phone"]).id
    assert "罗小兰" in text(browser.get("/employer/"))  # the owner is told who came
    # Used once, by nobody else; what it was is not said.
    stranger = app.test_client()
    again = submit(stranger, link, DATA, page="/employer/join")
    assert (again.status_code, employer.name in text(again)) == (404, False)
    # The colleague sees what the employer has.
    for page in ("/employer/openings/", f"/employer/openings/{opening.id}", "/employer/applicants"):
        assert colleague.get(page).status_code == 200
    assert submit(browser, f"/employer/people/{id_}/remove").status_code == 303
    assert colleague.get("/employer/").status_code == 302  # signed out at once
    assert submit(app.test_client(), "/login", RIGHT).status_code == 400
    with db.reader() as session:
        trail = [
            row.action
            for row in session.exec(
                select(AuditEvent)
                .where(AuditEvent.subject == f"employer:{employer.id}")
                .order_by(col(AuditEvent.id))
            )
        ]
    assert trail == ["employer.invite", "employer.join", "employer.remove_member"]


def test_an_invitation_ends_by_itself_when_taken_back_and_with_who_made_it(
    app, db, write, sign_in, house
):
    employer, account, _opening, staff = house
    browser, desk = sign_in(account), sign_in(staff)
    people = f"/staff/employers/{employer.id}/people"
    anybody = app.test_client()
    late = invited(browser)
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        assert anybody.get(f"/employer/join/{late}").status_code == 404
        assert (
            submit(anybody, f"/employer/join/{late}", DATA, page="/employer/join").status_code
            == 404
        )
    withdrawn = invited(desk, people)
    with db.reader() as session:
        ids = session.exec(select(EmployerInvitation.id).order_by(col(EmployerInvitation.id))).all()
    assert press(desk, people, f"/{ids[1]}/withdraw").status_code == 303
    back = f"/employer/people/invitations/{ids[1]}/withdraw"
    assert submit(browser, back, page="/employer/people").status_code == 409
    assert anybody.get(f"/employer/join/{withdrawn}").status_code == 404
    # The owner who invited goes: what they handed out opens nothing any more.
    assert anybody.get(f"/employer/join/{late}").status_code == 200
    with write() as session:
        second = make_account(session, role=Role.EMPLOYER)
        session.add(EmployerMember(employer_id=employer.id, account_id=second.id, is_owner=True))
    assert submit(sign_in(second), f"/employer/people/{account.id}/remove").status_code == 303
    assert anybody.get(f"/employer/join/{late}").status_code == 404
    # Nothing to read is left of a code that is over.
    with db.reader() as session:
        assert session.exec(select(EmployerInvitation.code)).all() == [None, None]


def test_no_account_that_exists_is_let_in_by_what_is_typed(app, db, write, sign_in, house):
    employer, account, _opening, _staff = house
    browser = sign_in(account)
    with write() as session:
        known = make_account(session, role=Role.EMPLOYER, name="别家的人")
        make_employer(session, member=known)
    link = f"/employer/join/{invited(browser)}"
    # Whoever is signed in stays who they are, and the invitation is not used up.
    other = sign_in(known)
    assert "退出" in text(other.get(link))
    submit(other, link, DATA, page="/employer/people")
    # The number of somebody else is typed: a new account is opened, theirs is not touched.
    thief = app.test_client()
    assert submit(thief, link, {**DATA, "phone": known.phone}).status_code == 303
    with db.reader() as session:
        rows = session.exec(
            select(EmployerMember.account_id).where(EmployerMember.employer_id == employer.id)
        ).all()
    assert known.id not in rows
    assert len(rows) == 2
    joined = reload(db, Account, max(rows))
    assert (joined.phone, joined.phone_verified_at) == (known.phone, None)
    assert employer.name not in text(sign_in(known).get("/employer/"))


# What each may do: (address below /employer or /staff/employers/<id>, answer by who asks).
OK, NO, GONE = 200, 403, 404
RIGHTS = {
    "people": {"owner": OK, "colleague": OK, "staff": OK},
    "people/{colleague}/remove": {"owner": OK, "colleague": OK, "staff": OK},  # oneself
    "people/{owner}/remove": {"owner": OK, "colleague": NO, "staff": OK},
    "people/{colleague}/owner": {"owner": OK, "colleague": NO, "staff": OK},
    "people/{stranger}/remove": {"owner": GONE, "colleague": GONE, "staff": GONE},
    "people/{stranger}/owner": {"owner": GONE, "colleague": GONE, "staff": GONE},
    "close": {"owner": OK, "colleague": NO, "staff": OK},
}


def test_what_owner_colleague_and_staff_may_do(db, write, sign_in, house):
    employer, account, _opening, staff = house
    with write() as session:
        colleague = make_account(session, role=Role.EMPLOYER)
        session.add(EmployerMember(employer_id=employer.id, account_id=colleague.id))
        stranger = make_account(session, role=Role.EMPLOYER)
        make_employer(session, member=stranger)
    ids = {"owner": account.id, "colleague": colleague.id, "stranger": stranger.id}
    who = {"owner": sign_in(account), "colleague": sign_in(colleague), "staff": sign_in(staff)}
    for path, answers in RIGHTS.items():
        for name, status in answers.items():
            base = f"/staff/employers/{employer.id}/" if name == "staff" else "/employer/"
            page = base + path.format(**ids)
            assert who[name].get(page).status_code == status, (name, page)
    for name, home in (("colleague", "/employer/people"), ("stranger", "/employer/people")):
        asking = who.get(name) or sign_in(stranger)
        for path in (f"{account.id}/remove", f"{colleague.id}/owner", "invite"):
            if name == "stranger" and path == "invite":
                continue  # they may invite to their own
            refused = submit(asking, f"/employer/people/{path}", page="/employer/organisation")
            assert refused.status_code in {403, 404}, (name, path)
        assert "请同事加入" not in text(who["colleague"].get(home))
    refused = submit(who["colleague"], "/employer/close", {"reason": "不干了"},
                     page="/employer/organisation")  # fmt: skip
    assert refused.status_code == 403
    assert reload(db, Employer, employer.id).state is EmployerState.VERIFIED
    other = f"/staff/employers/{employer.id}/people"
    assert submit(sign_in(stranger), f"{other}/invite", page="/employer/people").status_code == 403
    # Made an owner, the colleague leads as well, and the first owner may go.
    assert submit(who["owner"], f"/employer/people/{colleague.id}/owner").status_code == 303
    assert submit(who["owner"], f"/employer/people/{account.id}/remove").status_code == 303
    assert who["owner"].get("/employer/").status_code == 302
    assert submit(who["colleague"], f"/employer/people/{colleague.id}/remove").status_code == 409
    assert press(who["colleague"], "/employer/people", "/invite").status_code == 303


def test_one_code_lets_one_in_and_the_database_keeps_an_owner(app, db, write, sign_in, house):
    employer, account, _opening, _staff = house
    code = invited(sign_in(account))

    def join(phone):
        return lambda session, _actor: invitations.join(
            session, code=code, name="罗小兰", phone=phone, password_hash="!"
        )

    ended = at_once(app, db, (ANONYMOUS, join("13912340001")), (ANONYMOUS, join("13912340002")))
    assert ended == ["404", "done"]
    with db.reader() as session:
        people = members.members_of(session, employer.id)
        invitation = session.exec(select(EmployerInvitation.id)).one()
    assert [one.is_owner for one in people] == [True, False]
    for wrong in (
        f"UPDATE employer_member SET is_owner = false WHERE account_id = {account.id}",
        f"DELETE FROM employer_member WHERE account_id = {account.id}",
        f"UPDATE employer_member SET employer_id = employer_id WHERE account_id = {account.id}",
        f"UPDATE employer_invitation SET used_by_id = {account.id} WHERE id = {invitation}",
        f"UPDATE employer_invitation SET expires_at = expires_at WHERE id = {invitation}",
    ):
        with pytest.raises(DatabaseError), write() as session:
            session.connection().exec_driver_sql(wrong)


def test_two_who_remove_each_other_leave_one(app, db, write, house):
    employer, account, _opening, _staff = house
    with write() as session:
        other = make_account(session, role=Role.EMPLOYER)
        session.add(EmployerMember(employer_id=employer.id, account_id=other.id, is_owner=True))

    def remove(account_id):
        return lambda session, actor: members.remove_member(
            session, actor, employer_id=employer.id, account_id=account_id
        )

    first = acting(account, employer_id=employer.id)
    second = acting(other, employer_id=employer.id)
    ended = at_once(app, db, (first, remove(other.id)), (second, remove(account.id)))
    assert ended[1] == "done"
    assert ended[0] in {"403", "409"}
    with db.reader() as session:
        assert [one.is_owner for one in members.members_of(session, employer.id)] == [True]


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
    refused = submit(browser, "/employer/people/invite", page="/employer/organisation")
    assert refused.status_code == 409
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
