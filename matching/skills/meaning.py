"""Phrases and openings by what they mean: likely trades, and sentence vectors.

A name is compared with names by :mod:`matching.skills.vectors`; what the hands do all day shares
no word with a title, but speaks of the same trade as the posting that asks for it.
Phrases and openings that are not Chinese have no meaning here, and empty rows.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from operator import itemgetter

import numpy as np
from scipy import sparse

from matching.records import Opening
from matching.skills.understanding import understand_many
from matching.skills.vectors import link_many
from matching.skills.work_classifier import likely_trades, training_texts
from matching.text.sentence_vectors import sentence_vectors
from matching.text.tfidf import is_chinese
from matching.utils.array_types import Float32Array

# Least score of a link that says what an opening is, and what a required skill counts beside
# the title.
_MIN_LINK = 0.3
_SKILL_SHARE = 0.5
# Share of the linked names in the trades of an opening; the rest is read from its whole text.
_LINKED_SHARE = 0.5
# Columns and shares of likely trades.
_FIELDS = itemgetter(0), itemgetter(1)


@lru_cache(maxsize=1)
def _columns() -> dict[str, int]:
    return {name: column for column, name in enumerate(training_texts().distinct_names)}


def _as_rows(each: Sequence[dict[int, float]]) -> sparse.csr_array:
    """Return the roots of the shares: the product of two rows is then their affinity, 0 to 1."""
    indices = [column for shares in each for column in sorted(shares)]
    values = [shares[column] ** 0.5 for shares in each for column in sorted(shares)]
    ends = np.cumsum([0, *map(len, each)])
    shape = len(each), len(_columns())
    return sparse.csr_array(
        (np.array(values, dtype=np.float32), np.array(indices, dtype=np.int32), ends), shape=shape
    )


def _likely(texts: Sequence[str]) -> list[dict[int, float]]:
    return [
        {int(column): float(share) for column, share in zip(*one, strict=True) if share}
        for one in likely_trades(texts)
    ]


def phrase_trades(phrases: Sequence[str]) -> sparse.csr_array:
    """Return one row a phrase: the root of the share of each likely trade."""
    work = [meant.work for meant in understand_many(phrases)]
    is_known = [is_chinese(text) for text in work]
    likely = likely_trades(list(compress(work, is_known)))
    lengths = np.zeros(len(work), dtype=np.int64)
    lengths[is_known] = [len(columns) for columns, _ in likely]
    # Columns ascend within a phrase already.
    columns, shares = (
        np.concatenate(part or [np.zeros(0)]) for part in ([*map(at, likely)] for at in _FIELDS)
    )
    rows = sparse.csr_array(
        (
            np.sqrt(shares, dtype=np.float32),
            columns.astype(np.int32),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(work), len(_columns())),
    )
    rows.eliminate_zeros()
    return rows


def phrase_meanings(phrases: Sequence[str]) -> Float32Array:
    """Return the sentence vector of each phrase, shape (n_phrases, n_dimensions)."""
    work = [meant.work for meant in understand_many(phrases)]
    return sentence_vectors([text if is_chinese(text) else "" for text in work])


def posting_text(opening: Opening) -> str:
    """Return what an opening says of the work in one text, the title first."""
    parts = (opening.title, *opening.skills, *opening.teaches, opening.description or "")
    return " ".join(parts)


def opening_trades(openings: Sequence[Opening]) -> sparse.csr_array:
    """Return one row an opening, by its linked title and skills and by its whole text."""
    texts = [posting_text(opening) for opening in openings]
    chinese = [row for row, text in enumerate(texts) if is_chinese(text)]
    each: list[dict[int, float]] = [{} for _ in openings]
    linked = _linked([openings[row] for row in chinese])
    for row, told, read in zip(chinese, linked, _likely([texts[r] for r in chinese]), strict=True):
        share = _LINKED_SHARE if told else 0.0
        for shares, weight in ((told, share), (read, 1 - share)):
            for column, value in shares.items():
                each[row][column] = each[row].get(column, 0.0) + weight * value
    return _as_rows(each)


def _linked(openings: Sequence[Opening]) -> list[dict[int, float]]:
    """Return the names each title and its skills are linked to, as shares that sum to 1."""
    columns = _columns()
    groups = [[o.title, *o.skills, *o.teaches] for o in openings]
    links = link_many([phrase for group in groups for phrase in group])
    found: list[dict[int, float]] = []
    for opening, group in zip(openings, groups, strict=True):
        best: dict[int, float] = {}
        for phrase in group:
            weight = 1.0 if phrase == opening.title else _SKILL_SHARE
            for link in links[phrase]:
                column = columns.get(link.name)
                if column is not None and link.score >= _MIN_LINK:
                    best[column] = max(best.get(column, 0.0), weight * link.score**2)
        total = sum(best.values())
        found.append({column: value / total for column, value in best.items()})
    return found


def opening_meanings(openings: Sequence[Opening]) -> Float32Array:
    """Return the sentence vector of each whole posting, shape (n_openings, n_dimensions)."""
    texts = [posting_text(opening) for opening in openings]
    return sentence_vectors([text if is_chinese(text) else "" for text in texts])
