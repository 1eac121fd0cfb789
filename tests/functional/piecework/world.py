"""People and an order of beaded bracelets, ready to be claimed; acts through the services."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tests import factories
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.openings.fields import OpeningFields
from webapp.piecework import policy
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import (
    Acceptance,
    MaterialUnit,
    Mode,
    OrderMaterial,
    PieceworkOrder,
)
from webapp.piecework.services import (
    claims,
    deliveries,
    inspections,
    material_issue,
    material_lots,
    order_review,
    orders,
    timed_trials,
)
from webapp.residents.models import Resident

USE = 22
ALLOWANCE = 50
_keys = itertools.count()


def key() -> str:
    """Return a fresh form token."""
    return f"form-{next(_keys)}"


TERMS: dict[str, Any] = {
    "mode": Mode.SUPPLIED,
    "piece_unit": "条",
    "quantity": 100,
    "lot_pieces": 10,
    "rate_fen": 300,
    "margin_fen": 50,
    "price_fen": 400,
    "quality": "颜色顺序跟样品一样",
    "acceptance": Acceptance.EACH,
    "material_supply": "公司配好，按份装袋",
    "materials": [orders.MaterialLine("珠子", MaterialUnit.PIECE, USE, ALLOWANCE, 100, 500)],
}
FIELDS = OpeningFields(title="串珠手链", description="照样品串，社区教。", at_home=True)


@dataclass
class World:
    """A database with a company, two members of staff and households with one adult each."""

    db: Database
    company: Actor
    staff: Actor
    payer: Actor
    families: list[Actor] = field(default_factory=list)
    homes: list[int] = field(default_factory=list)
    order_id: int = 0
    material_id: int = 0
    lot_id: int = 0

    def do(self, actor: Actor, verb: Any, **data: Any) -> Any:
        """Run one service as ``actor`` in a transaction of its own."""
        with self.db.transaction(actor) as session:
            return verb(session, actor, **data)

    def order(self) -> PieceworkOrder:
        """Return the order as it stands."""
        with self.db.reader() as session:
            return session.get_one(PieceworkOrder, self.order_id)

    def assignment(self, assignment_id: int) -> Assignment:
        """Return an assignment as it stands."""
        with self.db.reader() as session:
            return session.get_one(Assignment, assignment_id)

    def totals(self, assignment_id: int | None = None) -> dict[AccountType, int]:
        """Return balances of an assignment, or of the order."""
        with self.db.reader() as session:
            if assignment_id is not None:
                return posting.totals(session, assignment_id=assignment_id)
            return posting.totals(session, order_id=self.order_id)

    def draft(self, **terms: Any) -> int:
        """Write a draft of the company and return its id."""
        values = {**TERMS, "deadline": clock.today() + timedelta(days=20), **terms}
        return self.do(
            self.company,
            orders.create_order,
            terms=orders.OrderTerms(**values),
            fields=FIELDS,
            idempotency_key=key(),
        ).id

    def seal(self, order_id: int, note: str = "") -> None:
        """Hand a draft in, check its safety and time three people."""
        self.do(self.company, orders.submit_order, order_id=order_id)
        self.do(
            self.staff,
            order_review.check_safety_and_seal,
            order_id=order_id,
            answers={code: True for code, _words in policy.SAFETY_ITEMS},
            note=note,
            sample_code="A-1",
            sample_pieces=10,
            sample_passed=9,
        )
        for seconds in (600, 800, 1000):
            self.do(
                self.staff,
                timed_trials.record_timing,
                order_id=order_id,
                pieces=5,
                seconds=seconds,
                passed=5,
                idempotency_key=key(),
            )

    def publish(self, material: int = 5000, **terms: Any) -> int:
        """Publish an order with a lot of material; it becomes the world's order."""
        self.order_id = self.draft(**terms)
        self.seal(self.order_id)
        self.do(self.staff, order_review.publish_order, order_id=self.order_id)
        with self.db.reader() as session:
            self.material_id = (
                session.exec(
                    select(OrderMaterial.id).where(col(OrderMaterial.order_id) == self.order_id)
                ).first()
                or 0
            )
        if material and self.material_id:
            self.lot_id = self.do(
                self.staff,
                material_lots.receive_lot,
                order_id=self.order_id,
                material_id=self.material_id,
                amount=material,
                idempotency_key=key(),
            ).id
        return self.order_id

    def claim(self, pieces: int = 20, family: int = 0) -> int:
        """Claim pieces for a family and return the assignment's id."""
        actor = self.families[family]
        return self.do(
            actor,
            claims.claim,
            order_id=self.order_id,
            household_id=self.homes[family],
            pieces=pieces,
            member_ids=[actor.resident_id],
            idempotency_key=key(),
        ).id

    def ready(self, pieces: int = 20, family: int = 0) -> int:
        """Claim, pass the trial and issue all material."""
        assignment = self.claim(pieces, family)
        self.do(
            self.staff, timed_trials.pass_trial,
            assignment_id=assignment, pieces=2, seconds=300, passed=2, idempotency_key=key(),
        )  # fmt: skip
        self.do(
            self.staff, material_issue.issue_all, assignment_id=assignment, idempotency_key=key()
        )
        return assignment

    def submit(self, assignment: int, pieces: int, family: int = 0, **more: Any) -> int:
        """Hand in a delivery and return its id."""
        return self.do(
            self.families[family], deliveries.submit,
            assignment_id=assignment, pieces=pieces, idempotency_key=key(), **more,
        ).id  # fmt: skip

    def inspect(
        self, delivery: int, accepted: int, rework: int = 0, rejected: int = 0, **more: Any
    ) -> int:
        """Look at a delivery and return the inspection's id."""
        data = {"idempotency_key": key(), "note": "线头", **more}
        return self.do(
            more.pop("by", self.staff), inspections.inspect,
            delivery_id=delivery, accepted=accepted, rework=rework, rejected=rejected,
            **{name: value for name, value in data.items() if name != "by"},
        ).id  # fmt: skip


def make_world(db: Database, families: int = 2) -> World:
    """Return a world without an order."""
    with db.transaction(SYSTEM) as session:
        boss = factories.make_account(session, role=Role.EMPLOYER)
        employer = factories.make_employer(session, member=boss)
        staff = [_staff(session) for _ in range(2)]
        world = World(
            db,
            Actor(boss.id, Role.EMPLOYER, "公司", employer_id=employer.id),
            staff[0],
            staff[1],
        )
        branch = factories.make_branch(session)
        for _ in range(families):
            resident: Resident = factories.make_resident(
                session, with_account=True, branch_id=branch.id
            )
            world.homes.append(resident.household_id)
            world.families.append(
                Actor(resident.account_id, Role.RESIDENT, "家", resident_id=resident.id)
            )
    return world


def _staff(session: Session) -> Actor:
    account = factories.make_account(session, role=Role.STAFF)
    return Actor(account.id, Role.STAFF, account.name, branch_id=account.branch_id)


def refused_by_database(world: World, statement: str) -> bool:
    """Whether the database itself refuses a statement that goes past the services."""
    try:
        with world.db.transaction(SYSTEM) as session:
            session.execute(text(statement))
    except IntegrityError:
        return True
    return False
