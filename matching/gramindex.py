"""A sparse index of forms by their grams, for asking which forms share the most with a text."""

import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]


def grams(units: Sequence[str]) -> set[str]:
    """Return the single units and the pairs of neighbours (characters, or syllables).

    >>> sorted(grams("保洁"))
    ['保', '保 洁', '洁']
    """
    return {*units, *(f"{a} {b}" for a, b in itertools.pairwise(units))}


class GramIndex:
    """Forms as weighted sets of grams.

    A gram weighs the more the fewer owners (names) have it; a pair weighs ``PAIR`` times as
    much as one unit of the same rarity, for order is evidence.

    Parameters
    ----------
    forms : the units of every form, in order.
    owner : array of shape (n_forms,), the name each form belongs to.
    """

    PAIR = 1.3

    def __init__(self, forms: Sequence[Sequence[str]], owner: Ints) -> None:
        held = {
            (gram, int(who))
            for units, who in zip(forms, owner, strict=True)
            for gram in grams(units)
        }
        owners = Counter(gram for gram, _ in held)
        self._column = {gram: i for i, gram in enumerate(sorted(owners))}
        counts = np.array([owners[gram] for gram in self._column], dtype=np.float32)
        pair = np.array([" " in gram for gram in self._column], dtype=bool)
        n_names = len(set(owner.tolist()))
        self._weight: Floats = np.log((n_names + 1) / counts).astype(np.float32) + np.float32(0.1)
        self._weight[pair] *= np.float32(self.PAIR)
        self._unknown = float(np.median(self._weight)) if len(self._weight) else 1.0
        matrix = self._matrix(forms)
        self._form_mass: Floats = np.maximum(matrix @ self._weight, np.float32(1e-6))
        names = sparse.csr_array(
            (np.ones(len(owner), dtype=np.float32), (owner, np.arange(len(owner)))),
            shape=(int(owner.max(initial=-1)) + 1, len(owner)),
        )
        held_by = sparse.csr_array(names @ matrix)
        held_by.data = np.minimum(held_by.data, 1.0)
        self._known_by = (held_by @ sparse.diags_array(self._weight)).T.tocsr().astype(np.float32)
        self._by_gram = (matrix @ sparse.diags_array(self._weight)).T.tocsr().astype(np.float32)

    def _matrix(self, texts: Sequence[Sequence[str]]) -> sparse.csr_array:
        rows: list[int] = []
        columns: list[int] = []
        for row, units in enumerate(texts):
            found = [self._column[gram] for gram in grams(units) if gram in self._column]
            columns.extend(found)
            rows.extend([row] * len(found))
        ones = np.ones(len(rows), dtype=np.float32)
        return sparse.csr_array((ones, (rows, columns)), shape=(len(texts), len(self._column)))

    def _ask(self, texts: Sequence[Sequence[str]]) -> tuple[sparse.csr_array, Floats]:
        """Return the texts as rows of grams, and the weight of each."""
        asked = self._matrix(texts)
        strange = [
            sum(unit not in self._column for unit in units) * self._unknown for units in texts
        ]
        mass = asked @ self._weight + np.asarray(strange, dtype=np.float32)
        return asked, np.maximum(mass, np.float32(1e-6))

    def familiarity(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Return which share of every text each name's forms hold together, shape
        (n_texts, n_names), 0 to 1.
        """
        asked, mass = self._ask(texts)
        known: Floats = (asked @ self._known_by).toarray() / mass[:, np.newaxis]
        return np.minimum(known, np.float32(1.0))

    def search(
        self, texts: Sequence[Sequence[str]], form_power: float, text_power: float
    ) -> sparse.csr_array:
        """Return how well every form fits every text, shape (n_texts, n_forms), 0 to 1.

        The fit is ``a ** form_power * b ** text_power`` where a is the share of the form, and b
        the share of the text, that the two have in common by weight. Forms that share nothing
        are not stored.
        """
        asked, mass = self._ask(texts)
        shared = (asked @ self._by_gram).tocsr()
        row = np.repeat(np.arange(len(texts)), np.diff(shared.indptr))
        of_form = np.minimum(shared.data / self._form_mass[shared.indices], 1.0)
        of_text = np.minimum(shared.data / mass[row], 1.0)
        shared.data = (of_form**form_power * of_text**text_power).astype(np.float32)
        return sparse.csr_array(shared)
