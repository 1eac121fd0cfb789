"""Which phrases of seekers speak of the same work as a catalogue's, many at a time.

What :func:`matching.explain.phrase_similarity.same_work` and its like compare, phrase by phrase, is
multiplied here as sparse rows. Phrases come back from seeker to seeker, so their rows are
remembered.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.explain.phrase_similarity import ENOUGH, NO_SKILL, facts
from matching.skills import vectors as skill_vectors
from matching.utils.array_types import IntArray
from matching.utils.row_cache import RowTable

# What two phrases have in common, as flags of one number.
READS_ALIKE, SAME_SKILL, SAME_WORK = 1, 2, 4
_ALL = READS_ALIKE | SAME_SKILL | SAME_WORK
# Numbers remembered.
_CELLS = 64 * 2**20
# Things in common that tell count this much in a sum, those that don't count 1.
_TELLING = 2**20


class Likeness:
    """A catalogue's phrases, to be compared with any others.

    Parameters
    ----------
    phrases : iterable of str

    Attributes
    ----------
    phrases : list of str
        Each once.
    codes : dict of str to int
        Their columns.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.codes = {phrase: i for i, phrase in enumerate(dict.fromkeys(phrases))}
        self.phrases = list(self.codes)
        skill_vectors.learn(self.phrases)
        each = [facts(phrase) for phrase in self.phrases]
        self._terms = _numbered(term for one in each for term in one.core)
        self._names = _numbered(name for one in each for name in one.names)
        self._sizes = np.array([len(one.core) for one in each], dtype=np.int64)
        telling = [_TELLING if len(term) > 1 else 0 for term in self._terms]
        self._by_term = _rows([one.core for one in each], self._terms, telling)
        skilled = [0 if name in NO_SKILL else _TELLING for name in self._names]
        self._by_name = _rows([one.names for one in each], self._names, skilled)
        self._spelt: dict[str, list[int]] = {}
        for column, one in enumerate(each):
            if one.squeezed:
                self._spelt.setdefault(one.squeezed, []).append(column)
        self._rows = RowTable(len(self.phrases), np.uint8, _CELLS, self._compared)

    @property
    def table(self) -> NDArray[np.uint8]:
        """Flags of what a row's phrase and a column's have in common, shape (n_rows, n_phrases)."""
        return self._rows.table

    def rows(self, phrases: Sequence[str]) -> IntArray:
        """Return the row of each phrase in ``table``; rows hold until this is asked again."""
        return self._rows.rows(phrases)

    def _compared(self, phrases: Sequence[str]) -> NDArray[np.uint8]:
        skill_vectors.learn(phrases)
        each = [facts(phrase) for phrase in phrases]
        found = np.zeros((len(each), len(self.phrases)), dtype=np.uint8)
        for row, one in enumerate(each):
            found[row, self._spelt.get(one.squeezed, [])] = _ALL
        # Where telling terms are shared, it is these that decide and not the spelling.
        sums = _rows([one.core for one in each], self._terms) @ self._by_term.T
        rows, columns = sums.nonzero()
        telling, shared = np.divmod(sums.data, _TELLING)
        sizes = np.array([len(one.core) for one in each], dtype=np.int64)
        least = np.minimum(sizes[rows], self._sizes[columns])
        alike = np.where(shared >= ENOUGH * least, _ALL, 0).astype(np.uint8)
        told = telling > 0
        found[rows[told], columns[told]] = alike[told]
        sums = _rows([one.names for one in each], self._names) @ self._by_name.T
        work = SAME_WORK | np.where(sums.data >= _TELLING, SAME_SKILL, 0)
        found[sums.nonzero()] |= work.astype(np.uint8)
        return found


def _numbered(words: Iterable[str]) -> dict[str, int]:
    return {word: column for column, word in enumerate(sorted(set(words)))}


def _rows(
    groups: Sequence[frozenset[str]],
    columns: dict[str, int],
    more: Sequence[int] | None = None,
) -> sparse.csr_array:
    """Return one row a group with 1 for each word of a known column, and what is more."""
    each = [[columns[word] for word in group if word in columns] for group in groups]
    indices = np.array([column for row in each for column in row], dtype=np.int64)
    values = np.ones(len(indices), dtype=np.int64)
    if more is not None:
        values += np.array(more, dtype=np.int64)[indices]
    starts = np.cumsum([0, *map(len, each)])
    return sparse.csr_array((values, indices, starts), shape=(len(groups), len(columns)))
