"""Exact top-k by a sparse dot product, under the hard rules.

Ineligible openings are excluded before anything is selected: filtering the best afterwards would
lose most of the right ones. Seekers with the same home area and reach are compared only with the
openings within it, which saves most of the products.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.eligibility import places
from matching.eligibility.index import EligibilityIndex
from matching.records import Reach, Seeker
from matching.utils.array_types import Float32Array, IntArray
from matching.utils.caches import BoundedCache
from matching.utils.sparse import dense_product

# Scores held at once: bounds the memory of a block.
_MAX_CELLS = 4 * 2**20
# Non-zero values in the cached vectors of areas.
_MAX_CACHED_NONZEROS = 32 * 2**20
# Areas whose openings are cached.
_MAX_AREAS = 4096
# Parts of the home path that define an area.
_MAX_AREA_DEPTH = 3
# Score of an ineligible opening: below any other.
_EXCLUDED = np.float32(-np.inf)

# The prefix of a home path, ``Reach.HOME`` for work at home, or ``None`` for anywhere.
Area = tuple[str, ...] | Reach | None


class TopK(NamedTuple):
    """Pairs by seeker, then by falling score, ties to the first opening."""

    rows: IntArray
    columns: IntArray
    scores: Float32Array


class TopKSearch:
    """Searches openings, given as vectors, under the hard rules.

    Parameters
    ----------
    vectors : csr_array of float32, shape (n_openings, n_terms)
    index : EligibilityIndex
        Of the same openings in the same order.
    """

    def __init__(self, vectors: sparse.csr_array, index: EligibilityIndex) -> None:
        self._vectors = vectors.tocsr()
        self._index = index
        self._vectors_cache = BoundedCache[Area, sparse.csr_array](_MAX_CACHED_NONZEROS, _nonzeros)
        self._columns_cache = BoundedCache[Area, IntArray](_MAX_AREAS)

    def search(self, seekers: Sequence[Seeker], queries: sparse.csr_array, size: int) -> TopK:
        """Return the ``size`` best eligible openings of each seeker, or all when there are fewer.

        Parameters
        ----------
        seekers : sequence of Seeker
        queries : csr_array of float32, shape (len(seekers), n_terms)
            The score of a pair is the dot product of its vectors.
        size : int
        """

        def scored(rows: IntArray, area: Area) -> Float32Array:
            return dense_product(queries[rows], self._area_vectors(area))

        return self._search(seekers, scored, size)

    def search_weighted_rows(
        self,
        seekers: Sequence[Seeker],
        coefficients: sparse.csr_array,
        table: Float32Array,
        size: int,
    ) -> TopK:
        """Return the same as :meth:`search` for scores that are weighted sums of table rows.

        Seekers share many phrases: the table holds each phrase's scores, computed once.

        Parameters
        ----------
        seekers : sequence of Seeker
        coefficients : csr_array of float32, shape (len(seekers), n_rows)
            Weights of the rows of the table, added in their stored order.
        table : ndarray of float32, shape (n_rows, n_openings)
        size : int
        """

        def scored(rows: IntArray, area: Area) -> Float32Array:
            mine = coefficients[rows]
            used, which = np.unique(mine.indices, return_inverse=True)
            parts = table[used] if area is None else table[np.ix_(used, self._columns_of(area))]
            weights = (mine.data, which, mine.indptr)
            return np.asarray(sparse.csr_array(weights, shape=(len(rows), len(used))) @ parts)

        return self._search(seekers, scored, size)

    def _search(
        self,
        seekers: Sequence[Seeker],
        scored: Callable[[IntArray, Area], Float32Array],
        size: int,
    ) -> TopK:
        found = []
        for area, rows in self._areas(seekers):
            reachable = self._columns_of(area)
            people = [seekers[row] for row in rows.tolist()]
            allowed = self._index.eligible_block(people, None if area is None else reachable)
            wanted = scored(rows, area)
            np.copyto(wanted, _EXCLUDED, where=~allowed)
            kept = top_k(wanted, size)
            found.append(TopK(rows[kept.rows], reachable[kept.columns], kept.scores))
        if not found:
            nothing = np.zeros(0, dtype=np.int64)
            return TopK(nothing, nothing, np.zeros(0, dtype=np.float32))
        all_rows = np.concatenate([part.rows for part in found])
        columns = np.concatenate([part.columns for part in found])
        scores = np.concatenate([part.scores for part in found])
        order = np.argsort(all_rows, kind="stable")
        return TopK(all_rows[order], columns[order], scores[order])

    def _areas(self, seekers: Sequence[Seeker]) -> Iterator[tuple[Area, IntArray]]:
        """Yield areas with their seekers, as many as fit into ``_MAX_CELLS``."""
        areas: dict[Area, list[int]] = {}
        for row, seeker in enumerate(seekers):
            areas.setdefault(_area(seeker), []).append(row)
        for area, rows in areas.items():
            step = max(1, _MAX_CELLS // max(len(self._columns_of(area)), 1))
            for start in range(0, len(rows), step):
                yield area, np.array(rows[start : start + step], dtype=np.int64)

    def _columns_of(self, area: Area) -> IntArray:
        """Return the openings within an area, ascending."""

        def compute() -> IntArray:
            if area is None:
                return np.arange(self._index.n_openings)
            return np.flatnonzero(self._index.reachable(None if isinstance(area, Reach) else area))

        return self._columns_cache.get(area, compute)

    def _area_vectors(self, area: Area) -> sparse.csr_array:
        """Return the vectors of an area's openings, one row a term."""

        def compute() -> sparse.csr_array:
            some = self._vectors if area is None else self._vectors[self._columns_of(area)]
            return some.T.tocsr()

        return self._vectors_cache.get(area, compute)


def _nonzeros(vectors: sparse.csr_array) -> int:
    return int(vectors.nnz)


def _area(seeker: Seeker) -> Area:
    if seeker.reach is None or seeker.reach is Reach.ANYWHERE:
        return None
    if seeker.reach is Reach.HOME:
        return Reach.HOME
    parts = min(places.REACH_DEPTHS[seeker.reach], _MAX_AREA_DEPTH)
    return places.split_path(seeker.home)[:parts] or None


def top_k(scores: Float32Array, size: int) -> TopK:
    """Return the ``size`` highest scores of each row, without minus infinity; ties to the first."""
    n, m = scores.shape
    if size < m:
        least = np.partition(scores, m - size, axis=1)[:, m - size]
        least = np.maximum(least, np.finfo(np.float32).min)
    else:
        least = np.full(n, np.finfo(np.float32).min, dtype=np.float32)
    rows, columns = np.divmod(np.flatnonzero(scores >= least[:, None]), m)
    values = scores[rows, columns]
    order = np.lexsort((columns, -values, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = rank < size
    return TopK(rows[kept], columns[kept], values[kept])
