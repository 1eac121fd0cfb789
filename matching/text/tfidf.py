"""TF-IDF vectors of titles and phrases, for Chinese and for scripts with spaces.

Terms are characters and character bigrams of Chinese, words and word stems otherwise. Weights are
inverse document frequencies over the distinct texts of a catalogue.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import repeat

import numpy as np
from scipy import sparse

from matching.text.normalise import normalise
from matching.utils.array_types import Float32Array, FloatArray, IntArray
from matching.utils.ragged import RaggedArray

# A text, or its parts: many texts have parts in common, which are analysed once.
Text = str | tuple[str, ...]

_CHINESE = re.compile("[㐀-鿿]")
_RUN = re.compile(r"[㐀-鿿豈-﫿]+|[a-z0-9+#']+")
# Leading words like "我会做…", "想找…"; but not the first character of 会计 and 干洗.
_FILLER = re.compile(
    r"^(?:我|还|也|会(?![计议展所务])|能(?!源)|想|可以|做过|干过|做|干(?![洗货果])|找|帮人|帮)+"
)
_STEM = 5
# Weight of a single Chinese character, which is less specific than its rarity suggests.
_SINGLE = 0.4


def is_chinese(text: str) -> bool:
    """Return whether ``text`` holds a Chinese character."""
    return _CHINESE.search(text) is not None


def _chinese_terms(run: str) -> list[str]:
    kept = _FILLER.sub("", run) or run
    return [*kept, *(kept[i : i + 2] for i in range(len(kept) - 1))]


def _word_terms(word: str) -> list[str]:
    word = word.replace("'", "")
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return [word, word[:_STEM] + "~"] if len(word) > _STEM else [word] if word else []


@lru_cache(maxsize=131072)
def terms(text: str) -> tuple[str, ...]:
    """Return the terms of ``text`` in order, repeats kept.

    >>> terms("会做保洁")
    ('保', '洁', '保洁')
    >>> terms("Cashiers")
    ('cashier', 'cashi~')
    """
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        found.extend(_chinese_terms(run) if is_chinese(run) else _word_terms(run))
    return tuple(found)


def _term_positions(texts: Sequence[Text]) -> tuple[list[str], RaggedArray]:
    """Return the terms of all distinct parts, and the positions of each text's terms among them."""
    parts: dict[str, int] = {}
    starts, which = [0], list[int]()
    for text in texts:
        for part in (text,) if isinstance(text, str) else text:
            which.append(parts.setdefault(part, len(parts)))
        starts.append(len(which))
    each = [terms(part) for part in parts]
    words = [term for found in each for term in found]
    ends = np.cumsum([0, *map(len, each)])
    owners, term_positions = RaggedArray(ends, np.arange(len(words))).gather(
        np.array(which, dtype=np.int64)
    )
    # Terms of a text lie together, since its parts do.
    return words, RaggedArray(np.searchsorted(owners, starts), term_positions)


def _counts(codes: IntArray, positions: RaggedArray, size: int) -> sparse.csr_array:
    """Return how often each code occurs in each text, shape (n_texts, size)."""
    values = np.ones(len(positions.values)), codes[positions.values], positions.offsets
    counts = sparse.csr_array(values, shape=(len(positions.offsets) - 1, size))
    counts.sum_duplicates()
    return counts


def _is_single(term: str) -> bool:
    return len(term) == 1 and not term.isascii()


class TermSpace:
    """Term weights learned from a collection of texts.

    Parameters
    ----------
    texts : iterable of str or of tuples of str
        The collection, whole or in parts. Equal texts count once: copies of an advertisement do
        not make its words common.

    Attributes
    ----------
    columns : dict of str to int
        Column of each known term.
    weights : ndarray of shape (n_terms,)
        Inverse document frequency, ``log(1 + (n + 1) / (df + 0.5))``, above 0.
    unknown : float
        Weight of a term that is in no text of the collection.
    """

    def __init__(self, texts: Iterable[Text]) -> None:
        distinct = list(dict.fromkeys(texts))
        words, positions = _term_positions(distinct)
        # Sorted, so that the space does not depend on the order of the texts.
        self.columns = {term: column for column, term in enumerate(sorted(set(words)))}
        codes = np.array([self.columns[word] for word in words], dtype=np.int64)
        held = _counts(codes, positions, len(self.columns)).indices
        frequencies = np.bincount(held, minlength=len(self.columns))
        total = len(distinct) + 1
        self.weights: Float32Array = np.log1p(total / (frequencies + 0.5)).astype(np.float32)
        self.unknown = math.log1p(total / 0.5)

    @cached_property
    def _term_weights(self) -> FloatArray:
        """Weights with single characters reduced, shape (n_terms,)."""
        single = np.array([_is_single(term) for term in self.columns], dtype=np.bool_)
        return np.where(single, _SINGLE, 1.0) * self.weights.astype(np.float64)

    def _rows(self, texts: Sequence[Text], *, norm: int) -> sparse.csr_array:
        """Return one row a text with the weights of its known terms, scaled to ``norm`` 1.

        Unknown terms count in the norm.
        """
        size = len(self.columns)
        words, positions = _term_positions(texts)
        codes = np.array([*map(self.columns.get, words, repeat(-1))], dtype=np.int64)
        # Unknown terms get codes after the known ones. Sorted, so that a row does not depend on
        # the other texts, not even in its last digit.
        unknown = np.flatnonzero(codes < 0)
        unknown_terms = sorted({words[i] for i in unknown.tolist()})
        number = {term: size + i for i, term in enumerate(unknown_terms)}
        codes[unknown] = [number[words[i]] for i in unknown.tolist()]
        counts = _counts(codes, positions, size + len(unknown_terms))
        unknown_weights = [
            self.unknown * (_SINGLE if _is_single(term) else 1.0) for term in unknown_terms
        ]
        weights = np.concatenate([self._term_weights, np.array(unknown_weights)])[counts.indices]
        if norm == 2:
            weights *= 1 + np.log(counts.data)
        row = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        total = np.bincount(row, weights**norm, minlength=len(texts)) ** (1 / norm)
        known = counts.indices < size
        starts = np.concatenate([[0], np.cumsum(known)])[counts.indptr]
        values = (weights / total[row])[known].astype(np.float32)
        return sparse.csr_array(
            (values, counts.indices[known].astype(np.int32), starts), shape=(len(texts), size)
        )

    def vectors(self, texts: Sequence[Text]) -> sparse.csr_array:
        """Return one row a text; the dot product of two is their cosine."""
        return self._rows(texts, norm=2)

    def shares(self, texts: Sequence[Text]) -> sparse.csr_array:
        """Return one row a text; its weights sum to 1, with those of unknown terms."""
        return self._rows(texts, norm=1)

    def presence(self, texts: Sequence[Text]) -> sparse.csr_array:
        """Return one row a text with 1 for each of its terms."""
        rows = self._rows(texts, norm=1)
        rows.data[:] = 1
        return rows
