"""Scored pairs of a community, seeker by seeker, as arrays."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.planning.max_coverage import Pairs
from matching.utils.array_types import BoolArray, FloatArray, Int32Array, IntArray, RealArray

# Scores are integers in planning: this many steps are 1.
SCORE_SCALE = 10**6
# Pairs handled together.
CHUNK = 2**18


@dataclass(frozen=True)
class ScoredPairs:
    """Scored eligible pairs, seeker by seeker, columns rising.

    Parameters
    ----------
    starts : ndarray of shape (n_seekers + 1,)
    columns : ndarray of int32, shape (n_pairs,)
    steps : ndarray of float64, shape (n_pairs,)
        Scores in whole steps.
    """

    starts: IntArray
    columns: Int32Array
    steps: FloatArray

    @classmethod
    def from_pairs(cls, pairs: Pairs, steps: FloatArray, n_seekers: int) -> "ScoredPairs":
        starts = np.searchsorted(pairs.rows, np.arange(n_seekers + 1))
        return cls(starts, pairs.columns.astype(np.int32), steps)

    @property
    def n_seekers(self) -> int:
        return len(self.starts) - 1

    @property
    def sizes(self) -> IntArray:
        """How many pairs each seeker has."""
        return np.diff(self.starts)

    @property
    def rows(self) -> IntArray:
        return np.repeat(np.arange(self.n_seekers), self.sizes)

    @property
    def pairs(self) -> Pairs:
        return Pairs(self.rows, self.columns.astype(np.int64))

    def chunks(self) -> Iterator[tuple[int, int, slice]]:
        """Yield ranges of seekers (first, end) with about ``CHUNK`` pairs, and their pairs."""
        first = 0
        while first < self.n_seekers:
            end = np.searchsorted(self.starts, self.starts[first] + CHUNK, side="right") - 1
            last = max(first + 1, int(end))
            yield first, last, slice(int(self.starts[first]), int(self.starts[last]))
            first = last

    def sample_pairs(self, each: int) -> Pairs:
        """Return at most ``each`` pairs a seeker, drawn reproducibly."""
        sizes = self.sizes
        has = np.flatnonzero(sizes)
        drawn = np.random.default_rng(0).random((len(has), each)) * sizes[has, None]
        return self.at(np.unique(self.starts[has, None] + drawn.astype(np.int64))).pairs

    def find(self, pairs: Pairs) -> tuple[IntArray, BoolArray]:
        """Return the positions of pairs, or where they would be inserted, and which are present."""
        # Binary search in all rows at once.
        low, end = self.starts[pairs.rows], self.starts[pairs.rows + 1]
        if not len(self.columns):
            return low, np.zeros(len(low), dtype=np.bool_)
        high, most = end, len(self.columns) - 1
        for _ in range(int(self.sizes.max()).bit_length()):
            middle = (low + high) >> 1
            after = (self.columns[np.minimum(middle, most)] < pairs.columns) & (middle < high)
            low, high = np.where(after, middle + 1, low), np.where(after, high, middle)
        return low, (self.columns[np.minimum(low, most)] == pairs.columns) & (low < end)

    def intersection(self, pairs: Pairs) -> "ScoredPairs":
        """Return the scored ones of some pairs."""
        at, known = self.find(pairs)
        return self.at(at[known])

    def union(self, other: "ScoredPairs") -> "ScoredPairs":
        """Return these pairs and those of ``other``; scores of common ones are kept."""
        at, known = self.find(other.pairs)
        other = other.filter(~known)
        return ScoredPairs(
            self.starts + other.starts,
            np.insert(self.columns, at[~known], other.columns),
            np.insert(self.steps, at[~known], other.steps),
        )

    def of(self, who: IntArray) -> "ScoredPairs":
        """Return the pairs of some seekers, who become rows 0, 1, …"""
        sizes = self.sizes[who]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        which = np.arange(starts[-1]) + np.repeat(self.starts[who] - starts[:-1], sizes)
        return ScoredPairs(starts, self.columns[which], self.steps[which])

    def at(self, which: IntArray) -> "ScoredPairs":
        """Return the pairs at ascending positions."""
        return ScoredPairs(
            np.searchsorted(which, self.starts), self.columns[which], self.steps[which]
        )

    def filter(self, kept: BoolArray) -> "ScoredPairs":
        """Return the pairs of a mask."""
        ends = np.concatenate([[0], np.cumsum(kept)])
        return ScoredPairs(ends[self.starts], self.columns[kept], self.steps[kept])


def quantise_scores(scores: RealArray) -> FloatArray:
    """Return scores as whole steps; raises ``ValueError`` unless all are finite."""
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    return np.rint(scores.astype(np.float64) * SCORE_SCALE)
