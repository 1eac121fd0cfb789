"""Scored pairs of a community, seeker by seeker, as arrays."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.coverage import IntArray, Mask, Pairs
from matching.transport import FloatArray

# Scores count in whole steps of this size, as they are told.
STEPS = 10**6
# Pairs looked at together.
CHUNK = 2**20


@dataclass(frozen=True)
class Scored:
    """Scored eligible pairs, seeker by seeker, columns rising.

    Parameters
    ----------
    starts : ndarray of shape (n_seekers + 1,)
    columns : ndarray of int32, shape (n_pairs,)
    steps : ndarray of float64, shape (n_pairs,)
        Scores in whole steps.
    """

    starts: IntArray
    columns: NDArray[np.int32]
    steps: FloatArray

    @property
    def n_seekers(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> IntArray:
        return np.repeat(np.arange(self.n_seekers), np.diff(self.starts))

    def chunks(self) -> Iterator[tuple[int, int, slice]]:
        """Yield first and last seeker of runs of about ``CHUNK`` pairs, with their pairs."""
        first = 0
        while first < self.n_seekers:
            end = np.searchsorted(self.starts, self.starts[first] + CHUNK, side="right") - 1
            last = max(first + 1, int(end))
            yield first, last, slice(int(self.starts[first]), int(self.starts[last]))
            first = last

    def lookup(self, pairs: Pairs, n_openings: int) -> tuple[FloatArray, Mask]:
        """Return the steps of pairs (0 where not scored), and which are scored."""
        if not len(self.columns):
            return np.zeros(len(pairs.rows)), np.zeros(len(pairs.rows), dtype=np.bool_)
        at = np.empty(len(pairs.rows), dtype=np.int64)
        bounds = np.searchsorted(pairs.rows, np.arange(self.n_seekers + 1))
        for first, last, which in self.chunks():
            mine = slice(bounds[first], bounds[last])
            keys = self._keys(first, last, which, n_openings)
            wanted = (pairs.rows[mine] - first) * n_openings + pairs.columns[mine]
            at[mine] = which.start + np.searchsorted(keys, wanted)
        at = np.minimum(at, len(self.columns) - 1)
        known = (self.columns[at] == pairs.columns) & (at >= self.starts[pairs.rows])
        known &= at < self.starts[pairs.rows + 1]
        return np.where(known, self.steps[at], 0.0), known

    def _keys(self, first: int, last: int, which: slice, n_openings: int) -> IntArray:
        rows = np.repeat(np.arange(last - first), np.diff(self.starts[first : last + 1]))
        return rows * n_openings + self.columns[which]

    def only(self, kept: Mask) -> "Scored":
        """Return the pairs kept."""
        ends = np.concatenate([[0], np.cumsum(kept)])
        return Scored(ends[self.starts], self.columns[kept], self.steps[kept])


def as_steps(scores: NDArray[np.floating]) -> FloatArray:
    """Return scores as whole steps; NaN and infinity are refused with a ValueError."""
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    return np.rint(scores.astype(np.float64) * STEPS)
