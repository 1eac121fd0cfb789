"""Orders, assignments and ledgers against a simple model, in any order of steps, on both databases.

`make drill` runs many sequences instead of a few, and longer ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.depth import PROFILE, examples
from tests.functional.piecework.pressing import pages, press_all
from tests.functional.piecework.world import ALLOWANCE, USE, World, key, make_world
from webapp.accounts.models import Account
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.ops import verify
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.queries import book
from webapp.piecework.services import (
    claim_returns,
    claims,
    company_payments,
    deliveries,
    inspections,
    material_issue,
    material_returns,
    payouts,
    settlements,
    shipments,
    timed_trials,
)

RATE, MARGIN, PRICE = 300, 50, 400
DEEP = PROFILE == "deep"


@dataclass
class Assignment:
    """What the model knows of one assignment: material in hand, pieces by where they are, money."""

    id: int
    family: int
    pieces: int
    tried: bool = False
    held: int = 0
    issued: int = 0
    consumed: int = 0
    made: int = 0
    pending: int = 0
    rework: int = 0
    accepted: int = 0
    rejected: int = 0
    payable: int = 0
    to_pay: int = 0
    gone: bool = False

    @property
    def need(self) -> int:
        return self.pieces * USE * (1000 + ALLOWANCE) // 1000

    @property
    def at_work(self) -> bool:
        """Whether material may be issued and pieces handed in."""
        over = not self.pending and not self.rework and self.made >= self.pieces and self.made
        return self.tried and not self.gone and not over


class Piecework(RuleBasedStateMachine):
    """Every act is tried; the model says whether it must be done or refused."""

    base: World
    looks: list[tuple[FlaskClient, Callable[[World], list[str]]]]

    def __init__(self) -> None:
        super().__init__()
        self.world = self.base
        self.world.publish(material=3000, quantity=100)
        self.assignments: list[Assignment] = []
        self.waiting: list[tuple[Assignment, int, int, bool]] = []
        self.runs: list[int] = []
        self.centre, self.received = 3000, 3000
        self.owed, self.paid, self.stock, self.out = 0, 0, 0, 0

    def act(self, may: bool, actor: Any, verb: Any, **data: Any) -> Any:
        """Do it, and hold that it was done exactly when the model allows it."""
        try:
            done = self.world.do(actor, verb, **data)
        except AppError as refusal:
            done, why = None, refusal.message
            if may or not why:
                pytest.fail(f"refused: {why}")
        else:
            assert may, "done against the rules"
        return done

    def assignment(self, index: int) -> Assignment | None:
        return self.assignments[index % len(self.assignments)] if self.assignments else None

    @rule(family=st.integers(0, 1), pieces=st.sampled_from([0, 5, 10, 30, 60, 101]))
    def claim(self, family: int, pieces: int) -> None:
        left = 100 - sum(one.pieces for one in self.assignments if not one.gone)
        actor = self.world.families[family]
        done = self.act(
            min(10, left) <= pieces <= left and pieces > 0, actor, claims.claim,
            order_id=self.world.order_id, household_id=self.world.homes[family], pieces=pieces,
            member_ids=[actor.resident_id], idempotency_key=key(),
        )  # fmt: skip
        if done is not None:
            tried = self.world.assignment(done.id).state is AssignmentState.TRIAL_PASSED
            self.assignments.append(Assignment(done.id, family, pieces, tried=tried))

    @rule(index=st.integers(0, 5))
    def pass_trial(self, index: int) -> None:
        assignment = self.assignment(index)
        if assignment:
            may = not assignment.tried and not assignment.gone
            self.act(may, self.world.staff, timed_trials.pass_trial, assignment_id=assignment.id,
                     pieces=2, seconds=300, passed=2, idempotency_key=key())  # fmt: skip
            assignment.tried = assignment.tried or may

    @rule(index=st.integers(0, 5), amount=st.sampled_from([1, 100, 231, 462, 2000]))
    def issue(self, index: int, amount: int) -> None:
        assignment = self.assignment(index)
        if assignment:
            may = (
                assignment.at_work
                and assignment.issued + amount <= assignment.need
                and amount <= self.centre
            )
            if self.act(
                may, self.world.staff, material_issue.issue, assignment_id=assignment.id,
                lot_id=self.world.lot_id, amount=amount, idempotency_key=key(),
            ):  # fmt: skip
                assignment.issued += amount
                assignment.held += amount
                self.centre -= amount

    @rule(index=st.integers(0, 5), amount=st.sampled_from([1, 60, 231]))
    def take_back(self, index: int, amount: int) -> None:
        assignment = self.assignment(index)
        if assignment and self.act(
            amount <= assignment.held, self.world.staff, material_returns.take_back,
            assignment_id=assignment.id, lot_id=self.world.lot_id, amount=amount,
            idempotency_key=key(),
        ):  # fmt: skip
            assignment.issued -= amount
            assignment.held -= amount
            self.centre += amount

    @rule(
        index=st.integers(0, 5), pieces=st.sampled_from([0, 1, 5, 10, 31]), waste=st.integers(0, 9)
    )
    def submit(self, index: int, pieces: int, waste: int) -> None:
        assignment = self.assignment(index)
        if not assignment:
            return
        begun = self.world.assignment(assignment.id).rate_fen is not None
        amount = pieces * USE + waste
        may = assignment.at_work and begun and pieces > 0 and amount <= assignment.held
        token = key()
        data = {"pieces": pieces, "wastage": {self.world.material_id: waste}, "rework": False}
        for _ in range(2):  # sent twice, taken once
            done = self.act(may, self.world.families[assignment.family], deliveries.submit,
                            assignment_id=assignment.id, idempotency_key=token, **data)  # fmt: skip
        if done:
            assignment.held -= amount
            assignment.consumed += amount
            assignment.made += pieces
            assignment.pending += pieces
            self.waiting.append((assignment, done.id, pieces, False))

    @rule(index=st.integers(0, 5), pieces=st.sampled_from([1, 3]))
    def submit_rework(self, index: int, pieces: int) -> None:
        assignment = self.assignment(index)
        if assignment:
            done = self.act(pieces <= assignment.rework, self.world.families[assignment.family],
                            deliveries.submit, assignment_id=assignment.id, pieces=pieces,
                            rework=True, idempotency_key=key())  # fmt: skip
            if done:
                assignment.rework -= pieces
                assignment.pending += pieces
                self.waiting.append((assignment, done.id, pieces, True))

    @rule(first=st.booleans(), rework=st.integers(0, 2), slip=st.booleans())
    def inspect(self, first: bool, rework: int, slip: bool) -> None:
        if not self.waiting:
            return
        assignment, delivery, pieces, _again = self.waiting[0 if first else -1]
        rework = min(rework, pieces)
        counts = {"accepted": pieces - rework + slip, "rework": rework, "rejected": 0}
        done = self.act(not slip, self.world.staff, inspections.inspect, delivery_id=delivery,
                        note="线头", idempotency_key=key(), **counts)  # fmt: skip
        if done:
            self.waiting.remove((assignment, delivery, pieces, _again))
            good = pieces - rework
            assignment.pending -= pieces
            assignment.accepted += good
            assignment.rework += rework
            assignment.payable += good * RATE
            self.owed += good * PRICE
            self.stock += good

    @rule(index=st.integers(0, 5))
    def withdraw(self, index: int) -> None:
        assignment = self.assignment(index)
        if assignment and not assignment.gone:
            may = not assignment.held and not assignment.made
            if self.act(may, self.world.families[assignment.family], claim_returns.withdraw,
                        assignment_id=assignment.id):  # fmt: skip
                assignment.gone = True

    @rule()
    def settle(self) -> None:
        due = [one for one in self.assignments if one.payable]
        run = self.act(bool(due), self.world.staff, settlements.settle, idempotency_key=key())
        if run:
            assert run.net_fen == sum(one.payable for one in due)
            self.runs.append(run.id)
            for one in due:
                one.to_pay += one.payable
                one.payable = 0

    @rule(wrong=st.booleans())
    def pay(self, wrong: bool) -> None:
        if self.runs and any(one.to_pay for one in self.assignments):
            for run in self.runs:
                actor = self.world.staff if wrong else self.world.payer  # staff has inspected
                try:
                    self.world.do(actor, payouts.pay_all, run_id=run, method=PaymentMethod.CASH,
                                  idempotency_key=key())  # fmt: skip
                except AppError:
                    assert wrong
            if not wrong:
                for one in self.assignments:
                    one.to_pay = 0

    @rule(amount=st.sampled_from([400, 2000, 4000]))
    def company_pays(self, amount: int) -> None:
        done = self.act(amount <= self.owed, self.world.company, company_payments.declare_payment,
                        order_id=self.world.order_id, amount_fen=amount, reference="",
                        idempotency_key=key())  # fmt: skip
        if done:
            self.world.do(self.world.staff, company_payments.confirm_payment, payment_id=done.id)
            self.owed -= amount
            self.paid += amount

    @rule(pieces=st.sampled_from([1, 5]))
    def deliver(self, pieces: int) -> None:
        done = self.act(
            pieces <= self.stock,
            self.world.staff,
            shipments.offer_shipment,
            order_id=self.world.order_id,
            pieces=pieces,
            idempotency_key=key(),
        )
        if done:
            self.stock -= pieces
            self.world.do(self.world.company, shipments.take_shipment, shipment_id=done.id)
            may = (self.out + pieces) * PRICE <= self.paid
            if self.act(may, self.world.staff, shipments.release_shipment, shipment_id=done.id):
                self.out += pieces

    @invariant()
    def ledgers_agree(self) -> None:
        """Every balance is the model's."""
        for one in self.assignments:
            totals = self.world.totals(one.id)
            found = (
                totals[AccountType.HOUSEHOLD], totals[AccountType.CONSUMED],
                -totals[AccountType.MADE], totals[AccountType.PENDING],
                totals[AccountType.REWORK], totals[AccountType.ACCEPTED],
                -totals[AccountType.PAYABLE], -totals[AccountType.TO_PAY],
            )  # fmt: skip
            assert found == (
                one.held, one.consumed, one.made, one.pending, one.rework, one.accepted,
                one.payable, one.to_pay,
            )  # fmt: skip
            assert one.made == one.accepted + one.rework + one.rejected + one.pending
        with self.world.db.reader() as session:
            for family, home in enumerate(self.world.homes):
                own = [one for one in self.assignments if one.family == family]
                found = book.read(session, home, book.Asked())
                assert found.balance_fen == sum(one.payable + one.to_pay for one in own)
        order = self.world.totals()
        assert order[AccountType.RECEIVABLE] == self.owed
        assert order[AccountType.CENTRE] == self.centre
        assert self.received == self.centre + sum(
            one.held + one.consumed for one in self.assignments
        )
        assert -order[AccountType.MARGIN] == sum(one.accepted for one in self.assignments) * MARGIN
        claimed = sum(one.pieces for one in self.assignments if not one.gone)
        assert self.world.order().claimed == claimed

    def teardown(self) -> None:
        assert verify.faults(self.world.db) == []
        for browser, found in self.looks:
            assert press_all(browser, found(self.world))[1] == []


@pytest.mark.slow
@pytest.mark.deep
def test_any_order_of_steps_and_fault_18(app: Flask, db: Database, sign_in: Any) -> None:
    """Wherever the steps end, no page offers a step that is answered with a conflict."""
    world = make_world(db)
    with db.reader() as session:
        family, staff, company = (
            sign_in(session.get_one(Account, one.account_id))
            for one in (world.families[0], world.staff, world.company)
        )
    looks = [
        (family, lambda at: pages(at.db, household_id=at.homes[0], order_id=at.order_id)),
        (staff, lambda at: pages(at.db, order_id=at.order_id)),
        (company, lambda at: [f"/employer/piecework/{at.order_id}"]),
    ]
    machine = type("Bound", (Piecework,), {"base": world, "looks": looks})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(3, deep=100),
            stateful_step_count=40 if DEEP else 25,
            derandomize=not DEEP,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
