"""Plan a whole community at once: place as many people as possible, then maximise the score.

From records to one opening a seeker, by :mod:`matching.planning.assignment`. Up to ``MAX_PAIRS``
all eligible pairs are scored; beyond, each seeker's ``CANDIDATES`` best, and those that the widest
coverage needs. Coverage always considers all eligible pairs.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.explain.reason_builder import ReasonBuilder
from matching.features.pair_features import FeatureBlock
from matching.planning.assignment import assign
from matching.planning.scored_pairs import SCORE_SCALE, ScoredPairs, quantise_scores
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker, canonical_order
from matching.ranking.retrieval import Retriever
from matching.records import Note, Opening, Seeker
from matching.utils.array_types import BoolArray, FloatArray, Int32Array, IntArray, RealArray

# Scored pairs held at once, about 12 bytes each.
MAX_PAIRS = 25_000_000
# Openings scored for a seeker where all would be too many. On real texts (3,000 x 1,500, places for
# nearly all) twice as many gave the same total score, half as many .005% less.
CANDIDATES = 256
# Seekers handled at once: memory grows with this times the openings.
BLOCK_SIZE = 128
_CANDIDATE_BLOCK_SIZE = 512
# Up to so many seekers the total score is optimal; beyond, within this relative gap.
MAX_EXACT_SEEKERS = 5_000
TOLERANCE = 1e-3


class Placement(NamedTuple):
    """The placement of one seeker; ``opening`` is ``None`` without one."""

    seeker: str
    opening: str | None
    score: float | None
    reasons: list[Note]


@dataclass(frozen=True)
class Plan:
    """A plan and its proven bounds.

    Attributes
    ----------
    placements : list of Placement
        One a seeker, in their order.
    placed, bound : int
        Seekers placed, and the upper bound for any plan.
    group_placed, group_bound : int
        The same within the group that goes first; 0 without one.
    total, total_bound : float
        Sum of the scores, and the upper bound over the scored pairs at this coverage.
    all_scored : bool
        Whether every eligible pair was scored, so that ``total_bound`` holds for all plans.
    """

    placements: list[Placement]
    placed: int = 0
    bound: int = 0
    group_placed: int = 0
    group_bound: int = 0
    total: float = 0.0
    total_bound: float = 0.0
    all_scored: bool = True

    @property
    def coverage_is_maximal(self) -> bool:
        """Whether no plan places more seekers, nor more of the group that goes first."""
        return self.placed == self.bound and self.group_placed == self.group_bound

    @property
    def score_gap(self) -> float:
        """Relative gap of ``total`` to its bound; 0 is proven optimal."""
        return (self.total_bound - self.total) / abs(self.total_bound) if self.total_bound else 0.0


class _PairScorer:
    """Eligibility and scores of seekers and a catalogue, a block at a time."""

    def __init__(
        self,
        seekers: Sequence[Seeker],
        retriever: Retriever,
        ranker: Ranker,
        barred: Sequence[IntArray],
    ) -> None:
        self.seekers = seekers
        self.retriever = retriever
        self.ranker = ranker
        self.barred = barred
        self.all_scored = True

    def eligible(self, rows: IntArray, columns: IntArray) -> BoolArray:
        some = [self.seekers[i] for i in rows.tolist()]
        block = self.retriever.index.eligible_block(some, columns)
        for at, row in enumerate(rows.tolist()):
            if len(self.barred[row]):
                block[at, np.isin(columns, self.barred[row])] = False
        return block

    def _without_barred(self, start: int, rows: IntArray, columns: IntArray) -> BoolArray:
        """Return which of the pairs of a block, whose seekers begin at ``start``, may be."""
        width = len(self.retriever.catalogue)
        last = start + (int(rows[-1]) + 1 if len(rows) else 0)
        codes = [which + row * width for row, which in enumerate(self.barred[start:last])]
        barred = np.concatenate([np.zeros(0, dtype=np.int64), *codes])
        return ~np.isin(rows * width + columns, barred)

    def scored(self, most: int) -> ScoredPairs:
        """Score eligible pairs, at most ``most`` in all."""
        openings = len(self.retriever.catalogue)
        each = max(1, most // len(self.seekers))
        each = openings if each >= openings else min(each, CANDIDATES)
        counts: list[IntArray] = []
        columns: list[Int32Array] = []
        steps: list[FloatArray] = []
        size = BLOCK_SIZE if each == openings else _CANDIDATE_BLOCK_SIZE
        for start in range(0, len(self.seekers), size):
            some = self.seekers[start : start + size]
            block, rows, found, _ = self.retriever.candidates(some, each)
            # Who has fewer than was asked for has all of theirs scored.
            full = np.flatnonzero(np.bincount(rows, minlength=len(some)) == each)
            may = self._without_barred(start, rows, found)
            counts.append(np.bincount(rows[may], minlength=len(some)))
            columns.append(found[may].astype(np.int32))
            steps.append(self._steps(block, rows, found)[may])
            if self.all_scored and each < openings and len(full):
                eligible = self.retriever.index.eligible_block([some[i] for i in full.tolist()])
                self.all_scored = bool((eligible.sum(axis=1) == each).all())
        starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
        return ScoredPairs(starts, np.concatenate(columns), np.concatenate(steps))

    def _steps(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> FloatArray:
        return (
            quantise_scores(self.ranker.score(block, rows, columns)) if len(rows) else np.zeros(0)
        )

    def score(self, rows: IntArray, columns: IntArray) -> RealArray:
        """Score pairs sorted by row."""
        found = np.zeros(len(rows))
        _, first = np.unique(rows, return_index=True)
        for start in range(0, len(first), BLOCK_SIZE):
            begins = first[start : start + BLOCK_SIZE]
            after = start + BLOCK_SIZE
            which = slice(begins[0], first[after] if after < len(first) else len(rows))
            who, mine = np.unique(rows[which], return_inverse=True)
            block = FeatureBlock([self.seekers[i] for i in who.tolist()], self.retriever.catalogue)
            found[which] = self.ranker.score(block, mine, columns[which])
        return found


def _group(seekers: Sequence[Seeker], first: str | BoolArray | None) -> BoolArray | None:
    if isinstance(first, str):
        return np.array([first in one.priority for one in seekers], dtype=np.bool_)
    return first


def _barred(
    listed: Sequence[Opening],
    seekers: Sequence[Seeker],
    leave_out: Sequence[Collection[str]] | None,
) -> list[IntArray]:
    """Return, for each seeker, the columns of ``listed`` they are not to get."""
    if leave_out is None:
        return [np.zeros(0, dtype=np.int64)] * len(seekers)
    at = {opening.id: column for column, opening in enumerate(listed)}
    return [
        np.array(sorted(at[one] for one in set(ids) if one in at), dtype=np.int64)
        for ids in leave_out
    ]


def _reasons(
    seekers: Sequence[Seeker], openings: Sequence[Opening], at: IntArray
) -> Iterator[list[Note]]:
    """Yield the reasons of each seeker's placement, none for those without one."""
    builder = ReasonBuilder(openings)
    for start in range(0, len(seekers), BLOCK_SIZE):
        columns = at[start : start + BLOCK_SIZE]
        is_placed = columns >= 0
        offsets = np.concatenate([[0], np.cumsum(is_placed)])
        some = seekers[start : start + BLOCK_SIZE]
        explanations = builder.explain(some, offsets, columns[is_placed])
        for placed, position in zip(is_placed.tolist(), offsets.tolist(), strict=False):
            yield explanations[position].reasons if placed else []


def make_plan(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    *,
    first: str | BoolArray | None = None,
    leave_out: Sequence[Collection[str]] | None = None,
    ranker: Ranker | None = None,
    tolerance: float | None = None,
    max_pairs: int = MAX_PAIRS,
) -> Plan:
    """Plan a community within hard rules and capacities.

    As many seekers as possible are placed, those of a group before others if asked; then the
    total score is maximised.

    Parameters
    ----------
    seekers : sequence of Seeker
    openings : sequence of Opening
        Their order does not matter.
    first : str or ndarray of bool, shape (n_seekers,), optional
        A group in ``Seeker.priority``, or a mask of seekers: as many of them as possible are
        placed before others.
    leave_out : sequence of collections of str, optional
        Ids of openings that each seeker is not to get, in the order of the seekers.
    ranker : Ranker, optional
        By default the prior.
    tolerance : float, optional
        Relative gap to the best total score; by default 0 up to ``MAX_EXACT_SEEKERS`` seekers
        and ``TOLERANCE`` beyond.
    max_pairs : int, default=MAX_PAIRS
        Pairs to score; if there are more, each seeker's best candidates.
    """
    if not seekers or not openings:
        return Plan([Placement(seeker.id, None, None, []) for seeker in seekers])
    if tolerance is None:
        tolerance = 0.0 if len(seekers) <= MAX_EXACT_SEEKERS else TOLERANCE
    chosen = ranker or PriorRanker()
    listed = canonical_order(openings)
    barred = _barred(listed, seekers, leave_out)
    pairs = _PairScorer(seekers, Retriever(listed, chosen.space), chosen, barred)
    places = [min(max(opening.capacity, 0), len(seekers)) for opening in listed]
    found = assign(
        pairs.scored(max_pairs),
        np.array(places, dtype=np.int64),
        pairs.eligible,
        pairs.score,
        first=_group(seekers, first),
        tolerance=tolerance,
    )
    scores = np.round(found.steps / SCORE_SCALE, DECIMALS).tolist()
    return Plan(
        placements=[
            Placement(seeker.id, None, None, [])
            if column < 0
            else Placement(seeker.id, listed[column].id, score, reasons)
            for seeker, column, score, reasons in zip(
                seekers,
                found.at.tolist(),
                scores,
                _reasons(seekers, listed, found.at),
                strict=True,
            )
        ],
        placed=found.coverage.placed,
        bound=found.coverage.bound,
        group_placed=found.coverage.group_placed,
        group_bound=found.coverage.group_bound,
        total=float(found.steps.sum()) / SCORE_SCALE,
        total_bound=found.bound / SCORE_SCALE,
        all_scored=pairs.all_scored,
    )


def plan_community(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    *,
    first: str | None = None,
    ranker: Ranker | None = None,
) -> list[Placement]:
    """Return the placements of :func:`make_plan`, one a seeker, in their order."""
    return make_plan(seekers, openings, first=first, ranker=ranker).placements
