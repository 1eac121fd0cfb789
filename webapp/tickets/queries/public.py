"""What everybody may read: tickets that were released, and what is overdue by branch."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.labels import LabelledEnum
from webapp.tickets.lifecycle import BEFORE_REPLY, Escalation, Outcome, TicketState
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.models.tickets import Ticket

LEAST_SHOWN = 5  # private ones of a branch: fewer are not counted out
MOST_NAMED = 20  # of one branch on the list of what is overdue


class Shown(LabelledEnum):
    """Which of the released tickets somebody wants to see."""

    IN_WORK = "in_work", "正在办"
    REPLIED = "replied", "答复了，等回访"
    RESOLVED = "resolved", "解决了"
    PARTLY = "partly", "解决了一部分"
    OTHER = "other", "别的结果"


@dataclass
class Overdue:
    """What one branch has left lying: the released ones by name, the others by number alone."""

    branch: Branch | None
    rows: list[Any] = field(default_factory=list)
    more: int = 0
    unseen: int = 0


def released(branch_id: int | None = None, shown: Shown | None = None) -> Any:
    """Return the statement of what was released, the newest first, as columns of a list."""
    statement: Any = (
        select(
            col(Ticket.id),
            col(Ticket.published_words),
            col(Ticket.published_at),
            col(Ticket.received_at),
            col(Ticket.state),
            col(Ticket.outcome),
            _is_late().label("is_late"),
            col(Branch.name).label("branch"),
        )
        .outerjoin(Branch, col(Branch.id) == col(Ticket.branch_id))
        .where(col(Ticket.published_at).is_not(None))
        .order_by(col(Ticket.published_at).desc(), col(Ticket.id).desc())
    )
    if branch_id is not None:
        statement = statement.where(col(Ticket.branch_id) == branch_id)
    return statement if shown is None else statement.where(_matches(shown))


def released_ticket(session: Session, ticket_id: int) -> Ticket | None:
    """Return a ticket that everybody may read, or ``None``."""
    return session.exec(
        select_rows(Ticket).where(Ticket.id == ticket_id, col(Ticket.published_at).is_not(None))
    ).first()


def released_photos(session: Session, ticket_id: int) -> list[int]:
    """Return the ids of the pictures of a ticket that staff released one by one."""
    return list(
        session.exec(
            select_rows(TicketPhoto.id)
            .where(TicketPhoto.ticket_id == ticket_id, col(TicketPhoto.published_at).is_not(None))
            .order_by(col(TicketPhoto.id))
        )
    )


def released_photo(session: Session, ticket_id: int, photo_id: int) -> str | None:
    """Return the name of a picture that everybody may see, or ``None``."""
    return session.exec(
        select_rows(TicketPhoto.stored)
        .join(Ticket, col(Ticket.id) == TicketPhoto.ticket_id)
        .where(
            TicketPhoto.id == photo_id,
            TicketPhoto.ticket_id == ticket_id,
            col(TicketPhoto.published_at).is_not(None),
            col(Ticket.published_at).is_not(None),
        )
    ).first()


def overdue_by_branch(session: Session) -> list[Overdue]:
    """Return the branches that left something lying for too long, in their usual order."""
    late = (col(Ticket.escalation) == Escalation.PUBLIC, _is_late())
    # What nobody has sorted yet is nobody's branch, and shown all the same.
    found: dict[int | None, Overdue] = {
        branch.id: Overdue(branch)
        for branch in session.exec(select_rows(Branch).order_by(col(Branch.id)))
    }
    found[None] = Overdue(None)
    rows = session.execute(
        select(
            col(Ticket.id), col(Ticket.branch_id), col(Ticket.published_words), col(Ticket.due_at)
        )
        .where(*late, col(Ticket.published_at).is_not(None))
        .order_by(col(Ticket.due_at))
    )
    for row in rows:
        one = found[row.branch_id]
        if len(one.rows) < MOST_NAMED:
            one.rows.append(row)
        else:
            one.more += 1
    counted = session.execute(
        select(col(Ticket.branch_id), func.count())
        .where(*late, col(Ticket.published_at).is_(None))
        .group_by(col(Ticket.branch_id))
    )
    for branch_id, number in counted:
        found[branch_id].unseen = number
    return [one for one in found.values() if one.rows or one.unseen]


def _is_late() -> ColumnElement[bool]:
    return and_(col(Ticket.due_at) <= clock.now(), col(Ticket.paused_at).is_(None))


def _matches(shown: Shown) -> Any:
    state, outcome = col(Ticket.state), col(Ticket.outcome)
    if shown is Shown.IN_WORK:
        return state.in_([*BEFORE_REPLY, TicketState.REFERRED_OUT])
    if shown is Shown.REPLIED:
        return state.in_([TicketState.REPLIED, TicketState.CALLBACK])
    if shown is Shown.OTHER:
        return (state.in_([TicketState.DUPLICATE, TicketState.OUT_OF_SCOPE])) | (
            (state == TicketState.CLOSED) & (outcome.is_(None) | (outcome == Outcome.UNREACHABLE))
        )
    return outcome == Outcome(shown.value)
