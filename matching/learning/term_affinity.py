"""Affinities learned from choices: which words, employers and places go with which.

For a term of the seeker's record and a term of an opening, the affinity is the log of how often
the two met in openings that were chosen, over how often they would have met had the choice been
made blindly among the openings of the same task, both raised by a constant so that what was
rarely seen stays near 0.
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
        Data, indices and index pointer of the sparse affinities, shape (ours, theirs).
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(
        self, found: Cooccurrence, shrinkage: float, tasks: IntArray | None = None
    ) -> "TermAffinity":
        """Learn from choices: those of ``tasks`` alone, by default all.

        ``shrinkage`` is how many blind choices an affinity needs to be believed.
        """
        rows = slice(None) if tasks is None else np.flatnonzero(np.isin(found.task, tasks))
        seekers = found.seekers[rows].T
        self.seeker_columns, self.opening_columns = found.seeker_columns, found.opening_columns
        expected_counts = sparse.coo_array(seekers @ found.expected[rows])
        seeker_columns, opening_columns = expected_counts.coords
        observed_counts = sparse.csr_array(seekers @ found.observed[rows])
        # Indexing an array by no places at all gives a sparse array, not an empty one.
        seen = (
            np.asarray(observed_counts[seeker_columns, opening_columns]).ravel()
            if len(seeker_columns)
            else np.zeros(0)
        )
        ratio = np.log((seen + shrinkage) / (expected_counts.data + shrinkage))
        table = sparse.csr_array(
            (ratio, (seeker_columns, opening_columns)), shape=expected_counts.shape
        )
        self.table = (table.data.astype(np.float32), table.indices, table.indptr)
        return self

    def score(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the affinity of each pair, shape (n_pairs,); 0 where nothing is known."""
        of_seeker, of_opening = TERM_PAIRS[self.name]
        shape = (len(self.seeker_columns), len(self.opening_columns))
        table = sparse.csr_array(self.table, shape=shape)
        seekers = term_rows(map(of_seeker, block.seekers), self.seeker_columns)
        catalogue = term_rows(map(of_opening, block.catalogue.openings), self.opening_columns)
        affinities = sparse.csr_array(seekers @ table)
        if len(block.seekers) == 1:
            found = np.asarray((catalogue @ affinities.T).todense()).ravel()[columns]
        else:
            found = np.asarray((affinities[rows].multiply(catalogue[columns])).sum(axis=1)).ravel()
        scores: Float32Array = found.astype(np.float32)
        return scores
