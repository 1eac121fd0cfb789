"""Lists of orders: a bounded number of queries, however large an order is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.piecework.hourly_rate import Hourly
from webapp.piecework.lifecycle import CLAIMABLE, OrderState
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import hourly_rates


@dataclass(frozen=True)
class OrderRow:
    """One order in a list; ``hourly`` is ``None`` before it was timed."""

    order: PieceworkOrder
    opening: Opening
    employer: str
    hourly: Hourly | None


def count_open_orders(session: Session) -> int:
    """Return how many orders families may claim from."""
    return count(session, PieceworkOrder, _claimable())


def order_board(
    session: Session,
    *,
    states: Sequence[OrderState] | None = None,
    employer_id: int | None = None,
    offset: int = 0,
    limit: int = 20,
) -> list[OrderRow]:
    """Return orders for staff, or of one company; two queries."""
    return _order_rows(session, _board(states, employer_id), offset, limit)


def count_orders(
    session: Session,
    *,
    states: Sequence[OrderState] | None = None,
    employer_id: int | None = None,
) -> int:
    """Return how many orders :func:`order_board` lists."""
    return count(session, PieceworkOrder, _board(states, employer_id))


def order_by_opening(session: Session, opening_id: int) -> PieceworkOrder | None:
    """Return the order an opening belongs to, if any."""
    query = select(PieceworkOrder).where(col(PieceworkOrder.opening_id) == opening_id)
    return session.execute(query).scalar_one_or_none()


def _claimable() -> list[ColumnElement[bool]]:
    return [
        col(PieceworkOrder.state).in_(CLAIMABLE),
        col(PieceworkOrder.hold).is_(None),
        col(PieceworkOrder.deadline) >= clock.today(),
        col(PieceworkOrder.claimed) < col(PieceworkOrder.quantity),
    ]


def _board(
    states: Sequence[OrderState] | None, employer_id: int | None
) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if states is not None:
        wanted.append(col(PieceworkOrder.state).in_(states))
    if employer_id is not None:
        wanted.append(col(PieceworkOrder.employer_id) == employer_id)
    return wanted


def _order_rows(
    session: Session, wanted: list[ColumnElement[bool]], offset: int, limit: int
) -> list[OrderRow]:
    rows = session.execute(
        select(PieceworkOrder, Opening, col(Employer.name))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .join(Employer, col(Employer.id) == col(PieceworkOrder.employer_id))
        .where(*wanted)
        .order_by(
            col(PieceworkOrder.deadline).is_(None),
            col(PieceworkOrder.deadline),
            col(PieceworkOrder.id).desc(),
        )
        .offset(offset)
        .limit(limit)
    ).all()
    hourly = hourly_rates.hourly_of(session, [row[0] for row in rows])
    return [OrderRow(order, opening, name, hourly.get(order.id)) for order, opening, name in rows]


def count(session: Session, table: Any, wanted: list[ColumnElement[bool]]) -> int:
    """Return how many rows of a table fit."""
    query = select(func.count()).select_from(table).where(*wanted)
    found: int = session.execute(query).scalar_one()
    return found
