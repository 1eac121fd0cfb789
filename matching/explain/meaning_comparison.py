"""What a phrase has in common with a posting in meaning alone, and which part of it answers."""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
from scipy import sparse

from matching.records import Opening
from matching.skills import meaning
from matching.text.segmentation import is_aside
from matching.text.sentence_vectors import remember_vectors, sentence_vectors
from matching.text.tfidf import is_chinese
from matching.utils.array_types import Float32Array, IntArray
from matching.utils.caches import BoundedCache

# Shares of trades in common from which a phrase and a posting speak of one kind of work.
MIN_AFFINITY: Final = 0.5
# Cosine from which a clause of the posting is told as what answers.
_MIN_COSINE: Final = 0.3
_CLAUSE: Final = re.compile("[。；;！!，,：:\n]+")
_MAX_CLAUSES: Final = 12
_PAIRS: Final = 2**14
# Postings whose clauses are kept.
_MAX_POSTINGS: Final = 2**14


class MeaningIndex:
    """A catalogue's openings, prepared for comparing phrases with them in meaning.

    Parameters
    ----------
    openings : sequence of Opening
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self._openings = openings
        self._clauses_of: BoundedCache[int, list[str]] = BoundedCache(_MAX_POSTINGS)

    @cached_property
    def _trades(self) -> sparse.csr_array:
        return meaning.opening_trades(self._openings)

    def affinities(
        self, phrases: Sequence[str], which: IntArray, columns: IntArray
    ) -> Float32Array:
        """Return how much the trades of phrase ``which[i]`` are those of opening ``columns[i]``.

        Shape (n_pairs,), 0 to 1.
        """
        found = np.zeros(len(which), dtype=np.float32)
        if len(which):
            rows = meaning.phrase_trades(phrases)
            for start in range(0, len(which), _PAIRS):
                some = slice(start, start + _PAIRS)
                product = rows[which[some]].multiply(self._trades[columns[some]])
                found[some] = np.asarray(product.sum(axis=1)).ravel()
        return found

    def prepare(self, columns: IntArray) -> None:
        """Have the clauses of some postings ready for :meth:`answer`, which is quicker at once."""
        remember_vectors(
            [clause for column in np.unique(columns).tolist() for clause in self._clauses(column)]
        )

    def answer(self, phrase: str, column: int) -> str | None:
        """Return the clause of a posting that is nearest to a phrase, ``None`` if none is near."""
        clauses = self._clauses(column)
        if not clauses:
            return None
        cosines = sentence_vectors(clauses) @ meaning.phrase_meanings([phrase])[0]
        best = int(np.argmax(cosines))
        return clauses[best] if cosines[best] >= _MIN_COSINE else None

    def _clauses(self, column: int) -> list[str]:
        def split() -> list[str]:
            parts = _CLAUSE.split(self._openings[column].description or "")
            found = (part.strip() for part in parts if is_chinese(part) and not is_aside(part))
            return list(islice(found, _MAX_CLAUSES))

        return self._clauses_of.get(column, split)
