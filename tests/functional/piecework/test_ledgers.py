"""Material, pieces and pay: rules 1–12 of piecework, held by services and database."""

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from tests.functional.piecework.world import (
    ALLOWANCE,
    USE,
    World,
    key,
    refused_by_database,
)
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import metadata
from webapp.core.errors import BadField, Forbidden, Refused
from webapp.ops import verify
from webapp.piecework.ledger import passbook
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.models.passbook import PassbookLine
from webapp.piecework.services import (
    material_issue,
    material_returns,
    payouts,
    settlements,
    wastage,
)
from webapp.residents.models import Resident
from webapp.rulebook import figures

pytestmark = pytest.mark.database
S = AssignmentState


@pytest.mark.slow
def test_material_is_somewhere_and_consumed_once(world: World) -> None:
    """Rules 1–7: where material is, what is consumed and when, and what may be issued."""
    world.publish(material=1000)
    assignment = world.ready(20)
    need = 20 * USE * (1000 + ALLOWANCE) // 1000
    assert world.totals(assignment)[AccountType.HOUSEHOLD] == need
    # 6: never beyond the need; whole packs with a reason, and less than a pack beyond.
    issue = {"assignment_id": assignment, "lot_id": world.lot_id}
    world.do(world.staff, material_returns.take_back, **issue, amount=62, idempotency_key=key())
    for amount, reason, field in (
        (63, "", "amount"),
        (100, "", "pack_reason"),
        (200, "整包", "amount"),
    ):
        with pytest.raises(BadField) as error:
            world.do(
                world.staff, material_issue.issue, **issue, amount=amount, idempotency_key=key(),
                pack_reason=reason,
            )  # fmt: skip
        assert error.value.field == field
    world.do(
        world.staff,
        material_issue.issue,
        **issue,
        amount=100,
        idempotency_key=key(),
        pack_reason="整包",
    )
    assert refused_by_database(world, "UPDATE piecework_assignment_material SET issued = 999")
    # 7: unused material may come back before any delivery; nothing closes.
    again = key()
    for _ in range(2):  # the same form twice returns once
        world.do(world.staff, material_returns.take_back, **issue, amount=38, idempotency_key=again)
    assert world.totals(assignment)[AccountType.HOUSEHOLD] == need
    assert world.assignment(assignment).state is S.ISSUED
    # 2: no account below zero, by the service and by the database.
    with pytest.raises(BadField, match="只够"):
        world.submit(assignment, 22)
    with pytest.raises(Refused):
        world.do(
            world.staff, material_returns.take_back, **issue, amount=need + 1, idempotency_key=key()
        )
    assert refused_by_database(
        world, "UPDATE ledger_account SET balance = -1 WHERE account_type = 'household'"
    )
    # 3, 4: consumed once, at the first submission: pieces × use + recorded wastage.
    first = world.submit(assignment, 10, wastage={world.material_id: 7})
    assert world.totals(assignment)[AccountType.CONSUMED] == 10 * USE + 7
    world.inspect(first, 6, 2, 2)
    assert world.totals(assignment)[AccountType.CONSUMED] == 10 * USE + 7
    # 5: submitted = accepted + rework + rejected + pending.
    after = world.totals(assignment)
    assert -after[AccountType.MADE] == 10
    assert [after[p] for p in (AccountType.ACCEPTED, AccountType.REWORK, AccountType.REJECTED)] == [
        6,
        2,
        2,
    ]
    # 3: rework consumes only newly issued replacement.
    with pytest.raises(BadField, match="返工只能用新补的料"):
        world.submit(assignment, 2, replacement={world.material_id: 5})
    with pytest.raises(BadField):
        world.do(
            world.staff, material_issue.issue_replacement, **issue, amount=47, idempotency_key=key()
        )
    world.do(
        world.staff, material_issue.issue_replacement, **issue, amount=5, idempotency_key=key()
    )
    again_in = world.submit(assignment, 2, replacement={world.material_id: 5})
    assert world.totals(assignment)[AccountType.CONSUMED] == 10 * USE + 7 + 5
    assert -world.totals(assignment)[AccountType.MADE] == 10
    world.inspect(again_in, 2)
    # 4: the yield may exceed the plan while the material lasts.
    world.submit(assignment, 10)
    # 1: all that came in is somewhere.
    everywhere = world.totals()
    account_types = (
        AccountType.CENTRE,
        AccountType.HOUSEHOLD,
        AccountType.REPLACEMENT,
        AccountType.CONSUMED,
        AccountType.RETURNED,
    )
    assert sum(everywhere[p] for p in account_types) == 1000 == -everywhere[AccountType.COMPANY]
    assert verify.faults(world.db) == []


@pytest.mark.slow
def test_pay_is_locked_capped_and_once(world: World) -> None:
    """Rules 9–11 and 13: rate, findings, deductions, and who inspects and pays."""
    world.publish()
    assignment = world.ready(50)
    assert world.assignment(assignment).rate_fen == 300
    assert refused_by_database(world, "UPDATE piecework_assignment SET rate_fen = 200")
    # Wastage within the allowance is free: nothing to sign.
    delivery = world.submit(assignment, 20, wastage={world.material_id: 22})
    with world.db.reader() as session:
        assert wastage.excess(session, world.staff, assignment_id=assignment)[0].excess == 0
    sign = {"assignment_id": assignment, "material_id": world.material_id, "cause": "剪坏了",
            "heard": "认了"}  # fmt: skip
    with pytest.raises(BadField, match="最多"):
        world.do(
            world.staff, wastage.sign_finding, **sign, excess=1, charge_fen=1, idempotency_key=key()
        )
    # 13: nobody inspects their own household, known by account or by phone.
    with world.db.transaction(SYSTEM) as session:
        account = session.execute(
            text("SELECT phone FROM account WHERE id = :id"), {"id": world.payer.account_id}
        ).scalar_one()
        relative = session.get_one(Resident, world.families[0].resident_id)
        relative.phone = account
        session.add(relative)
    with pytest.raises(Forbidden):
        world.inspect(delivery, 20, by=world.payer)
    world.inspect(delivery, 20)
    # 9: partly accepted work is payable at once.
    assert -world.totals(assignment)[AccountType.PAYABLE] == 20 * 300
    # 10: beyond the allowance only after a signed finding, and never above the cost.
    world.do(
        world.staff, material_returns.record_spoiled,
        assignment_id=assignment, lot_id=world.lot_id, amount=300, idempotency_key=key(),
        note="打湿",
    )  # fmt: skip
    with pytest.raises(BadField, match="材料价"):
        world.do(world.staff, wastage.sign_finding, **sign, excess=300, charge_fen=1501,
                 idempotency_key=key())  # fmt: skip
    world.do(
        world.staff,
        wastage.sign_finding,
        **sign,
        excess=300,
        charge_fen=1500,
        idempotency_key=key(),
    )
    # 11: deductions stay within 20 % of the month's gross; the rest waits.
    token = key()
    run = world.do(world.staff, settlements.settle, idempotency_key=token)
    assert (run.gross_fen, run.deduction_fen, run.net_fen) == (6000, 1200, 4800)
    assert (run.period_to - run.period_from).days < figures.rule(
        "piecework_settle_days", on=clock.today()
    )
    assert world.do(world.staff, settlements.settle, idempotency_key=token).id == run.id
    with pytest.raises(Refused, match="没有要结算的"):
        world.do(world.staff, settlements.settle, idempotency_key=key())
    assert refused_by_database(world, "UPDATE settlement_month SET deduction_fen = 1201")
    assert refused_by_database(world, "UPDATE settlement_line SET net_fen = net_fen + 1")
    # 13: the payer is neither the inspector nor of the household.
    pay = {"run_id": run.id, "method": PaymentMethod.CASH}
    for actor in (world.staff, world.payer):
        with pytest.raises(Refused, match="都不能付"):
            world.do(actor, payouts.pay_all, **pay, idempotency_key=key())
        assert refused_by_database(
            world,
            "INSERT INTO settlement_payment (line_id, method, reference, paid_by_id, paid_at,"
            f" entry_id) SELECT 1, 'cash', '', {actor.account_id}, made_at, 1 FROM settlement_run",
        )
    with world.db.transaction(SYSTEM) as session:
        relative = session.get_one(Resident, world.families[0].resident_id)
        relative.phone = None
        session.add(relative)
    assert world.do(world.payer, payouts.pay_all, **pay, idempotency_key=key()) == 1
    assert world.do(world.payer, payouts.pay_all, **pay, idempotency_key=key()) == 0
    assert world.totals(assignment)[AccountType.TO_PAY] == 0
    assert verify.faults(world.db) == []


def test_there_is_no_deposit_anywhere() -> None:
    """Rule 12: no column could hold one; a stall's deposit is the market's, named on its page."""
    tables = [table for table in metadata().tables.values() if table.name != "venture"]
    names = {column.name for table in tables for column in table.c}
    assert "rate_fen" in names
    assert not {name for name in names if "deposit" in name or "guarantee" in name}


@pytest.mark.slow
def test_the_passbook_tells_a_later_change(world: World) -> None:
    world.publish()
    assignment = world.ready(20)
    world.inspect(world.submit(assignment, 20), 20)
    with world.db.reader() as session:
        lines = session.exec(select(PassbookLine).order_by(col(PassbookLine.number))).all()
        assert [line.number for line in lines] == list(range(1, 6))
        assert passbook.check(session, lines[2].digest) is not None
        assert passbook.check(session, "0" * 64) is None
    with world.db.transaction(SYSTEM) as session:
        off = "DROP TRIGGER passbook_line_no_update" + (
            "" if world.db.is_sqlite else " ON passbook_line"
        )
        session.execute(text(off))
        session.execute(text("UPDATE passbook_line SET kind = 'return' WHERE number = 3"))
        session.execute(text("UPDATE ledger_account SET balance = 1 WHERE account_type = 'centre'"))
    found = "\n".join(verify.faults(world.db))
    assert "line 3: content was changed" in found
    assert "its lines say" in found
    assert "its accounts sum to" in found
