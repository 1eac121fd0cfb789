"""What households have to do with orders, in lists: their shares, their pay, who may work.

A bounded number of queries, however large an order is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import age_on
from webapp.openings.models import Opening
from webapp.piecework import policy
from webapp.piecework.ledger.posting import Place
from webapp.piecework.lifecycle import AT_WORK, AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMember, Delivery
from webapp.piecework.models.ledger import LedgerAccount
from webapp.piecework.models.money import Payment, SettlementLine
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries.orders import count
from webapp.piecework.services.claims import ADULT
from webapp.residents.models import Household, Resident, ResidentState


@dataclass
class ShareRow:
    """One household's share in a list, its balances by place (sources turned positive)."""

    assignment: Assignment
    order: PieceworkOrder
    title: str
    door: str
    members: list[str] = field(default_factory=list)
    totals: dict[Place, int] = field(default_factory=dict)

    @property
    def submitted(self) -> int:
        """Pieces handed in for the first time."""
        return -self.totals.get(Place.MADE, 0)

    @property
    def payable_fen(self) -> int:
        """Accepted, not yet settled."""
        return -self.totals.get(Place.PAYABLE, 0)

    @property
    def to_pay_fen(self) -> int:
        """Settled, not yet paid."""
        return -self.totals.get(Place.TO_PAY, 0)

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


def shares(
    session: Session,
    *,
    order_id: int | None = None,
    household_id: int | None = None,
    states: Sequence[AssignmentState] | None = None,
    overdue: bool = False,
    offset: int = 0,
    limit: int = 20,
) -> list[ShareRow]:
    """Return households' shares with members and balances, soonest due first; three queries."""
    wanted = _shares(order_id, household_id, states, overdue)
    rows = session.execute(
        select(Assignment, PieceworkOrder, col(Opening.title), col(Household.door))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .join(Household, col(Household.id) == col(Assignment.household_id))
        .where(*wanted)
        .order_by(_due(), col(Assignment.id))
        .offset(offset)
        .limit(limit)
    ).all()
    found = {row[0].id: ShareRow(*row) for row in rows}
    _add_members(session, found)
    _add_totals(session, found)
    return list(found.values())


def count_shares(
    session: Session,
    *,
    order_id: int | None = None,
    household_id: int | None = None,
    states: Sequence[AssignmentState] | None = None,
    overdue: bool = False,
) -> int:
    """Return how many shares :func:`shares` lists."""
    return count(session, Assignment, _shares(order_id, household_id, states, overdue))


def waiting_inspection(
    session: Session, *, order_id: int | None = None, offset: int = 0, limit: int = 20
) -> list[tuple[Delivery, Assignment, PieceworkOrder, str, str]]:
    """Return tranches nobody has looked at, oldest first: with share, order, title and door."""
    query = (
        select(Delivery, Assignment, PieceworkOrder, col(Opening.title), col(Household.door))
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
    """Return how many tranches wait to be looked at."""
    return count(session, Delivery, [col(Delivery.inspected).is_(False)])


def pay_summary(session: Session, household_id: int, *, since: date) -> PaySummary:
    """Return where a household's pay stands, and what it was paid since a day; two queries."""
    balances = dict(
        session.execute(
            select(col(LedgerAccount.place), func.sum(col(LedgerAccount.balance)))
            .join(Assignment, col(Assignment.id) == col(LedgerAccount.assignment_id))
            .where(
                col(Assignment.household_id) == household_id,
                col(LedgerAccount.place).in_([Place.PAYABLE, Place.TO_PAY, Place.ADVANCE]),
            )
            .group_by(col(LedgerAccount.place))
        ).all()
    )
    paid = session.execute(
        select(func.coalesce(func.sum(col(SettlementLine.net_fen)), 0))
        .join(Payment, col(Payment.line_id) == col(SettlementLine.id))
        .where(
            col(SettlementLine.household_id) == household_id,
            col(Payment.paid_at) >= clock.end_of_day(since),
        )
    ).scalar_one()
    return PaySummary(
        payable_fen=-int(balances.get(Place.PAYABLE, 0)),
        to_pay_fen=-int(balances.get(Place.TO_PAY, 0)),
        advance_fen=int(balances.get(Place.ADVANCE, 0)),
        paid_fen=int(paid),
    )


def grown_ups(session: Session, household_id: int) -> list[Resident]:
    """Return who of a household may be named to do the work; one query."""
    rows = session.execute(
        select(Resident)
        .where(
            col(Resident.household_id) == household_id, col(Resident.state) != ResidentState.LEFT
        )
        .order_by(col(Resident.birth_date), col(Resident.id))
    ).scalars()
    today = clock.today()
    ages = [(one, age_on(one.birth_date, today)) for one in rows]
    return [one for one, age in ages if age is None or age >= ADULT]


def _shares(
    order_id: int | None,
    household_id: int | None,
    states: Sequence[AssignmentState] | None,
    overdue: bool,
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if order_id is not None:
        wanted.append(col(Assignment.order_id) == order_id)
    if household_id is not None:
        wanted.append(col(Assignment.household_id) == household_id)
    if states is not None:
        wanted.append(col(Assignment.state).in_(states))
    if overdue:
        late = AT_WORK - {AssignmentState.SUBMITTED, AssignmentState.INSPECTED}
        wanted += [col(Assignment.state).in_(late), _due() < clock.today()]
    return wanted


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


def _add_members(session: Session, found: dict[int, ShareRow]) -> None:
    rows = session.execute(
        select(col(AssignmentMember.assignment_id), col(Resident.name))
        .join(Resident, col(Resident.id) == col(AssignmentMember.resident_id))
        .where(col(AssignmentMember.assignment_id).in_(found))
        .order_by(col(AssignmentMember.id))
    ).all()
    for assignment_id, name in rows:
        found[assignment_id].members.append(name)


def _add_totals(session: Session, found: dict[int, ShareRow]) -> None:
    rows = session.execute(
        select(
            col(LedgerAccount.assignment_id),
            col(LedgerAccount.place),
            func.sum(col(LedgerAccount.balance)),
        )
        .where(col(LedgerAccount.assignment_id).in_(found))
        .group_by(col(LedgerAccount.assignment_id), col(LedgerAccount.place))
    ).all()
    totals: dict[int, dict[Place, int]] = defaultdict(dict)
    for assignment_id, place, amount in rows:
        totals[assignment_id][place] = int(amount)
    for assignment_id, row in found.items():
        row.totals = totals[assignment_id]
