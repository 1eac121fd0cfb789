"""Search among openings by what people say.

Nothing of the library is imported before it is needed, so that web workers stay light; the server
has it loaded once, before its workers part from it (:func:`load`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.engine.records import opening_record

if TYPE_CHECKING:
    from matching.search.index import SearchIndex
    from matching.search.meanings import WorkMeaning
    from matching.search.postings import Posting


@dataclass(frozen=True)
class Hit:
    """An opening that answers a search, or comes near, and why; ``plain`` if its title says it."""

    opening_id: int
    near: bool
    why: tuple[str, ...]
    plain: bool


@dataclass(frozen=True)
class Hits:
    """What a search found, best first: answers, then the nearest; and how it was understood."""

    meant: str
    found: list[Hit]


def posting(opening: Any, *, employer: str, note: str) -> "Posting":
    """Return an opening (a row) prepared for searches; ``note`` is what else its page says."""
    from matching.search.postings import Posting

    return Posting(opening_record(opening, employer=employer), opening.address, note)


def conditions_of(posting: "Posting", codes: Sequence[str]) -> list[str]:
    """Return those conditions (codes of ``search_concepts.csv``) that the posting surely meets."""
    from matching.search.concepts import all_concepts

    wanted = set(codes)
    met = {
        one.code
        for one in all_concepts()
        if one.code in wanted and (found := one.answer(posting)) is not None and found.sure
    }
    return [code for code in codes if code in met]


def index(
    postings: Sequence["Posting"], meanings: Sequence["WorkMeaning | None"], *, home: str
) -> "SearchIndex":
    """Return an index of postings; ``home`` is the place path that near is counted from."""
    from matching.search.index import SearchIndex

    return SearchIndex(postings, meanings, home)


def index_of_texts(texts: Iterable[tuple[int, str, Sequence[str], str]]) -> "SearchIndex":
    """Return an index of texts about lines of work: (id, title, what people call it, text) each.

    Their meanings are worked out now, ten milliseconds a text.
    """
    from matching.records import Kind, Opening
    from matching.search.index import SearchIndex
    from matching.search.meanings import opening_meanings
    from matching.search.postings import Posting

    records = [
        Opening(
            id=str(number), kind=Kind.VENTURE, title=title, skills=list(names), description=text
        )
        for number, title, names, text in texts
    ]
    return SearchIndex([Posting(one) for one in records], opening_meanings(records))


def search(prepared: "SearchIndex", query: str, *, among: Collection[int]) -> Hits:
    """Return what a query finds among some openings, by their ids."""
    result = prepared.search(query, None, among={str(one) for one in among})
    return Hits(
        result.meant,
        [
            Hit(
                int(one.id),
                one.near,
                tuple(note.text for note in one.why),
                all(note.code == "title" for note in one.why),
            )
            for one in result.found
        ],
    )


def load() -> None:
    """Load all that a search needs (three seconds, 200 MB)."""
    from matching.search.index import SearchIndex
    from matching.search.meanings import phrase_meanings

    SearchIndex([], []).search("fengren")
    phrase_meanings(["缝纫"])
