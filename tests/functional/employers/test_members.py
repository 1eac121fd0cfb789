"""The life of an employer's file: papers that run out, colleagues, complaints, closing; races."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlmodel import select

from tests.factories import (
    make_account,
    make_employer,
    make_match,
    make_opening,
    make_resident,
)
from tests.forms import press, submit
from webapp.accounts.models import Account
from webapp.complaints import service
from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome
from webapp.complaints.models import EmployerComplaint
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.errors import AppError
from webapp.employers import policy
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerCheck, EmployerMember
from webapp.employers.services import checks, members
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services.editing import expire_openings
from webapp.ops.scheduler import JOBS, run_once
from webapp.privacy.service import export, leave

ENDING = ("licence_until", "authorised_until")
SEEN = ["licence", "identity", "authorisation"]
PAPERS = checks.Papers("91500107MA5U6N4K38", None, "周丽华", None)


def text(response):
    return response.get_data(as_text=True)


def reload(db, model, id_):
    with db.reader() as session:
        return session.get(model, id_)


@pytest.fixture
def house(write):
    """An employer with one account and a published opening, and a member of staff."""
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account, credit_code="91500107MA5U6N4K38")
        opening = make_opening(session, employer_id=employer.id)
        staff = make_account(session, role=Role.STAFF)
    return employer, account, opening, staff


def acting(account, **more):
    return Actor(account_id=account.id, role=account.role, name=account.name, **more)


def at_once(app, db, *deeds):
    """Do the deeds in threads of their own at the same moment; return how each ended."""
    barrier = Barrier(len(deeds))

    def do(deed):
        actor, work = deed
        barrier.wait(timeout=20)
        with app.test_request_context():
            try:
                with db.transaction(actor) as session:
                    work(session, actor)
            except AppError as error:
                return str(error.status)
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))


@pytest.mark.job("check_employers")
def test_a_check_that_runs_out_pauses_and_comes_back(app, db, write, sign_in, client, house):
    employer, account, opening, staff = house
    with write() as session:
        session.get_one(Employer, employer.id).verified_at = clock.now() - timedelta(days=180)
        match = make_match(session, opening_id=opening.id, state=MatchState.APPLIED)
    browser, desk = sign_in(account), sign_in(staff)
    page = f"/staff/employers/{employer.id}"
    for warned in (text(browser.get("/employer/")), text(desk.get(page))):
        assert "到期" in warned or "就满了" in warned
    assert employer.name in text(desk.get("/staff/")).split('id="part-verify"')[1]
    job = next(job for job in JOBS if job.name == "check_employers")
    with clock.frozen(clock.now() + timedelta(days=3)), app.app_context():
        assert run_once(db, job)  # the last day still counts
        assert reload(db, Employer, employer.id).state is EmployerState.VERIFIED
    with clock.frozen(clock.now() + timedelta(days=4)):
        with app.app_context():
            assert run_once(db, job)
            assert not run_once(db, job)
            with write() as session:
                assert checks.lapse_employers(session) == 0
        assert reload(db, Employer, employer.id).state is EmployerState.LAPSED
        assert reload(db, Opening, opening.id).state is OpeningState.PAUSED
        assert reload(db, Match, match.id).state is MatchState.APPLIED  # nobody's chance is lost
        gone = client.get(f"/openings/{opening.id}")
        assert gone.status_code == 410
        assert "证件要再核实一次" in text(gone)
        assert opening.title not in text(client.get("/openings/"))
        assert "先停一停" in text(browser.get("/employer/"))
        own = f"/employer/openings/{opening.id}"
        assert "再核实一次" in text(browser.get(own))
        assert submit(browser, f"{own}/submit", page=own).status_code == 409
        later = (clock.today() + timedelta(days=400)).isoformat()
        again = press(
            desk,
            page,
            "/verify",
            papers=SEEN,
            agent_name="周丽华",
            licence_until=later,
            authorised_until="",
        )
        assert again.status_code == 303
        assert client.get(f"/openings/{opening.id}").status_code == 200
    row = reload(db, Employer, employer.id)
    assert (row.state, row.licence_until.isoformat()) == (EmployerState.VERIFIED, later)


def test_a_licence_or_letter_that_ends_takes_the_file_down_too(app, db, write):
    yesterday = clock.today() - timedelta(days=1)
    with write() as session:
        ended = [make_employer(session, **{paper: yesterday}) for paper in ENDING]
        good = [make_employer(session, **{paper: clock.today()}) for paper in ENDING]
    with app.test_request_context(), write() as session:
        assert checks.lapse_employers(session) == 2
    assert all(reload(db, Employer, row.id).state is EmployerState.LAPSED for row in ended)
    assert all(reload(db, Employer, row.id).state is EmployerState.VERIFIED for row in good)


def test_paused_openings_expire_and_an_edit_goes_to_review(db, write, app, house):
    employer, _account, opening, _staff = house
    with write() as session:
        other = make_opening(session, employer_id=employer.id)
        session.get_one(Employer, employer.id).verified_at = clock.now() - timedelta(days=184)
    with app.test_request_context(), write() as session:
        assert checks.lapse_employers(session) == 1
    later = clock.now() + timedelta(days=31)
    with clock.frozen(later), app.test_request_context(), write() as session:
        assert expire_openings(session) == 2
    for one in (opening, other):
        assert reload(db, Opening, one.id).state is OpeningState.EXPIRED


def test_papers_are_noted_and_none_of_the_identity_number(write, sign_in, db, house):
    employer, _account, _opening, staff = house
    desk, page = sign_in(staff), f"/staff/employers/{employer.id}"
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    for field, value, message in [
        ("licence_until", yesterday, "执照已经过期"),
        ("authorised_until", yesterday, "授权已经过期"),
        ("licence_until", "明天", "日期"),
        ("licence_number", "", "请填执照号码"),
        ("licence_number", "9" * 41, "最多 40 个字"),
        ("agent_name", "", "请填经办人姓名"),
    ]:
        refused = press(desk, page, "/verify", papers=SEEN, **{field: value})
        assert (field, refused.status_code) == (field, 400)
        assert message in text(refused)
    assert press(desk, page, "/verify", papers=SEEN, agent_name="罗小兰").status_code == 303
    with db.reader() as session:
        check = session.exec(select(EmployerCheck)).one()
    assert (check.agent_name, check.checked_by_id) == ("罗小兰", staff.id)
    assert not any("identity" in name or "id_number" in name for name in EmployerCheck.model_fields)
    assert "罗小兰" in text(desk.get(page))
    stale = press(desk, page, "/verify", papers=SEEN, revision="1")
    assert stale.status_code == 409
    assert press(desk, page, "/verify", papers=SEEN, revision="x" * 9).status_code == 409


def test_two_staff_verify_at_once_and_one_of_them_does(app, db, write, house):
    employer, _account, _opening, staff = house
    with write() as session:
        other = make_account(session, role=Role.STAFF)
        revision = session.get_one(Employer, employer.id).revision

    def verify(session, actor):
        checks.verify_employer(
            session, actor, employer_id=employer.id, revision=revision, papers=PAPERS
        )

    assert at_once(app, db, (acting(staff), verify), (acting(other), verify)) == ["409", "done"]
    with db.reader() as session:
        assert len(session.exec(select(EmployerCheck)).all()) == 1


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


def test_a_complaint_is_filed_handled_once_and_told_to_nobody_else(app, db, write, sign_in, house):
    employer, account, opening, staff = house
    with write() as session:
        resident = make_resident(session, with_account=True)
        own = session.get_one(Account, resident.account_id)
        draft = make_opening(session, state=OpeningState.DRAFT, published_at=None)
        nobodys = make_opening(session, employer_id=None)
    browser, desk = sign_in(own), sign_in(staff)
    page = f"/me/complaints/new/{opening.id}"
    assert page in text(browser.get(f"/openings/{opening.id}"))
    for hidden in (draft.id, nobodys.id, 999999):
        assert browser.get(f"/me/complaints/new/{hidden}").status_code == 404
    data = {"kind": "fee", "words": "面试时叫我交两百块。", "idempotency_key": "ab" * 16}
    for field, value in [
        ("kind", "x"),
        ("words", ""),
        ("words", "长" * 1001),
        ("idempotency_key", "x"),
    ]:
        assert submit(browser, page, {**data, field: value}).status_code == 400
    assert submit(browser, page, data).status_code == 303
    assert submit(browser, page, data).status_code == 303  # a second tap
    with db.reader() as session:
        complaint = session.exec(select(EmployerComplaint)).one()
    shown = f"/staff/complaints/{complaint.id}"
    assert "面试时叫我交两百块" in text(desk.get(shown))
    assert "面试时" not in text(sign_in(account).get("/employer/"))
    assert sign_in(account).get(shown).status_code == 403
    assert press(desk, shown, "/handle", outcome="", answer="").status_code == 400
    done = {"outcome": "upheld", "answer": "钱退了，单位写了保证。"}
    assert press(desk, shown, "/handle", **done).status_code == 303
    again = submit(desk, f"{shown}/handle", done, page="/staff/openings/new/vacancy")
    assert again.status_code == 409
    assert "钱退了" in text(browser.get("/me/complaints/"))
    assert "办完 1 件" in text(desk.get(f"/staff/employers/{employer.id}"))
    by_staff = f"/staff/employers/{employer.id}/complaints/new"
    assert submit(desk, by_staff, {**data, "idempotency_key": "cd" * 16}).status_code == 303
    assert "社区记下的" in text(desk.get("/staff/complaints/?state=open&employer=x"))
    actor = Actor(account_id=own.id, role=Role.RESIDENT, resident_id=resident.id)
    with app.test_request_context(), db.transaction(actor) as session:
        assert export(session, actor, resident_id=resident.id)["complaints"][0]["kind"] == "fee"
        leave(session, actor, resident_id=resident.id)
    row = reload(db, EmployerComplaint, complaint.id)
    assert (row.resident_id, row.filed_by_id) == (None, None)


def test_complaints_have_a_measure_and_one_handler(app, db, write, house):
    employer, _account, opening, staff = house
    with write() as session:
        resident = make_resident(session, with_account=True)
        other = make_account(session, role=Role.STAFF)
    actor = Actor(account_id=resident.account_id, role=Role.RESIDENT, resident_id=resident.id)

    def file():
        with app.test_request_context(), db.transaction(actor) as session:
            return service.file_complaint(
                session,
                actor,
                employer_id=employer.id,
                opening_id=opening.id,
                kind=ComplaintKind.OTHER,
                words="说话不算数",
            ).id

    ids = [file() for _ in range(service.MOST_OPEN)]
    with pytest.raises(AppError, match="还在办"):
        file()

    def handle(session, actor):
        service.handle_complaint(
            session, actor, complaint_id=ids[0], outcome=ComplaintOutcome.UNFOUNDED, answer="查过"
        )

    assert at_once(app, db, (acting(staff), handle), (acting(other), handle)) == ["409", "done"]


def test_the_earliest_end_of_the_papers_counts():
    employer = Employer(
        name="x", state=EmployerState.VERIFIED, verified_at=clock.now(), created_at=clock.now()
    )
    today = clock.today()
    assert policy.checked_until(employer, days=183) == today + timedelta(days=183)
    employer.licence_until = today + timedelta(days=9)
    assert policy.checked_until(employer, days=183) == employer.licence_until
    employer.authorised_until = today + timedelta(days=5)
    assert policy.checked_until(employer, days=183) == employer.authorised_until
    assert policy.is_checked(employer, on=today + timedelta(days=5), days=183)
    assert not policy.is_checked(employer, on=today + timedelta(days=6), days=183)
    employer.state = EmployerState.LAPSED
    assert policy.checked_until(employer, days=183) is None
