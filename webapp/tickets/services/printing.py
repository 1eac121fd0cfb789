"""Use cases of what is printed beforehand: blank forms with codes of their own, posters."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock, receipt_codes
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.tickets import policy
from webapp.tickets.models.printed import BlankForm, WallPlace
from webapp.tickets.services.filing import fresh_pin


def print_blank_forms(session: Session, actor: Actor, *, number: int, batch: str) -> str:
    """Reserve codes and PINs for forms to be printed; return the name of the batch."""
    if not policy.can_handle(actor) or actor.account_id is None:
        raise Forbidden
    for _sheet in range(number):
        session.add(
            BlankForm(
                code=receipt_codes.fresh(),
                pin=fresh_pin(),
                batch=batch,
                printed_at=clock.now(),
                printed_by_id=actor.account_id,
            )
        )
    session.flush()
    audit.record(session, "ticket.print_forms", "ticket_blank_form", count=number)
    return batch


def blank_forms(session: Session, actor: Actor, *, batch: str) -> list[BlankForm]:
    """Return the forms of a batch that nobody has handed in yet."""
    if not policy.can_handle(actor):
        raise Forbidden
    rows = session.exec(
        select(BlankForm).where(BlankForm.batch == batch).order_by(col(BlankForm.id))
    ).all()
    if not rows:
        raise NotFound
    return [row for row in rows if row.ticket_id is None]


def hang_poster(session: Session, actor: Actor, *, place: str) -> WallPlace:
    """Name a place for a poster; the one that hangs there already is the same one."""
    if not policy.can_handle(actor) or actor.account_id is None:
        raise Forbidden
    hanging = session.exec(
        select(WallPlace).where(WallPlace.place == place, col(WallPlace.taken_down_at).is_(None))
    ).first()
    if hanging is not None:
        return hanging
    poster = WallPlace(
        code=receipt_codes.fresh(), place=place, made_at=clock.now(), made_by_id=actor.account_id
    )
    session.add(poster)
    session.flush()
    audit.record(session, "ticket.hang_poster", poster)
    return poster


def take_down_poster(session: Session, actor: Actor, *, poster_id: int) -> None:
    """Say that a poster no longer hangs; who scans it then writes where they are."""
    if not policy.can_handle(actor):
        raise Forbidden
    poster = session.get(WallPlace, poster_id)
    if poster is None:
        raise NotFound
    taken = session.exec(
        update(WallPlace)
        .where(col(WallPlace.id) == poster_id, col(WallPlace.taken_down_at).is_(None))
        .values(taken_down_at=clock.now())
    )
    if taken.rowcount != 1:
        raise Conflict(_("刚才已经取下来了"))
    audit.record(session, "ticket.take_down_poster", poster)


def wall_place(session: Session, code: str) -> WallPlace | None:
    """Return the place of a poster that hangs, by the code in its address."""
    plain = receipt_codes.plain(code)
    if plain is None:
        return None
    return session.exec(
        select(WallPlace).where(WallPlace.code == plain, col(WallPlace.taken_down_at).is_(None))
    ).first()
