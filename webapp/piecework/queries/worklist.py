"""What waits at the centre today, in few statements."""

from collections import defaultdict
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core.memo import built_once
from webapp.openings.models import Opening
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import (
    AssignmentState,
    OrderState,
)
from webapp.piecework.models.assignment import Assignment, Delivery, Dispute
from webapp.piecework.models.ledger import LedgerAccount
from webapp.piecework.models.money import (
    CompanyPayment,
    CompanyPaymentState,
    Compensation,
    Shipment,
    ShipmentState,
)
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries.assignments import is_overdue, lacks_material
from webapp.residents.models import Household

A = AssignmentState


class Waiting(NamedTuple):
    """How many of each kind wait for staff."""

    to_check: int
    to_publish: int
    to_try: int
    to_issue: int
    to_inspect: int
    overdue: int
    second_look: int
    payments: int
    compensations: int
    disputes: int


def waiting(session: Session) -> Waiting:
    """Return what waits for staff; one query."""
    orders, assignments = col(PieceworkOrder.state), col(Assignment.state)
    counts: list[tuple[Any, Any]] = [
        (PieceworkOrder, orders == OrderState.SAFETY_REVIEW),
        (PieceworkOrder, orders == OrderState.SAMPLE_SEALED),
        (Assignment, assignments == A.CLAIMED),
        (Assignment, lacks_material()),
        (Delivery, col(Delivery.inspected).is_(False)),
        (Assignment, is_overdue()),
        (PieceworkOrder, col(PieceworkOrder.second_inspector_not_id).is_not(None)),
        (CompanyPayment, col(CompanyPayment.state) == CompanyPaymentState.DECLARED),
        (Compensation, col(Compensation.decided_at).is_(None)),
        (Dispute, col(Dispute.decided_at).is_(None)),
    ]
    asked = [
        select(func.count()).select_from(table).where(wanted).scalar_subquery()
        for table, wanted in counts
    ]
    return Waiting._make(session.execute(select(*asked)).one())


@built_once
def to_issue() -> Any:
    """Return the statement of assignments that wait for material, the longest waiting first."""
    return _assignment_lines().where(lacks_material()).order_by(
        col(Assignment.updated_at), col(Assignment.id)
    )  # fmt: skip


@built_once
def to_inspect() -> Any:
    """Return the statement of deliveries not yet inspected, oldest first."""
    return (
        _assignment_lines()
        .add_columns(
            col(Delivery.id).label("delivery_id"),
            col(Delivery.pieces).label("handed_in"),
            col(Delivery.submitted_at),
        )
        .join(Delivery, col(Delivery.assignment_id) == col(Assignment.id))
        .where(col(Delivery.inspected).is_(False))
        .order_by(col(Delivery.submitted_at), col(Delivery.id))
    )


@built_once
def to_settle() -> Any:
    """Return the statement of assignments with pay to settle, the most first."""
    return (
        _assignment_lines()
        .add_columns((-col(LedgerAccount.balance)).label("gross_fen"))
        .join(LedgerAccount, col(LedgerAccount.assignment_id) == col(Assignment.id))
        .where(
            col(LedgerAccount.account_type) == AccountType.PAYABLE, col(LedgerAccount.balance) < 0
        )
        .order_by(col(LedgerAccount.balance), col(Assignment.id))
    )


def open_payments() -> Any:
    """Return the statement of money companies say they sent, oldest first."""
    return (
        select(
            col(CompanyPayment.id),
            col(CompanyPayment.order_id),
            col(CompanyPayment.amount_fen),
            col(CompanyPayment.reference),
            col(CompanyPayment.declared_at),
            col(Opening.title),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(CompanyPayment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(col(CompanyPayment.state) == CompanyPaymentState.DECLARED)
        .order_by(col(CompanyPayment.id))
    )


def open_compensations() -> Any:
    """Return the statement of compensations to be decided, oldest first."""
    return (
        select(
            col(Compensation.id), col(Compensation.cause), col(Compensation.reason),
            col(Opening.title),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Compensation.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(col(Compensation.decided_at).is_(None))
        .order_by(col(Compensation.id))
    )  # fmt: skip


def open_disputes() -> Any:
    """Return the statement of open disputes, oldest first, with the household's unit address."""
    return (
        select(
            col(Dispute.id), col(Dispute.about), col(Dispute.words), col(Opening.title),
            col(Household.unit_address),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Dispute.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .outerjoin(Assignment, col(Assignment.id) == col(Dispute.assignment_id))
        .outerjoin(Household, col(Household.id) == col(Assignment.household_id))
        .where(col(Dispute.decided_at).is_(None))
        .order_by(col(Dispute.id))
    )  # fmt: skip


def second_looks() -> Any:
    """Return the statement of orders paused for their rejects."""
    return (
        select(col(PieceworkOrder.id), col(PieceworkOrder.hold_reason), col(Opening.title))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(col(PieceworkOrder.second_inspector_not_id).is_not(None))
        .order_by(col(PieceworkOrder.id))
    )


def _assignment_lines() -> Any:
    return (
        select(
            col(Assignment.id),
            col(Assignment.pieces),
            col(Assignment.state),
            col(Assignment.hold),
            col(Assignment.due),
            col(PieceworkOrder.piece_unit),
            col(Opening.title),
            col(Household.unit_address),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .join(Household, col(Household.id) == col(Assignment.household_id))
    )


def balances(session: Session, order_ids: list[int]) -> dict[int, dict[AccountType, int]]:
    """Return the balances of each order summed by account type; one query."""
    found: dict[int, dict[AccountType, int]] = defaultdict(lambda: defaultdict(int))
    rows = session.execute(
        select(
            col(LedgerAccount.order_id),
            col(LedgerAccount.account_type),
            func.sum(col(LedgerAccount.balance)),
        )
        .where(col(LedgerAccount.order_id).in_(order_ids))
        .group_by(col(LedgerAccount.order_id), col(LedgerAccount.account_type))
    ).all()
    for order_id, account_type, amount in rows:
        found[order_id][account_type] = int(amount)
    return found


def owed_by(session: Session, employer_id: int) -> int:
    """Return what a company owes in all, in fen."""
    found = session.execute(
        select(func.coalesce(func.sum(col(LedgerAccount.balance)), 0))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(LedgerAccount.order_id))
        .where(
            col(PieceworkOrder.employer_id) == employer_id,
            col(LedgerAccount.account_type) == AccountType.RECEIVABLE,
        )
    ).scalar_one()
    return int(found)


def waiting_for_company(session: Session, employer_id: int) -> int:
    """Return how many shipments a company has still to look at."""
    count: int = session.execute(
        select(func.count())
        .select_from(Shipment)
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Shipment.order_id))
        .where(
            col(PieceworkOrder.employer_id) == employer_id,
            col(Shipment.state) == ShipmentState.OFFERED,
        )
    ).scalar_one()
    return count


def count_households(session: Session, order_id: int) -> int:
    """Return how many households have an assignment of an order."""
    count: int = session.execute(
        select(func.count(func.distinct(col(Assignment.household_id)))).where(
            col(Assignment.order_id) == order_id, col(Assignment.state) != A.WITHDRAWN
        )
    ).scalar_one()
    return count
