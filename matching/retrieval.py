"""The openings worth a closer look: eligible ones, best by a quick score, a block at a time."""

from collections.abc import Sequence

import numpy as np

from matching import prior
from matching.catalogue import Catalogue, IntArray, Space
from matching.eligibility import EligibilityIndex
from matching.features import Block
from matching.records import Opening, Seeker

# Eligible openings of one seeker that are scored with every feature.
CANDIDATES = 100


class Retriever:
    """Finds candidates in one catalogue for any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
        In an order that does not matter to callers: ties go to the first.
    space : Space, optional
        As for :class:`matching.catalogue.Catalogue`.
    """

    def __init__(self, openings: Sequence[Opening], space: Space | None = None) -> None:
        self.catalogue = Catalogue(openings, space)
        self.index = EligibilityIndex(openings)

    def candidates(
        self, seekers: Sequence[Seeker], size: int = CANDIDATES
    ) -> tuple[Block, IntArray, IntArray]:
        """Return the block and the pairs to score, seeker by seeker.

        Returns
        -------
        block : Block
            The seekers against the catalogue.
        rows, columns : ndarray of shape (n_pairs,)
            Eligible pairs alone, at most ``size`` a seeker.
        """
        block = Block(seekers, self.catalogue)
        quick = prior.quick(block)
        rows: list[IntArray] = []
        columns: list[IntArray] = []
        for row, seeker in enumerate(seekers):
            fits = np.flatnonzero(self.index.eligible(seeker))
            if len(fits) > size:
                best = np.argsort(-quick[row, fits], kind="stable")[:size]
                fits = np.sort(fits[best])
            rows.append(np.full(len(fits), row, dtype=np.int64))
            columns.append(fits.astype(np.int64))
        return block, np.concatenate(rows), np.concatenate(columns)
