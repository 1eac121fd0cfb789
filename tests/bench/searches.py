"""Everyday searches on the demo: what is found, and what finding it costs.

``everyday_searches.jsonl`` holds what residents of Chongqing type, each with the demo's openings
that answer it, labelled by reading the postings. Search was made with one half in view; the other
(SHA-256 of the query odd) tells how it does on searches nobody looked at.
"""

import datetime
import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.records import Opening
from matching.search.index import SearchIndex, index_openings
from matching.search.meanings import opening_meanings, phrase_meanings
from matching.search.postings import Posting
from matching.skills.meaning import posting_text
from tests.bench.timing import by_turns, show
from webapp.demo.content import read, window_rows
from webapp.demo.openings.catalogue import openings

TUNED, ASIDE = 0, 1
_FILE = Path(__file__).with_name("everyday_searches.jsonl")
_DAY = datetime.date(2026, 11, 30)
_TOP, _LARGE = 10, 2000


@dataclass(frozen=True)
class Search:
    """What was typed, of which type it is, and the openings that answer it."""

    query: str
    type: str
    right: frozenset[str]

    @property
    def half(self) -> int:
        """Whether search was made with it in view (``TUNED``) or not."""
        return int(hashlib.sha256(self.query.encode()).hexdigest(), 16) % 2


def read_searches() -> list[Search]:
    """Return all searches."""
    with _FILE.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Search(row["query"], row["type"], frozenset(row["right"])) for row in rows]


def demo_openings() -> list[Opening]:
    """Return the demo's openings that are still valid, as records."""
    employers = {row["key"]: row["name"] for row in read("employers")}
    return [
        Opening.model_validate(
            {
                "id": one.key,
                "kind": one.kind,
                "title": one.title,
                "employer": employers[one.employer],
                "category": one.category,
                "description": one.description,
                "place": one.place,
                "at_home": one.at_home,
                "skills": one.skills,
                "certificates": one.certificates,
                "education": one.education,
                "demands": one.demands,
                "hours": window_rows(one.hours),
                "flexible": one.flexible,
                "hazardous": one.hazardous,
                "pay": {"text": one.pay_text},
                "teaches": one.teaches,
                "capacity": one.headcount,
            }
        )
        for one in openings(_DAY)
        if one.published_days_ago <= one.valid_days
    ]


def ndcg(ranked: Sequence[str], right: frozenset[str]) -> float:
    """Return nDCG@10 of a ranking with equally right answers."""
    gains = [1 / math.log2(at + 2) for at in range(_TOP)]
    got = sum(gain for gain, one in zip(gains, ranked, strict=False) if one in right)
    return got / sum(gains[: len(right)])


def main(*, large: bool = False) -> None:
    """Print what is found beside plain TF-IDF cosine, then what a search costs."""
    records = demo_openings()
    index = index_openings(records)
    cosine = Cosine(records)

    def found(query: str) -> list[str]:
        return [one.id for one in index.search(query, _TOP).found]

    print(
        f"\n{'Everyday searches, nDCG@10 (standard error)':46}{'searches':>9}"
        f"{'ours':>14}{'cosine':>9}"
    )
    for half, name in ((TUNED, "half that was in view"), (ASIDE, "half that was not")):
        some = [one for one in read_searches() if one.half == half and one.right]
        for kind in ("all", *sorted({one.type for one in some})):
            chosen = [one for one in some if kind in {"all", one.type}]
            ours = np.array([ndcg(found(one.query), one.right) for one in chosen])
            theirs = np.mean([ndcg(cosine.search(one.query), one.right) for one in chosen])
            spread = ours.std() / math.sqrt(len(ours))
            print(
                f"  {f'{name}, {kind}':44}{len(chosen):9d}"
                f"{ours.mean():7.3f} ({spread:.3f}){theirs:9.3f}"
            )
        empty = np.mean([not found(one.query) for one in some])
        print(f"  {f'{name}, found nothing':44}{len(some):9d}{empty:7.3f}")
    _costs(records)


def _costs(records: Sequence[Opening]) -> None:
    """Print the processor time of searches among 2,000 openings, beside cosine of the same."""
    copies = -(-_LARGE // len(records))
    many = [
        one.model_copy(update={"id": f"{one.id}-{n}"}) for n in range(copies) for one in records
    ][:_LARGE]
    meanings = opening_meanings(records) * copies
    postings = [Posting(one) for one in many]
    index = SearchIndex(postings, meanings[:_LARGE])
    cosine = Cosine(many)
    queries = sorted({one.query for one in read_searches()})

    def each(search: Callable[[str], object]) -> Callable[[], None]:
        return lambda: [search(query) for query in queries] and None

    each(index.search)()  # what is known of each posting is found out once, and phrases are linked
    seconds = by_turns(
        {
            "an index put together, all known": lambda: SearchIndex(postings, meanings[:_LARGE]),
            f"{len(queries)} searches, their words met before": each(index.search),
            f"{len(queries)} searches, cosine": each(cosine.search),
            f"{len(queries)} queries' meanings, worked out anew": lambda: phrase_meanings(
                [f"{query}{time.monotonic_ns()}" for query in queries]
            ),
        }
    )
    show(f"Searches among {_LARGE:,} openings", seconds, f"{len(queries)} searches, cosine")


class Cosine:
    """The peer: cosine of character 1-2-gram TF-IDF of query and whole posting."""

    def __init__(self, records: Sequence[Opening]) -> None:
        self._ids = [one.id for one in records]
        self._space = TfidfVectorizer(analyzer="char", ngram_range=(1, 2))
        self._texts = self._space.fit_transform(map(posting_text, records))

    def search(self, query: str) -> list[str]:
        """Return up to ten ids with any character in common, best first."""
        scores = (self._space.transform([query]) @ self._texts.T).toarray()[0]
        best = np.argsort(-scores, kind="stable")[:_TOP]
        return [self._ids[at] for at in best if scores[at] > 0]
