"""Use cases of a ticket's pictures: everybody sees one only after a member looked at it.

A picture may show a face, a number of a door or a paper, so each is released by itself.
"""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.tickets import policy
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.services import access


def release_picture(session: Session, actor: Actor, *, ticket_id: int, photo_id: int) -> None:
    """Let everybody see a picture of a ticket that everybody may read."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_publish(actor, ticket, standing):
        raise Forbidden
    if ticket.published_at is None:
        raise Conflict(_("先放出这件事的文字，再放照片"))
    photo = _picture(session, ticket_id, photo_id)
    photo.published_at, photo.published_by_id = clock.now(), actor.account_id
    audit.record(session, "ticket.release_picture", photo)


def hide_picture(session: Session, actor: Actor, *, ticket_id: int, photo_id: int) -> None:
    """Take a picture back from everybody's eyes."""
    access.locked(session, actor, ticket_id)
    photo = _picture(session, ticket_id, photo_id)
    photo.published_at = photo.published_by_id = None
    audit.record(session, "ticket.hide_picture", photo)


def pictures_of(session: Session, actor: Actor, *, ticket_id: int) -> list[TicketPhoto]:
    """Return the pictures of a ticket that the actor may read."""
    access.visible(session, actor, ticket_id)
    return list(
        session.exec(
            select(TicketPhoto)
            .where(TicketPhoto.ticket_id == ticket_id)
            .order_by(col(TicketPhoto.id))
        )
    )


def _picture(session: Session, ticket_id: int, photo_id: int) -> TicketPhoto:
    photo = session.get(TicketPhoto, photo_id)
    if photo is None or photo.ticket_id != ticket_id:
        raise NotFound
    return photo
