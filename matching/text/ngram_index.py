"""A sparse n-gram index of forms: which forms share the most weight with a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matching.utils.array_types import BoolArray, Float32Array, IndexArray


def _distinct(numbers: IndexArray) -> IndexArray:
    # Sorted, like np.unique, which hashes: several times slower where most numbers are distinct.
    ordered = np.sort(numbers)
    new: BoolArray = np.concatenate([ordered[:1] >= 0, ordered[1:] != ordered[:-1]])
    distinct: IndexArray = ordered[new]
    return distinct


def _flat(texts: Iterable[Sequence[str]]) -> tuple[list[str], list[int]]:
    """Return the units of all texts one after the other, and how many each text has."""
    units: list[str] = []
    sizes: list[int] = []
    for text in texts:
        units.extend(text)
        sizes.append(len(text))
    return units, sizes


@dataclass(frozen=True, slots=True)
class NgramQuery:
    """Texts as rows of n-grams, and the total weight of each."""

    grams: sparse.csr_array
    mass: Float32Array


class NgramIndex:
    """Forms as weighted sets of unigrams and bigrams of units (characters or syllables).

    An n-gram weighs more the fewer names have it. A bigram weighs ``PAIR`` times as much as an
    equally rare unigram, since it also matches the order.

    Parameters
    ----------
    forms : the units of every form, in order.
    owner : array of shape (n_forms,), the name each form belongs to.
    """

    PAIR = 1.3

    def __init__(self, forms: Iterable[Sequence[str]], owner: IndexArray) -> None:
        units, sizes = _flat(forms)
        self._number = {unit: number for number, unit in enumerate(dict.fromkeys(units))}
        rows, grams = self._grams(units, sizes)
        self._columns = _distinct(grams)
        n_grams, n_names = len(self._columns), int(owner.max(initial=-1)) + 1
        held = _distinct(owner[rows] * max(n_grams, 1) + np.searchsorted(self._columns, grams))
        counts = np.bincount(held % max(n_grams, 1), minlength=n_grams).astype(np.float32)
        pair = self._columns >= len(self._number)
        self._weight: Float32Array = np.log((n_names + 1) / counts).astype(np.float32) + np.float32(
            0.1
        )
        self._weight[pair] *= np.float32(self.PAIR)
        self._unknown = float(np.median(self._weight)) if len(self._weight) else 1.0
        matrix = self._matrix(rows, grams, len(sizes))
        self._form_mass: Float32Array = np.maximum(matrix @ self._weight, np.float32(1e-6))
        ones = np.ones(len(held), dtype=np.float32)
        held_by = sparse.csr_array((ones, divmod(held, max(n_grams, 1))), shape=(n_names, n_grams))
        self._known_by: sparse.csr_array = (
            (held_by @ sparse.diags_array(self._weight)).T.tocsr().astype(np.float32)
        )
        self._by_gram = (matrix @ sparse.diags_array(self._weight)).T.tocsr().astype(np.float32)

    def _grams(self, units: list[str], sizes: list[int]) -> tuple[IndexArray, IndexArray]:
        """Return the row and code of every distinct n-gram of each text.

        Unigram codes come first, then bigrams. Units that are in no form, and bigrams with one,
        are left out.
        """
        n = len(self._number)
        unit = np.array([self._number.get(unit, -1) for unit in units], dtype=np.intp)
        row = np.repeat(np.arange(len(sizes)), sizes)
        paired = np.flatnonzero((row[1:] == row[:-1]) & (unit[1:] >= 0) & (unit[:-1] >= 0))
        known = np.flatnonzero(unit >= 0)
        grams = np.concatenate([unit[known], n + unit[paired] * n + unit[paired + 1]])
        size = n * (n + 1) + 1
        code = _distinct(np.concatenate([row[known], row[paired]]) * size + grams)
        return code // size, code % size

    def _matrix(self, rows: IndexArray, grams: IndexArray, n_texts: int) -> sparse.csr_array:
        columns = np.searchsorted(self._columns, grams)
        columns[columns == len(self._columns)] = 0
        known = np.flatnonzero(self._columns[columns] == grams) if len(grams) else rows
        # The n-grams are sorted by row already.
        ends = np.searchsorted(rows[known], np.arange(n_texts + 1))
        ones = np.ones(len(known), dtype=np.float32)
        return sparse.csr_array((ones, columns[known], ends), shape=(n_texts, len(self._columns)))

    def encode(self, texts: Sequence[Sequence[str]]) -> NgramQuery:
        """Return texts, each given by its units, as a query."""
        query = self._matrix(*self._grams(*_flat(texts)), len(texts))
        strange = [
            sum(unit not in self._number for unit in units) * self._unknown for units in texts
        ]
        mass = query @ self._weight + np.asarray(strange, dtype=np.float32)
        return NgramQuery(query, np.maximum(mass, np.float32(1e-6)))

    def known_share(self, query: NgramQuery) -> Float32Array:
        """Return the share of each text's weight that is in any form of each name.

        Shape (n_texts, n_names), in 0–1.
        """
        known: Float32Array = (
            (query.grams @ self._known_by).toarray().astype(np.float32, copy=False)
        )
        known /= query.mass[:, np.newaxis]
        return np.minimum(known, np.float32(1.0), out=known)

    def search(self, query: NgramQuery, form_power: float, text_power: float) -> sparse.csr_array:
        """Return the similarity of each form and text, shape (n_texts, n_forms), in 0–1.

        ``a ** form_power * b ** text_power``, where a and b are the shares of the form's and the
        text's weight that they have in common. Zeros are not stored.
        """
        shared: sparse.csr_array = query.grams @ self._by_gram
        row = np.repeat(np.arange(len(query.mass)), np.diff(shared.indptr))
        of_form = np.minimum(shared.data / self._form_mass[shared.indices], 1.0)
        of_text = np.minimum(shared.data / query.mass[row], 1.0)
        shared.data = (of_form**form_power * of_text**text_power).astype(np.float32)
        return shared
