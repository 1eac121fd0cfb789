"""Rows of numbers that are computed once for each key, as long as there is room."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.utils.array_types import IntArray

Key = TypeVar("Key", bound=Hashable)


class RowTable(Generic[Key]):
    """A table with one row a key, remembered from one question to the next.

    Parameters
    ----------
    width : int
        Numbers in a row.
    dtype : data type
    cells : int
        Numbers remembered; more only when one question needs more.
    compute : callable
        Returns the rows of new keys, shape (n_keys, width); a row must not depend on the others.
    at_once : int, default=1024
        Keys that are computed together.

    Attributes
    ----------
    table : ndarray of shape (n_rows, width)
        :meth:`rows` says which row is whose.
    """

    def __init__(
        self,
        width: int,
        dtype: Any,
        cells: int,
        compute: Callable[[Sequence[Key]], NDArray[Any]],
        at_once: int = 1024,
    ) -> None:
        self._compute, self._at_once = compute, at_once
        self._room = max(cells // max(width, 1), 1)
        self._known: dict[Key, int] = {}
        self.table = np.zeros((0, width), dtype=dtype)

    def rows(self, keys: Sequence[Key]) -> IntArray:
        """Return the row of each key in ``table``; rows hold until this is asked again."""
        distinct = dict.fromkeys(keys)
        new = [key for key in distinct if key not in self._known]
        if len(self._known) + len(new) > len(self.table):
            self._known.clear()
            new = list(distinct)
        if len(new) > len(self.table):
            # Memory is only taken by rows that are filled.
            size = max(len(new), self._room), self.table.shape[1]
            self.table = np.empty(size, dtype=self.table.dtype)
        for start in range(0, len(new), self._at_once):
            some, first = new[start : start + self._at_once], len(self._known)
            self.table[first : first + len(some)] = self._compute(some)
            self._known.update(zip(some, range(first, first + len(some)), strict=True))
        known = self._known
        return np.array([known[key] for key in keys], dtype=np.int64)
