"""What a person keeps, as their page shows it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, literal, select
from sqlmodel import Session, col

from webapp.bookmarks.models import Bookmark, SearchAlert
from webapp.bookmarks.service import answers
from webapp.core.access import Actor
from webapp.openings.models import Opening
from webapp.openings.own_marks import OwnMark
from webapp.openings.queries.catalogue import Entry, Shown

SHOWN_OF_ALERT = 3


@dataclass(frozen=True)
class Kept:
    """A kept opening: ``entry`` while it takes people, else its ``title`` alone."""

    opening_id: int
    title: str
    entry: Entry | None


@dataclass(frozen=True)
class Alert:
    """A kept search with what it finds now, the newest few of ``found``."""

    id: int
    query: str
    words: str
    ends_on: date
    found: int
    newest: list[Entry]


def bookmarks_of(session: Session, account_id: int | None, shown: Shown) -> list[Kept]:
    """Return what an account keeps, the latest first."""
    by_id = {entry.id: entry for entry in shown.entries}
    rows = session.execute(
        select(col(Bookmark.opening_id), col(Opening.title))
        .join(Opening, col(Opening.id) == Bookmark.opening_id)
        .where(col(Bookmark.account_id) == account_id)
        .order_by(col(Bookmark.id).desc())
    )
    return [Kept(id_, title, by_id.get(id_)) for id_, title in rows]


def alerts_of(session: Session, account_id: int | None, shown: Shown) -> list[Alert]:
    """Return the searches of an account, the latest first; at most ten of them exist."""
    rows = session.execute(
        select(SearchAlert)
        .where(col(SearchAlert.account_id) == account_id)
        .order_by(col(SearchAlert.id).desc())
    ).scalars()
    found = []
    for row in rows:
        entries = answers(session, shown, row.query)
        newest = sorted(entries, key=lambda entry: entry.published_at, reverse=True)
        found.append(
            Alert(row.id, row.query, row.words, row.ends_on, len(entries), newest[:SHOWN_OF_ALERT])
        )
    return found


def marks(actor: Actor) -> Select[int, str]:
    """Return the statement for the openings that a person keeps."""
    return select(col(Bookmark.opening_id), literal(OwnMark.KEPT.value)).where(
        col(Bookmark.account_id) == actor.account_id
    )
