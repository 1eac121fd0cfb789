"""What promises and activities have in common: who may end them, and how they end once."""

from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlmodel import Session, SQLModel, col, select, update

from webapp.branches import policy
from webapp.branches.models.commitments import BranchActivity, BranchPromise
from webapp.branches.queries.members import secretary_of
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.photos import Kept

Row = TypeVar("Row", bound=SQLModel)
PHOTOS = "branches"  # folder of the pictures among the uploads


def get_closable(session: Session, actor: Actor, table: type[Row], row_id: int) -> Row:
    """Return a promise or an activity that the actor may end; another's is not there (404)."""
    row: Any = session.get(table, row_id)
    if row is None or not policy.can_close(
        actor,
        row.branch_id,
        answering=(row.owner_id, row.backup_id),
        secretary_id=secretary_of(session, row.branch_id),
    ):
        raise NotFound
    found: Row = row
    return found


def close(session: Session, actor: Actor, row: Any, *, before: Any, **values: Any) -> None:
    """End a row that is in state ``before``, with the values of its end; ``Conflict`` otherwise."""
    table = type(row)
    step = (
        update(table)
        .where(col(table.id) == row.id, col(table.state) == before)
        .values(closed_at=clock.now(), closed_by_id=actor.account_id, **values)
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("刚才已经有人记过了，请看看最新情况。"))
    session.refresh(row)


def picture(photo: Kept | None, words: str) -> dict[str, Any]:
    """Return the columns of a picture; refuse one without words for who does not see it."""
    if photo is None:
        return {}
    if not words:
        raise BadField("photo_alt", _("写一句照片上是什么，看不见的人靠它"))
    return {
        "photo": photo.stored,
        "photo_width": photo.width,
        "photo_height": photo.height,
        "photo_alt": words,
    }


def stored_photos(session: Session) -> set[str]:
    """Return the names of all pictures that a row names."""
    return {
        *session.exec(select(BranchPromise.photo)).all(),
        *session.exec(select(BranchActivity.photo)).all(),
    }
