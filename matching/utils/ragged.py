"""Lists of different lengths as flat arrays, and keys as numbers."""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from matching.utils.array_types import BoolArray, IntArray

# Where there is nothing, in any array of numbers or positions.
NOTHING = -1
# Up to this many numbers a key, keys are told apart by counting.
_SPARSE = 8
_LARGEST = 2**62


class Lists(NamedTuple):
    """Lists of numbers end to end: owner i has ``values[starts[i]:starts[i + 1]]``."""

    starts: IntArray
    values: IntArray

    def of(self, owners: IntArray) -> tuple[IntArray, IntArray]:
        """Return the lists of ``owners`` end to end: positions in ``owners``, and the values."""
        sizes = self.starts[owners + 1] - self.starts[owners]
        whose = np.repeat(np.arange(len(owners)), sizes)
        before = np.cumsum(sizes) - sizes
        return whose, self.values[np.arange(len(whose)) + (self.starts[owners] - before)[whose]]


def as_lists(each: Sequence[Sequence[int]]) -> Lists:
    """Return Python lists as one of arrays."""
    values = [value for one in each for value in one]
    return Lists(np.cumsum([0, *map(len, each)]), np.array(values, dtype=np.int64))


def first_of(whose: IntArray, hit: BoolArray, count: int) -> IntArray:
    """Return the first position with a hit of each of ``count`` owners, ``NOTHING`` for none.

    >>> first_of(np.array([0, 0, 2, 2]), np.array([False, True, True, True]), 3).tolist()
    [1, -1, 2]
    """
    at = np.flatnonzero(hit)
    begins = np.diff(whose[at], prepend=NOTHING) > 0
    found = np.full(count, NOTHING, dtype=np.int64)
    found[whose[at[begins]]] = at[begins]
    return found


def at_or_nothing(values: IntArray, at: IntArray) -> IntArray:
    """Return ``values[at]``, and ``NOTHING`` where ``at`` says so."""
    found = np.full(len(at), NOTHING, dtype=np.int64)
    some = at != NOTHING
    found[some] = values[at[some]]
    return found


def numbered(keys: Iterable[Hashable]) -> IntArray:
    """Return a number for each key, equal ones alike, counted from 0."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def distinct(keys: IntArray) -> tuple[IntArray, IntArray]:
    """Return where each different key stands, and which of these each key is.

    Parameters
    ----------
    keys : ndarray of shape (n,)
        ``NOTHING`` or more.

    >>> first, which = distinct(np.array([7, -1, 7]))
    >>> first.tolist(), which.tolist()
    ([1, 0], [1, 0, 1])
    """
    most = int(keys.max(initial=NOTHING)) + 2
    if most > _SPARSE * len(keys):
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
        return first, which
    # Few numbers: counting is quicker than sorting.
    at = np.full(most, len(keys), dtype=np.int64)
    at[keys[::-1] + 1] = np.arange(len(keys))[::-1]
    there = at < len(keys)
    return at[there], (np.cumsum(there) - 1)[keys + 1]


def distinct_rows(rows: IntArray, most: int) -> tuple[IntArray, IntArray]:
    """Return :func:`distinct` of rows of numbers from ``NOTHING`` to below ``most``."""
    # Numbered anew among those that occur, several of them fit into one key.
    there = np.zeros(most + 1, dtype=np.int64)
    there[rows] = there[NOTHING] = 1  # NOTHING is the last
    anew = np.cumsum(there) - 1
    size, room, keys = int(anew[-1]) + 1, 1, np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        if room > _LARGEST // size:
            first, keys = distinct(keys)
            room = len(first)
        keys = keys * size + anew[column]
        room *= size
    return distinct(keys)
