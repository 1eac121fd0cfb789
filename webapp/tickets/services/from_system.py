"""Tickets that nobody wrote: what another part found out and a branch has to look into."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp import events
from webapp.branches.models import Branch
from webapp.core.access import SYSTEM, Actor
from webapp.core.formatting import date_words
from webapp.residents.models import Resident
from webapp.tickets.lifecycle import TicketAction, TicketChannel, TicketKind
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import filing
from webapp.tickets.services.transitions import move


def doubt_payment(session: Session, actor: Actor, event: events.PaymentDoubted) -> int:
    """Have the branch for work look into pay that a household says did not come; once a line."""
    source = f"payment:{event.line_id}"
    if session.exec(select(Ticket.id).where(Ticket.source == source)).first() is not None:
        return 0
    branch_id = session.exec(
        select(Branch.id).order_by(col(Branch.serves_all).desc(), col(Branch.id))
    ).first()
    resident_id = session.exec(
        select(Resident.id)
        .where(Resident.household_id == event.household_id)
        .order_by(col(Resident.phone).is_(None), col(Resident.id))
    ).first()
    filed = filing.file_ticket(
        session,
        SYSTEM,
        words=_(
            "工钱回访时这户说手工钱没到或者少了。在「工钱到没到」那一页找第 %(n)d 笔，"
            "%(day)s前查清。",
            n=event.line_id,
            day=date_words(event.due_on),
        ),
        channel=TicketChannel.SYSTEM,
        kind=TicketKind.REQUEST,
        is_private=True,
        reporter=filing.Reporter(resident_id=resident_id),
        source=source,
    )
    if branch_id is not None:
        move(session, SYSTEM, filed.ticket, TicketAction.CLASSIFY, branch_id=branch_id)
    return 1
