"""What a member answers for among the tickets: counted, and moved when they leave."""

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from webapp.core.access import Actor
from webapp.core.errors import Conflict, Refused
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.tickets.lifecycle import OWNED
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, hands


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add the open tickets that a member owns or stands in for."""
    held = select(func.count()).select_from(Ticket).where(_held_by(event.account_id))
    event.add(_("民情"), session.exec(held).one())


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Put them into the successor's hands, in one step; return how many. The clock runs on.

    What is said of the successor goes to somebody else.
    """
    ids = session.exec(
        select(Ticket.id).where(_held_by(event.account_id)).order_by(col(Ticket.id))
    ).all()
    moved = 0
    for ticket_id in ids:
        ticket = access.lock(session, ticket_id)
        if ticket is None or ticket.state not in OWNED:
            continue
        try:
            moved += hands.cover(
                session,
                actor,
                ticket,
                gone=(event.account_id,),
                named=(event.successor_id, event.spare_id),
            )
        except Conflict as nobody:
            raise Refused(nobody.message) from nobody
    return moved


def _held_by(account_id: int) -> ColumnElement[bool]:
    held = or_(col(Ticket.owner_id) == account_id, col(Ticket.backup_id) == account_id)
    return held & col(Ticket.state).in_(OWNED)
