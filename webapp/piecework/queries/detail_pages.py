"""What one page about an order or an assignment shows, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.piecework import hourly_rate
from webapp.piecework.hourly_rate import Hourly
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import (
    Assignment,
    AssignmentMaterial,
    AssignmentMember,
    Delivery,
    Dispute,
    Inspection,
    InspectionPhoto,
    WastageFinding,
)
from webapp.piecework.models.ledger import LedgerAccount
from webapp.piecework.models.money import CompanyPayment, Compensation, Shipment
from webapp.piecework.models.order import (
    MaterialLot,
    OrderMaterial,
    PieceworkEvent,
    PieceworkOrder,
    TimedTrial,
)
from webapp.piecework.services.access import materials_of
from webapp.residents.models import Household, Resident

MOST_EVENTS = 50
MOST_ROWS = 100


@dataclass(frozen=True)
class LotRow:
    """A lot of material and where it is; ``received`` came in."""

    lot: MaterialLot
    material: OrderMaterial
    received: int
    centre: int


@dataclass(frozen=True)
class OrderPage:
    """All about one order; the assignments are listed apart, page by page."""

    order: PieceworkOrder
    opening: Opening
    employer: Employer
    materials: list[OrderMaterial]
    lots: list[LotRow]
    totals: dict[AccountType, int]
    timings: list[TimedTrial]
    hourly: Hourly | None
    shipments: list[Shipment]
    payments: list[CompanyPayment]
    compensations: list[Compensation]
    disputes: list[Dispute]
    events: list[PieceworkEvent]


@dataclass(frozen=True)
class MaterialRow:
    """One material of an assignment: what it may have, what it holds, what became of it."""

    material: OrderMaterial
    limits: AssignmentMaterial
    held: list[tuple[MaterialLot, int]]
    replacement: list[tuple[MaterialLot, int]]
    consumed: int
    scrap: int
    lost: int

    @property
    def may_issue(self) -> int:
        """How much may still be handed out without a pack's reason."""
        return max(0, self.limits.ceiling + self.limits.override - self.limits.issued)


@dataclass(frozen=True)
class AssignmentPage:
    """All about one household's assignment."""

    assignment: Assignment
    order: PieceworkOrder
    opening: Opening
    household: Household
    members: list[Resident]
    materials: list[MaterialRow]
    totals: dict[AccountType, int]
    deliveries: list[Delivery]
    inspections: list[Inspection]
    photos: dict[int, list[InspectionPhoto]]
    findings: list[WastageFinding]
    disputes: list[Dispute]
    events: list[PieceworkEvent]

    @property
    def may_hand_in(self) -> int:
        """How many pieces the household may hand in now.

        In rework those sent back; else what its material is enough for, or, where the household
        uses its own, what is left of its claim.
        """
        if self.assignment.state is AssignmentState.REWORK:
            return self.totals[AccountType.REWORK]
        if not self.materials:
            return max(0, self.assignment.pieces + self.totals[AccountType.MADE])
        return min(
            sum(amount for _lot, amount in row.held) // row.material.use_amount
            for row in self.materials
        )


def order_page(session: Session, order: PieceworkOrder) -> OrderPage:
    """Return all about an order in thirteen queries, however many households share it."""

    def rows(table: Any, *, newest: bool = True) -> list[Any]:
        query = select(table).where(col(table.order_id) == order.id)
        ordered = query.order_by(col(table.id).desc() if newest else col(table.id))
        return list(session.execute(ordered.limit(MOST_ROWS)).scalars())

    materials = materials_of(session, order.id)
    timings = rows(TimedTrial)
    timed = [(one.seconds, one.passed) for one in timings]
    return OrderPage(
        order=order,
        opening=session.get_one(Opening, order.opening_id),
        employer=session.get_one(Employer, order.employer_id),
        materials=materials,
        lots=_lots(session, order, materials),
        totals=posting.totals(session, order_id=order.id),
        timings=timings,
        hourly=hourly_rate.hourly_from(order.rate_fen, timed) if timed else None,
        shipments=rows(Shipment, newest=False),
        payments=rows(CompanyPayment, newest=False),
        compensations=rows(Compensation),
        disputes=rows(Dispute),
        events=_events(session, col(PieceworkEvent.order_id) == order.id),
    )


def assignment_page(session: Session, assignment: Assignment) -> AssignmentPage:
    """Return all about an assignment in fifteen queries."""

    def rows(table: Any) -> list[Any]:
        query = select(table).where(col(table.assignment_id) == assignment.id)
        return list(session.execute(query.order_by(col(table.id)).limit(MOST_ROWS)).scalars())

    order = session.get_one(PieceworkOrder, assignment.order_id)
    inspections = rows(Inspection)
    photos: dict[int, list[InspectionPhoto]] = {}
    query = select(InspectionPhoto).where(
        col(InspectionPhoto.inspection_id).in_([one.id for one in inspections])
    )
    for photo in session.execute(query.order_by(col(InspectionPhoto.id))).scalars():
        photos.setdefault(photo.inspection_id, []).append(photo)
    return AssignmentPage(
        assignment=assignment,
        order=order,
        opening=session.get_one(Opening, order.opening_id),
        household=session.get_one(Household, assignment.household_id),
        members=_members(session, assignment),
        materials=_materials(session, assignment),
        totals=posting.totals(session, assignment_id=assignment.id),
        deliveries=rows(Delivery),
        inspections=inspections,
        photos=photos,
        findings=rows(WastageFinding),
        disputes=rows(Dispute),
        events=_events(session, col(PieceworkEvent.assignment_id) == assignment.id),
    )


def _events(session: Session, wanted: Any) -> list[PieceworkEvent]:
    query = select(PieceworkEvent).where(wanted).order_by(col(PieceworkEvent.id).desc())
    return list(session.execute(query.limit(MOST_EVENTS)).scalars())


def _lots(session: Session, order: PieceworkOrder, materials: list[OrderMaterial]) -> list[LotRow]:
    by_id = {one.id: one for one in materials}
    lots = session.execute(
        select(MaterialLot)
        .where(col(MaterialLot.order_id) == order.id)
        .order_by(col(MaterialLot.id))
    ).scalars()
    held = {
        (lot_id, account_type): amount
        for lot_id, account_type, amount in session.execute(
            select(
                col(LedgerAccount.lot_id),
                col(LedgerAccount.account_type),
                col(LedgerAccount.balance),
            ).where(
                col(LedgerAccount.order_id) == order.id,
                col(LedgerAccount.account_type).in_([AccountType.COMPANY, AccountType.CENTRE]),
            )
        ).all()
    }
    return [
        LotRow(
            lot,
            by_id[lot.material_id],
            -held.get((lot.id, AccountType.COMPANY), 0),
            held.get((lot.id, AccountType.CENTRE), 0),
        )
        for lot in lots
    ]


def _members(session: Session, assignment: Assignment) -> list[Resident]:
    query = (
        select(Resident)
        .join(AssignmentMember, col(AssignmentMember.resident_id) == col(Resident.id))
        .where(col(AssignmentMember.assignment_id) == assignment.id)
        .order_by(col(AssignmentMember.id))
    )
    return list(session.execute(query).scalars())


def _materials(session: Session, assignment: Assignment) -> list[MaterialRow]:
    limits = session.execute(
        select(AssignmentMaterial, OrderMaterial)
        .join(OrderMaterial, col(OrderMaterial.id) == col(AssignmentMaterial.material_id))
        .where(col(AssignmentMaterial.assignment_id) == assignment.id)
        .order_by(col(OrderMaterial.id))
    ).all()
    account_types: dict[tuple[int, AccountType], list[tuple[MaterialLot, int]]] = {}
    for lot, account_type, amount in session.execute(
        select(MaterialLot, col(LedgerAccount.account_type), col(LedgerAccount.balance))
        .join(LedgerAccount, col(LedgerAccount.lot_id) == col(MaterialLot.id))
        .where(col(LedgerAccount.assignment_id) == assignment.id, col(LedgerAccount.balance) > 0)
        .order_by(col(MaterialLot.id))
    ).all():
        account_types.setdefault((lot.material_id, account_type), []).append((lot, amount))

    def at(material: OrderMaterial, account_type: AccountType) -> list[tuple[MaterialLot, int]]:
        return account_types.get((material.id, account_type), [])

    def total(material: OrderMaterial, account_type: AccountType) -> int:
        return sum(amount for _lot, amount in at(material, account_type))

    return [
        MaterialRow(
            material=material,
            limits=row,
            held=at(material, AccountType.HOUSEHOLD),
            replacement=at(material, AccountType.REPLACEMENT),
            consumed=total(material, AccountType.CONSUMED),
            scrap=total(material, AccountType.SCRAP),
            lost=total(material, AccountType.LOST),
        )
        for row, material in limits
    ]
