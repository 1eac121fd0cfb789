"""Ragged arrays, and integer codes for hashable keys."""

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from matching.utils.array_types import BoolArray, IntArray

# Stands for "no value" in every array of codes or positions.
MISSING = -1
# Up to this many possible keys for each one present, counting is quicker than sorting.
_MAX_SPARSITY = 8
_MAX_KEY = 2**62


class RaggedArray(NamedTuple):
    """Lists of integers end to end: list i is ``values[offsets[i]:offsets[i + 1]]``.

    Attributes
    ----------
    offsets : ndarray of shape (n_lists + 1,)
    values : ndarray of shape (n_values,)
    """

    offsets: IntArray
    values: IntArray

    def gather(self, indices: IntArray) -> tuple[IntArray, IntArray]:
        """Concatenate some lists.

        Parameters
        ----------
        indices : ndarray of shape (n,)
            Which lists, in any order; one may occur twice.

        Returns
        -------
        positions : ndarray of shape (n_gathered,)
            For each value, the position in ``indices`` of the list it comes from.
        values : ndarray of shape (n_gathered,)
        """
        sizes = self.offsets[indices + 1] - self.offsets[indices]
        positions = np.repeat(np.arange(len(indices)), sizes)
        before = np.cumsum(sizes) - sizes
        at = np.arange(len(positions)) + (self.offsets[indices] - before)[positions]
        return positions, self.values[at]


def as_ragged(lists: Sequence[Sequence[int]]) -> RaggedArray:
    """Return Python lists as a ragged array.

    >>> as_ragged([[7, 8], [], [9]]).offsets.tolist()
    [0, 2, 2, 3]
    """
    values = [value for one in lists for value in one]
    return RaggedArray(np.cumsum([0, *map(len, lists)]), np.array(values, dtype=np.int64))


def first_hit(owners: IntArray, hit: BoolArray, n_owners: int) -> IntArray:
    """Return the first position with a hit of each owner, shape (n_owners,); ``MISSING`` for none.

    ``owners`` must be sorted.

    >>> first_hit(np.array([0, 0, 2, 2]), np.array([False, True, True, True]), 3).tolist()
    [1, -1, 2]
    """
    at = np.flatnonzero(hit)
    begins = np.diff(owners[at], prepend=MISSING) > 0
    found = np.full(n_owners, MISSING, dtype=np.int64)
    found[owners[at[begins]]] = at[begins]
    return found


def take_or_missing(values: IntArray, indices: IntArray) -> IntArray:
    """Return ``values[indices]``, and ``MISSING`` where the index is ``MISSING``.

    >>> take_or_missing(np.array([5, 6]), np.array([1, -1])).tolist()
    [6, -1]
    """
    found = np.full(len(indices), MISSING, dtype=np.int64)
    known = indices != MISSING
    found[known] = values[indices[known]]
    return found


def factorize(keys: Iterable[Hashable]) -> IntArray:
    """Return an integer code for each key, in order of appearance; equal keys share one.

    >>> factorize(["b", "a", "b"]).tolist()
    [0, 1, 0]
    """
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def unique_index(keys: IntArray) -> tuple[IntArray, IntArray]:
    """Return the first position of each distinct key, and the code of every key among them.

    Parameters
    ----------
    keys : ndarray of shape (n,)
        ``MISSING`` or more.

    Returns
    -------
    first : ndarray of shape (n_distinct,)
    inverse : ndarray of shape (n,)
        ``keys[first][inverse]`` equals ``keys``.

    >>> first, inverse = unique_index(np.array([7, -1, 7]))
    >>> first.tolist(), inverse.tolist()
    ([1, 0], [1, 0, 1])
    """
    size = int(keys.max(initial=MISSING)) + 2
    if size > _MAX_SPARSITY * len(keys):
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        return first, inverse
    at = np.full(size, len(keys), dtype=np.int64)
    at[keys[::-1] + 1] = np.arange(len(keys))[::-1]
    present = at < len(keys)
    return at[present], (np.cumsum(present) - 1)[keys + 1]


def unique_rows(rows: IntArray, n_values: int) -> tuple[IntArray, IntArray]:
    """Return :func:`unique_index` of rows.

    Parameters
    ----------
    rows : ndarray of shape (n, width)
        From ``MISSING`` to below ``n_values``.
    """
    # Values that occur are renumbered densely, so that several columns fit into one key.
    present = np.zeros(n_values + 1, dtype=np.int64)
    present[rows] = present[MISSING] = 1  # index -1 is the last
    code = np.cumsum(present) - 1
    size, room, keys = int(code[-1]) + 1, 1, np.zeros(len(rows), dtype=np.int64)
    for column in rows.T:
        if room > _MAX_KEY // size:
            first, keys = unique_index(keys)
            room = len(first)
        keys = keys * size + code[column]
        room *= size
    return unique_index(keys)
