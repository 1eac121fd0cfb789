"""Caches with a bounded size: values computed one by one, and rows computed in batches."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import RLock
from typing import Any, Generic, TypeVar

import numpy as np

from matching.utils.array_types import AnyArray, IntArray

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def _one(_value: Any) -> int:
    return 1


class BoundedCache(Generic[Key, Value]):
    """Values by key; the least recently used are dropped when the cache is full.

    Parameters
    ----------
    max_size : int
        Total size of the values kept. The newest stays even when it alone is larger.
    size_of : callable, optional
        Size of a value; by default each counts 1.
    """

    def __init__(self, max_size: int, size_of: Callable[[Value], int] = _one) -> None:
        self._max_size, self._size_of, self._size = max_size, size_of, 0
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key, compute: Callable[[], Value]) -> Value:
        """Return the value of a key, computed if it is not known."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = compute()
        self._size += self._size_of(value)
        while self._size > self._max_size and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            self._size -= self._size_of(dropped)
        return value


class SharedCache(Generic[Key, Value]):
    """Values by key, computed in batches, which threads may share.

    What one thread computes, others wait for. When it is full, only what the call needs is kept.

    Parameters
    ----------
    max_size : int
        Values kept.
    compute : callable
        Returns the values of new keys, in order; a value must not depend on the others.
    """

    def __init__(self, max_size: int, compute: Callable[[Sequence[Key]], Sequence[Value]]) -> None:
        self._known: dict[Key, Value] = {}
        self._max_size, self._compute, self._lock = max_size, compute, RLock()

    def get(self, keys: Sequence[Key]) -> list[Value]:
        """Return the value of every key, in order."""
        with self._lock:
            known = self._known
            new = [key for key in dict.fromkeys(keys) if key not in known]
            if len(known) + len(new) > self._max_size:
                known = self._known = {key: known[key] for key in keys if key in known}
            if new:
                known.update(zip(new, self._compute(new), strict=True))
            return [known[key] for key in keys]


class RowCache(Generic[Key]):
    """Rows of one table by key, computed in batches and kept from call to call.

    Parameters
    ----------
    width : int
        Cells in a row.
    dtype : data type
    max_cells : int
        Cells kept; exceeded only when a single call needs more.
    compute : callable
        Returns the rows of new keys, shape (n_keys, width); a row must not depend on the others.
    batch_size : int, default=1024
        Keys computed together.

    Attributes
    ----------
    table : ndarray of shape (n_rows, width)
        :meth:`rows` returns which row belongs to which key.
    """

    def __init__(
        self,
        width: int,
        dtype: Any,
        max_cells: int,
        compute: Callable[[Sequence[Key]], AnyArray],
        batch_size: int = 1024,
    ) -> None:
        self._compute, self._batch_size = compute, batch_size
        self._max_rows = max(max_cells // max(width, 1), 1)
        self._row_of: dict[Key, int] = {}
        self.table = np.zeros((0, width), dtype=dtype)

    def rows(self, keys: Sequence[Key]) -> IntArray:
        """Return the row of each key in ``table``; rows are valid until the next call."""
        distinct = dict.fromkeys(keys)
        new = [key for key in distinct if key not in self._row_of]
        if len(self._row_of) + len(new) > len(self.table):
            self._row_of.clear()
            new = list(distinct)
        if len(new) > len(self.table):
            # Reserved at once: the system hands out memory only for rows that are filled.
            size = max(len(new), self._max_rows), self.table.shape[1]
            self.table = np.empty(size, dtype=self.table.dtype)
        for start in range(0, len(new), self._batch_size):
            batch, first = new[start : start + self._batch_size], len(self._row_of)
            self.table[first : first + len(batch)] = self._compute(batch)
            self._row_of.update(zip(batch, range(first, first + len(batch)), strict=True))
        row_of = self._row_of
        return np.array([row_of[key] for key in keys], dtype=np.int64)
