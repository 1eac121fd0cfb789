"""How a member finds a ticket: one that is not theirs to read does not exist for them."""

from sqlmodel import Session, select

from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.tickets import policy
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.policy import Standing
from webapp.tickets.services import people


def visible(session: Session, actor: Actor, ticket_id: int) -> tuple[Ticket, Standing]:
    """Return a ticket and what the actor is; :class:`NotFound` for one they may not read."""
    return _checked(session, actor, session.get(Ticket, ticket_id))


def locked(session: Session, actor: Actor, ticket_id: int) -> tuple[Ticket, Standing]:
    """Return the same as it stands now, kept from other writers until the commit."""
    return _checked(session, actor, lock(session, ticket_id))


def lock(session: Session, ticket_id: int) -> Ticket | None:
    """Return a ticket as it stands now, kept from other writers."""
    return session.exec(
        select(Ticket)
        .where(Ticket.id == ticket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _checked(session: Session, actor: Actor, ticket: Ticket | None) -> tuple[Ticket, Standing]:
    standing = people.standing_of(session, actor) if policy.can_handle(actor) else policy.NOBODY
    if ticket is None or not policy.can_read(actor, ticket, standing):
        raise NotFound
    return ticket, standing
