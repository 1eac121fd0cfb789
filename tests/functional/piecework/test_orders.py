"""Orders: rules 13–17 of piecework and closing, held by services and database."""

from typing import Any

import pytest
from sqlmodel import select

from tests.functional.piecework.world import (
    World,
    key,
    refused_by_database,
)
from webapp.core.access import SYSTEM
from webapp.core.errors import AppError, BadField, Conflict, Forbidden, Incomplete, Refused
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing, publication
from webapp.ops import verify
from webapp.piecework.actions import availability
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState, OrderHold, OrderState
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.money import Compensation, PaymentMethod
from webapp.piecework.models.order import PieceworkOrder
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
)

S = AssignmentState


@pytest.mark.slow
def test_prices_goods_and_closing(world: World) -> None:
    """Rules 8, 14, 15: within the price, no goods before the money, closed at zero alone."""
    # 14: fees and margin within the price.
    dear = world.draft(margin_fen=101)
    with pytest.raises(Incomplete, match="要够付"):
        world.do(world.company, orders.submit_order, order_id=dear)
    world.publish()
    assignment = world.ready(20)
    assert refused_by_database(world, "UPDATE piecework_order SET price_fen = 349")
    world.inspect(world.submit(assignment, 20), 20)
    owed = world.totals()
    assert (
        owed[AccountType.RECEIVABLE]
        == 20 * 400
        == -(owed[AccountType.PAYABLE] + owed[AccountType.MARGIN] + owed[AccountType.RESERVE])
    )
    # 15: goods stay while the fee is unpaid.
    with pytest.raises(Refused):
        world.do(world.staff, shipments.offer_shipment, order_id=world.order_id, pieces=21,
                 idempotency_key=key())  # fmt: skip
    shipment = world.do(
        world.staff,
        shipments.offer_shipment,
        order_id=world.order_id,
        pieces=20,
        idempotency_key=key(),
    ).id
    assert world.order().state is OrderState.PART_DELIVERED
    for _ in range(2):
        world.do(world.company, shipments.take_shipment, shipment_id=shipment)
    with pytest.raises(Refused, match="付了才能提货"):
        world.do(world.staff, shipments.release_shipment, shipment_id=shipment)
    assert refused_by_database(world, "UPDATE piecework_order SET released_fen = 1")
    with pytest.raises(BadField, match="只欠"):
        world.do(world.company, company_payments.declare_payment, order_id=world.order_id,
                 amount_fen=8001, reference="", idempotency_key=key())  # fmt: skip
    payment = world.do(
        world.company, company_payments.declare_payment,
        order_id=world.order_id, amount_fen=8000, reference="转账", idempotency_key=key(),
    ).id  # fmt: skip
    for _ in range(2):
        world.do(world.staff, company_payments.confirm_payment, payment_id=payment)
    world.do(world.staff, shipments.release_shipment, shipment_id=shipment)
    # 8: nothing closes before every balance is zero.
    world.do(world.company, closing.accept_order, order_id=world.order_id)
    with pytest.raises(Refused, match="还有工钱没有结算"):
        world.do(world.staff, closing.close_assignment, assignment_id=assignment)
    run = world.do(world.staff, settlements.settle, idempotency_key=key())
    world.do(
        world.payer,
        payouts.pay_all,
        run_id=run.id,
        method=PaymentMethod.BANK,
        idempotency_key=key(),
    )
    assert world.assignment(assignment).state is S.SETTLED  # the beads left are still there
    assert refused_by_database(world, "UPDATE piecework_assignment SET state = 'closed'")
    left = world.totals(assignment)[AccountType.HOUSEHOLD]
    world.do(world.staff, material_returns.take_back, assignment_id=assignment, lot_id=world.lot_id,
             amount=left, idempotency_key=key())  # fmt: skip
    world.do(world.staff, closing.close_assignment, assignment_id=assignment)
    with pytest.raises(Refused, match="仓库里还有"):
        world.do(world.staff, closing.close_order, order_id=world.order_id)
    assert world.order().state is OrderState.PAID
    assert refused_by_database(world, "UPDATE piecework_order SET state = 'closed'")
    world.do(world.staff, material_lots.return_to_company, lot_id=world.lot_id,
             amount=world.totals()[AccountType.CENTRE], idempotency_key=key())  # fmt: skip
    assert world.do(world.staff, closing.close_order, order_id=world.order_id).state == "closed"
    assert verify.faults(world.db) == []


@pytest.mark.slow
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
    claimed, assignment = world.claim(20, family=1), world.ready(20)
    assert refused_by_database(world, "UPDATE piecework_order SET rate_fen = 310 WHERE claimed > 0")
    # 17: a change opens a compensation record and holds the order until it is decided.
    change = {"order_id": world.order_id, "reason": "换样式", "idempotency_key": key()}
    record = world.do(
        world.company, order_changes.propose_change, changes={"rate_fen": 200}, **change
    )
    assert world.order().hold is OrderHold.REQUIREMENT_CHANGED
    with pytest.raises(Conflict, match="暂停"):
        world.claim(20)
    decide = {"compensation_id": record.id, "decision": "返工费", "idempotency_key": key()}
    with pytest.raises(BadField):
        world.do(world.staff, compensation.decide_compensation, amount_fen=500,
                 portions={assignment: 400}, **decide)  # fmt: skip
    world.do(
        world.staff,
        compensation.decide_compensation,
        amount_fen=500,
        portions={assignment: 500},
        **decide,
    )
    assert (world.order().rate_fen, world.order().hold) == (200, None)
    assert world.assignment(assignment).rate_fen == 300  # locked at issue
    assert -world.totals(assignment)[AccountType.PAYABLE] == 500
    world.do(
        world.company, order_changes.cancel_order,
        order_id=world.order_id, reason="不做了", idempotency_key=key(),
    )  # fmt: skip
    assert world.assignment(claimed).state is S.WITHDRAWN
    with world.db.reader() as session:
        causes = session.exec(select(Compensation.cause)).all()
    assert sorted(causes) == ["cancel", "change"]
    assert world.order().claimed == 20
    # What is under way is still taken in and paid.
    world.inspect(world.submit(assignment, 20), 20)
    assert -world.totals(assignment)[AccountType.PAYABLE] == 500 + 6000
    assert verify.faults(world.db) == []


def test_what_was_cancelled_before_it_was_published_has_no_account_to_close(world: World) -> None:
    order_id = world.draft()
    world.do(
        world.company, order_changes.cancel_order,
        order_id=order_id, reason="不做了", idempotency_key=key(),
    )  # fmt: skip
    with world.db.reader() as session:
        order = session.get_one(PieceworkOrder, order_id)
    assert availability.order_main(order, {}, timed=False) is None
    with pytest.raises(Refused, match="没有发布过"):
        world.do(world.staff, closing.close_order, order_id=order_id)


@pytest.mark.slow
def test_rejects_pause_and_mistakes_are_reversed(world: World) -> None:
    world.publish()
    assignment = world.ready(40)
    delivery = world.submit(assignment, 25)
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
                 reason="看错了光", idempotency_key=token)  # fmt: skip
    assert world.totals(assignment)[AccountType.PENDING] == 25
    assert world.totals(assignment)[AccountType.PAYABLE] == 0
    with pytest.raises(Conflict, match="换一位"):
        world.inspect(delivery, 25)
    world.inspect(delivery, 24, 1, by=world.payer)
    world.do(world.payer, reject_monitor.uphold, order_id=world.order_id, note="二次验收合格")
    assert world.order().hold is None
    # A dispute stops deductions and closing, and is decided by somebody who had no part in it.
    dispute = world.do(
        world.families[0], disputes.open_dispute,
        order_id=world.order_id, about=DisputeAbout.COUNT, words="少算一件", idempotency_key=key(),
        assignment_id=assignment,
    )  # fmt: skip
    for inspector in (world.staff, world.payer):
        with pytest.raises(Forbidden):
            world.do(inspector, disputes.decide_dispute, dispute_id=dispute.id, outcome="没有")
    # Ending early: rework not returned is rejected, free pieces go back.
    world.do(world.staff, deliveries.finish, assignment_id=assignment, reason="家里有事",
             idempotency_key=key())  # fmt: skip
    assert (world.assignment(assignment).state, world.order().claimed) == (S.ACCEPTED, 25)
    for table in ("ledger_entry", "ledger_line", "passbook_line", "piecework_event"):
        assert refused_by_database(world, f"DELETE FROM {table}")
        assert refused_by_database(world, f"UPDATE {table} SET id = id + 1000")
    assert refused_by_database(world, "DELETE FROM ledger_account")
    assert verify.faults(world.db) == []


def test_absurd_quantities_are_refused(world: World) -> None:
    """Zero, negative, fractional, enormous: a plain sentence, and nothing written."""
    if not world.db.is_sqlite:
        pytest.skip("the same code")
    world.publish()
    assignment = world.ready(20)
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
                world.do(world.staff, verb, assignment_id=assignment, idempotency_key=key(), **data)
            assert error.value.message
        with pytest.raises(AppError):
            world.claim(amount)  # type: ignore[arg-type]
        pay = {"order_id": world.order_id, "amount_fen": amount, "reference": ""}
        with pytest.raises(AppError):
            world.do(world.company, company_payments.declare_payment, **pay, idempotency_key=key())
    with pytest.raises(BadField, match="一次至少领"):
        world.claim(9)
    assert world.totals() == before


def test_fault_10_an_order_s_words_are_checked_like_any_opening(world: World) -> None:
    world.publish()
    _describe(world, "缝布偶，只要女的做。")
    assert publication.take_back_unlawful(world.db) == 1
    order = world.order()
    assert order.hold is OrderHold.PAUSED
    assert "不能挑性别" in order.hold_reason
    with pytest.raises(Incomplete, match="不能挑性别"):
        world.do(world.staff, order_review.resume_order, order_id=world.order_id)
    _describe(world, "缝布偶。")
    world.do(world.staff, order_review.resume_order, order_id=world.order_id)
    with world.db.reader() as session:
        assert session.get_one(Opening, order.opening_id).state is OpeningState.PUBLISHED


def test_fault_10_what_the_order_itself_says_is_checked(world: World) -> None:
    order_id = world.draft(quality="针脚匀，只招女工。")
    with pytest.raises(Incomplete, match="不能挑性别"):
        world.do(world.company, orders.submit_order, order_id=order_id)


def _describe(world: World, words: str) -> None:
    with world.db.transaction(SYSTEM) as session:
        opening = session.get_one(Opening, world.order().opening_id)
        editing.change(session, opening, {"description": words})
