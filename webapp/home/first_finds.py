"""What is open for the words somebody has just said, before the branch has looked."""

from itertools import chain, zip_longest

from sqlmodel import Session

from webapp.openings import catalogue_cache
from webapp.openings.queries.catalogue import Entry
from webapp.openings.queries.filters import Filters
from webapp.openings.queries.search import search
from webapp.residents.models import Resident

MOST_WORDS = 3
MOST = 3


def first_finds(session: Session, resident: Resident) -> list[Entry]:
    """Return up to three openings for what a person wants, or else can do; the best of each word.

    Found as by the search of the public list, without what asks for something they cannot do.
    """
    words = [*resident.wanted, *resident.skills][:MOST_WORDS]
    if not words:
        return []
    shown = catalogue_cache.shown(session)
    within = Filters(avoid=frozenset(resident.limits)).apply(shown.entries)
    hits = [search(session, shown, word, within) for word in words]
    answers = [[*one.answers, *one.nearest][:MOST] for one in hits]
    in_turn = chain.from_iterable(zip_longest(*answers))
    by_id = {entry.id: entry for entry in in_turn if entry is not None}
    return list(by_id.values())[:MOST]
