"""Employers through their real forms: register, edit, be verified, refused, suspended."""

from datetime import timedelta

from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account, make_employer, make_opening
from tests.forms import press, submit
from tests.functional.pages import text
from tests.functional.tables import reload
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

CODE, OTHER_CODE = "91500107MA5U6N4K38", "91440300708461136T"
ORGANISATION = {
    "name": "重庆暖心家政服务有限公司",
    "credit_code": CODE,
    "industry": "家政",
    "address": "华福路12号",
    "contact_name": "周丽华",
    "phone": "13812345678",
    "password": "warm-house-42",
}
SEEN = ["licence", "identity", "authorisation"]
PAPERS = {"papers": SEEN}


def test_registration_opens_account_and_pending_file_and_lets_in(client, db):
    response = submit(client, "/employer/register", ORGANISATION)
    assert response.status_code == 303
    assert response.headers["Location"] == "/employer/"
    home = text(client.get("/employer/"))
    assert "等社区核实" in home
    assert "发布招聘" in home
    with db.reader() as session:
        employer = session.exec(select(Employer)).one()
        member = session.exec(select(EmployerMember)).one()
        account = session.get(Account, member.account_id)
        actions = set(session.exec(select(AuditEvent.action)).all())
    assert employer.state is EmployerState.PENDING
    assert employer.credit_code == CODE
    assert account.role is Role.EMPLOYER
    assert PASSWORD not in account.password_hash
    assert {"account.open", "employer.register"} <= actions


BAD = [
    ("name", "", "请填单位全称"),
    ("name", "长" * 81, "最多 80 个字"),
    ("credit_code", "91500107MA5U6N4K39", "这个代码不对"),
    ("credit_code", "9" * 5000, "这个代码不对"),
    ("phone", "12345", "请填 11 位手机号"),
    ("password", "12345678", "太容易被猜到"),
    ("industry", "", "请填做哪一行"),
]


def test_bad_registration_says_what_is_wrong_and_keeps_what_was_typed(client, db):
    for field, value, message in BAD:
        response = submit(client, "/employer/register", {**ORGANISATION, field: value})
        assert response.status_code == 400, field
        assert message in text(response), field
        assert "华福路12号" in text(response)
    with db.reader() as session:
        assert session.exec(select(Account)).first() is None
        assert session.exec(select(Employer)).first() is None


def test_taken_name_code_and_phone_are_told_beside_the_field(client, write, db, app):
    with write() as session:
        make_employer(session, name=ORGANISATION["name"], credit_code=OTHER_CODE)
    same_name = submit(client, "/employer/register", ORGANISATION)
    assert same_name.status_code == 400
    assert "已经登记过了" in text(same_name)
    other = {**ORGANISATION, "name": "另一家公司", "credit_code": OTHER_CODE}
    same_code = submit(client, "/employer/register", other)
    assert same_code.status_code == 400
    assert "代码已经登记过了" in text(same_code)
    with db.reader() as session:
        assert session.exec(select(Account)).first() is None
    fresh = {**ORGANISATION, "name": "第三家公司"}
    assert submit(client, "/employer/register", fresh).status_code == 303
    again = submit(app.test_client(), "/employer/register", {**fresh, "name": "第四家公司"})
    assert again.status_code == 400  # for the code; nothing is said of the number
    assert "phone-error" not in text(again)


def test_an_employer_known_by_name_alone_is_taken_over_as_pending(client, write, db):
    with write() as session:
        known = make_employer(session, name=ORGANISATION["name"])
        opening = make_opening(session, employer_id=known.id)
    assert submit(client, "/employer/register", ORGANISATION).status_code == 303
    employer = reload(db, Employer, known.id)
    assert employer.state is EmployerState.PENDING
    assert employer.credit_code == CODE
    # Nobody has checked the newcomer, so what stood in that name is looked at again.
    assert reload(db, Opening, opening.id).state is OpeningState.SUBMITTED


def test_staff_verify_only_with_all_papers_seen(client, desk, db):
    submit(client, "/employer/register", ORGANISATION)
    with db.reader() as session:
        employer_id = session.exec(select(Employer.id)).one()
    page = f"/staff/employers/{employer_id}"
    missing = submit(desk, f"{page}/verify", {"papers": ["licence"]}, page=page)
    assert missing.status_code == 400
    assert "三样都看过" in text(missing)
    assert reload(db, Employer, employer_id).state is EmployerState.PENDING
    assert press(desk, page, "/verify", papers=SEEN).status_code == 303
    employer = reload(db, Employer, employer_id)
    assert employer.state is EmployerState.VERIFIED
    assert employer.verified_by_id is not None
    assert "已核实" in text(client.get("/employer/"))


def test_refused_employer_reads_the_reason_and_hands_in_anew(client, desk, db):
    submit(client, "/employer/register", ORGANISATION)
    with db.reader() as session:
        employer_id = session.exec(select(Employer.id)).one()
    page = f"/staff/employers/{employer_id}"
    assert submit(desk, f"{page}/refuse", {"reason": ""}, page=page).status_code == 400
    submit(desk, f"{page}/refuse", {"reason": "执照过期了"}, page=page)
    assert "执照过期了" in text(client.get("/employer/"))
    second = submit(desk, f"{page}/refuse", {"reason": "再来"}, page=page)
    assert second.status_code == 409
    response = submit(client, "/employer/organisation", {**ORGANISATION, "address": "石堰路3号"})
    assert response.status_code == 303
    assert reload(db, Employer, employer_id).state is EmployerState.PENDING


def test_a_new_name_needs_a_new_check_and_takes_openings_down(write, sign_in, db):
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account, credit_code=CODE)
        opening = make_opening(session, employer_id=employer.id)
    browser = sign_in(account)
    same = {**ORGANISATION, "name": employer.name, "phone": "023-61234567"}
    assert submit(browser, "/employer/organisation", same).status_code == 303
    assert reload(db, Employer, employer.id).state is EmployerState.VERIFIED
    assert submit(browser, "/employer/organisation", ORGANISATION).status_code == 303
    assert reload(db, Employer, employer.id).state is EmployerState.PENDING
    assert reload(db, Opening, opening.id).state is OpeningState.SUBMITTED
    assert browser.get(f"/openings/{opening.id}").status_code == 404


def test_editing_into_another_employers_name_is_told_beside_the_field(write, sign_in, db):
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account, credit_code=CODE)
        other = make_employer(session, credit_code=OTHER_CODE)
    browser = sign_in(account)
    clash = submit(browser, "/employer/organisation", {**ORGANISATION, "name": other.name})
    assert clash.status_code == 400
    assert "这家单位已经登记过了" in text(clash)
    clash = submit(browser, "/employer/organisation", {**ORGANISATION, "credit_code": OTHER_CODE})
    assert clash.status_code == 400
    assert "代码已经登记过了" in text(clash)
    assert reload(db, Employer, employer.id).name == employer.name


def test_suspension_takes_everything_down_at_once(write, desk, sign_in, client, db):
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account)
        opening = make_opening(session, employer_id=employer.id)
    assert client.get(f"/openings/{opening.id}").status_code == 200
    page = f"/staff/employers/{employer.id}"
    response = submit(desk, f"{page}/suspend", {"reason": "有人投诉收钱"}, page=page)
    assert response.status_code == 303
    assert client.get(f"/openings/{opening.id}").status_code == 404
    assert reload(db, Opening, opening.id).state is OpeningState.RETURNED
    browser = sign_in(account)
    assert "有人投诉收钱" in text(browser.get("/employer/"))
    own = f"/employer/openings/{opening.id}"
    refused = submit(browser, f"{own}/submit", page=own)
    assert refused.status_code == 400
    assert "已被暂停" in text(refused)


def test_staff_list_finds_by_name_and_state(write, desk):
    with write() as session:
        make_employer(session, name="重庆甲公司", state=EmployerState.PENDING)
        make_employer(session, name="重庆乙公司", verified_at=clock.now() - timedelta(days=200))
    everything = text(desk.get("/staff/employers/"))
    assert everything.index("重庆甲公司") < everything.index("重庆乙公司")
    assert "重庆甲公司" not in text(desk.get("/staff/employers/?q=乙公"))
    assert "重庆乙公司" not in text(desk.get("/staff/employers/?state=pending"))
    assert "重庆甲公司" not in text(desk.get("/staff/employers/?q=%25"))
    assert desk.get("/staff/employers/?state=nonsense&page=99999999999").status_code == 200
    assert desk.get("/staff/employers/999999").status_code == 404


def test_employers_and_residents_do_not_reach_the_staffs_files(write, sign_in, client):
    with write() as session:
        account = make_account(session, role=Role.EMPLOYER)
        employer = make_employer(session, member=account)
        resident = make_account(session)
    browser = sign_in(account)
    page = f"/staff/employers/{employer.id}"
    assert browser.get(page).status_code == 403
    assert submit(browser, f"{page}/verify", PAPERS, page="/employer/").status_code == 403
    assert sign_in(resident).get("/employer/").status_code == 403
    assert client.get(page).status_code == 302
