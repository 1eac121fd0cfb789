"""Rank the openings of one task, by the shipped prior or a ranker learned from choices."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from matching.eligibility.rules import broken_rules
from matching.explain.reason_builder import ReasonBuilder
from matching.features.catalogue import Catalogue, FeatureSpace
from matching.features.pair_features import FeatureBlock
from matching.ranking import prior
from matching.records import Note, Opening, Ranked, Seeker, Task
from matching.utils.array_types import Float32Array, IntArray

# Decimals of a score; scores that are equal so far are ties.
DECIMALS = 6


class Ranker(Protocol):
    """What scores pairs: the prior or a fitted :class:`MatchRanker`.

    ``version`` is logged with what it suggested; ``space`` holds the term and place weights that
    catalogues are to be built with, ``None`` for those of the catalogue itself.
    """

    @property
    def version(self) -> str: ...

    @property
    def space(self) -> FeatureSpace | None: ...

    def score(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> Float32Array: ...


class PriorRanker:
    """Ranks by fixed weights, without any training data."""

    version = prior.VERSION
    space: FeatureSpace | None = None

    def score(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return scores in 0–1, shape (n_pairs,)."""
        return prior.scores(block.pairs(rows, columns))


def content_key(opening: Opening) -> str:
    """Return a sort key from an opening's content, and from its id only among equal contents."""
    content = opening.model_dump_json(exclude={"id"})
    digest = hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
    return digest + hashlib.blake2b(opening.id.encode(), digest_size=8).hexdigest()


def canonical_order(openings: Sequence[Opening]) -> list[Opening]:
    """Return openings sorted by content, so that results do not depend on how they were listed."""
    return sorted(openings, key=content_key)


def rank_order(scores: Float32Array) -> list[int]:
    """Return positions by falling score, ties in the order given; NaN is not allowed."""
    order: list[int] = np.argsort(-np.round(scores, DECIMALS), kind="stable").tolist()
    return order


def rank(task: Task, ranker: Ranker | None = None) -> list[Ranked]:
    """Return every opening of the task once, best first, ineligible ones last.

    Parameters
    ----------
    task : Task
    ranker : Ranker, optional
        By default the prior, which needs no training data.

    Returns
    -------
    list of Ranked
        A higher ``score`` is better; scores are comparable within the list. The order does
        not depend on the order of ``task.openings``: ties are broken by content.
    """
    if not task.openings:
        return []
    openings = canonical_order(task.openings)
    scores, broken = score_openings(task.seeker, openings, ranker or PriorRanker())
    order = sorted(rank_order(scores), key=lambda i: bool(broken[i]))
    explanations = ReasonBuilder(openings).explain([task.seeker])
    return [
        Ranked.model_construct(
            id=openings[i].id,
            score=round(float(scores[i]), DECIMALS),
            eligible=not broken[i],
            reasons=[] if broken[i] else explanations[i].reasons,
            gaps=[*broken[i], *explanations[i].gaps],
        )
        for i in order
    ]


def score_openings(
    seeker: Seeker, openings: Sequence[Opening], ranker: Ranker
) -> tuple[Float32Array, list[list[Note]]]:
    """Return each opening's score and the hard rules it breaks, in the order given."""
    block = FeatureBlock([seeker], Catalogue(openings, ranker.space))
    columns = np.arange(len(openings))
    scores = ranker.score(block, np.zeros_like(columns), columns)
    return scores, [broken_rules(seeker, opening) for opening in openings]


def prior_version() -> str:
    """Return the version of the shipped prior, to be logged with what it suggested."""
    return prior.VERSION
