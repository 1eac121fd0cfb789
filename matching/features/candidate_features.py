"""The features of chosen pairs alone, for many seekers against a large catalogue.

:class:`matching.features.pair_features.Block` holds every feature of every seeker and opening; here
the same formulas run over a table of seekers and slots, each seeker having the same number of slots
for candidates of their own. What many pairs share (phrase and opening, home and place) is looked up
in small tables.
"""

from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy import sparse

from matching.features.catalogue import Catalogue, Path
from matching.features.pair_features import Block, shared_parts
from matching.features.text_features import Phrases
from matching.records import Opening, Seeker
from matching.utils.array_types import Float32Array, IntArray
from matching.utils.row_cache import RowTable

# Pairs whose sparse rows are multiplied together.
_PAIRS = 2**14
# Numbers remembered of each kind of likeness, and phrases compared at once.
_CELLS = 16 * 2**20
_AT_ONCE = 128


class _Similar:
    """Likeness of phrases and openings: a table, its row of each phrase, its column of each
    opening (the opening's own if None); compared and converted like an array."""

    def __init__(self, table: Any, rows: IntArray, columns: IntArray | None) -> None:
        self.table, self.rows, self.columns = table, rows, columns

    def _with(self, change: Callable[[Any], Any]) -> "_Similar":
        used, which = np.unique(self.rows, return_inverse=True)
        return _Similar(change(self.table[used]), which, self.columns)

    def __gt__(self, least: float) -> "_Similar":
        return self._with(lambda table: table > least)

    def __ge__(self, least: float) -> "_Similar":
        return self._with(lambda table: table >= least)

    def astype(self, dtype: Any) -> "_Similar":
        return self._with(lambda table: table.astype(dtype))


def _dots(left: sparse.csr_array, right: sparse.csr_array, at: Any) -> Float32Array:
    """Return the dot products of chosen rows of two tables."""
    rows, columns = at
    found = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _PAIRS):
        some = slice(start, start + _PAIRS)
        found[some] = left[rows[some]].multiply(right[columns[some]]).sum(axis=1)
    return found


class _Coded:
    """A table of seekers and codes that is indexed by seekers and openings."""

    def __init__(self, table: Float32Array, codes: IntArray) -> None:
        self.table, self.codes = table, codes

    def __getitem__(self, pair: tuple[IntArray, IntArray]) -> Float32Array:
        rows, columns = pair
        return self.table[rows, self.codes[columns]]


class Likenesses:
    """How much phrases and places are like those of a catalogue, remembered from block to block.

    Parameters
    ----------
    catalogue : Catalogue
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._texts: dict[str, RowTable[str]] = {}
        places, self._codes = catalogue.places
        self._n_places = len(places.depths)
        self._places = RowTable(2 * self._n_places, np.float32, _CELLS, self._parts)

    def _parts(self, paths: Sequence[Path]) -> Float32Array:
        places, _ = self._catalogue.places
        rarity = self._catalogue.space.places.rarity
        return np.array([np.concatenate(shared_parts(path, places, rarity)) for path in paths])

    def of_phrases(self, part: str, phrases: Sequence[str]) -> _Similar:
        """Return :meth:`compared`; it holds until asked again."""
        known = self._texts.get(part)
        if known is None:
            compare = partial(self._catalogue.compared, part=part)
            known = RowTable(len(self._catalogue), np.float32, _CELLS, compare, _AT_ONCE)
            self._texts[part] = known
        rows = known.rows(phrases)
        return _Similar(known.table, rows, None)

    def of_paths(self, paths: Sequence[Path]) -> tuple[_Similar, _Similar]:
        """Return :func:`shared_parts` of paths; it holds until asked again."""
        rows, table = self._places.rows(paths), self._places.table
        rare = self._codes + self._n_places
        return _Similar(table, rows, self._codes), _Similar(table, rows, rare)


class CandidateBlock(Block):
    """A block that knows which pairs will be asked for.

    Parameters
    ----------
    seekers : sequence of Seeker
    catalogue : Catalogue
    rows, columns : ndarray of shape (n_pairs,)
        The pairs, sorted by row; :meth:`pairs` answers for these alone, in this order.
    known : Likenesses
        Of the same catalogue.
    """

    def __init__(
        self,
        seekers: Sequence[Seeker],
        catalogue: Catalogue,
        rows: IntArray,
        columns: IntArray,
        known: Likenesses,
    ) -> None:
        super().__init__(seekers, catalogue)
        self._known = known
        slot = np.arange(len(rows)) - np.searchsorted(rows, rows)
        width = int(slot.max(initial=-1)) + 1
        self._slots = np.zeros((len(self.seekers), width), dtype=np.int64)
        self._slots[rows, slot] = columns
        self._asked = (rows, columns)
        self._at = rows, slot
        # What folds one row a phrase into one a seeker asks only for these two.
        self._narrow: Any = SimpleNamespace(seekers=self.seekers, catalogue=range(width))

    def pairs(self, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the features of the pairs that were named at the start, and no others."""
        if not all(map(np.array_equal, (rows, columns), self._asked)):
            raise ValueError("a block of candidates answers for its own pairs alone")
        return super().pairs(rows, columns)

    def _folded(self, fold: Callable[..., Float32Array], similar: Any, phrases: Phrases) -> Any:
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
        def fold(narrow: Any, values: Float32Array, phrases: Phrases) -> Float32Array:
            return Block._row(narrow, values, phrases, last=last)

        return self._folded(fold, similar, phrases)

    def _against(self, part: str, texts: Sequence[str]) -> Any:
        return self._known.of_phrases(part, texts)

    def _profile(self) -> Any:
        # Each seeker's text is their own: no table would be used twice.
        return _AtPairs(_dots(self._profiles(), self.catalogue.all_vectors, self._asked), None)

    def _shared_parts(self, paths: Sequence[Path]) -> Any:
        return self._known.of_paths(paths)

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

    def __init__(self, values: Float32Array, at: tuple[IntArray, IntArray] | None) -> None:
        self._values = values if at is None else values[at]

    def __getitem__(self, _pair: tuple[IntArray, IntArray]) -> Float32Array:
        return self._values
