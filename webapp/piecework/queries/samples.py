"""The pictures of sealed samples, as their pages and the public lists show them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlmodel import Session, col

from webapp.openings.own_pages import Sample
from webapp.piecework.lifecycle import CLAIMABLE
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.sample import SamplePhoto


def all_of(session: Session, order_id: int) -> list[SamplePhoto]:
    """Return all pictures of an order, the first added first; for who sees it in full."""
    query = select(SamplePhoto).where(col(SamplePhoto.order_id) == order_id)
    return list(session.execute(query.order_by(col(SamplePhoto.id))).scalars())


def released(session: Session, opening_ids: Sequence[int]) -> Mapping[int, Sequence[Sample]]:
    """Return what everybody may see of openings' samples now, by the opening's id; one query."""
    rows = session.execute(
        select(col(PieceworkOrder.opening_id), SamplePhoto)
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(SamplePhoto.order_id))
        .where(
            col(PieceworkOrder.opening_id).in_(opening_ids),
            col(PieceworkOrder.state).in_(CLAIMABLE),
            col(SamplePhoto.released_at).is_not(None),
        )
        .order_by(col(SamplePhoto.id))
    ).all()
    found: dict[int, list[Sample]] = {}
    for opening_id, photo in rows:
        found.setdefault(opening_id, []).append(_sample(photo))
    return found


def of_opening(session: Session, opening_id: int) -> Sequence[Sample]:
    """Return what everybody may see of one opening's sample now."""
    return released(session, [opening_id]).get(opening_id, ())


def is_public(photo: SamplePhoto, order: PieceworkOrder) -> bool:
    """Whether everybody may see the picture: staff looked at it, and the order is under way."""
    return photo.released_at is not None and order.state in CLAIMABLE


def by_name(session: Session, stored: str) -> tuple[SamplePhoto, PieceworkOrder] | None:
    """Return the picture that is kept, in one of its sizes, under this name, with its order."""
    row = session.execute(
        select(SamplePhoto, PieceworkOrder)
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(SamplePhoto.order_id))
        .where(or_(col(SamplePhoto.stored) == stored, col(SamplePhoto.small) == stored))
    ).first()
    return None if row is None else (row[0], row[1])


def _sample(photo: SamplePhoto) -> Sample:
    return Sample(
        photo.stored,
        photo.width,
        photo.height,
        photo.small,
        photo.small_width,
        photo.small_height,
    )
