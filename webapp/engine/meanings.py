"""Meanings of postings and phrases, worked out in the background and kept by content.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, delete, insert, select

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.engine.models import KeptMeaning

if TYPE_CHECKING:
    from matching.records import Opening
    from matching.search.meanings import WorkMeaning

_AT_ONCE = 500  # keys in one IN list
_WORKED_OUT_AT_ONCE = 32  # half a second; each lot is kept when it is done
_KEPT = timedelta(days=180)  # what is still needed then is worked out again


def opening_key(opening: "Opening") -> str:
    """Return the key of the meaning of an opening's record."""
    from matching.search import meanings

    return meanings.opening_key(opening)


def phrase_key(phrase: str) -> str:
    """Return the key of the meaning of a phrase."""
    from matching.search import meanings

    return meanings.phrase_key(phrase)


def read_meanings(session: Session, keys: Iterable[str]) -> dict[str, "WorkMeaning"]:
    """Return the meanings that are kept under these keys; one query for each 500."""
    from matching.search.meanings import WorkMeaning

    wanted = sorted(set(keys))
    found: dict[str, WorkMeaning] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(col(KeptMeaning.key), col(KeptMeaning.content)).where(
                col(KeptMeaning.key).in_(wanted[start : start + _AT_ONCE])
            )
        )
        found.update({key: WorkMeaning.from_bytes(base64.b64decode(text)) for key, text in rows})
    return found


def keep_opening_meanings(db: Database, openings: Sequence["Opening"]) -> int:
    """Work out and keep the meanings of records that have none yet; return how many."""
    from matching.search import meanings

    return _keep(db, {opening_key(one): one for one in openings}, meanings.opening_meanings)


def keep_phrase_meanings(db: Database, phrases: Iterable[str]) -> int:
    """Work out and keep the meanings of phrases that have none yet; return how many."""
    from matching.search import meanings

    return _keep(db, {phrase_key(one): one for one in phrases}, meanings.phrase_meanings)


def _keep(
    db: Database, texts: Mapping[str, Any], work_out: Callable[[Sequence[Any]], list["WorkMeaning"]]
) -> int:
    with db.reader() as session:
        known = _known(session, list(texts))
    new = [key for key in texts if key not in known]
    for start in range(0, len(new), _WORKED_OUT_AT_ONCE):
        keys = new[start : start + _WORKED_OUT_AT_ONCE]
        found = work_out([texts[key] for key in keys])
        with db.transaction(SYSTEM) as session:
            meanwhile = _known(session, keys)  # by another scheduler
            rows = [
                {
                    "key": key,
                    "content": base64.b64encode(one.to_bytes()).decode(),
                    "created_at": clock.now(),
                }
                for key, one in zip(keys, found, strict=True)
                if key not in meanwhile
            ]
            if rows:
                session.execute(insert(KeptMeaning), rows)
    return len(new)


def _known(session: Session, keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        known.update(session.exec(select(KeptMeaning.key).where(col(KeptMeaning.key).in_(some))))
    return known


def purge(session: Session) -> None:
    """Forget meanings that were worked out long ago; those still needed come back."""
    session.exec(delete(KeptMeaning).where(col(KeptMeaning.created_at) < clock.now() - _KEPT))
