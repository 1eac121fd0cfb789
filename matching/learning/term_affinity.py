"""Affinities of seekers' and openings' terms, learned from choices.

The affinity of two terms is ``log((observed + shrinkage) / (expected + shrinkage))``: how often
they occurred together in chosen openings, over how often they would have if openings of the same
task had been chosen at random. Shrinkage keeps rare pairs near 0.
"""

import numpy as np
from scipy import sparse

from matching.features.pair_features import FeatureBlock
from matching.learning.cooccurrence import TERM_PAIRS, Cooccurrence, term_rows
from matching.utils.array_types import Float32Array, IntArray

AFFINITIES = tuple(TERM_PAIRS)


class TermAffinity:
    """The affinity of one kind of seeker terms with one kind of opening terms.

    Parameters
    ----------
    name : str
        One of ``AFFINITIES``.

    Attributes
    ----------
    seeker_columns, opening_columns : dict of str to int
        Known terms of seekers and of openings.
    table : tuple of ndarray
        Data, indices and index pointer of the sparse affinities, shape
        (n_seeker_terms, n_opening_terms).
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(
        self, found: Cooccurrence, shrinkage: float, tasks: IntArray | None = None
    ) -> "TermAffinity":
        """Learn from choices.

        Parameters
        ----------
        found : Cooccurrence
            For this ``name``.
        shrinkage : float
            Added to both counts, in tasks.
        tasks : ndarray, optional
            Learn from the choices of these tasks alone.
        """
        rows = slice(None) if tasks is None else np.flatnonzero(np.isin(found.task, tasks))
        seekers = found.seekers[rows].T
        self.seeker_columns, self.opening_columns = found.seeker_columns, found.opening_columns
        expected_counts = sparse.coo_array(seekers @ found.expected[rows])
        rows_, columns = expected_counts.coords
        observed_counts = sparse.csr_array(seekers @ found.observed[rows])
        # scipy returns a sparse array, not an empty one, for an empty index.
        seen = np.zeros(0)
        if len(rows_):
            seen = np.asarray(observed_counts[rows_, columns]).ravel()
        ratio = np.log((seen + shrinkage) / (expected_counts.data + shrinkage))
        table = sparse.csr_array((ratio, (rows_, columns)), shape=expected_counts.shape)
        self.table = (table.data.astype(np.float32), table.indices, table.indptr)
        return self

    def score(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the affinity of each pair, shape (n_pairs,); 0 where nothing is known."""
        of_seeker, of_opening = TERM_PAIRS[self.name]
        shape = (len(self.seeker_columns), len(self.opening_columns))
        table = sparse.csr_array(self.table, shape=shape)
        seekers = term_rows(map(of_seeker, block.seekers), self.seeker_columns)
        affinities = sparse.csr_array(seekers @ table)
        if not affinities.nnz:
            # Nothing is known of what these seekers say, as where they say nothing of the kind.
            return np.zeros(len(columns), dtype=np.float32)
        catalogue = term_rows(map(of_opening, block.catalogue.openings), self.opening_columns)
        if len(block.seekers) == 1:
            found = np.asarray((catalogue @ affinities.T).todense()).ravel()[columns]
        else:
            found = np.asarray((affinities[rows].multiply(catalogue[columns])).sum(axis=1)).ravel()
        scores: Float32Array = found.astype(np.float32)
        return scores
