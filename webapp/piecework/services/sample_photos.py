"""Use cases of the pictures of a sealed sample: add, release, take down, forget.

A company may show anything, so nothing of it is public before staff looked at it.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.photos import Fit, Kept
from webapp.piecework import policy
from webapp.piecework.lifecycle import OrderState
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.sample import SamplePhoto
from webapp.piecework.queries import samples
from webapp.piecework.services import opening_sync
from webapp.piecework.services.access import lock_order, require_staff
from webapp.piecework.services.transitions import order_state_conflict

FOLDER = "sample_photos"
MOST = 3
#: As a page shows it, and as a card does: a list of twenty stays light on a bad line.
FITS = (Fit(side=640, most_bytes=36_000), Fit(side=192, most_bytes=8_000))
_OVER = (OrderState.CANCELLED, OrderState.CLOSED)


def add(session: Session, actor: Actor, *, order_id: int, kept: Sequence[Kept]) -> PieceworkOrder:
    """Add pictures, each kept in both :data:`FITS`; what staff add has been looked at.

    Raises :class:`BadField` for none and for too many, ``Conflict`` once the order is over.
    """
    order = lock_order(session, actor, order_id)
    if order.state in _OVER:
        raise order_state_conflict(order)
    if not kept:
        raise BadField("photos", _("先选一张照片"))
    number = len(kept) // len(FITS)
    left = MOST - len(samples.all_of(session, order.id))
    if number > left:
        raise BadField(
            "photos", _("一共最多 %(most)d 张，还能传 %(left)d 张", most=MOST, left=left)
        )
    by_staff = policy.can_manage(actor)
    for page, card in zip(kept[:: len(FITS)], kept[1 :: len(FITS)], strict=True):
        session.add(
            SamplePhoto(
                order_id=order.id,
                stored=page.stored,
                width=page.width,
                height=page.height,
                small=card.stored,
                small_width=card.width,
                small_height=card.height,
                added_at=clock.now(),
                added_by_id=actor.account_id,
                released_at=clock.now() if by_staff else None,
                released_by_id=actor.account_id if by_staff else None,
            )
        )
        session.flush()  # one by one, so that they keep their order
    audit.record(session, "piecework.add_sample_photos", order, n=number)
    if by_staff:
        opening_sync.touch(session, order)
    return order


def release(session: Session, actor: Actor, *, photo_id: int) -> PieceworkOrder:
    """Let everybody see a picture that staff looked at; raises ``Conflict`` once it is so."""
    account_id = require_staff(actor)
    photo, order = _locked(session, actor, photo_id)
    statement = (
        update(SamplePhoto)
        .where(col(SamplePhoto.id) == photo_id, col(SamplePhoto.released_at).is_(None))
        .values(released_at=clock.now(), released_by_id=account_id)
    )
    if session.exec(statement).rowcount != 1:
        raise Conflict(_("这张已经放出来了"))
    audit.record(session, "piecework.release_sample_photo", photo, order=order.id)
    opening_sync.touch(session, order)
    return order


def take_down(session: Session, actor: Actor, *, photo_id: int) -> PieceworkOrder:
    """Delete a picture; a company takes down only what staff have not released.

    Families compare with what they were shown: it does not go without staff knowing.
    """
    photo, order = _locked(session, actor, photo_id)
    if not may_take_down(actor, photo):
        raise Conflict(_("社区看过、放出来的照片，要撤下请告诉社区"))
    session.delete(photo)
    audit.record(session, "piecework.drop_sample_photo", photo, order=order.id)
    opening_sync.touch(session, order)
    return order


def may_take_down(actor: Actor, photo: SamplePhoto) -> bool:
    """Whether the actor, who sees the order in full, may take the picture down."""
    return policy.can_manage(actor) or photo.released_at is None


def may_add(order: PieceworkOrder) -> bool:
    """Whether the order still takes pictures."""
    return order.state not in _OVER


def forget_old(session: Session) -> int:
    """Delete the pictures of orders that are over for good; return how many.

    One that was cancelled while families worked on it is wound up first.
    """
    over = (
        session.execute(
            select(SamplePhoto)
            .join(PieceworkOrder, col(PieceworkOrder.id) == col(SamplePhoto.order_id))
            .where(
                (col(PieceworkOrder.state) == OrderState.CLOSED)
                | (col(PieceworkOrder.state) == OrderState.CANCELLED)
                & col(PieceworkOrder.published_at).is_(None)
            )
            .order_by(col(SamplePhoto.id))
        )
        .scalars()
        .all()
    )
    for photo in over:
        session.delete(photo)
        audit.record(session, "piecework.drop_sample_photo", photo, order=photo.order_id)
    return len(over)


def stored_names(session: Session) -> set[str]:
    """Return the names of the pictures that have a row, in both sizes."""
    rows = session.execute(select(col(SamplePhoto.stored), col(SamplePhoto.small))).all()
    return {name for row in rows for name in row}


def _locked(session: Session, actor: Actor, photo_id: int) -> tuple[SamplePhoto, PieceworkOrder]:
    """Return a picture and its order, both fresh, the order's row locked."""
    photo = session.get(SamplePhoto, photo_id)
    if photo is None:
        raise NotFound
    order = lock_order(session, actor, photo.order_id)
    again = session.get(SamplePhoto, photo_id, populate_existing=True)
    if again is None:  # somebody else was faster
        raise NotFound
    return again, order
