"""What texts of work mean, in a form that can be kept: sentence vector, likely trades, links.

Working them out for an opening takes about ten milliseconds, comparing them with thousands of
others one. They depend on nothing but the text and the tables of ``data/``, so they are kept by
content (:func:`opening_key`) for as long as :func:`version` is the same.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse

from matching.records import Opening
from matching.skills import meaning, vectors
from matching.text.normalise import normalise
from matching.text.sentence_vectors import DIMENSIONS, SCALE
from matching.utils.array_types import AnyArray, Float32Array, FloatArray
from matching.utils.reference_tables import data_path

FORMAT: Final = 1
_TABLES: Final = ("occupations.csv", "skills.csv", "work_sentences.csv", "work_weights.npz")
_HEADER: Final = np.dtype("<u4")
_VECTOR, _COLUMN, _VALUE = np.dtype("<i2"), np.dtype("<i4"), np.dtype("<f4")
PARTS: Final = ("meaning", "trade", "link")

SparseRow = tuple[AnyArray, Float32Array]


class WorkMeaning(NamedTuple):
    """The meaning of one text.

    Attributes
    ----------
    vector : ndarray of shape (DIMENSIONS,), int16
        Sentence vector in units of ``1 / SCALE``; 0 where nothing is said in Chinese.
    trades, links : (columns, values)
        Likely trades, linked skills and occupations; see :mod:`matching.skills`.
    """

    vector: AnyArray
    trades: SparseRow
    links: SparseRow

    def to_bytes(self) -> bytes:
        """Return it as bytes, about 1.2 KB, the same on every machine."""
        counts = np.array([len(self.trades[0]), len(self.links[0])], dtype=_HEADER)
        parts: list[AnyArray] = [counts, self.vector.astype(_VECTOR)]
        for columns, values in (self.trades, self.links):
            parts += [columns.astype(_COLUMN), values.astype(_VALUE)]
        return b"".join(part.tobytes() for part in parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "WorkMeaning":
        """Return what :meth:`to_bytes` wrote; ``ValueError`` for anything else."""
        counts = np.frombuffer(data, _HEADER, 2)
        at = counts.nbytes
        vector = np.frombuffer(data, _VECTOR, DIMENSIONS, at)
        at += vector.nbytes
        rows: list[SparseRow] = []
        for count in counts.tolist():
            columns = np.frombuffer(data, _COLUMN, count, at)
            values = np.frombuffer(data, _VALUE, count, at + columns.nbytes)
            at += columns.nbytes + values.nbytes
            rows.append((columns, values))
        if at != len(data):
            raise ValueError(f"{len(data)} bytes where {at} were expected")
        return cls(vector, rows[0], rows[1])


@lru_cache(maxsize=1)
def version() -> str:
    """Return a digest of what meanings are worked out from; those of another are of no use."""
    digest = hashlib.sha256(str(FORMAT).encode())
    for name in _TABLES:
        digest.update(data_path(name).read_bytes())
    return digest.hexdigest()[:16]


def opening_key(opening: Opening) -> str:
    """Return the digest of the words an opening's meaning is worked out from, and the version."""
    said = (opening.title, opening.skills, opening.teaches, opening.certificates)
    return _key([*said, opening.description or ""])


def phrase_key(phrase: str) -> str:
    """Return the digest of a phrase, in any script, and the version."""
    return _key(normalise(phrase))


def _key(said: object) -> str:
    text = json.dumps([version(), said], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def opening_meanings(openings: Sequence[Opening]) -> list[WorkMeaning]:
    """Return the meaning of each opening; none depends on the others."""
    linked = vectors.opening_vectors(openings)
    return _rows(
        meaning.opening_meanings(openings),
        meaning.opening_trades(openings),
        linked,
    )


def phrase_meanings(phrases: Sequence[str]) -> list[WorkMeaning]:
    """Return the meaning of each phrase; none depends on the others."""
    return _rows(
        meaning.phrase_meanings(phrases), meaning.phrase_trades(phrases), vectors.vectors(phrases)
    )


def _rows(
    texts: Float32Array, trades: sparse.csr_array, links: sparse.csr_array | None
) -> list[WorkMeaning]:
    whole = np.rint(texts * SCALE).astype(_VECTOR)
    return [
        WorkMeaning(vector, _row(trades, at), _row(links, at)) for at, vector in enumerate(whole)
    ]


def _row(table: sparse.csr_array | None, at: int) -> SparseRow:
    if table is None:
        return np.zeros(0, dtype=_COLUMN), np.zeros(0, dtype=_VALUE)
    part = slice(table.indptr[at], table.indptr[at + 1])
    return table.indices[part].astype(_COLUMN), table.data[part].astype(_VALUE)


class MeaningTable:
    """Meanings of many texts, to be compared with one at a time.

    Parameters
    ----------
    meanings : sequence of WorkMeaning or None
        ``None`` for a text that nobody has worked out yet: nothing is like it.
    """

    def __init__(self, meanings: Sequence[WorkMeaning | None]) -> None:
        self._size = len(meanings)
        known = [(row, one) for row, one in enumerate(meanings) if one is not None]
        self._vectors = np.zeros((self._size, DIMENSIONS), dtype=np.float32)
        for row, one in known:
            self._vectors[row] = one.vector
        self._vectors /= SCALE
        self._trades = _SparseTable([(row, one.trades) for row, one in known], self._size)
        self._links = _SparseTable([(row, one.links) for row, one in known], self._size)

    def similarities(self, one: WorkMeaning) -> dict[str, FloatArray]:
        """Return for each of :data:`PARTS` how like each text is, in 0–1, shape (n_texts,)."""
        cosine = self._vectors @ (one.vector.astype(np.float32) / SCALE)
        return {
            "meaning": np.clip(cosine, 0, 1).astype(np.float64),
            "trade": self._trades.products(one.trades),
            "link": self._links.products(one.links),
        }


class _SparseTable:
    """Sparse rows, to be multiplied with one row at a time."""

    def __init__(self, rows: Sequence[tuple[int, SparseRow]], size: int) -> None:
        self._size = size
        lengths = [len(columns) for _, (columns, _) in rows]
        self._row = np.repeat([row for row, _ in rows] or [0], lengths or [0])
        self._column = np.concatenate([c for _, (c, _) in rows] or [np.zeros(0, _COLUMN)])
        self._value = np.concatenate([v for _, (_, v) in rows] or [np.zeros(0, _VALUE)])

    def products(self, row: SparseRow) -> FloatArray:
        columns, values = row
        width = max(self._column.max(initial=-1), columns.max(initial=-1)) + 1
        dense = np.zeros(width, dtype=np.float64)
        dense[columns] = values
        weights = dense[self._column] * self._value
        found: FloatArray = np.bincount(self._row, weights, self._size).astype(np.float64)
        return found
