"""Fault 2: numbers are proven, and registering tells nobody whether one is known."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account, make_employer, make_opening, make_resident
from tests.forms import submit
from tests.functional.matches_world import make_world
from tests.functional.piecework.world import key
from tests.functional.piecework.world import make_world as make_piecework
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.core.vocabulary import ALWAYS, Reach
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.notices import delivery
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.piecework.models.assignment import Assignment
from webapp.residents.models import PhoneCode, Resident

pytestmark = pytest.mark.usefixtures("branch")


PHONE = "13612345678"
GOOD = {
    "name": "张三",
    "phone": PHONE,
    "password": "another-word-7",
    "unit_address": "3-2-501",
    "service": "y",
}
VERIFY = "核对手机号"


@pytest.fixture
def gateway(write):
    with write() as session:
        session.add(
            OutsideChannel(
                name="短信",
                url="json://127.0.0.1/x",
                audience=Audience.PEOPLE,
                created_at=clock.now(),
            )
        )


def plain(response):
    """Return status, address and page without tokens."""
    page = re.sub(r'value="[^"]*"', "", response.get_data(as_text=True))
    return response.status_code, response.headers.get("Location"), page


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/register", GOOD),
        (
            "/employer/register",
            {
                "name": "重庆好活有限公司",
                "credit_code": "91500107MA5U0AB12X",
                "contact_name": "王强",
                "phone": PHONE,
                "password": "another-word-7",
                "agree": "y",
            },
        ),
    ],
)
@pytest.mark.parametrize("role", [None, Role.RESIDENT, Role.STAFF, Role.EMPLOYER])
def test_fault_2_a_known_number_gets_the_same_answer_and_opens_nothing(
    app, db, write, path, data, role
):
    owner = None
    if role is not None:
        with write() as session:
            owner = make_account(session, role=role, phone=PHONE)
    browser = app.test_client()
    response = submit(browser, path, data)
    if path == "/register":
        assert plain(response)[:2] == (303, "/me/questions/")
    else:
        assert plain(response)[0] in {303, 400}
        assert "phone-error" not in plain(response)[2]
    assert "登录" not in plain(response)[2] or role is None or path != "/register"
    if owner is not None and path == "/register":
        page = browser.get("/me/").get_data(as_text=True)
        assert "张三，您好" in page
        with db.reader() as session:
            assert session.get(Account, owner.id).password_hash == owner.password_hash
            fresh = session.exec(select(Account).where(Account.id != owner.id)).one()
        assert (fresh.phone, fresh.phone_verified_at) == (PHONE, None)
        # Each signs in with their own password to their own account.
        for password, name in ((PASSWORD, owner.name), (GOOD["password"], "张三")):
            other = app.test_client()
            login = {"phone": PHONE, "password": password}
            assert submit(other, "/login", login).status_code == 303
            with db.reader() as session:
                last = session.exec(
                    select(AuditEvent)
                    .where(AuditEvent.action == "account.sign_in")
                    .order_by(AuditEvent.id.desc())
                ).first()
                assert session.get(Account, last.account_id).name == name
        login = {"phone": PHONE, "password": "neither-of-both"}
        assert submit(app.test_client(), "/login", login).status_code == 400


def test_fault_2_the_owner_of_the_number_is_told(app, write, sign_in):
    with write() as session:
        resident = make_resident(session, with_account=True, phone=PHONE)
        owner = session.get(Account, resident.account_id)
    own = sign_in(owner)
    words = "有人用您的手机号登记过"
    assert words not in own.get("/me/").get_data(as_text=True)
    stranger = app.test_client()
    submit(stranger, "/register", GOOD)
    assert words in own.get("/me/").get_data(as_text=True)
    assert words not in stranger.get("/me/").get_data(as_text=True)


def test_fault_2_two_taps_open_one_account(app, db):
    first, second = app.test_client(), app.test_client()
    data = {**GOOD, "idempotency_key": "a" * 32}
    assert submit(first, "/register", data).status_code == 303
    assert submit(second, "/register", data).status_code == 303
    assert "张三，您好" in second.get("/me/").get_data(as_text=True)
    wrong = {**data, "password": "not-the-same-1"}
    stranger = app.test_client()
    assert "/login" in submit(stranger, "/register", wrong).headers["Location"]
    assert stranger.get("/me/").status_code == 302
    with db.reader() as session:
        assert len(session.exec(select(Account)).all()) == 1


def test_fault_2_a_number_is_proven_once(db, write, sign_in, app):
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
        make_account(session, phone=PHONE)
    submit(app.test_client(), "/register", GOOD)
    with db.reader() as session:
        resident = session.exec(select(Resident)).one()
    page = f"/staff/residents/{resident.id}"
    response = submit(sign_in(staff), f"{page}/phone/counter", page=page)
    assert response.status_code == 409
    assert "另一个账号" in response.get_data(as_text=True)


def registered(app, db):
    browser = app.test_client()
    assert submit(browser, "/register", GOOD).status_code == 303
    with db.reader() as session:
        return browser, session.exec(select(Resident).where(Resident.name == "张三")).one()


def code_of(db):
    with db.reader() as session:
        return session.exec(select(PhoneCode)).one().code


def verified(db, resident):
    with db.reader() as session:
        return session.get(Account, resident.account_id).phone_verified_at is not None


def test_fault_2_a_code_proves_the_number(app, db, gateway, monkeypatch):
    browser, resident = registered(app, db)
    sent = []
    monkeypatch.setattr(delivery, "send", lambda _url, **said: sent.append(said))
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 303
    with app.app_context():
        # Also at night: the person waits for it.
        monkeypatch.setattr(
            "webapp.notices.quiet_hours.next_allowed", lambda moment: moment + timedelta(hours=8)
        )
        assert delivery.deliver(db) == 1
    code = code_of(db)
    assert re.fullmatch(r"\d{6}", code)
    assert PHONE in sent[0]["title"]
    assert code in sent[0]["body"]
    with db.reader() as session:
        assert session.exec(select(OutboxRow)).one().urgent is None  # not kept
    wrong = "000000" if code != "000000" else "000001"
    response = submit(browser, "/me/phone/check", {"code": wrong}, page="/me/phone")
    assert response.status_code == 400
    assert 'id="code-error"' in response.get_data(as_text=True)
    assert not verified(db, resident)
    assert submit(browser, "/me/phone/check", {"code": code}, page="/me/phone").status_code == 303
    assert verified(db, resident)
    assert VERIFY not in browser.get("/me/").get_data(as_text=True)
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 409


def test_fault_2_five_tries_ten_minutes_and_few_codes(app, db, write, gateway):
    browser, resident = registered(app, db)
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 303
    code = code_of(db)
    wrong = "000000" if code != "000000" else "000001"
    for _turn in range(5):
        assert (
            submit(browser, "/me/phone/check", {"code": wrong}, page="/me/phone").status_code == 400
        )
    assert submit(browser, "/me/phone/check", {"code": code}, page="/me/phone").status_code == 409
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 303
    with write() as session:
        row = session.exec(select(PhoneCode)).one()
        code = row.code
        row.expires_at = clock.now() - timedelta(seconds=1)
    assert submit(browser, "/me/phone/check", {"code": code}, page="/me/phone").status_code == 409
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 303
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 429
    assert not verified(db, resident)


def test_fault_2_without_a_channel_the_page_leads_to_the_counter(app, db):
    browser, _resident = registered(app, db)
    page = browser.get("/me/phone").get_data(as_text=True)
    assert "窗口" in page
    assert "发验证码" not in page
    assert submit(browser, "/me/phone/send", page="/me/phone").status_code == 409


@pytest.mark.parametrize("how", ["counter", "call_back"])
def test_fault_2_staff_verify_with_one_button_and_the_trail_says_how(app, db, write, sign_in, how):
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
    _browser, resident = registered(app, db)
    page = f"/staff/residents/{resident.id}"
    desk = sign_in(staff)
    assert "手机号还没有核对" in desk.get(page).get_data(as_text=True)
    with db.reader() as session:  # the resident's branch is the one for work
        assert session.get(Resident, resident.id)
    response = submit(desk, f"{page}/phone/{how}", page=page)
    assert response.status_code == 303
    assert verified(db, resident)
    assert "手机号还没有核对" not in desk.get(page).get_data(as_text=True)
    with db.reader() as session:
        row = session.exec(
            select(AuditEvent).where(AuditEvent.action == "resident.verify_phone")
        ).one()
    assert (row.account_id, row.details["channel"]) == (staff.id, how)


def unproven(world):
    with world.write() as session:
        session.get(Account, world.accounts["resident"].id).phone_verified_at = None


def test_fault_2_until_then_a_wish_is_kept_and_no_employer_sees_the_person(db, write, sign_in):
    world = make_world(db, write, sign_in)
    unproven(world)
    world.decide("confirm", channel="page")
    assert world.answer("interested").status_code == 303
    assert world.state() is MatchState.INTERESTED
    page = world.see("resident", f"/me/matches/{world.match_id}")
    assert VERIFY in page
    assert "同意，告诉单位" not in page
    assert world.answer("share").status_code == 409
    told = world.record("answer", answer="apply", told="phone")
    assert told.status_code == 409  # staff prove it first, on this very call
    assert world.state() is MatchState.INTERESTED
    assert "先核对电话" in world.see("staff", "/staff/")
    resident = f"/staff/residents/{world.resident_id}"
    assert world.post("staff", f"{resident}/phone/call_back", resident).status_code == 303
    assert world.answer("share").status_code == 303
    assert world.state() is MatchState.APPLIED


def test_fault_2_applying_directly_waits_too(app, db, write, sign_in):
    with write() as session:
        opening = make_opening(session, employer_id=None)
        other = make_opening(session, employer_id=make_employer(session).id)
    browser, resident = registered(app, db)
    with write() as session:  # nothing is left to ask before applying
        file = session.get(Resident, resident.id)
        file.birth_date, file.reach, file.available = date(1980, 5, 1), Reach.CITY, ALWAYS
    for one in (opening, other):
        page = f"/openings/{one.id}"
        assert submit(browser, f"/me{page}/interest", page=page).status_code == 303
    with db.reader() as session:
        states = {row.state for row in session.exec(select(Match))}
    assert states == {MatchState.INTERESTED}


def test_fault_2_pieces_are_not_claimed_with_an_unproven_number(db, write, sign_in):
    world = make_piecework(db)
    world.publish()
    with write() as session:
        resident = session.get(Resident, world.families[0].resident_id)
        account = session.get(Account, world.families[0].account_id)
        account.phone_verified_at = None
    browser = sign_in(account)
    page = f"/me/piecework/orders/{world.order_id}"
    assert VERIFY in browser.get(page).get_data(as_text=True)
    data = {"pieces": "20", "members": [str(resident.id)], "idempotency_key": "b" * 32}
    assert submit(browser, page, data, page="/me/profile").status_code == 403
    with db.reader() as session:
        assert session.exec(select(Assignment)).all() == []
    with write() as session:
        session.get(Account, account.id).phone_verified_at = clock.now()
    assert submit(browser, page, data, page="/me/profile").status_code == 303
    assert key()


def test_fault_2_a_household_is_not_asked_with_an_unproven_number(app, db):
    browser, _resident = registered(app, db)
    assert VERIFY in browser.get("/me/household").get_data(as_text=True)
    response = submit(browser, "/me/household/ask", {"unit_address": "3-2-501"}, page="/me/phone")
    assert response.status_code in {400, 403}


def test_fault_2_an_unproven_account_is_not_merged_into_a_file(db, write, sign_in, app):
    with write() as session:
        staff = make_account(session, role=Role.STAFF)
    _browser, fresh = registered(app, db)
    with write() as session:
        file = make_resident(session, name="张三", phone=PHONE)
        pair = DuplicatePair(
            kind=DuplicateKind.RESIDENT,
            first_id=fresh.id,
            second_id=file.id,
            evidence=["name"],
            found_at=clock.now(),
        )
        session.add(pair)
        session.flush()
        pair_id = pair.id
    desk = sign_in(staff)
    page = f"/staff/duplicates/{pair_id}"
    for kept in (file.id, fresh.id):
        response = submit(desk, f"{page}/merge/{kept}", page=page)
        with db.reader() as session:
            assert session.get(Resident, file.id).account_id is None
            assert session.get(DuplicatePair, pair_id).kept_id is None
        assert response.status_code in {303, 409}
