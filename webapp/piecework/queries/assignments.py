"""Lists of households' assignments and deliveries, their pay, and who may do the work.

Each function takes a fixed number of queries, however large an order is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import age_on
from webapp.openings.models import Opening
from webapp.piecework import policy
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AT_WORK, AssignmentHold, AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMember, Delivery
from webapp.piecework.models.ledger import LedgerAccount
from webapp.piecework.models.money import Payment, SettlementLine
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries.orders import count
from webapp.residents.models import Household, Resident, ResidentState


@dataclass
class AssignmentRow:
    """One household's assignment in a list, with its balances by account type."""

    assignment: Assignment
    order: PieceworkOrder
    title: str
    unit_address: str
    members: list[str] = field(default_factory=list)
    totals: dict[AccountType, int] = field(default_factory=dict)

    @property
    def submitted(self) -> int:
        """Pieces handed in for the first time."""
        return -self.totals.get(AccountType.MADE, 0)

    @property
    def payable_fen(self) -> int:
        """Accepted, not yet settled."""
        return -self.totals.get(AccountType.PAYABLE, 0)

    @property
    def to_pay_fen(self) -> int:
        """Settled, not yet paid."""
        return -self.totals.get(AccountType.TO_PAY, 0)

    @property
    def overdue(self) -> bool:
        """Whether it is late today."""
        return policy.is_overdue(self.assignment, on=clock.today())


@dataclass(frozen=True)
class PaySummary:
    """A household's pay: earned and waiting, settled and waiting, paid in the last 60 days."""

    payable_fen: int
    to_pay_fen: int
    advance_fen: int
    paid_fen: int


def list_assignments(
    session: Session,
    *,
    order_id: int | None = None,
    household_id: int | None = None,
    states: Sequence[AssignmentState] | None = None,
    overdue: bool = False,
    lacks: bool = False,
    since: datetime | None = None,
    newest: bool = False,
    offset: int = 0,
    limit: int = 20,
) -> list[AssignmentRow]:
    """Return assignments with members and balances, soonest due first; three queries.

    ``overdue`` and ``lacks`` ask for those late today and those that wait for material;
    ``since`` leaves out those claimed before; ``newest`` has the last claimed come first.
    """
    wanted = _conditions(order_id, household_id, states, overdue, lacks, since)
    order = [col(Assignment.id).desc()] if newest else [_due(), col(Assignment.id)]
    rows = session.execute(
        select(Assignment, PieceworkOrder, col(Opening.title), col(Household.unit_address))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .join(Household, col(Household.id) == col(Assignment.household_id))
        .where(*wanted)
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    ).all()
    found = {row[0].id: AssignmentRow(*row) for row in rows}
    _add_members(session, found)
    _add_totals(session, found)
    return list(found.values())


def count_assignments(
    session: Session,
    *,
    order_id: int | None = None,
    household_id: int | None = None,
    states: Sequence[AssignmentState] | None = None,
    overdue: bool = False,
    lacks: bool = False,
    since: datetime | None = None,
) -> int:
    """Return how many assignments :func:`list_assignments` lists."""
    wanted = _conditions(order_id, household_id, states, overdue, lacks, since)
    return count(session, Assignment, wanted)


def waiting_inspection(
    session: Session, *, order_id: int | None = None, offset: int = 0, limit: int = 20
) -> list[tuple[Delivery, Assignment, PieceworkOrder, str, str]]:
    """Return uninspected deliveries, oldest first: with assignment, order, title and address."""
    query = (
        select(
            Delivery, Assignment, PieceworkOrder, col(Opening.title), col(Household.unit_address)
        )
        .join(Assignment, col(Assignment.id) == col(Delivery.assignment_id))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .join(Household, col(Household.id) == col(Assignment.household_id))
        .where(col(Delivery.inspected).is_(False))
    )
    if order_id is not None:
        query = query.where(col(Assignment.order_id) == order_id)
    query = query.order_by(col(Delivery.submitted_at), col(Delivery.id))
    return [tuple(row) for row in session.execute(query.offset(offset).limit(limit)).all()]


def count_waiting_inspection(session: Session) -> int:
    """Return how many deliveries wait to be looked at."""
    return count(session, Delivery, [col(Delivery.inspected).is_(False)])


def pay_summary(
    session: Session, household_id: int, *, since: date, joined: datetime | None = None
) -> PaySummary:
    """Return where a household's pay stands, and what it was paid since a day; two queries.

    ``joined`` leaves out what the household had claimed before that moment.
    """
    seen = [] if joined is None else [col(Assignment.claimed_at) >= joined]
    balances = dict(
        session.execute(
            select(col(LedgerAccount.account_type), func.sum(col(LedgerAccount.balance)))
            .join(Assignment, col(Assignment.id) == col(LedgerAccount.assignment_id))
            .where(
                col(Assignment.household_id) == household_id,
                *seen,
                col(LedgerAccount.account_type).in_(
                    [AccountType.PAYABLE, AccountType.TO_PAY, AccountType.ADVANCE]
                ),
            )
            .group_by(col(LedgerAccount.account_type))
        ).all()
    )
    paid = session.execute(
        select(func.coalesce(func.sum(col(SettlementLine.net_fen)), 0))
        .join(Payment, col(Payment.line_id) == col(SettlementLine.id))
        .join(Assignment, col(Assignment.id) == col(SettlementLine.assignment_id))
        .where(
            col(SettlementLine.household_id) == household_id,
            *seen,
            col(Payment.paid_at) >= clock.end_of_day(since),
        )
    ).scalar_one()
    return PaySummary(
        payable_fen=-int(balances.get(AccountType.PAYABLE, 0)),
        to_pay_fen=-int(balances.get(AccountType.TO_PAY, 0)),
        advance_fen=int(balances.get(AccountType.ADVANCE, 0)),
        paid_fen=int(paid),
    )


def may_work(session: Session, household_id: int, *, least: int) -> list[Resident]:
    """Return who of a household may be named to do the work: from ``least`` years on.

    Those whose age is not known are among them: they are asked. One query.
    """
    today = clock.today()
    ages = [(one, age_on(one.birth_date, today)) for one in people_of(session, household_id)]
    return [one for one, age in ages if age is None or age >= least]


def people_of(session: Session, household_id: int) -> list[Resident]:
    """Return who lives in a household, the eldest first; one query."""
    return list(
        session.execute(
            select(Resident)
            .where(
                col(Resident.household_id) == household_id,
                col(Resident.state) != ResidentState.LEFT,
            )
            .order_by(col(Resident.birth_date), col(Resident.id))
        ).scalars()
    )


def _conditions(
    order_id: int | None,
    household_id: int | None,
    states: Sequence[AssignmentState] | None,
    overdue: bool,
    lacks: bool,
    since: datetime | None,
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if since is not None:
        wanted.append(col(Assignment.claimed_at) >= since)
    if order_id is not None:
        wanted.append(col(Assignment.order_id) == order_id)
    if household_id is not None:
        wanted.append(col(Assignment.household_id) == household_id)
    if states is not None:
        wanted.append(col(Assignment.state).in_(states))
    if overdue:
        wanted.append(is_overdue())
    if lacks:
        wanted.append(lacks_material())
    return wanted


def is_overdue() -> ColumnElement[bool]:
    """Return the condition that an assignment is late today."""
    late = AT_WORK - {AssignmentState.SUBMITTED, AssignmentState.INSPECTED}
    return and_(col(Assignment.state).in_(late), _due() < clock.today())


def lacks_material() -> ColumnElement[bool]:
    """Return the condition that an assignment waits for material: its first, or more of it."""
    short = and_(
        col(Assignment.hold) == AssignmentHold.MATERIAL_SHORT, col(Assignment.state).in_(AT_WORK)
    )
    return or_(col(Assignment.state) == AssignmentState.TRIAL_PASSED, short)


def _due() -> ColumnElement[date]:
    """Return :func:`policy.due_date` as SQL."""
    return case(
        (
            (col(Assignment.state) == AssignmentState.REWORK)
            & col(Assignment.rework_due).is_not(None),
            col(Assignment.rework_due),
        ),
        else_=col(Assignment.due),
    )


def _add_members(session: Session, found: dict[int, AssignmentRow]) -> None:
    rows = session.execute(
        select(col(AssignmentMember.assignment_id), col(Resident.name))
        .join(Resident, col(Resident.id) == col(AssignmentMember.resident_id))
        .where(col(AssignmentMember.assignment_id).in_(found))
        .order_by(col(AssignmentMember.id))
    ).all()
    for assignment_id, name in rows:
        found[assignment_id].members.append(name)


def _add_totals(session: Session, found: dict[int, AssignmentRow]) -> None:
    rows = session.execute(
        select(
            col(LedgerAccount.assignment_id),
            col(LedgerAccount.account_type),
            func.sum(col(LedgerAccount.balance)),
        )
        .where(col(LedgerAccount.assignment_id).in_(found))
        .group_by(col(LedgerAccount.assignment_id), col(LedgerAccount.account_type))
    ).all()
    totals: dict[int, dict[AccountType, int]] = defaultdict(dict)
    for assignment_id, account_type, amount in rows:
        totals[assignment_id][account_type] = int(amount)
    for assignment_id, row in found.items():
        row.totals = totals[assignment_id]
