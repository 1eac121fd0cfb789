"""Find openings by what people say: words, conditions, pinyin, initials, with typing errors.

The index of what is open is put together at the first search after a change. Meanings are worked
out by the scheduler; an opening that has none yet is found by its words and facts, and the index
looks again for what has come meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from webapp.core import clock
from webapp.engine import meanings
from webapp.engine import search as engine
from webapp.openings.queries.catalogue import Entry, Shown

LONGEST = 40
VISITOR_HOME = "重庆市/九龙坡区/华岩镇/华龙家园"  # where visitors are taken to live
LOOK_AGAIN = timedelta(seconds=3)
_READ_AT_ONCE = 2000  # meanings that one request reads at most
_FEW = 5  # answers beside which the nearest are shown too
_MOST_REASONS = 2


@dataclass(frozen=True)
class SearchHits:
    """What a search found, best first.

    ``why`` has for an entry's id a few words on why it was found, where its title doesn't say so;
    ``meant`` is the query as it was understood; ``complete`` that no meaning was missing.
    """

    answers: list[Entry]
    nearest: list[Entry] = field(default_factory=list)
    why: dict[int, list[str]] = field(default_factory=dict)
    meant: str = ""
    complete: bool = True


@dataclass(frozen=True)
class _Prepared:
    index: Any
    missing: int
    read_at: datetime


def search(session: Session, shown: Shown, query: str, among: Sequence[Entry]) -> SearchHits:
    """Return what ``query`` finds among some of the entries shown."""
    prepared = _prepared(session, shown)
    hits = engine.search(prepared.index, query[:LONGEST], among={one.id for one in among})
    by_id = {one.id: one for one in among}
    answers = [by_id[hit.opening_id] for hit in hits.found if not hit.near]
    nearest = [by_id[hit.opening_id] for hit in hits.found if hit.near]
    return SearchHits(
        answers,
        nearest if len(answers) < _FEW else [],
        {one.opening_id: list(one.why[:_MOST_REASONS]) for one in hits.found if not one.plain},
        hits.meant,
        complete=not prepared.missing,
    )


def _prepared(session: Session, shown: Shown) -> _Prepared:
    """Return the index of what is shown, with all meanings that are kept by now."""
    newest: _Prepared | None = shown.indexes[-1] if shown.indexes else None
    if newest is not None and (not newest.missing or clock.now() - newest.read_at < LOOK_AGAIN):
        return newest
    unread = [one for one in shown.entries if not one.meant][:_READ_AT_ONCE]
    found = meanings.read_meanings(session, [one.meaning_key for one in unread]) if unread else {}
    for one in unread:
        if one.meaning_key in found and not one.meant:
            one.meant.append(found[one.meaning_key])
    if newest is not None and not found:
        index = newest.index
    else:
        index = engine.index(
            [one.posting for one in shown.entries],
            [one.meant[0] if one.meant else None for one in shown.entries],
            home=VISITOR_HOME,
        )
    missing = sum(not one.meant for one in shown.entries)
    shown.indexes[:] = [_Prepared(index, missing, clock.now())]
    return _Prepared(index, missing, clock.now())
