"""Login cards: the code says who, the PIN opens, five wrong ones lock."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from tests.factories import make_account, make_branch, make_resident
from tests.forms import press, submit
from webapp.accounts.models import LoginCard
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent

PIN = "384756"


@pytest.fixture
def member(write):
    with write() as session:
        branch = make_branch(session, serves_all=True)
        return make_account(session, role=Role.STAFF, branch_id=branch.id)


@pytest.fixture
def mother(write, member):
    with write() as session:
        account = make_account(session, phone_verified_at=clock.now())
        return account, make_resident(session, account_id=account.id, branch_id=member.branch_id)


def rows(db, table=LoginCard):
    with db.reader() as session:
        return session.exec(select(table)).all()


def issue(sign_in, db, member, resident, pin=PIN):
    browser = sign_in(member)
    page = f"/staff/residents/{resident.id}/card"
    sent = press(browser, page, page, pin=pin, again=pin)
    assert sent.status_code == 303
    printed = press(browser, page, "/print")
    assert printed.status_code == 200
    [card] = rows(db)
    assert card.code[:4] in printed.get_data(as_text=True)
    return card.code


def enter(browser, code, pin):
    return submit(browser, f"/login/card/{code}", {"pin": pin})


def test_a_card_and_its_pin_sign_in(app, sign_in, db, member, mother):
    code = issue(sign_in, db, member, mother[1])
    phone = app.test_client()
    typed = submit(phone, "/login/card", {"code": f"{code[:4].lower()} {code[4:8]}-{code[8:]}"})
    assert typed.headers["Location"] == f"/login/card/{code}"
    shown = phone.get(typed.headers["Location"]).get_data(as_text=True)
    assert mother[1].name not in shown  # whoever finds the card learns nothing
    assert enter(phone, code, PIN).status_code == 303
    assert phone.get("/me/").status_code == 200
    assert [row.action for row in rows(db, AuditEvent)].count("login_card.print") == 1
    assert code not in str([row.details for row in rows(db, AuditEvent)])


def test_five_wrong_lock_it_and_a_right_one_forgives(app, sign_in, db, member, mother):
    code = issue(sign_in, db, member, mother[1])
    phone = app.test_client()
    for _wrong in range(4):
        assert enter(phone, code, "111222").status_code == 400
    assert enter(app.test_client(), code, PIN).status_code == 303
    for _wrong in range(5):
        assert enter(phone, code, "111222").status_code == 400
    locked = enter(phone, code, PIN)
    assert locked.status_code == 400
    unknown = enter(phone, "2345-6789-ABCD", PIN)
    without = re.compile(r'value="[^"]*"')
    pages = [without.sub("", one.get_data(as_text=True)) for one in (locked, unknown)]
    assert pages[0].replace(code, "") == pages[1].replace("2345-6789-ABCD", "")
    again = issue(sign_in, db, member, mother[1])
    assert again != code
    assert enter(phone, code, PIN).status_code == 400  # the old card is void
    assert enter(phone, again, PIN).status_code == 303


def test_many_tries_at_once_are_counted_each(app, sign_in, db, member, mother):
    code = issue(sign_in, db, member, mother[1])
    browsers = [app.test_client() for _n in range(8)]
    for browser in browsers:
        browser.get(f"/login/card/{code}")
    with ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(lambda one: enter(one, code, "111222").status_code, browsers))
    assert set(tried) == {400}
    assert [card.tries for card in rows(db)] == [5]
    assert enter(app.test_client(), code, PIN).status_code == 400


def test_a_lost_card_is_void(app, sign_in, db, member, mother):
    code = issue(sign_in, db, member, mother[1])
    page = f"/staff/residents/{mother[1].id}/card"
    assert press(sign_in(member), page, "/revoke").status_code == 303
    assert rows(db) == []
    assert enter(app.test_client(), code, PIN).status_code == 400


@pytest.mark.parametrize(
    ("pin", "again", "words"),
    [
        ("", "", "请填六位数字"),
        ("12345", "12345", "是六位数字"),
        ("123456", "123456", "太容易猜了"),
        ("111111", "111111", "太容易猜了"),
        (PIN, "384757", "两遍不一样"),
    ],
)
def test_a_pin_that_will_not_do_is_said(sign_in, db, member, mother, pin, again, words):
    page = f"/staff/residents/{mother[1].id}/card"
    sent = press(sign_in(member), page, page, pin=pin, again=again)
    assert sent.status_code == 400
    assert words in sent.get_data(as_text=True)
    assert rows(db) == []


def test_who_gives_out_cards(app, sign_in, write, db, member, mother):
    with write() as session:
        assisted = make_resident(session, branch_id=member.branch_id)
        strangers = make_branch(session, serves_all=False)
        other = make_account(session, role=Role.STAFF, branch_id=strangers.id)
        boss = make_account(session, role=Role.ADMIN)
    page = f"/staff/residents/{mother[1].id}/card"
    assert sign_in(mother[0]).get(page).status_code == 403
    assert sign_in(boss).get(page).status_code == 403
    assert sign_in(other).get(page).status_code in {403, 404}
    assert sign_in(member).get(f"/staff/residents/{assisted.id}/card").status_code == 403
    assert submit(sign_in(member), page + "/print", page=page).status_code in {404, 303}
    for path in ("/login/card/short", "/login/card/" + "x" * 500):
        assert app.test_client().get(path).status_code == 404
    assert rows(db) == []
