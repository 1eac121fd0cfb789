"""What is drawn from: all that was hired, and all tickets that were closed, in a quarter."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from webapp.matches.lifecycle import MatchAction
from webapp.matches.models import MatchEvent
from webapp.spot_checks import quarters
from webapp.spot_checks.lifecycle import SpotKind
from webapp.tickets.lifecycle import TicketState
from webapp.tickets.models.tickets import Ticket


def of(session: Session, kind: SpotKind, quarter: str) -> list[int]:
    """Return the ids of the matches or tickets of a quarter, ascending."""
    statement = _hires(quarter) if kind is SpotKind.HIRE else _tickets(quarter)
    return list(session.execute(statement).scalars())


def _hires(quarter: str) -> Any:
    """Those noted in the quarter and not taken back: each hire is of one quarter alone."""
    first, end = quarters.bounds(quarter)
    last = (
        select(col(MatchEvent.match_id), func.max(col(MatchEvent.id)).label("id"))
        .where(col(MatchEvent.action).in_([MatchAction.HIRE, MatchAction.UNDO_HIRE]))
        .group_by(col(MatchEvent.match_id))
        .subquery()
    )
    return (
        select(col(MatchEvent.match_id))
        .join(last, and_(last.c.id == col(MatchEvent.id)))
        .where(
            col(MatchEvent.action) == MatchAction.HIRE,
            col(MatchEvent.at) >= first,
            col(MatchEvent.at) < end,
        )
        .order_by(col(MatchEvent.match_id))
    )


def _tickets(quarter: str) -> Any:
    """Those closed in the quarter and not opened again; thanks that were only noted are no work."""
    first, end = quarters.bounds(quarter)
    return (
        select(col(Ticket.id))
        .where(
            col(Ticket.state) == TicketState.CLOSED,
            col(Ticket.closed_at) >= first,
            col(Ticket.closed_at) < end,
            col(Ticket.owner_id).is_not(None),
            col(Ticket.branch_id).is_not(None),
        )
        .order_by(col(Ticket.id))
    )
