"""Put openings in order for a seeker: the shipped prior, or a ranker learned from choices."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from matching.eligibility.rules import broken_rules
from matching.explain.reasons import gaps, reasons
from matching.features.catalogue import Catalogue, Space
from matching.features.pair_features import Block
from matching.ranking import prior
from matching.records import Note, Opening, Ranked, Seeker, Task
from matching.utils.array_types import Float32Array, IntArray

# Scores are told to this many decimals; nearer ones are ties.
DECIMALS = 6


class Ranker(Protocol):
    """What scoring needs: the prior and a fitted :class:`MatchRanker`."""

    @property
    def version(self) -> str: ...

    @property
    def space(self) -> Space | None: ...

    def score(self, block: Block, rows: IntArray, columns: IntArray) -> Float32Array: ...


class PriorRanker:
    """Ranks by fixed weights, without any training data."""

    version = prior.VERSION
    space: Space | None = None

    def score(self, block: Block, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return scores in 0–1, shape (n_pairs,)."""
        return prior.scores(block.pairs(rows, columns))


def content_key(opening: Opening) -> str:
    """Return a key that tells openings apart by what they say, and by id only when all is equal."""
    said = opening.model_dump_json(exclude={"id"})
    digest = hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
    return digest + hashlib.blake2b(opening.id.encode(), digest_size=8).hexdigest()


def in_order(openings: Sequence[Opening]) -> list[Opening]:
    """Return openings in an order that depends on their content, not on how they were listed."""
    return sorted(openings, key=content_key)


def best_first(scores: Float32Array) -> list[int]:
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
        ``score`` is higher for better openings and comparable within the list. The order does
        not depend on the order of ``task.openings``: ties are broken by content.
    """
    if not task.openings:
        return []
    openings = in_order(task.openings)
    scores, broken = scores_of(task.seeker, openings, ranker or PriorRanker())
    order = sorted(best_first(scores), key=lambda i: bool(broken[i]))
    return [
        told(task.seeker, openings[i], float(scores[i]), broken=broken[i], eligible=not broken[i])
        for i in order
    ]


def scores_of(
    seeker: Seeker, openings: Sequence[Opening], ranker: Ranker
) -> tuple[Float32Array, list[list[Note]]]:
    """Return each opening's score and the hard rules it breaks, in the order given."""
    block = Block([seeker], Catalogue(openings, ranker.space))
    columns = np.arange(len(openings))
    scores = ranker.score(block, np.zeros_like(columns), columns)
    return scores, [broken_rules(seeker, opening) for opening in openings]


def told(
    seeker: Seeker, opening: Opening, score: float, *, broken: list[Note], eligible: bool
) -> Ranked:
    """Return the entry of one opening with its reasons and gaps."""
    return Ranked.model_construct(
        id=opening.id,
        score=round(score, DECIMALS),
        eligible=eligible,
        reasons=reasons(seeker, opening) if eligible else [],
        gaps=gaps(seeker, opening, broken),
    )


def prior_version() -> str:
    """Return the version of the shipped prior, to be logged with what it suggested."""
    return prior.VERSION
