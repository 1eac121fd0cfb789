"""Search among openings: a short query to the openings that answer it, each with why.

Every opening is prepared once, when the index is built; a query then takes milliseconds. Each
word of a query must be answered: a condition (日结) by the facts and the words of the posting, any
other by its words, its trade or its meaning. When nothing answers them all, the nearest are given
and marked as near.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np

from matching.features.catalogue import Catalogue
from matching.ranking.ranker import canonical_order
from matching.records import Note, Opening
from matching.search.concepts import Concept, all_concepts, posting, split_concepts
from matching.search.spelling import Spelling
from matching.text.normalise import normalise, squeeze
from matching.text.segmentation import strip_fillers
from matching.utils.array_types import FloatArray

_PREMISES: Final = "店厂馆铺场"  # 火锅店 is asked of an employer called 某某火锅
MAX_CHARS: Final = 100  # a longer query is cut
# What each way of answering a word counts; those of the prior, and the letters themselves.
_TITLE, _SKILL, _EMPLOYER, _DESCRIPTION = 4.0, 3.0, 2.0, 1.5
_WEIGHTS: Final = {"title": 1.6, "work": 0.8, "link": 2.6, "trade": 4.0, "meaning": 4.0}
_ANSWER: Final = 3.0  # a condition that is met
# From these on a word is answered without being said.
_LINKED, _SAME_TRADE = 0.35, 0.4
_DECIMALS: Final = 6
_MAX_NEAR: Final = 10  # nearest openings given beside or instead of answers


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


class SearchIndex:
    """Openings prepared for any number of queries.

    Parameters
    ----------
    openings : iterable of Opening
        Their order does not matter.
    catalogue : Catalogue, optional
        The same openings, prepared already; by default they are prepared here.
    """

    def __init__(self, openings: Iterable[Opening], catalogue: Catalogue | None = None) -> None:
        self.catalogue = catalogue or Catalogue(canonical_order(list(openings)))
        self.openings = self.catalogue.openings
        self.catalogue.prepare_meaning()
        self._titles = [squeeze(one.title) for one in self.openings]
        self._skills = [
            [squeeze(text) for text in (*one.skills, *one.teaches, one.category or "")]
            for one in self.openings
        ]
        self._employers = [squeeze(one.employer or "") for one in self.openings]
        self._texts = [posting(one) for one in self.openings]
        squeezed = [squeeze(text) for text in self._texts]
        self._squeezed = squeezed
        words = [word for concept in all_concepts() for word in concept.words]
        named = [*self._titles, *(text for some in self._skills for text in some), *words]
        self._spelling = Spelling(named, [*squeezed, *self._employers])
        self._answer = lru_cache(maxsize=512)(self._find_answers)

    def search(self, query: str, top: int = 20) -> SearchResult:
        """Return up to ``top`` openings; a blank query has none."""
        meant, concepts, words = self.understand(query)
        if not concepts and not words:
            return SearchResult(meant, False, [])
        score = np.zeros(len(self.openings))
        answered = np.ones(len(self.openings), dtype=np.bool_)
        met = np.zeros(len(self.openings), dtype=np.int64)
        why: list[list[Note]] = [[] for _ in self.openings]
        for concept in concepts:
            told = self._answer(concept)
            here = np.array([text is not None for text in told], dtype=np.bool_)
            score += _ANSWER * here
            answered &= here
            met += here
            for at, text in enumerate(told):
                if text is not None:
                    why[at].append(_concept_note(concept, text))
        for word in words:
            points, here, notes = self._compare(word)
            score += points
            answered &= here
            met += here
            for at, note in notes.items():
                why[at].append(note)
        return self._result(meant, np.round(score, _DECIMALS), answered, met, why, top)

    def understand(self, query: str) -> tuple[str, list[Concept], list[str]]:
        """Return a query in likely Chinese, its conditions, and the words that are left."""
        parts = _parts(normalise(query[:MAX_CHARS]))
        joined = squeeze("".join(parts))
        if len(parts) > 1 and joined.isascii() and self._spelling.meant(joined) != joined:
            parts = [joined]  # pinyin with spaces between the syllables
        meant = " ".join(self._spelling.meant(squeeze(part)) for part in parts)
        concepts, rest = split_concepts(meant)
        words = [strip_fillers(part) for part in _parts(rest)]
        kept = [word for word in words if len(word) > 1 or not concepts]
        return meant, concepts, list(dict.fromkeys(filter(None, kept)))

    def _find_answers(self, concept: Concept) -> list[str | None]:
        return [concept.answer(opening) for opening in self.openings]

    def _compare(self, word: str) -> tuple[FloatArray, Any, dict[int, Note]]:
        """Return what a word counts for each opening, which ones answer it, and why."""
        parts = {
            part: self.catalogue.similarities([word], part)[0].astype(np.float64)
            for part in _WEIGHTS
        }
        points = sum((_WEIGHTS[part] * value for part, value in parts.items()), np.zeros(1))
        here = (parts["link"] >= _LINKED) | (parts["trade"] >= _SAME_TRADE)
        notes: dict[int, Note] = {
            int(at): Note(code="trade", text=f"“{word}”和“{self.openings[at].title}”是一类活")
            for at in np.flatnonzero(here)
        }
        for at in range(len(self.openings)):
            said = self._said(word, at)
            if said is not None:
                points[at] += said[0]
                here[at] = True
                notes[at] = said[1]
        return points, here, notes

    def _said(self, word: str, at: int) -> tuple[float, Note] | None:
        """Return what it counts that a posting says a word, and where; ``None`` if it does not."""
        if word in self._titles[at]:
            return _TITLE, Note(code="title", text=f"名称里有“{word}”")
        skill = next((text for text in self._skills[at] if word in text), None)
        if skill is not None:
            return _SKILL, Note(code="skill", text=f"这里要的有“{skill}”")
        bare = word[:-1] if len(word) > 2 and word[-1] in _PREMISES else word
        if bare in self._employers[at]:
            return _EMPLOYER, Note(code="employer", text=f"单位是“{self.openings[at].employer}”")
        if len(word) > 1 and word in self._squeezed[at]:
            return _DESCRIPTION, Note(code="description", text=f"写着“{word}”")
        return None

    def _result(
        self,
        meant: str,
        score: FloatArray,
        answered: Any,
        met: Any,
        why: Sequence[list[Note]],
        top: int,
    ) -> SearchResult:
        order = np.lexsort((np.arange(len(score)), -score, -met, ~answered))
        found: list[Found] = []
        n_near = 0
        for at in order.tolist()[: top + _MAX_NEAR]:
            near = not bool(answered[at])
            if len(found) >= top or (near and (n_near >= _MAX_NEAR or score[at] <= 0)):
                break
            n_near += near
            found.append(Found(self.openings[at].id, float(score[at]), near, why[at]))
        return SearchResult(meant, not bool(answered.any()), found)


def _parts(text: str) -> list[str]:
    kept = "".join(char if char.isalnum() else " " for char in text)
    return kept.split()


def _concept_note(concept: Concept, text: str) -> Note:
    told = concept.label if text == concept.label else f"{concept.label}：{text}"
    return Note(code="condition", text=told)


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
