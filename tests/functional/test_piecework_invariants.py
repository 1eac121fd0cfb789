"""The seventeen rules of piecework, each held by the services and by the database itself."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from tests.functional.piecework_world import ALLOWANCE, USE, World, key, make_world
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database, metadata
from webapp.core.errors import AppError, BadField, Conflict, Forbidden, Incomplete, Refused
from webapp.ops import verify
from webapp.piecework.ledger import passbook
from webapp.piecework.ledger.posting import Place
from webapp.piecework.lifecycle import AssignmentState, OrderHold, OrderState
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.money import Compensation, PaymentMethod
from webapp.piecework.services import (
    advances,
    claim_returns,
    closing,
    company_payments,
    compensation,
    deliveries,
    disputes,
    inspections,
    material_issue,
    material_lots,
    material_returns,
    order_changes,
    order_review,
    orders,
    payouts,
    reject_monitor,
    settlements,
    shipments,
    wastage,
)
from webapp.residents.models import Resident
from webapp.rulebook import figures

S = AssignmentState


@pytest.fixture
def world(app: Flask, db: Database) -> Any:
    with app.app_context():
        yield make_world(db)


def refused_by_database(world: World, statement: str) -> bool:
    """Whether the database itself refuses a statement that goes past the services."""
    try:
        with world.db.transaction(SYSTEM) as session:
            session.execute(text(statement))
    except IntegrityError:
        return True
    return False


def test_material_is_somewhere_and_consumed_once(world: World) -> None:
    """Rules 1–7: where material is, what is consumed and when, and what may be issued."""
    world.publish(material=1000)
    share = world.ready(20)
    need = 20 * USE * (1000 + ALLOWANCE) // 1000
    assert world.totals(share)[Place.HOUSEHOLD] == need
    # 6: never beyond the need; whole packs with a reason, and less than a pack beyond.
    issue = {"assignment_id": share, "lot_id": world.lot_id}
    world.do(world.staff, material_returns.take_back, **issue, amount=62, form_key=key())
    for amount, reason, field in (
        (63, "", "amount"),
        (100, "", "pack_reason"),
        (200, "整包", "amount"),
    ):
        with pytest.raises(BadField) as error:
            world.do(world.staff, material_issue.issue, **issue, amount=amount, form_key=key(),
                     pack_reason=reason)  # fmt: skip
        assert error.value.field == field
    world.do(
        world.staff, material_issue.issue, **issue, amount=100, form_key=key(), pack_reason="整包"
    )
    assert refused_by_database(world, "UPDATE piecework_assignment_material SET issued = 999")
    # 7: unused material may come back before any delivery; nothing closes.
    again = key()
    for _ in range(2):  # the same form twice returns once
        world.do(world.staff, material_returns.take_back, **issue, amount=38, form_key=again)
    assert world.totals(share)[Place.HOUSEHOLD] == need
    assert world.share(share).state is S.ISSUED
    # 2: no place below zero, by the service and by the database.
    with pytest.raises(BadField, match="只够"):
        world.submit(share, 22)
    with pytest.raises(Refused):
        world.do(world.staff, material_returns.take_back, **issue, amount=need + 1, form_key=key())
    assert refused_by_database(
        world, "UPDATE ledger_account SET balance = -1 WHERE place = 'household'"
    )
    # 3, 4: consumed once, at the first submission: pieces × use + recorded wastage.
    first = world.submit(share, 10, wastage={world.material_id: 7})
    assert world.totals(share)[Place.CONSUMED] == 10 * USE + 7
    world.inspect(first, 6, 2, 2)
    assert world.totals(share)[Place.CONSUMED] == 10 * USE + 7
    # 5: submitted = accepted + rework + rejected + pending.
    after = world.totals(share)
    assert -after[Place.MADE] == 10
    assert [after[p] for p in (Place.ACCEPTED, Place.REWORK, Place.REJECTED)] == [6, 2, 2]
    # 3: rework consumes only newly issued replacement.
    with pytest.raises(BadField, match="返工只能用新补的料"):
        world.submit(share, 2, replacement={world.material_id: 5})
    with pytest.raises(BadField):
        world.do(world.staff, material_issue.issue_replacement, **issue, amount=47, form_key=key())
    world.do(world.staff, material_issue.issue_replacement, **issue, amount=5, form_key=key())
    again_in = world.submit(share, 2, replacement={world.material_id: 5})
    assert world.totals(share)[Place.CONSUMED] == 10 * USE + 7 + 5
    assert -world.totals(share)[Place.MADE] == 10
    world.inspect(again_in, 2)
    # 4: the yield may exceed the plan while the material lasts.
    world.submit(share, 10)
    # 1: all that came in is somewhere.
    everywhere = world.totals()
    places = (Place.CENTRE, Place.HOUSEHOLD, Place.REPLACEMENT, Place.CONSUMED, Place.RETURNED)
    assert sum(everywhere[p] for p in places) == 1000 == -everywhere[Place.COMPANY]
    assert verify.faults(world.db) == []


def test_pay_is_locked_capped_and_once(world: World) -> None:
    """Rules 9–11 and 13: rate, findings, deductions, and who inspects and pays."""
    world.publish()
    share = world.ready(50)
    assert world.share(share).rate_fen == 300
    assert refused_by_database(world, "UPDATE piecework_assignment SET rate_fen = 200")
    # Wastage within the allowance is free: nothing to sign.
    delivery = world.submit(share, 20, wastage={world.material_id: 22})
    with world.db.reader() as session:
        assert wastage.excess(session, world.staff, assignment_id=share)[0].excess == 0
    sign = {"assignment_id": share, "material_id": world.material_id, "cause": "剪坏了",
            "heard": "认了"}  # fmt: skip
    with pytest.raises(BadField, match="最多"):
        world.do(world.staff, wastage.sign_finding, **sign, excess=1, charge_fen=1, form_key=key())
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
    assert -world.totals(share)[Place.PAYABLE] == 20 * 300
    # 10: beyond the allowance only after a signed finding, and never above the cost.
    world.do(
        world.staff, material_returns.record_spoiled,
        assignment_id=share, lot_id=world.lot_id, amount=300, form_key=key(), note="打湿",
    )  # fmt: skip
    with pytest.raises(BadField, match="材料价"):
        world.do(world.staff, wastage.sign_finding, **sign, excess=300, charge_fen=1501,
                 form_key=key())  # fmt: skip
    world.do(world.staff, wastage.sign_finding, **sign, excess=300, charge_fen=1500, form_key=key())
    # 11: deductions stay within 20 % of the month's gross; the rest waits.
    token = key()
    run = world.do(world.staff, settlements.settle, form_key=token)
    assert (run.gross_fen, run.deduction_fen, run.net_fen) == (6000, 1200, 4800)
    assert (run.period_to - run.period_from).days < figures.rule(
        "piecework_settle_days", on=clock.today()
    )
    assert world.do(world.staff, settlements.settle, form_key=token).id == run.id
    with pytest.raises(Refused, match="没有要结算的"):
        world.do(world.staff, settlements.settle, form_key=key())
    assert refused_by_database(world, "UPDATE settlement_month SET deduction_fen = 1201")
    assert refused_by_database(world, "UPDATE settlement_line SET net_fen = net_fen + 1")
    # 13: the payer is neither the inspector nor of the household.
    pay = {"run_id": run.id, "method": PaymentMethod.CASH}
    for actor in (world.staff, world.payer):
        with pytest.raises(Refused, match="都不能付"):
            world.do(actor, payouts.pay_all, **pay, form_key=key())
        assert refused_by_database(
            world,
            "INSERT INTO settlement_payment (line_id, method, reference, paid_by_id, paid_at,"
            f" entry_id) SELECT 1, 'cash', '', {actor.account_id}, made_at, 1 FROM settlement_run",
        )
    with world.db.transaction(SYSTEM) as session:
        relative = session.get_one(Resident, world.families[0].resident_id)
        relative.phone = None
        session.add(relative)
    assert world.do(world.payer, payouts.pay_all, **pay, form_key=key()) == 1
    assert world.do(world.payer, payouts.pay_all, **pay, form_key=key()) == 0
    assert world.totals(share)[Place.TO_PAY] == 0
    assert verify.faults(world.db) == []


def test_there_is_no_deposit_anywhere() -> None:
    """Rule 12: no column could hold one."""
    names = {column.name for table in metadata().tables.values() for column in table.c}
    assert "rate_fen" in names
    assert not {name for name in names if "deposit" in name or "guarantee" in name}


def test_prices_goods_and_closing(world: World) -> None:
    """Rules 8, 14, 15: within the price, no goods before the money, closed at zero alone."""
    # 14: fees and margin within the price.
    dear = world.draft(margin_fen=101)
    with pytest.raises(Incomplete, match="要够付"):
        world.do(world.company, orders.submit_order, order_id=dear)
    world.publish()
    share = world.ready(20)
    assert refused_by_database(world, "UPDATE piecework_order SET price_fen = 349")
    world.inspect(world.submit(share, 20), 20)
    owed = world.totals()
    assert (
        owed[Place.RECEIVABLE]
        == 20 * 400
        == -(owed[Place.PAYABLE] + owed[Place.MARGIN] + owed[Place.RESERVE])
    )
    # 15: goods stay while the fee is unpaid.
    with pytest.raises(Refused):
        world.do(world.staff, shipments.offer_tranche, order_id=world.order_id, pieces=21,
                 form_key=key())  # fmt: skip
    tranche = world.do(
        world.staff, shipments.offer_tranche, order_id=world.order_id, pieces=20, form_key=key()
    ).id
    assert world.order().state is OrderState.PART_DELIVERED
    for _ in range(2):
        world.do(world.company, shipments.take_tranche, tranche_id=tranche)
    with pytest.raises(Refused, match="付了才能提货"):
        world.do(world.staff, shipments.release_tranche, tranche_id=tranche)
    assert refused_by_database(world, "UPDATE piecework_order SET released_fen = 1")
    with pytest.raises(BadField, match="只欠"):
        world.do(world.company, company_payments.declare_payment, order_id=world.order_id,
                 amount_fen=8001, reference="", form_key=key())  # fmt: skip
    payment = world.do(
        world.company, company_payments.declare_payment,
        order_id=world.order_id, amount_fen=8000, reference="转账", form_key=key(),
    ).id  # fmt: skip
    for _ in range(2):
        world.do(world.staff, company_payments.confirm_payment, payment_id=payment)
    world.do(world.staff, shipments.release_tranche, tranche_id=tranche)
    # 8: nothing closes before every balance is zero.
    world.do(world.company, closing.accept_order, order_id=world.order_id)
    with pytest.raises(Refused, match="还有工钱没有结算"):
        world.do(world.staff, closing.close_assignment, assignment_id=share)
    run = world.do(world.staff, settlements.settle, form_key=key())
    world.do(world.payer, payouts.pay_all, run_id=run.id, method=PaymentMethod.BANK, form_key=key())
    assert world.share(share).state is S.SETTLED  # the beads left are still there
    assert refused_by_database(world, "UPDATE piecework_assignment SET state = 'closed'")
    left = world.totals(share)[Place.HOUSEHOLD]
    world.do(world.staff, material_returns.take_back, assignment_id=share, lot_id=world.lot_id,
             amount=left, form_key=key())  # fmt: skip
    world.do(world.staff, closing.close_assignment, assignment_id=share)
    with pytest.raises(Refused, match="仓库里还有"):
        world.do(world.staff, closing.close_order, order_id=world.order_id)
    assert world.order().state is OrderState.PAID
    assert refused_by_database(world, "UPDATE piecework_order SET state = 'closed'")
    world.do(world.staff, material_lots.return_to_company, lot_id=world.lot_id,
             amount=world.totals()[Place.CENTRE], form_key=key())  # fmt: skip
    assert world.do(world.staff, closing.close_order, order_id=world.order_id).state == "closed"
    assert verify.faults(world.db) == []


def test_publishing_changing_and_cancelling(world: World) -> None:
    """Rules 16 and 17, and the danger words, timings and rates that go with them."""
    bare = world.draft(quantity=0, quality="", rate_fen=0, material_supply="", acceptance=None,
                       deadline=None, materials=[])  # fmt: skip
    with pytest.raises(Incomplete) as error:
        world.do(world.company, orders.submit_order, order_id=bare)
    fields = {fault.field for fault in error.value.faults}
    assert {"quantity", "quality", "rate", "material_supply", "deadline", "acceptance",
            "materials"} <= fields  # fmt: skip
    assert refused_by_database(world, "UPDATE piecework_order SET state = 'published'")
    world.publish()
    claimed, share = world.claim(20, family=1), world.ready(20)
    assert refused_by_database(world, "UPDATE piecework_order SET rate_fen = 310 WHERE claimed > 0")
    # 17: a change opens a compensation record and holds the order until it is decided.
    change = {"order_id": world.order_id, "reason": "换样式", "form_key": key()}
    record = world.do(
        world.company, order_changes.propose_change, changes={"rate_fen": 200}, **change
    )
    assert world.order().hold is OrderHold.REQUIREMENT_CHANGED
    with pytest.raises(Conflict, match="暂停"):
        world.claim(20)
    decide = {"compensation_id": record.id, "decision": "返工费", "form_key": key()}
    with pytest.raises(BadField):
        world.do(world.staff, compensation.decide_compensation, amount_fen=500,
                 shares={share: 400}, **decide)  # fmt: skip
    world.do(
        world.staff, compensation.decide_compensation, amount_fen=500, shares={share: 500}, **decide
    )
    assert (world.order().rate_fen, world.order().hold) == (200, None)
    assert world.share(share).rate_fen == 300  # locked at issue
    assert -world.totals(share)[Place.PAYABLE] == 500
    world.do(
        world.company, order_changes.cancel_order,
        order_id=world.order_id, reason="不做了", form_key=key(),
    )  # fmt: skip
    assert world.share(claimed).state is S.WITHDRAWN
    with world.db.reader() as session:
        causes = session.exec(select(Compensation.cause)).all()
    assert sorted(causes) == ["cancel", "change"]
    assert world.order().claimed == 20
    # What is under way is still taken in and paid.
    world.inspect(world.submit(share, 20), 20)
    assert -world.totals(share)[Place.PAYABLE] == 500 + 6000
    assert verify.faults(world.db) == []


def test_rejects_pause_and_mistakes_are_reversed(world: World) -> None:
    world.publish()
    share = world.ready(40)
    delivery = world.submit(share, 25)
    inspection = world.inspect(delivery, 5, 0, 20)
    order = world.order()
    assert (order.hold, order.second_inspector_not_id) == (
        OrderHold.PAUSED,
        world.staff.account_id,
    )
    with pytest.raises(Conflict, match="另一位"):
        world.do(world.payer, order_review.resume_order, order_id=world.order_id)
    with pytest.raises(Forbidden):
        world.do(world.staff, reject_monitor.uphold, order_id=world.order_id, note="没错")
    token = key()
    for _ in range(2):
        world.do(world.payer, inspections.reverse_inspection, inspection_id=inspection,
                 reason="看错了光", form_key=token)  # fmt: skip
    assert world.totals(share)[Place.PENDING] == 25
    assert world.totals(share)[Place.PAYABLE] == 0
    with pytest.raises(Conflict, match="换一位"):
        world.inspect(delivery, 25)
    world.inspect(delivery, 24, 1, by=world.payer)
    world.do(world.payer, reject_monitor.uphold, order_id=world.order_id, note="二次验收合格")
    assert world.order().hold is None
    # A dispute stops deductions and closing, and is decided by somebody who had no part in it.
    dispute = world.do(
        world.families[0], disputes.open_dispute,
        order_id=world.order_id, about=DisputeAbout.COUNT, words="少算一件", form_key=key(),
        assignment_id=share,
    )  # fmt: skip
    for inspector in (world.staff, world.payer):
        with pytest.raises(Forbidden):
            world.do(inspector, disputes.decide_dispute, dispute_id=dispute.id, outcome="没有")
    # Ending early: rework not returned is rejected, free pieces go back.
    world.do(world.staff, deliveries.finish, assignment_id=share, reason="家里有事")
    assert (world.share(share).state, world.order().claimed) == (S.ACCEPTED, 25)
    for table in ("ledger_entry", "ledger_line", "passbook_line", "piecework_event"):
        assert refused_by_database(world, f"DELETE FROM {table}")
        assert refused_by_database(world, f"UPDATE {table} SET id = id + 1000")
    assert refused_by_database(world, "DELETE FROM ledger_account")
    assert verify.faults(world.db) == []


def test_the_passbook_tells_a_later_change(world: World) -> None:
    world.publish()
    share = world.ready(20)
    world.inspect(world.submit(share, 20), 20)
    with world.db.reader() as session:
        lines = passbook.all_lines(session, world.homes[0])
        assert [line.number for line in lines] == list(range(1, 6))
        assert passbook.check(session, lines[2].digest) is not None
        assert passbook.check(session, "0" * 64) is None
    with world.db.transaction(SYSTEM) as session:
        off = "DROP TRIGGER passbook_line_no_update" + (
            "" if world.db.is_sqlite else " ON passbook_line"
        )
        session.execute(text(off))
        session.execute(text("UPDATE passbook_line SET kind = 'return' WHERE number = 3"))
        session.execute(text("UPDATE ledger_account SET balance = 1 WHERE place = 'centre'"))
    found = "\n".join(verify.faults(world.db))
    assert "line 3: content was changed" in found
    assert "its lines say" in found
    assert "its places sum to" in found


def test_absurd_quantities_are_refused(world: World) -> None:
    """Zero, negative, fractional, enormous: a plain sentence, and nothing written."""
    if not world.db.is_sqlite:
        pytest.skip("the same code")
    world.publish()
    share = world.ready(20)
    before = world.totals()
    lot = {"lot_id": world.lot_id}
    for amount in (0, -1, 1.5, "3", True, 10**12, None):
        tries: list[Any] = [
            (deliveries.submit, {"pieces": amount}),
            (material_issue.issue, {**lot, "amount": amount}),
            (material_returns.take_back, {**lot, "amount": amount}),
            (material_returns.record_spoiled, {**lot, "amount": amount}),
            (advances.pay_advance, {"amount_fen": amount}),
            (claim_returns.reduce, {"pieces": amount}),
            (deliveries.submit, {"pieces": 1, "wastage": {world.material_id: amount or -1}}),
        ]
        for verb, data in tries:
            with pytest.raises(AppError) as error:
                world.do(world.staff, verb, assignment_id=share, form_key=key(), **data)
            assert error.value.message
        with pytest.raises(AppError):
            world.claim(amount)  # type: ignore[arg-type]
        pay = {"order_id": world.order_id, "amount_fen": amount, "reference": ""}
        with pytest.raises(AppError):
            world.do(world.company, company_payments.declare_payment, **pay, form_key=key())
    with pytest.raises(BadField, match="一次至少领"):
        world.claim(9)
    assert world.totals() == before
