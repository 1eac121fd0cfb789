"""A forgotten password: who is let in by a code, and what strangers learn or get."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.conftest import PASSWORD
from tests.factories import make_account
from tests.forms import submit
from webapp.accounts.models import Account, LoginSession
from webapp.accounts.throttle import CODES_PER_ACCOUNT
from webapp.core import clock
from webapp.core.access import Role
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.residents.models import PhoneCode

PHONE = "13612345678"
NEW = "xin-mima-77"


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


@pytest.fixture
def owner(write):
    with write() as session:
        return make_account(session, phone=PHONE, phone_verified_at=clock.now())


def code_of(db):
    with db.reader() as session:
        return session.exec(select(PhoneCode.code)).one()


def count(db, table):
    with db.reader() as session:
        return len(session.exec(select(table)).all())


def page(response):
    return re.sub(r'value="[^"]*"', "", response.get_data(as_text=True))


def test_a_code_and_a_new_password(client, app, db, sign_in, owner, gateway):
    old = sign_in(owner)
    sent = submit(client, "/login/forgotten", {"phone": PHONE})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/login/new-password")
    with db.reader() as session:
        [row] = session.exec(select(OutboxRow)).all()
        assert code_of(db) in (row.urgent or "")
    done = submit(client, "/login/new-password", {"code": code_of(db), "password": NEW})
    assert done.status_code == 303
    assert client.get("/account/password").status_code == 200
    assert old.get("/account/password").status_code in {302, 303}  # signed out elsewhere
    fresh = app.test_client()
    assert submit(fresh, "/login", {"phone": PHONE, "password": PASSWORD}).status_code == 400
    assert submit(fresh, "/login", {"phone": PHONE, "password": NEW}).status_code == 303
    assert count(db, PhoneCode) == 0
    again = app.test_client()
    submit(again, "/login/forgotten", {"phone": "13900000000"})
    assert (
        submit(again, "/login/new-password", {"code": "123456", "password": NEW}).status_code == 400
    )


@pytest.mark.parametrize(
    "known",
    [
        None,
        {"phone_verified_at": None},
        {"enabled": False},
        {"role": Role.STAFF},
        {"role": Role.ADMIN},
    ],
)
def test_nobody_else_gets_a_code_and_the_page_tells_nothing(app, db, write, branch, gateway, known):
    if known is not None:
        with write() as session:
            of_branch = {"branch_id": branch.id} if known.get("role") is Role.STAFF else {}
            make_account(
                session, phone=PHONE, **{"phone_verified_at": clock.now(), **of_branch, **known}
            )
    asked = app.test_client()
    sent = submit(asked, "/login/forgotten", {"phone": PHONE})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/login/new-password")
    assert (count(db, PhoneCode), count(db, OutboxRow)) == (0, 0)
    other = app.test_client()
    with write() as session:
        make_account(session, phone="13912345678", phone_verified_at=clock.now())
    submit(other, "/login/forgotten", {"phone": "13912345678"})
    shown = page(asked.get("/login/new-password")).replace(PHONE, "")
    assert shown == page(other.get("/login/new-password")).replace("13912345678", "")
    wrong = {"code": "000000", "password": NEW}
    answers = [submit(one, "/login/new-password", wrong) for one in (asked, other)]
    assert [one.status_code for one in answers] == [400, 400]
    assert page(answers[0]).replace(PHONE, "") == page(answers[1]).replace("13912345678", "")


def test_five_tries_and_ten_minutes(client, db, owner, gateway):
    begun = clock.now()
    with clock.frozen(begun):
        submit(client, "/login/forgotten", {"phone": PHONE})
        right = code_of(db)
        wrong = "000000" if right != "000000" else "111111"
        for _try in range(5):
            sent = submit(client, "/login/new-password", {"code": wrong, "password": NEW})
            assert sent.status_code == 400
        sent = submit(client, "/login/new-password", {"code": right, "password": NEW})
        assert sent.status_code == 400
        submit(client, "/login/forgotten", {"phone": PHONE})
        late = code_of(db)
    with clock.frozen(begun + timedelta(minutes=11)):
        sent = submit(client, "/login/new-password", {"code": late, "password": NEW})
        assert sent.status_code == 400
    assert count(db, LoginSession) == 0


def test_codes_are_not_sent_without_end(client, db, owner, gateway):
    for _n in range(CODES_PER_ACCOUNT):
        assert submit(client, "/login/forgotten", {"phone": PHONE}).status_code == 303
    assert submit(client, "/login/forgotten", {"phone": PHONE}).status_code == 429
    assert count(db, OutboxRow) == CODES_PER_ACCOUNT


def test_the_number_is_never_taken_from_the_second_form(client, app, db, write, owner, gateway):
    """Somebody asks for a code to their own number and types it for another's."""
    with write() as session:
        make_account(session, phone="13912345678", phone_verified_at=clock.now())
    submit(client, "/login/forgotten", {"phone": "13912345678"})
    data = {"code": code_of(db), "password": NEW, "phone": PHONE, "recovery_phone": PHONE}
    assert submit(client, "/login/new-password", data).status_code == 303
    with db.reader() as session:
        changed = session.exec(select(Account).where(Account.phone == PHONE)).one()
        assert changed.password_hash == owner.password_hash


@pytest.mark.parametrize("data", [{}, {"code": "12"}, {"code": "123456", "password": "short"}])
def test_what_is_missing_is_said(client, db, owner, gateway, data):
    assert client.get("/login/new-password").headers["Location"] == "/login/forgotten"
    submit(client, "/login/forgotten", {"phone": PHONE})
    assert submit(client, "/login/new-password", data).status_code == 400
    easy = {"code": code_of(db), "password": f"a{PHONE}"}
    assert submit(client, "/login/new-password", easy).status_code == 400
    assert count(db, PhoneCode) == 1


def test_without_a_channel_the_counter_is_named(client, owner, db):
    shown = client.get("/login/forgotten").get_data(as_text=True)
    assert "窗口" in shown
    assert 'name="phone"' not in shown
    assert submit(client, "/login/forgotten", {"phone": PHONE}, page="/login").status_code == 400
    assert count(db, PhoneCode) == 0
