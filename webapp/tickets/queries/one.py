"""What a page shows of one ticket: its steps, its pictures, and the list of one's own."""

from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.branches.models import Branch
from webapp.core.access import Actor
from webapp.tickets.lifecycle import OPEN
from webapp.tickets.models.steps import TicketEvent, TicketPhoto
from webapp.tickets.models.tickets import Ticket

MOST_OPEN = 20


def by_code(session: Session, code: str) -> Ticket | None:
    """Return the ticket of a code."""
    return session.exec(select_rows(Ticket).where(Ticket.code == code)).first()


def events_of(session: Session, ticket_id: int) -> list[TicketEvent]:
    """Return the steps of a ticket, oldest first."""
    return list(
        session.exec(
            select_rows(TicketEvent)
            .where(TicketEvent.ticket_id == ticket_id)
            .order_by(col(TicketEvent.at), col(TicketEvent.id))
        )
    )


def photos_of(session: Session, ticket_id: int) -> list[int]:
    """Return the ids of the pictures of a ticket."""
    return list(
        session.exec(
            select_rows(TicketPhoto.id)
            .where(TicketPhoto.ticket_id == ticket_id)
            .order_by(col(TicketPhoto.id))
        )
    )


def photo_of(session: Session, ticket_id: int, photo_id: int) -> str | None:
    """Return the name of a picture of a ticket, or ``None``."""
    return session.exec(
        select_rows(TicketPhoto.stored).where(
            TicketPhoto.id == photo_id, TicketPhoto.ticket_id == ticket_id
        )
    ).first()


def own_open(session: Session, actor: Actor) -> list[Ticket]:
    """Return what a resident filed and the community still works on, the newest first."""
    still_open = own(actor).where(col(Ticket.state).in_(OPEN)).limit(MOST_OPEN)
    return [ticket for ticket, _branch in session.execute(still_open)]


def own(actor: Actor) -> Any:
    """Return the statement of what a resident filed or had written down, the newest first."""
    return (
        select(Ticket, col(Branch.name))
        .outerjoin(Branch, col(Branch.id) == col(Ticket.branch_id))
        .where(
            or_(
                col(Ticket.resident_id) == actor.resident_id,
                col(Ticket.reporter_account_id) == actor.account_id,
            )
        )
        .order_by(col(Ticket.id).desc())
    )
