"""Pictures of a hire's contract: their rows; the files are encrypted among the uploads."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, func, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, NotFound
from webapp.core.photos import FIELD, Kept
from webapp.employment.models import ContractPhoto

FOLDER = "contracts"  # among the uploads
MOST = 4


def add(session: Session, actor: Actor, *, match_id: int, photos: Sequence[Kept]) -> None:
    """Write the rows of pictures; :class:`BadField` for more than a hire may have.

    The caller holds the match from others.
    """
    known = session.exec(
        select(func.count()).select_from(ContractPhoto).where(ContractPhoto.match_id == match_id)
    ).one()
    if known + len(photos) > MOST:
        raise BadField(FIELD, _("一份合同最多 %(n)d 张照片", n=MOST))
    for one in photos:
        row = ContractPhoto(
            match_id=match_id,
            stored=one.stored,
            width=one.width,
            height=one.height,
            added_at=clock.now(),
            added_by_id=actor.account_id,
        )
        session.add(row)
        session.flush()
        audit.record(session, "contract.add_photo", row)


def get(session: Session, *, match_id: int, photo_id: int) -> ContractPhoto:
    """Return a picture of this hire's contract; :class:`NotFound` for another's."""
    found = session.get(ContractPhoto, photo_id)
    if found is None or found.match_id != match_id:
        raise NotFound
    return found


def forget(session: Session, match_ids: Sequence[int]) -> None:
    """Drop the pictures of these hires; a nightly job deletes the files."""
    session.exec(delete(ContractPhoto).where(col(ContractPhoto.match_id).in_(match_ids)))


def stored_names(session: Session) -> set[str]:
    """Return the names of the files that are still needed."""
    return set(session.exec(select(ContractPhoto.stored)).all())
