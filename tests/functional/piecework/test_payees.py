"""Where pay goes: said by the person, looked at by another, read by the payer alone."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select
from stdnum import luhn as check_digits

from tests.factories import acting, make_account, make_branch, make_resident
from tests.forms import forms_on, press, submit
from tests.functional.pages import see, text
from tests.functional.piecework.desk import Desk
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Role
from webapp.core.models import AuditEvent
from webapp.piecework.models.money import Payment, SettlementLine, SettlementRun
from webapp.piecework.models.payee import PayeeAccount, PayeeState, PaymentPayee
from webapp.privacy import export, service
from webapp.residents.models import Resident


def luhn(number: str) -> str:
    """Return the number with its last digit made to fit."""
    return number[:-1] + check_digits.calc_check_digit(number[:-1])


CARD, OTHER = luhn("6222000000000000009"), luhn("6222000000000000017")
BANK = {"method": "bank", "holder": "陈桂芳", "bank": "重庆农村商业银行", "number": CARD,
        "agreed": "y"}  # fmt: skip


@pytest.fixture
def desk(db: Any, write: Any, sign_in: Any) -> Desk:
    return Desk(db, write, sign_in)


@pytest.fixture
def person(db: Any, write: Any, sign_in: Any, desk: Desk) -> Any:
    """The one who works, with an account whose number is proven."""
    with write() as session:
        account = make_account(session, role=Role.RESIDENT, phone_verified_at=clock.now())
        resident = session.get_one(Resident, desk.resident_id)
        resident.account_id = account.id
        session.add(resident)
    return sign_in(account)


def write_down(browser: Any, page: str, **typed: Any) -> Any:
    """Fill in the form at ``page`` and confirm what is shown once more."""
    shown = press(browser, f"{page}/new", **{**BANK, **typed})
    if shown.status_code != 200:
        return shown
    (form,) = [one for one in forms_on(shown) if "sure" in one.data]
    return browser.post(form.action, data=form.data)


def rows(db: Any) -> list[PayeeAccount]:
    with db.reader() as session:
        return list(session.exec(select(PayeeAccount).order_by(col(PayeeAccount.id))).all())


def actions(db: Any, start: str) -> list[str]:
    with db.reader() as session:
        found = session.exec(
            select(AuditEvent.action)
            .where(col(AuditEvent.action).startswith(start))
            .order_by(col(AuditEvent.id))
        )
        return list(found)


BAD = [
    ({"holder": "陈桂芬"}, "户名要和本人的姓名一样"),
    ({"number": CARD[:-1] + str((int(CARD[-1]) + 1) % 10)}, "多半是抄错了一位"),
    ({"number": "6222"}, "16 到 19 位"),
    ({"number": ""}, "16 到 19 位"),
    ({"bank": ""}, "请填是哪家银行"),
    ({"method": "wechat", "number": "12"}, "微信号是"),
    ({"method": "gold"}, "有效的选择"),
    ({"agreed": ""}, "本人同意了才能记"),
]


def test_a_person_says_where_pay_goes_and_it_is_looked_at_twice(
    db: Any, desk: Desk, person: Any
) -> None:
    """Six fields on one page, two taps; at the counter six digits and one tap."""
    for typed, message in BAD:
        refused = press(person, "/me/payee/new", **{**BANK, **typed})
        assert refused.status_code == 400, typed
        if "gold" not in typed.values():
            assert message in text(refused), typed
    spaced = " ".join(CARD[at : at + 4] for at in range(0, len(CARD), 4))
    shown = press(person, "/me/payee/new", **{**BANK, "number": spaced})
    assert spaced in text(shown)  # large, in groups, before anything is kept
    assert rows(db) == []
    assert write_down(person, "/me/payee", number=spaced).status_code == 303
    page = see(person, "/me/payee")
    assert f"尾号 {CARD[-4:]}" in page
    assert CARD not in page
    assert "付现金" in page  # it does not hold yet
    (payee,) = rows(db)
    assert (payee.number, payee.state) == (CARD, PayeeState.PENDING)
    with db.read_engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT number, holder FROM payee_account").one()
    assert CARD not in stored[0]
    assert "陈桂芳" not in stored[1]
    look = f"/staff/piecework/payees/{payee.id}"
    assert "陈桂芳" in see(desk.staff, "/staff/piecework/payees")
    assert CARD not in see(desk.staff, look)
    wrong = press(desk.staff, look, seen=OTHER[-6:])
    assert wrong.status_code == 400
    assert "和登记的不一样" in text(wrong)
    assert press(desk.staff, look, seen=CARD[-6:]).status_code == 303
    again = submit(desk.payer, look, {"seen": CARD[-6:]}, page="/staff/piecework/new")
    assert again.status_code == 409
    assert "最近有改动" in see(person, "/me/payee")
    # Another card: the old one goes on until the new one was looked at, then its number is gone.
    assert write_down(person, "/me/payee", number=OTHER).status_code == 303
    assert [row.state for row in rows(db)] == [PayeeState.IN_FORCE, PayeeState.PENDING]
    new = rows(db)[1].id
    assert press(desk.payer, f"/staff/piecework/payees/{new}", seen=OTHER[-6:]).status_code == 303
    old, now = rows(db)
    assert (old.state, old.number, old.tail) == (PayeeState.ENDED, None, CARD[-4:])
    assert (now.state, now.number) == (PayeeState.IN_FORCE, OTHER)
    history = see(person, "/me/payee")
    assert f"尾号 {CARD[-4:]}" in history
    assert press(person, "/me/payee/drop").status_code == 303
    assert [row.number for row in rows(db)] == [None, None]
    assert submit(person, "/me/payee/drop").status_code == 409
    assert actions(db, "payee.") == [
        "payee.record", "payee.check", "payee.record", "payee.check", "payee.drop",
    ]  # fmt: skip


def test_nobody_changes_anothers_account(
    db: Any, write: Any, sign_in: Any, desk: Desk, person: Any
) -> None:
    with write() as session:
        kin_account = make_account(session, role=Role.RESIDENT, phone_verified_at=clock.now())
        make_resident(
            session, name="陈家大哥", household_id=desk.household_id, account_id=kin_account.id
        )
        unproven = make_account(session, role=Role.RESIDENT, phone_verified_at=None)
        make_resident(session, name="王小明", account_id=unproven.id)
        elsewhere = make_branch(session, serves_all=False)
        away = make_account(session, role=Role.STAFF, branch_id=elsewhere.id)
    kin, stranger, other_branch = sign_in(kin_account), sign_in(unproven), sign_in(away)
    page = f"/staff/residents/{desk.resident_id}/payee"
    assert write_down(desk.staff, page).status_code == 303
    (payee,) = rows(db)
    look = f"/staff/piecework/payees/{payee.id}"
    # Somebody of the household has a page of their own, and no other; their name is not hers.
    assert CARD[-4:] not in see(kin, "/me/payee")
    assert write_down(kin, "/me/payee").status_code == 400
    assert stranger.get("/me/payee").status_code == 403  # the number is not proven
    for browser, status in (
        (kin, 403), (desk.company, 403), (desk.rival, 403), (other_branch, 404),
    ):  # fmt: skip
        for address in (page, f"{page}/new", f"{page}/drop", look, f"{look}/refuse"):
            assert browser.get(address).status_code == status, address
    assert desk.company.get("/me/payee").status_code == 403
    assert "陈桂芳" not in see(other_branch, "/staff/piecework/payees")
    # Who wrote it down does not look at it.
    own = submit(desk.staff, look, {"seen": CARD[-6:]}, page="/staff/piecework/new")
    assert own.status_code == 403
    assert [row.state for row in rows(db)] == [PayeeState.PENDING]
    assert press(desk.payer, f"{look}/refuse", reason="卡上是别人的名字").status_code == 303
    assert "卡上是别人的名字" in see(person, "/me/payee")
    assert rows(db)[0].number is None
    for wrong in (
        "UPDATE payee_account SET state = 'in_force'",
        "UPDATE payee_account SET tail = '0000'",
        "UPDATE payee_account SET number = 'x'",
        f"UPDATE payee_account SET resident_id = {desk.resident_id}",
    ):
        with pytest.raises(DatabaseError), write() as session:
            session.connection().exec_driver_sql(wrong)


def test_the_payer_alone_reads_the_account_of_a_line(
    db: Any, write: Any, sign_in: Any, desk: Desk, person: Any
) -> None:
    desk.publish()
    desk.supply()
    desk.act("share", desk.assignment_id, "issue-all")
    delivery = desk.hand_in(20)
    inspect = f"/staff/piecework/deliveries/{delivery}/inspect"
    assert press(desk.staff, inspect, photos=[]).status_code == 303
    assert press(desk.payer, "/staff/piecework/settlements").status_code == 303
    assert write_down(person, "/me/payee").status_code == 303
    (payee,) = rows(db)
    assert (
        press(desk.staff, f"/staff/piecework/payees/{payee.id}", seen=CARD[-6:]).status_code == 303
    )
    line, run = desk.one(SettlementLine), desk.one(SettlementRun)
    page = f"/staff/piecework/settlements/{run.id}"
    for browser in (desk.staff, desk.payer):
        shown = see(browser, page)
        assert f"尾号 {CARD[-4:]}" in shown
        assert CARD not in shown.replace(" ", "")
    masked = desk.payer.get(f"{page}/list.xlsx").data
    assert CARD not in sheet(masked)
    account = f"/staff/piecework/lines/{line.id}/account"
    # Who inspected does not pay, so does not read; nor does the company that owes the order.
    assert submit(desk.staff, account, page=page).status_code == 403
    for browser in (desk.company, desk.rival, person):
        form = "/me/payee/new" if browser is person else "/employer/organisation"
        refused = submit(browser, account, page=form)
        assert refused.status_code == 403
    assert actions(db, "payee.read") == []
    full = submit(desk.payer, account, page=page)
    assert full.status_code == 200
    assert full.headers["Cache-Control"] == "no-store"
    assert CARD in text(full).replace(" ", "")
    assert actions(db, "payee.read") == ["payee.read"]
    signed = submit(desk.payer, f"{page}/sign", page=page)
    assert CARD in text(signed).replace(" ", "")
    for words in ("领款签字", "付款人签字", "陈桂芳", "________"):
        assert words in text(signed), words
    assert CARD not in text(submit(desk.staff, f"{page}/sign", page=page)).replace(" ", "")
    assert CARD in sheet(submit(desk.payer, f"{page}/accounts.xlsx", page=page).data)
    assert actions(db, "payee.read") == ["payee.read"] * 3
    # The person sees in their own copy who read it.
    assert (
        press(desk.payer, f"/staff/piecework/line/{line.id}/pay", method="bank").status_code == 303
    )
    assert (desk.one(PaymentPayee).payment_id, desk.one(PaymentPayee).payee_id) == (
        desk.one(Payment).id, payee.id,
    )  # fmt: skip
    assert submit(desk.payer, account, page=page).status_code == 403  # paid: no reason to read
    assert CARD not in text(submit(desk.payer, f"{page}/sign", page=page)).replace(" ", "")
    with pytest.raises(DatabaseError), write() as session:
        session.connection().exec_driver_sql("DELETE FROM settlement_payment_payee")


def sheet(data: bytes) -> str:
    """Return all cells of a spreadsheet, spaces left out; none of them is a formula."""
    cells = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
    assert not [one for one in cells if one.data_type == "f"]
    return "|".join(str(one.value or "") for one in cells).replace(" ", "")


def test_a_bank_of_a_formula_stays_a_text_and_leaving_erases_the_number(
    app: Any, db: Any, write: Any, desk: Desk, person: Any
) -> None:
    page = f"/staff/residents/{desk.resident_id}/payee"
    assert write_down(desk.staff, page, bank="=HYPERLINK(1)").status_code == 303
    with db.reader() as session:
        resident = session.get_one(Resident, desk.resident_id)
        account_id = resident.account_id
    with db.reader() as session:
        actor = acting(session.get_one(Account, account_id), resident_id=desk.resident_id)
        copy = export.export(session, actor, resident_id=desk.resident_id)
    assert copy["payee_accounts"][0]["number"] == CARD
    with write() as session:
        service.leave(session, actor, resident_id=desk.resident_id)
    assert [(row.number, row.holder) for row in rows(db)] == [(None, None)]
