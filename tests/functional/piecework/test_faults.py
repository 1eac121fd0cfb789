"""Finishing early, handing in once all is accepted, settlements that are due: faults 17, 18, 25."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.functional.piecework.pressing import pages, press_all
from tests.functional.piecework.world import World, key, make_world
from webapp.core import clock, heartbeats
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.models import JOB_FAILED, JobRun
from webapp.ops import scheduled_jobs, verify
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.services import (
    automatic_settlement,
    claims,
    deliveries,
    disputes,
    inspections,
    material_issue,
    order_changes,
    order_review,
    payouts,
    settlements,
    shipments,
    timed_trials,
)


@pytest.fixture
def world(app: Flask, db: Database) -> World:
    """Two households, a company and staff; no context around, so each request has its own."""
    return make_world(db)


def finish(world: World, assignment: int, token: str = "") -> None:
    world.do(
        world.staff, deliveries.finish,
        assignment_id=assignment, reason="家里有事", idempotency_key=token or key(),
    )  # fmt: skip


@pytest.mark.slow
def test_fault_17_finishing_early_again_after_a_corrected_inspection(world: World) -> None:
    world.publish()
    assignment = world.ready(pieces=20)
    first = world.submit(assignment, 6)
    slip = world.inspect(first, accepted=6)
    second = world.submit(assignment, 4)
    world.inspect(second, accepted=2, rework=2)
    assert world.assignment(assignment).state is AssignmentState.REWORK
    token = key()
    finish(world, assignment, token)
    finish(world, assignment, token)  # an impatient thumb changes nothing
    assert world.assignment(assignment).state is AssignmentState.ACCEPTED
    assert world.totals(assignment)[AccountType.REJECTED] == 2
    world.do(
        world.staff, inspections.reverse_inspection,
        inspection_id=slip, reason="看错了一件", idempotency_key=key(),
    )  # fmt: skip
    world.inspect(first, accepted=3, rework=3)
    assert world.assignment(assignment).state is AssignmentState.REWORK
    finish(world, assignment)
    totals = world.totals(assignment)
    assert world.assignment(assignment).state is AssignmentState.ACCEPTED
    assert (totals[AccountType.ACCEPTED], totals[AccountType.REJECTED]) == (5, 5)
    assert totals[AccountType.REWORK] == 0
    assert verify.faults(world.db) == []


def test_fault_18_nothing_is_handed_in_once_all_is_accepted(world: World, browse: Any) -> None:
    world.publish()
    assignment = world.ready(pieces=20)
    page = f"/me/piecework/{assignment}"
    browser = browse(world.families[0])
    world.inspect(world.submit(assignment, 20), accepted=20)
    shown = browser.get(page).get_data(as_text=True)
    assert "交一批" not in shown
    assert "交这一批" not in shown
    assert "等社区结算工钱" in shown


# What is offered differs by no database; the state machine presses what it meets on both.
@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_fault_18_no_step_is_offered_in_vain(world: World, browse: Any) -> None:
    """In each state of an order and an assignment, whoever looks at it."""
    browsers = [browse(one) for one in (world.families[0], world.staff, world.company)]

    in_vain: list[str] = []

    def try_all(order_id: int) -> None:
        for browser, addresses in zip(
            browsers,
            (
                pages(world.db, household_id=world.homes[0], order_id=order_id),
                pages(world.db, order_id=order_id),
                pages(world.db, employer_id=world.company.employer_id, order_id=order_id),
            ),
            strict=True,
        ):
            in_vain.extend(press_all(browser, addresses)[1])

    def staff(verb: Any, **given: Any) -> Any:
        return world.do(world.staff, verb, **given)

    draft = world.draft()
    try_all(draft)
    world.seal(draft)
    try_all(draft)
    order_id = world.publish(material=1000)
    assignment = world.claim(20)
    try_all(order_id)
    staff(
        timed_trials.pass_trial,
        assignment_id=assignment, pieces=2, seconds=300, passed=2, idempotency_key=key(),
    )  # fmt: skip
    try_all(order_id)
    staff(order_review.pause_order, order_id=order_id, reason="先停一停")
    try_all(order_id)
    staff(order_review.resume_order, order_id=order_id)
    staff(material_issue.issue_all, assignment_id=assignment, idempotency_key=key())
    try_all(order_id)
    world.do(world.families[0], claims.start, assignment_id=assignment)
    first = world.submit(assignment, 8)
    try_all(order_id)
    world.inspect(first, accepted=5, rework=3)
    try_all(order_id)
    world.inspect(world.submit(assignment, 3), accepted=3)
    dispute = world.do(
        world.families[0], disputes.open_dispute, order_id=order_id, assignment_id=assignment,
        about=DisputeAbout.COUNT, words="少算一件", idempotency_key=key(),
    )  # fmt: skip
    try_all(order_id)
    assert dispute.assignment_id == assignment
    world.inspect(world.submit(assignment, 12), accepted=12)
    try_all(order_id)
    run = staff(settlements.settle, idempotency_key=key())
    try_all(order_id)
    world.do(
        world.payer, payouts.pay_all, run_id=run.id, method=PaymentMethod.CASH,
        idempotency_key=key(),
    )  # fmt: skip
    shipment = staff(
        shipments.offer_shipment, order_id=order_id, pieces=20, idempotency_key=key()
    )  # fmt: skip
    try_all(order_id)
    world.do(world.company, shipments.take_shipment, shipment_id=shipment.id)
    try_all(order_id)
    world.do(
        world.company, order_changes.propose_change, order_id=order_id,
        changes={"quality": "再密一点"}, reason="客户要求", idempotency_key=key(),
    )  # fmt: skip
    try_all(order_id)
    world.do(
        world.company, order_changes.cancel_order, order_id=order_id, reason="客户退单",
        idempotency_key=key(),
    )  # fmt: skip
    try_all(order_id)
    assert in_vain == []


def test_fault_25_an_overdue_settlement_says_so_and_why(
    world: World, browse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish()
    world.inspect(world.submit(world.ready(20), 20), accepted=20)
    staff, address = browse(world.staff), "/staff/piecework/settlements"
    in_time = staff.get(address).get_data(as_text=True)
    assert "自己结" in in_time
    assert "过期" not in in_time
    later = clock.now() + timedelta(days=17)
    monkeypatch.setattr(clock, "now", lambda: later)
    staff = browse(world.staff)

    def page() -> str:
        text: str = staff.get(address).get_data(as_text=True)
        assert "已经过期 2 天" in text
        assert "没人结的话" not in text
        assert "已经过期 2 天" in staff.get("/staff/piecework/").get_data(as_text=True)
        return text

    assert "后台任务没有在运行" in page()
    with world.db.transaction(SYSTEM) as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)
    assert "下一个整点会结" in page()
    with world.db.transaction(SYSTEM) as session:
        session.add(
            JobRun(
                job=automatic_settlement.JOB, period="x", started_at=later, outcome=JOB_FAILED
            )
        )  # fmt: skip
    assert "出了错" in page()


def test_fault_25_the_hour_settles_what_is_due_however_often_that_is(world: World) -> None:
    world.publish()
    job = next(one for one in scheduled_jobs.JOBS if one.name == automatic_settlement.JOB)
    assert "hour" not in job.cron
    later = clock.now() + timedelta(days=15)
    for family in (0, 1):  # the second comes due on the same day
        delivery = world.submit(world.ready(20, family), 5, family)
        world.inspect(delivery, accepted=5)
        with clock.frozen(later):
            assert job.work(world.db) == "1 shares settled"
            assert job.work(world.db) == "0 shares settled"
