"""Search among openings: a short query to the openings that answer it, each with why.

Each word of a query must be answered: a condition (日结) by the facts and the words of the posting,
any other by its words, its trade or its meaning. When nothing answers them all, the nearest are
given and marked as near. What is known of one posting is kept with it, so an index of thousands
is put together in milliseconds and answers in as many.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from matching.ranking.ranker import canonical_order
from matching.records import Note, Opening
from matching.search.concepts import Asked, Concept, Evidence
from matching.search.facts import is_near
from matching.search.meanings import MeaningTable, WorkMeaning, opening_meanings, phrase_meanings
from matching.search.postings import Posting
from matching.search.query import Query, name_texts, understand_query
from matching.search.spelling import Spelling
from matching.text.normalise import as_written
from matching.utils.array_types import FloatArray

_PREMISES: Final = "店厂馆铺场"  # 火锅店 is asked of an employer called 某某火锅
# What each way of answering a word counts; those of the prior, and the letters themselves.
_TITLE, _SKILL, _EMPLOYER, _PLACE, _TEXT = 4.0, 3.0, 2.0, 2.0, 1.5
_WEIGHTS: Final = {"link": 2.6, "trade": 4.0, "meaning": 4.0}
_TITLE_SHARE, _TEXT_SHARE = 1.6, 0.8  # of the pairs of characters of a word
_ANSWER, _LIKELY = 3.0, 1.0  # a condition that is met, or likely is
_CLOSENESS: Final = 1.0  # and how like the condition the posting is in meaning
_NAMED: Final = 0.5  # a condition that the title says in the words of the query
# From these on a word is answered without being said.
_LINKED, _SAME_TRADE = 0.35, 0.4
_DECIMALS: Final = 6
_MAX_NEAR: Final = 10  # nearest openings given beside or instead of answers
# What each part of a query brings the nearest, if they meet none of it: beside answers; where
# there is none; and the share of what the very nearest has.
_NEAR_BESIDE, _NEAR, _NEAR_SHARE = 1.2, 0.1, 0.6
_LEARNING: Final = frozenset({"course", "certificate", "free_course"})


@dataclass(frozen=True, slots=True)
class Found:
    """An opening that answers a query, or is ``near`` to it."""

    id: str
    score: float
    near: bool
    why: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Openings for a query, best first: answers, then the nearest.

    ``meant`` is the query as it was understood; ``near`` says that there is no answer at all.
    """

    meant: str
    near: bool
    found: list[Found]


@dataclass(slots=True)
class _Tally:
    """What the parts of a query have brought each posting so far."""

    score: FloatArray
    met: Any
    why: list[list[Note]]

    def add(self, points: FloatArray, here: Any) -> None:
        self.score += points
        self.met += here


class SearchIndex:
    """Postings to be searched any number of times.

    Parameters
    ----------
    postings : sequence of Posting
        Of two that answer equally well the one listed first comes first.
    meanings : sequence of WorkMeaning or None
        In the order of the postings; ``None`` where it is not worked out yet: such a posting is
        found by its words and facts alone.
    home : str
        Place path of those who search, for what is near; "" if not known.
    """

    def __init__(
        self,
        postings: Sequence[Posting],
        meanings: Sequence[WorkMeaning | None],
        home: str = "",
    ) -> None:
        self.postings = list(postings)
        self._meanings = MeaningTable(meanings)
        self._home = home
        names = frozenset(
            text for one in self.postings for text in (one.title, *one.skills, one.employer)
        )
        self._spelling = _spelling_of(names)

    def understand(self, query: str) -> Query:
        """Return a query as it is understood among these postings."""
        return understand_query(query, self._spelling)

    def search(
        self, query: str, top: int | None = 20, *, among: Collection[str] | None = None
    ) -> SearchResult:
        """Return up to ``top`` openings, all that answer for ``None``; a blank query has none.

        ``among`` are the ids of those that count; by default all.
        """
        understood = self.understand(query)
        if understood.is_empty:
            return SearchResult(understood.meant, False, [])
        size = len(self.postings)
        tally = _Tally(np.zeros(size), np.zeros(size, dtype=np.int64), [[] for _ in range(size)])
        learning = any(one.concept.code in _LEARNING for one in understood.asked)
        for asked in understood.asked:
            self._condition(tally, asked, learning)
        for word in understood.words:
            self._word(tally, word)
        answered = tally.met == len(understood.asked) + len(understood.words)
        if among is not None:
            ids = [one.opening.id in among for one in self.postings]
            left_out = ~np.array(ids, dtype=np.bool_)
            answered &= ~left_out
            tally.score[left_out], tally.met[left_out] = 0, 0
        n_parts = len(understood.asked) + len(understood.words)
        return self._result(understood.meant, tally, answered, n_parts, top)

    def _condition(self, tally: _Tally, asked: Asked, learning: bool) -> None:
        concept = asked.concept
        if self._home and concept.code == "near_home":
            concept = replace(concept, fact=is_near(self._home))
        # Which of those that answer come first, and the nearest where none does.
        meant = self._meanings.similarities(phrase_meanings([asked.words])[0])["meaning"]
        points, here = _CLOSENESS * meant, np.zeros(len(self.postings), dtype=np.bool_)
        for at, posting in enumerate(self.postings):
            found = self._answer(concept, posting, learning)
            if found is not None:
                here[at] = True
                points[at] += _ANSWER if found.sure else _LIKELY
                if asked.words in posting.title:
                    points[at] += _NAMED
                tally.why[at].append(_condition_note(concept, found))
        tally.add(points, here)

    def _answer(self, concept: Concept, posting: Posting, learning: bool) -> Evidence | None:
        key = (concept.code, learning, self._home)
        if key not in posting.remembered:
            posting.remembered[key] = concept.answer(posting, learning=learning)
        found: Evidence | None = posting.remembered[key]
        return found

    def _word(self, tally: _Tally, word: str) -> None:
        parts = self._meanings.similarities(phrase_meanings([word])[0])
        points = sum((_WEIGHTS[part] * value for part, value in parts.items()), np.zeros(1))
        here = (parts["link"] >= _LINKED) | (parts["trade"] >= _SAME_TRADE)
        for at in np.flatnonzero(here).tolist():
            title = self.postings[at].opening.title
            tally.why[at].append(Note(code="trade", text=f"“{word}”和“{title}”是一类活"))
        pairs = [word[at : at + 2] for at in range(len(word) - 1)]
        for at, posting in enumerate(self.postings):
            said = _said(word, posting)
            if said is not None:
                points[at] += said[0]
                if here[at]:
                    tally.why[at].pop()
                here[at] = True
                tally.why[at].append(said[1])
            for pair in pairs:
                if pair in posting.squeezed:
                    points[at] += _TEXT_SHARE / len(pairs)
                    if pair in posting.title:
                        points[at] += _TITLE_SHARE / len(pairs)
        tally.add(points, here)

    def _result(
        self, meant: str, tally: _Tally, answered: Any, n_parts: int, top: int | None
    ) -> SearchResult:
        score = np.round(tally.score, _DECIMALS)
        order = np.lexsort((np.arange(len(score)), -score, -tally.met, ~answered)).tolist()
        n_answers = int(answered.sum())
        nearest = order[n_answers : n_answers + _MAX_NEAR]
        least = _NEAR_BESIDE * n_parts
        if nearest and not n_answers:
            least = max(_NEAR * n_parts, _NEAR_SHARE * score[nearest[0]])
        nearest = [at for at in nearest if tally.met[at] or score[at] >= least]
        found = [
            Found(self.postings[at].opening.id, float(score[at]), not answered[at], tally.why[at])
            for at in [*order[:n_answers], *nearest][:top]
        ]
        return SearchResult(meant, not n_answers, found)


@lru_cache(maxsize=2)
def _spelling_of(names: frozenset[str]) -> Spelling:
    return Spelling(name_texts(sorted(names)))


def index_openings(openings: Iterable[Opening], home: str = "") -> SearchIndex:
    """Return an index of openings, whose meanings are worked out now.

    Their order makes no difference.
    """
    listed = canonical_order(list(openings))
    return SearchIndex([Posting(one) for one in listed], opening_meanings(listed), home)


def _said(word: str, posting: Posting) -> tuple[float, Note] | None:
    """Return what it counts that a posting says a word, and where; ``None`` if it does not."""
    if word in posting.title:
        named = as_written(word, posting.opening.title)
        return _TITLE, Note(code="title", text=f"名称里有“{named}”")
    skill = next((text for squeezed, text in posting.skills.items() if word in squeezed), None)
    if skill is not None:
        return _SKILL, Note(code="skill", text=f"这里要的有“{skill}”")
    bare = word[:-1] if len(word) > 2 and word[-1] in _PREMISES else word
    if bare in posting.employer:
        return _EMPLOYER, Note(code="employer", text=f"单位是“{posting.opening.employer}”")
    if len(word) > 1 and word in posting.place:
        return _PLACE, Note(code="place", text=f"地点在{word}")
    if len(word) > 1 and word in posting.squeezed:
        told = as_written(word, posting.written)
        return _TEXT, Note(code="description", text=f"写着“{told}”")
    return None


def _condition_note(concept: Concept, found: Evidence) -> Note:
    if not found.sure or found.text == concept.label:
        return Note(code="condition", text=found.text)
    return Note(code="condition", text=f"{concept.label}：{found.text}")


def search_lines(
    index: SearchIndex, queries: Iterable[str], top: int = 20
) -> Iterator[dict[str, Any]]:
    """Yield ``{"query", "meant", "near", "ranking"}`` for each query, in order."""
    for query in queries:
        result = index.search(query, top)
        yield {
            "query": query,
            "meant": result.meant,
            "near": result.near,
            "ranking": [
                {**asdict(one), "why": [note.model_dump() for note in one.why]}
                for one in result.found
            ],
        }
