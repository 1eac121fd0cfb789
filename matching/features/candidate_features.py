"""Features of chosen pairs alone, for many seekers against a large catalogue.

:class:`matching.features.pair_features.FeatureBlock` computes every feature of every seeker and
opening. Here the same formulas run over a table of seekers and slots: each seeker has the same
number of slots for candidates of their own. What many pairs share (phrase and opening, home and
place) is looked up in small tables.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from matching.features.catalogue import Catalogue, Path
from matching.features.pair_features import FeatureBlock, shared_path_features
from matching.features.pooling import Phrases, Pooling
from matching.records import Opening, Seeker
from matching.utils.array_types import Float32Array, IntArray
from matching.utils.caches import RowCache

# Cells cached of each kind of similarity, and phrases compared at once.
_MAX_CELLS = 16 * 2**20
_BATCH_SIZE = 128


class _SimilarityLookup:
    """Similarities of phrases and openings in a table that many of them share.

    Parameters
    ----------
    table : ndarray of shape (n_rows, n_columns)
    rows : ndarray of shape (n_phrases,)
        Row of each phrase.
    columns : ndarray of shape (n_openings,) or None
        Column of each opening; ``None`` when openings have a column of their own.
    """

    def __init__(self, table: Any, rows: IntArray, columns: IntArray | None) -> None:
        self.table, self.rows, self.columns = table, rows, columns

    def _map(self, change: Callable[[Any], Any]) -> "_SimilarityLookup":
        used, rows = np.unique(self.rows, return_inverse=True)
        return _SimilarityLookup(change(self.table[used]), rows, self.columns)

    # The formulas of FeatureBlock compare and convert these like arrays.
    def __gt__(self, bound: float) -> "_SimilarityLookup":
        return self._map(lambda table: table > bound)

    def __ge__(self, bound: float) -> "_SimilarityLookup":
        return self._map(lambda table: table >= bound)

    def astype(self, dtype: Any) -> "_SimilarityLookup":
        return self._map(lambda table: table.astype(dtype))


class _PairValues:
    """Values of the block's own pairs, answered whichever pairs are asked."""

    def __init__(self, values: Float32Array) -> None:
        self._values = values

    def __getitem__(self, _pairs: tuple[IntArray, IntArray]) -> Float32Array:
        return self._values


class _CodedTable:
    """A table of seekers and field codes, indexed by seekers and openings."""

    def __init__(self, table: Float32Array, codes: IntArray) -> None:
        self._table, self._codes = table, codes

    def __getitem__(self, pairs: tuple[IntArray, IntArray]) -> Float32Array:
        rows, columns = pairs
        return self._table[rows, self._codes[columns]]


class SimilarityCache:
    """Similarities of phrases and places to those of a catalogue, kept from block to block.

    Parameters
    ----------
    catalogue : Catalogue
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._phrase_rows: dict[str, RowCache[str]] = {}
        places, self._codes = catalogue.places
        self._n_places = len(places.depths)
        self._path_rows = RowCache(2 * self._n_places, np.float32, _MAX_CELLS, self._path_features)

    def _path_features(self, paths: Sequence[Path]) -> Float32Array:
        places, _ = self._catalogue.places
        rarity = self._catalogue.space.places.rarity
        rows = [np.concatenate(shared_path_features(path, places, rarity)) for path in paths]
        return np.array(rows)

    def of_phrases(self, part: str, phrases: Sequence[str]) -> _SimilarityLookup:
        """Return :meth:`Catalogue.similarities`; valid until the next call for the same part."""
        cache = self._phrase_rows.get(part)
        if cache is None:
            compute = partial(self._catalogue.similarities, part=part)
            cache = RowCache(len(self._catalogue), np.float32, _MAX_CELLS, compute, _BATCH_SIZE)
            self._phrase_rows[part] = cache
        rows = cache.rows(phrases)
        return _SimilarityLookup(cache.table, rows, None)

    def of_paths(self, paths: Sequence[Path]) -> tuple[_SimilarityLookup, _SimilarityLookup]:
        """Return :func:`shared_path_features` of each path; valid until the next call."""
        rows, table = self._path_rows.rows(paths), self._path_rows.table
        share = _SimilarityLookup(table, rows, self._codes)
        return share, _SimilarityLookup(table, rows, self._codes + self._n_places)


class CandidateBlock(FeatureBlock):
    """A block of pairs that are known beforehand.

    Parameters
    ----------
    seekers : sequence of Seeker
    catalogue : Catalogue
    rows, columns : ndarray of shape (n_pairs,)
        The pairs, sorted by row; :meth:`pairs` answers for these alone, in this order.
    cache : SimilarityCache
        Of the same catalogue.
    """

    def __init__(
        self,
        seekers: Sequence[Seeker],
        catalogue: Catalogue,
        rows: IntArray,
        columns: IntArray,
        cache: SimilarityCache,
    ) -> None:
        super().__init__(seekers, catalogue)
        self._cache = cache
        slot = np.arange(len(rows)) - np.searchsorted(rows, rows)
        width = int(slot.max(initial=-1)) + 1
        self._slots = np.zeros((len(self.seekers), width), dtype=np.int64)
        self._slots[rows, slot] = columns
        self._rows, self._columns, self._slot = rows, columns, slot

    def pairs(self, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the features of the pairs given at the start.

        Raises ``ValueError`` for any others.
        """
        if not (np.array_equal(rows, self._rows) and np.array_equal(columns, self._columns)):
            raise ValueError("a block of candidates answers for its own pairs alone")
        return super().pairs(rows, columns)

    def _zeros(self) -> _PairValues:
        return _PairValues(np.zeros(len(self._rows), dtype=np.float32))

    def _pool(self, pooling: Pooling, similarity: Any, phrases: Phrases) -> Any:
        if not phrases.texts:
            return self._zeros()
        slots = self._slots[phrases.owners]
        # Where every opening has a column of its own, no code needs to be looked up.
        columns = slots if similarity.columns is None else similarity.columns[slots]
        table = similarity.table
        values = table.take(similarity.rows[:, None] * table.shape[1] + columns)
        pooled = pooling(values, phrases, len(self.seekers))
        return _PairValues(pooled[self._rows, self._slot])

    def _similarity(self, part: str, texts: Sequence[str]) -> Any:
        return self._cache.of_phrases(part, texts)

    def _profile_similarity(self) -> Any:
        # Every profile is used by one seeker alone: there is nothing to look up.
        return _PairValues(super()._profile_similarity()[self._rows, self._columns])

    def _place_similarity(self, paths: Sequence[Path]) -> Any:
        return self._cache.of_paths(paths)

    def _history_share(
        self,
        codes: tuple[dict[str, int], IntArray],
        field: Callable[[Opening], str | None],
        *,
        which: str = "positive",
    ) -> Any:
        known, code_of_opening = codes
        if not any(seeker.past for seeker in self.seekers):
            return self._zeros()
        by_code = super()._history_share((known, np.arange(len(known) + 1)), field, which=which)
        return _CodedTable(by_code, code_of_opening)
