"""Piecework orders in every state, walked through the real use cases day by day.

Each order goes as far as its story says: written by the company, reviewed, timed, claimed by
households, made, inspected, settled, paid and closed, with the clock held at each day.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.demo.act_as import act_as
from webapp.demo.handwork_cast import Cast, find_cast
from webapp.demo.handwork_stories import STORIES, Story
from webapp.demo.sample_pictures import kept
from webapp.piecework import policy
from webapp.piecework.ledger import posting
from webapp.piecework.models.assignment import Assignment, Delivery, DisputeAbout
from webapp.piecework.models.ledger import AccountType
from webapp.piecework.models.money import PaymentMethod, SettlementRun
from webapp.piecework.models.order import OrderMaterial
from webapp.piecework.queries import detail_pages, samples
from webapp.piecework.services import (
    claims,
    closing,
    company_payments,
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
    sample_photos,
    settlements,
    shipments,
    timed_trials,
)

_OPENS = time(9, 5)
_OFFICE_MINUTES = 430
#: What four households take of an order, in tenths of the usual; and hand in first, in percent.
_SHARES = (10, 8, 12, 7)
_FIRST = (50, 60, 40, 55)
_TRIED = (1.2, 1.0, 1.4, 1.1)
_SENT_BACK = (2, 1, 3, 0)


class _Household(NamedTuple):
    """An assignment, who acts for it, its pieces, and how many come in first."""

    assignment_id: int
    who: Actor
    pieces: int
    first: int


def write(session: Session) -> None:
    """Write the orders of all stories; called once, in one transaction."""
    cast = find_cast(session)
    for number, story in enumerate(STORIES):
        _Walkthrough(session, cast, number, story).walk()


class _Walkthrough:
    """Takes one order from step to step through the services."""

    def __init__(self, session: Session, cast: Cast, number: int, story: Story) -> None:
        self.session, self.cast, self.story = session, cast, story
        self.number, self.last = number, datetime.min.replace(tzinfo=UTC)
        self.first_day = clock.today() - timedelta(days=story.began)
        self._keys = (f"{number:016x}{step:016x}" for step in itertools.count())
        self.steps = 0
        self.assignments: list[_Household] = []

    def do(self, actor: Actor, after: float, verb: Callable[..., Any], **given: Any) -> Any:
        """Take one step ``after`` so many days of the story; return what the service made."""
        moment = self.moment(after)
        with act_as(self.session, actor, moment):
            return verb(self.session, actor, **given)

    def moment(self, after: float) -> datetime:
        """Return when a step is taken: in office hours, after the one before, never to come."""
        day, part = divmod(after, 1)
        minutes = int(part * _OFFICE_MINUTES) + (self.number * 23 + self.steps * 17) % 41
        opens = datetime.combine(self.first_day + timedelta(days=day), _OPENS, clock.LOCAL)
        moment = opens + timedelta(minutes=minutes)
        self.last = max(moment, self.last + timedelta(minutes=2 + self.steps % 5))
        self.steps += 1
        return min(self.last.astimezone(UTC), clock.now())

    def key(self) -> str:
        """Return a new idempotency key."""
        return next(self._keys)

    def walk(self) -> None:
        """Take the steps up to the one the story ends with."""
        steps = {
            "draft": self.draft,
            "handed_in": self.hand_in,
            "sealed": self.seal,
            "open": self.publish,
            "claimed": self.claim,
            "working": self.work,
            "inspected": self.inspect_all,
            "paid": self.pay,
            "closed": self.close,
        }
        last = "claimed" if self.story.until == "cancelled" else self.story.until
        for name, step in steps.items():
            step()
            if name == last:
                break
        if self.story.until == "cancelled":
            self.do(
                self.cast.company, 6, order_changes.cancel_order, order_id=self.order_id,
                reason="客户退了单，剩下的不做了", idempotency_key=self.key(),
            )  # fmt: skip

    def draft(self) -> None:
        """The company writes the order."""
        due = self.first_day + timedelta(days=self.story.lasts)
        order = self.do(
            self.cast.company, 0, orders.create_order, terms=self.story.terms(due),
            fields=self.story.fields(), idempotency_key=self.key(),
        )  # fmt: skip
        self.order_id = order.id
        if self.story.picture:
            self.do(
                self.cast.company, 0.1, sample_photos.add, order_id=self.order_id,
                kept=kept(self.story.picture),
            )  # fmt: skip

    def hand_in(self) -> None:
        """The company hands it in."""
        self.do(self.cast.company, 0.2, orders.submit_order, order_id=self.order_id)

    def seal(self) -> None:
        """Staff look at it, seal the sample and time three people."""
        self.do(
            self.cast.staff[0], 0.6, order_review.check_safety_and_seal, order_id=self.order_id,
            answers={code: True for code, _words in policy.SAFETY_ITEMS},
            note="在手工坊看过样品和材料", sample_code=f"样-{self.order_id:03d}",
            sample_pieces=20, sample_passed=19,
        )  # fmt: skip
        for photo in samples.all_of(self.session, self.order_id):
            self.do(self.cast.staff[0], 0.6, sample_photos.release, photo_id=photo.id)
        for seconds, pieces in self.story.timings:
            self.do(
                self.cast.staff[0], 0.7, timed_trials.record_timing, order_id=self.order_id,
                pieces=pieces, seconds=seconds, passed=pieces, idempotency_key=self.key(),
            )  # fmt: skip

    def publish(self) -> None:
        """Staff publish it; the material comes in."""
        staff = self.cast.staff[0]
        note = "试做的都是新手，熟了会快；已当面跟家庭说清一小时挣多少"
        self.do(staff, 1, order_review.publish_order, order_id=self.order_id, note=note)
        bill = self.session.exec(
            select(OrderMaterial).where(OrderMaterial.order_id == self.order_id)
        ).all()
        for line in bill:
            amount = self.story.pieces * line.use_amount
            self.do(
                staff, 1.2, material_lots.receive_lot, order_id=self.order_id, material_id=line.id,
                amount=amount + amount * line.allowance_permille // 1000,
                idempotency_key=self.key(), label="头一批",
            )  # fmt: skip

    def claim(self) -> None:
        """Households claim an assignment each, pass the trial and get the material."""
        for tenths, (home, who, adults) in zip(_SHARES, self.cast.families, strict=False):
            pieces = self.story.assignment_pieces * tenths // 10
            assignment = self.do(
                who, 1.5, claims.claim, order_id=self.order_id, household_id=home,
                pieces=pieces, member_ids=adults, idempotency_key=self.key(),
            )  # fmt: skip
            first = pieces * _FIRST[len(self.assignments)] // 100
            self.assignments.append(_Household(assignment.id, who, pieces, first))
        for place, household in enumerate(self.assignments):
            assignment_id = household.assignment_id
            if self.story.until in {"claimed", "cancelled"} and place > 1:
                continue  # these still wait for their trial
            self.do(
                self.cast.staff[0], 2, timed_trials.pass_trial, assignment_id=assignment_id,
                pieces=1, seconds=int(self.story.seconds * _TRIED[place]), passed=1,
                idempotency_key=self.key(),
            )  # fmt: skip
            if self.story.until != "cancelled":
                self.do(
                    self.cast.staff[0], 2.1, material_issue.issue_all, assignment_id=assignment_id,
                    idempotency_key=self.key(),
                )  # fmt: skip

    def work(self) -> None:
        """Families begin, and hand in a first part."""
        for place, (assignment_id, who, _pieces, first) in enumerate(self.assignments):
            self.do(who, 2.5, claims.start, assignment_id=assignment_id)
            if self.story.until == "working" and place == 3:
                self.do(
                    who, 5, material_returns.report_short, assignment_id=assignment_id,
                    reason="填棉少了一袋，做不完",
                )  # fmt: skip
                continue
            delivery = self.hand_over(assignment_id, who, first, 5.4 + place / 3)
            if self.story.until == "working" and place:
                continue  # waits to be looked at
            again = _SENT_BACK[place]
            note = self.story.faults[place] if again else ""
            self.look_at(delivery, first - again, again, 0, 7.2, note=note)
            if not again:
                continue
            self.do(
                who, 8.1, deliveries.submit, assignment_id=assignment_id, pieces=again,
                idempotency_key=self.key(),
            )  # fmt: skip
            if self.story.until != "working":
                self.look_at_last(assignment_id, again, 8.5)

    def inspect_all(self) -> None:
        """The rest comes in and is inspected; one household opens a dispute."""
        for place, (assignment_id, who, pieces, first) in enumerate(self.assignments):
            rest = pieces - first
            delivery = self.hand_over(assignment_id, who, rest, 11.2 + place / 4)
            bad = 1 if place == 1 else 0
            note = self.story.faults[3] if bad else ""
            self.look_at(delivery, rest - bad, 0, bad, 13.1, note=note)
            if bad and self.story.until == "inspected":
                self.do(
                    who, 14, disputes.open_dispute, order_id=self.order_id,
                    assignment_id=assignment_id, about=DisputeAbout.QUALITY,
                    words="线是照单子领的，不是我拿错的。", idempotency_key=self.key(),
                )  # fmt: skip

    def pay(self) -> None:
        """The run settles what is accepted, a third member of staff pays it out."""
        staff, inspector = self.cast.staff
        run: SettlementRun = self.do(staff, 14, settlements.settle, idempotency_key=self.key())
        self.do(
            self.cast.cashier, 14.5, payouts.pay_all, run_id=run.id, method=PaymentMethod.CASH,
            idempotency_key=self.key(),
        )  # fmt: skip
        done = self.finished()
        shipment = self.do(
            staff, 15, shipments.offer_shipment, order_id=self.order_id, pieces=done,
            idempotency_key=self.key(),
        )  # fmt: skip
        self.do(self.cast.company, 16, shipments.take_shipment, shipment_id=shipment.id)
        if self.story.until == "closed":
            owed = done * self.story.price
            paid = self.do(
                self.cast.company, 17, company_payments.declare_payment, order_id=self.order_id,
                amount_fen=owed, reference="转账尾号3308", idempotency_key=self.key(),
            )  # fmt: skip
            self.do(inspector, 18, company_payments.confirm_payment, payment_id=paid.id)
            self.do(staff, 19, shipments.release_shipment, shipment_id=shipment.id)

    def close(self) -> None:
        """Unused material goes back, all accounts come to zero."""
        staff = self.cast.staff[0]
        self.clear_material()
        for assignment_id, _who, _pieces, _first in self.assignments:
            open_still = closing.assignment_faults(
                self.session, self.session.get_one(Assignment, assignment_id)
            )
            if not open_still:
                self.do(staff, 20, closing.close_assignment, assignment_id=assignment_id)
        self.do(staff, 21, closing.accept_order, order_id=self.order_id)
        self.do(staff, 22, closing.close_order, order_id=self.order_id)

    def hand_over(self, assignment_id: int, who: Actor, pieces: int, after: float) -> int:
        """Hand in a delivery; return its id."""
        return int(
            self.do(
                who, after, deliveries.submit, assignment_id=assignment_id, pieces=pieces,
                idempotency_key=self.key(),
            ).id
        )  # fmt: skip

    def look_at(
        self, delivery: int, good: int, again: int, bad: int, after: float, *, note: str = ""
    ) -> None:
        """The second member of staff inspects a delivery."""
        self.do(
            self.cast.staff[1], after, inspections.inspect, delivery_id=delivery, accepted=good,
            rework=again, rejected=bad, idempotency_key=self.key(), note=note,
        )  # fmt: skip

    def look_at_last(self, assignment_id: int, pieces: int, after: float) -> None:
        """The second member of staff finds the assignment's latest delivery good."""
        delivery = self.session.exec(
            select(Delivery.id).where(
                Delivery.assignment_id == assignment_id, col(Delivery.inspected).is_(False)
            )
        ).one()
        self.look_at(delivery, pieces, 0, 0, after)

    def finished(self) -> int:
        """Return how many good pieces lie at the centre."""
        return int(posting.totals(self.session, order_id=self.order_id)[AccountType.FINISHED])

    def clear_material(self) -> None:
        """Families bring back what is left over, and the company fetches it."""
        staff = self.cast.staff[0]
        for assignment_id, _who, _pieces, _first in self.assignments:
            held = [
                (lot.id, amount)
                for row in detail_pages.assignment_page(
                    self.session, self.session.get_one(Assignment, assignment_id)
                ).materials
                for lot, amount in row.held
                if amount
            ]
            for lot_id, amount in held:
                self.do(
                    staff, 19.5, material_returns.take_back, assignment_id=assignment_id,
                    lot_id=lot_id, amount=amount, idempotency_key=self.key(),
                )  # fmt: skip
        bill = self.session.exec(
            select(OrderMaterial.id).where(OrderMaterial.order_id == self.order_id)
        ).all()
        left = [one for line in bill for one in material_lots.in_stock(self.session, line)]
        for lot_id, amount in left:
            self.do(
                staff, 19.8, material_lots.return_to_company, lot_id=lot_id, amount=amount,
                idempotency_key=self.key(),
            )  # fmt: skip
