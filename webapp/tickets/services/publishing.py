"""Let everybody read a ticket: only once a member has read it, in words that name nobody."""

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Forbidden
from webapp.tickets import policy
from webapp.tickets.lifecycle import TicketAction
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access
from webapp.tickets.services.sorting import UNPUBLISHED
from webapp.tickets.services.transitions import move

MOST_WORDS = 1000


def publish(session: Session, actor: Actor, *, ticket_id: int, words: str) -> Ticket:
    """Show a ticket to everybody in ``words``, its reporter's own or a shortened text."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_publish(actor, ticket, standing):
        raise Forbidden(_("本人要求不公开的，不能公开"))
    if not 0 < len(words.strip()) <= MOST_WORDS:
        raise BadField("words", _("请写 1 到 %(n)d 个字", n=MOST_WORDS))
    move(
        session,
        actor,
        ticket,
        TicketAction.PUBLISH,
        published_at=ticket.published_at or clock.now(),
        published_words=words.strip(),
        published_by_id=actor.account_id,
    )
    return ticket


def unpublish(session: Session, actor: Actor, *, ticket_id: int, inside_words: str = "") -> Ticket:
    """Take it off the public page again."""
    ticket, _standing = access.locked(session, actor, ticket_id)
    move(session, actor, ticket, TicketAction.UNPUBLISH, inside_words=inside_words, **UNPUBLISHED)
    return ticket
