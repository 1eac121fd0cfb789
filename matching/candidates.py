"""The features of chosen pairs alone, for many seekers against a large catalogue.

:class:`matching.features.Block` holds every feature of every seeker and opening; here the same
formulas run over a table of seekers and slots, each seeker having the same number of slots for
candidates of their own. What many pairs share (phrase and opening, home and place) is looked up
in small tables.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import sparse

from matching.catalogue import Catalogue, IntArray, Path
from matching.features import Block, shared_parts
from matching.records import Opening, Seeker
from matching.textfeatures import Phrases
from matching.wording import FloatArray, Text

# Pairs whose sparse rows are multiplied together.
_PAIRS = 2**14
# Paths of homes and past places whose likeness to the catalogue's places is remembered.
_PATHS = 4096


class _Similar:
    """Likeness of phrases and openings: a table, its row of each phrase, its column of each
    opening (the opening's own if None); compared and converted like an array."""

    table: Any
    rows: IntArray
    columns: IntArray | None

    def __gt__(self, least: float) -> "_Similar":
        return _Table(self.table > least, self.rows, self.columns)

    def __ge__(self, least: float) -> "_Similar":
        return _Table(self.table >= least, self.rows, self.columns)

    def astype(self, dtype: Any) -> "_Similar":
        return _Table(self.table.astype(dtype), self.rows, self.columns)


class _Table(_Similar):
    """Likeness that is known."""

    def __init__(self, table: Any, rows: IntArray, columns: IntArray | None) -> None:
        self.table, self.rows, self.columns = table, rows, columns


class _Product(_Similar):
    """Likeness as dot products of sparse rows, computed when they are asked for."""

    def __init__(self, left: sparse.csr_array, by_term: sparse.csr_array, rows: IntArray) -> None:
        self.left, self.by_term, self.rows = left, by_term, rows
        self.columns = None

    @cached_property
    def table(self) -> Any:
        return (self.left @ self.by_term).toarray()


def _dots(left: sparse.csr_array, right: sparse.csr_array, at: Any) -> FloatArray:
    """Return the dot products of chosen rows of two tables."""
    rows, columns = at
    found = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _PAIRS):
        some = slice(start, start + _PAIRS)
        found[some] = left[rows[some]].multiply(right[columns[some]]).sum(axis=1)
    return found


class _Coded:
    """A table of seekers and codes that is indexed by seekers and openings."""

    def __init__(self, table: FloatArray, codes: IntArray) -> None:
        self.table, self.codes = table, codes

    def __getitem__(self, pair: tuple[IntArray, IntArray]) -> FloatArray:
        rows, columns = pair
        return self.table[rows, self.codes[columns]]


class PlaceTable:
    """Likeness of paths and the distinct places of a catalogue, remembered from block to block."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._places, self.codes = catalogue.places
        self._rarity = catalogue.space.places.rarity
        self._known: dict[Path, tuple[FloatArray, FloatArray]] = {}

    def rows(self, paths: Sequence[Path]) -> tuple[FloatArray, FloatArray]:
        """Return shared part and rarity, each of shape (len(paths), n_distinct_places)."""
        if len(self._known) > _PATHS:
            self._known.clear()
        for path in paths:
            if path not in self._known:
                self._known[path] = shared_parts(path, self._places, self._rarity)
        shape = (len(paths), len(self._places.depths))
        share, rare = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.float32)
        for row, path in enumerate(paths):
            share[row], rare[row] = self._known[path]
        return share, rare


class CandidateBlock(Block):
    """A block that knows which pairs will be asked for.

    Parameters
    ----------
    seekers : sequence of Seeker
    catalogue : Catalogue
    rows, columns : ndarray of shape (n_pairs,)
        The pairs, sorted by row; :meth:`pairs` answers for these alone, in this order.
    places : PlaceTable
        Of the same catalogue.
    """

    def __init__(
        self,
        seekers: Sequence[Seeker],
        catalogue: Catalogue,
        rows: IntArray,
        columns: IntArray,
        places: PlaceTable,
    ) -> None:
        super().__init__(seekers, catalogue)
        self._places = places
        slot = np.arange(len(rows)) - np.searchsorted(rows, rows)
        width = int(slot.max(initial=-1)) + 1
        self._slots = np.zeros((len(self.seekers), width), dtype=np.int64)
        self._slots[rows, slot] = columns
        self._asked = (rows, columns)
        self._at = rows, slot
        # What folds one row a phrase into one a seeker asks only for these two.
        self._narrow: Any = SimpleNamespace(seekers=self.seekers, catalogue=range(width))

    def pairs(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return the features of the pairs that were named at the start, and no others."""
        if not all(map(np.array_equal, (rows, columns), self._asked)):
            raise ValueError("a block of candidates answers for its own pairs alone")
        return super().pairs(rows, columns)

    def _folded(self, fold: Callable[..., FloatArray], similar: Any, phrases: Phrases) -> Any:
        if not phrases.texts:
            return _AtPairs(np.zeros(len(self._asked[0]), dtype=np.float32), None)
        slots = self._slots[phrases.owners]
        # Where every opening has a column of its own, they need not be looked up.
        mine = slots if similar.columns is None else similar.columns[slots]
        table = similar.table
        values = table.take(similar.rows[:, None] * table.shape[1] + mine)
        return _AtPairs(fold(self._narrow, values, phrases), self._at)

    def _best(self, similar: Any, phrases: Phrases) -> Any:
        return self._folded(Block._best, similar, phrases)

    def _mean(self, similar: Any, phrases: Phrases) -> Any:
        return self._folded(Block._mean, similar, phrases)

    def _row(self, similar: Any, phrases: Phrases, *, last: bool) -> Any:
        def fold(narrow: Any, values: FloatArray, phrases: Phrases) -> FloatArray:
            return Block._row(narrow, values, phrases, last=last)

        return self._folded(fold, similar, phrases)

    def _against(
        self,
        texts: Sequence[Text],
        rows: Callable[[Sequence[Any]], sparse.csr_array],
        by_term: sparse.csr_array,
    ) -> Any:
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        which = np.array([distinct[text] for text in texts], dtype=np.int64)
        return _Product(rows(list(distinct)), by_term, which)

    def _profile(self) -> Any:
        # Each seeker's text is their own: no table would be used twice.
        return _AtPairs(_dots(self._profiles(), self.catalogue.all_vectors, self._asked), None)

    def _shared_parts(self, paths: Sequence[Path]) -> Any:
        distinct = {path: row for row, path in enumerate(dict.fromkeys(paths))}
        which = np.array([distinct[path] for path in paths], dtype=np.int64)
        share, rare = self._places.rows(list(distinct))
        codes = self._places.codes
        return _Table(share, which, codes), _Table(rare, which, codes)

    def _same(
        self,
        codes: tuple[dict[str, int], IntArray],
        field: Callable[[Opening], str | None],
        *,
        which: str = "drawn",
    ) -> Any:
        known, each = codes
        if not any(seeker.past for seeker in self.seekers):
            return _AtPairs(np.zeros(len(self._asked[0]), dtype=np.float32), None)
        table = super()._same((known, np.arange(len(known) + 1)), field, which=which)
        return _Coded(table, each)


class _AtPairs:
    """Values of seekers and slots, or of the pairs themselves, asked for by pairs."""

    def __init__(self, values: FloatArray, at: tuple[IntArray, IntArray] | None) -> None:
        self._values = values if at is None else values[at]

    def __getitem__(self, _pair: tuple[IntArray, IntArray]) -> FloatArray:
        return self._values
