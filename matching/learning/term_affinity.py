"""Affinities learned from choices: which words, employers and places go with which.

For a term of the seeker's record and a term of an opening, the affinity is the log of how often
the two met in openings that were chosen, over how often they would have met had the choice been
made blindly among the openings of the same task, both raised by a constant so that what was
rarely seen stays near 0.
"""

import numpy as np
from scipy import sparse

from matching.features.pair_features import Block
from matching.learning.cooccurrence import PAIRS, Meetings, term_rows
from matching.utils.array_types import Float32Array, IntArray

AFFINITIES = tuple(PAIRS)


class Affinity:
    """The affinity of one kind of seeker terms with one kind of opening terms.

    Parameters
    ----------
    name : str
        One of ``AFFINITIES``.

    Attributes
    ----------
    ours, theirs : dict of str to int
        Known terms of seekers and of openings.
    table : tuple of ndarray
        Data, indices and index pointer of the sparse affinities, shape (ours, theirs).
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(self, found: Meetings, shrinkage: float, tasks: IntArray | None = None) -> "Affinity":
        """Learn from choices: those of ``tasks`` alone, by default all.

        ``shrinkage`` is how many blind choices an affinity needs to be believed.
        """
        rows = slice(None) if tasks is None else np.flatnonzero(np.isin(found.task, tasks))
        people = found.people[rows].T
        self.ours, self.theirs = found.ours, found.theirs
        met = sparse.coo_array(people @ found.blind[rows])
        ours, theirs = met.coords
        together = sparse.csr_array(people @ found.picked[rows])
        # Indexing an array by no places at all gives a sparse array, not an empty one.
        seen = np.asarray(together[ours, theirs]).ravel() if len(ours) else np.zeros(0)
        ratio = np.log((seen + shrinkage) / (met.data + shrinkage))
        table = sparse.csr_array((ratio, (ours, theirs)), shape=met.shape)
        self.table = (table.data.astype(np.float32), table.indices, table.indptr)
        return self

    def score(self, block: Block, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the affinity of each pair, shape (n_pairs,); 0 where nothing is known."""
        of_seeker, of_opening = PAIRS[self.name]
        shape = (len(self.ours), len(self.theirs))
        table = sparse.csr_array(self.table, shape=shape)
        people = term_rows(map(of_seeker, block.seekers), self.ours)
        catalogue = term_rows(map(of_opening, block.catalogue.openings), self.theirs)
        pulled = sparse.csr_array(people @ table)
        if len(block.seekers) == 1:
            found = np.asarray((catalogue @ pulled.T).todense()).ravel()[columns]
        else:
            found = np.asarray((pulled[rows].multiply(catalogue[columns])).sum(axis=1)).ravel()
        scores: Float32Array = found.astype(np.float32)
        return scores
