"""Note what staff were shown, without making them wait for it."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, after_this_request
from sqlalchemy import case, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, delete

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import get_db
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Impression, Match

log = logging.getLogger(__name__)

# What this process noted lately: a page that is opened again writes nothing.
_noted: set[tuple[Any, ...]] = set()
_MOST_NOTED = 20_000
# A list's row beyond this says nothing more of how far down somebody looked.
_LAST_PLACE = 1000

COLUMNS = (
    "at",
    "account_id",
    "resident_id",
    "opening_id",
    "position",
    "rank",
    "propensity",
    "place",
    "in_full",
    "model_version",
)


def note_after_response(
    account_id: int | None, listed: Sequence[Any], opened: int | None, *, first_place: int = 1
) -> None:
    """Note, once the page is on its way, that a member of staff saw these suggestions.

    ``listed`` are lines of the list, with ``id`` of the match and ``position``; ``opened`` is
    the id of the one shown in full.
    """
    if account_id is None:
        return
    db = get_db()
    own = (db.url, account_id, clock.today())
    fresh = [
        (one.id, one.position, place, one.id == opened)
        for place, one in enumerate(listed, start=first_place)
        if one.position is not None and (*own, one.id, one.position, one.id == opened) not in _noted
    ]
    if not fresh:
        return

    def write() -> None:
        try:
            with db.transaction(SYSTEM) as session:
                note(session, account_id, fresh)
        except SQLAlchemyError:  # what was shown is shown; the log alone misses a line
            log.exception("impressions could not be noted")
            return
        if len(_noted) > _MOST_NOTED:
            _noted.clear()
        _noted.update((*own, id_, position, full) for id_, position, _place, full in fresh)

    @after_this_request
    def _later(response: Response) -> Response:
        response.call_on_close(write)
        return response


def note(session: Session, account_id: int, seen: Sequence[tuple[int, int, int, bool]]) -> None:
    """Write (match id, position, place, in full) as seen by an account, in one statement.

    What the model said is read from the match itself; what was noted before stays as it is.
    """
    if not seen:
        return
    places = {id_: min(place, _LAST_PLACE) for id_, _position, place, _full in seen}
    opened = {id_: full for id_, _position, _place, full in seen}
    shown = select(
        literal(clock.now(), Impression.__table__.c.at.type),  # type: ignore[attr-defined]
        literal(account_id),
        col(Match.resident_id),
        col(Match.opening_id),
        col(Match.position),
        col(Match.rank),
        col(Match.propensity),
        case(places, value=col(Match.id)),
        case(opened, value=col(Match.id)),
        col(Match.model_version),
    ).where(
        col(Match.id).in_(list(places)),
        col(Match.state) == MatchState.SUGGESTED,
        col(Match.position).is_not(None),
        col(Match.rank).is_not(None),
        col(Match.propensity).is_not(None),
    )
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Impression).from_select(COLUMNS, shown).on_conflict_do_nothing())


def forget(session: Session, *, before: datetime) -> int:
    """Delete what was noted before a moment; return how many rows."""
    gone = session.exec(delete(Impression).where(col(Impression.at) < before))
    return int(gone.rowcount)
