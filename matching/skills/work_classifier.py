"""Which trade a text speaks of: probabilities over the names of the skill table.

Two views of the same training texts (names, ways of saying them, and
``data/work_sentences.csv``) are added: the characters, by complement naive Bayes, counted when
first asked; and the meaning, by a multinomial logistic regression over sentence vectors. The
weights of the latter take a minute to fit and are shipped in ``data/work_weights.npz``
(``python -m matching trades`` makes the file anew).
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
from scipy import sparse

from matching.skills.version import tables_version
from matching.text.normalise import squeeze_all
from matching.text.sentence_vectors import DIMENSIONS, sentence_vectors
from matching.text.synonyms import replace_synonyms
from matching.text.tfidf import TermSpace
from matching.utils.array_types import Float32Array, FloatArray, IntArray
from matching.utils.caches import SharedCache
from matching.utils.reference_tables import data_path, read_table, split_cell
from matching.utils.stored_cache import Stored, StoredCache

# Chosen on sentences held out from the fit, by five-fold cross-validation.
SMOOTHING: Final = 0.1
CHARACTER_WEIGHT: Final = 5.0
SHARPNESS: Final = 0.8
REGULARISATION: Final = 10.0
_MAX_WEIGHT: Final = 127  # weights are kept as signed bytes
TOP: Final = 20  # trades kept of a text
_MAX_REMEMBERED: Final = 65536


class TrainingTexts(NamedTuple):
    """Texts, each with the name it speaks of."""

    texts: list[str]
    names: list[str]

    @property
    def distinct_names(self) -> list[str]:
        """Every name once, sorted."""
        return sorted(set(self.names))

    @property
    def digest(self) -> str:
        """Of all texts and names, so that weights can be told to belong to them."""
        lines = "\n".join(
            f"{name}\t{text}" for name, text in zip(self.names, self.texts, strict=True)
        )
        return hashlib.sha256(lines.encode()).hexdigest()


def training_texts(directory: Path | None = None) -> TrainingTexts:
    """Return names, ways of saying them and sentences, sorted, from the tables of ``data/``."""
    pairs = {(row["name"], row["sentence"]) for row in _rows("work_sentences.csv", directory)}
    for row in _rows("skills.csv", directory):
        pairs |= {(row["name"], form) for form in (row["name"], *split_cell(row["variants"]))}
    ordered = sorted(pairs)
    return TrainingTexts([text for _, text in ordered], [name for name, _ in ordered])


def _rows(name: str, directory: Path | None) -> list[dict[str, str]]:
    return list(read_table(data_path(name, directory)))


def weights_path(directory: Path | None = None) -> Path:
    """Return where the weights are kept."""
    return data_path("work_weights.npz", directory)


class WorkWeights(NamedTuple):
    """Weights of a logistic regression over sentence vectors.

    Attributes
    ----------
    names : list of str, length n_names
    weights : ndarray of int8, shape (DIMENSIONS, n_names)
        Bytes, so that the products with vectors are exact; times ``scale`` they are log odds.
    scale, bias : ndarray of shape (n_names,)
    digest : str
        Of the texts it was fitted to.
    """

    names: list[str]
    weights: Any
    scale: FloatArray
    bias: FloatArray
    digest: str

    @classmethod
    def fit(cls, training: TrainingTexts) -> Self:
        """Fit the weights; the same texts give the same weights on the same machine."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=REGULARISATION, max_iter=60, tol=1e-3)
        model.fit(sentence_vectors(training.texts), training.names)
        coefficients = model.coef_.astype(np.float64)
        scale = np.abs(coefficients).max(axis=1) / _MAX_WEIGHT
        whole = np.rint(coefficients / scale[:, np.newaxis]).astype(np.int8)
        names = [str(name) for name in model.classes_]
        return cls(names, whole.T.copy(), scale, model.intercept_, training.digest)

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            names=np.array(self.names),
            weights=self.weights,
            scale=self.scale.astype(np.float32),
            bias=self.bias.astype(np.float32),
            digest=np.array(self.digest),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the weights of a file; raises ``ValueError`` for one of another layout."""
        with np.load(path, allow_pickle=False) as file:
            found = cls(
                file["names"].tolist(),
                file["weights"],
                file["scale"].astype(np.float64),
                file["bias"].astype(np.float64),
                str(file["digest"]),
            )
        if found.weights.shape != (DIMENSIONS, len(found.names)):
            raise ValueError(f"{path.name}: weights of shape {found.weights.shape}")
        return found

    def aligned(self, names: Sequence[str]) -> "WorkWeights":
        """Return the weights in the order of other names, 0 for those not known."""
        at = {name: column for column, name in enumerate(self.names)}
        columns = np.array([at.get(name, -1) for name in names])
        known = columns >= 0
        return WorkWeights(
            list(names),
            np.where(known, self.weights[:, columns], 0).astype(np.int8),
            np.where(known, self.scale[columns], 0.0),
            np.where(known, self.bias[columns], 0.0),
            self.digest,
        )


Likely = tuple[IntArray, Float32Array]


class WorkClassifier:
    """Probabilities of trades for any Chinese text.

    Parameters
    ----------
    training : TrainingTexts
    weights : WorkWeights
        Of these texts or of earlier ones: a name they do not know goes by its characters alone.
    """

    def __init__(self, training: TrainingTexts, weights: WorkWeights) -> None:
        self.names = training.distinct_names
        self._weights = weights.aligned(self.names)
        texts = _plain(training.texts)
        self._terms = TermSpace(texts)
        number = {name: row for row, name in enumerate(self.names)}
        owners = np.array([number[name] for name in training.names], dtype=np.int64)
        self._term_evidence, self._bias = _complement_naive_bayes(
            self._terms.vectors(texts), owners, len(self.names)
        )
        self._remembered: SharedCache[str, Likely] = SharedCache(_MAX_REMEMBERED, self._find_likely)

    @classmethod
    def default(cls) -> "WorkClassifier":
        """Return the classifier over the tables of ``data/``, built once."""
        return _default()

    def probabilities(self, texts: Sequence[str]) -> FloatArray:
        """Return the probability of every name, shape (n_texts, n_names)."""
        words = self._terms.vectors(_plain(texts))
        length = np.asarray(words.sum(axis=1)).ravel()[:, np.newaxis]
        by_characters = (words @ self._term_evidence).toarray() + length * self._bias
        units = sentence_vectors(texts) @ self._weights.weights.astype(np.float32)
        by_meaning = units.astype(np.float64) * self._weights.scale + self._weights.bias
        total = SHARPNESS * (by_meaning + CHARACTER_WEIGHT * by_characters)
        odds = np.exp(total - total.max(axis=1, keepdims=True))
        found: FloatArray = odds / odds.sum(axis=1, keepdims=True)
        return found

    def likely(self, texts: Sequence[str]) -> list[Likely]:
        """Return the ``TOP`` likeliest names of every text, as columns ascending, and their
        probabilities, together 1."""
        return self._remembered.get(texts)

    def _find_likely(self, texts: Sequence[str]) -> list[Likely]:
        found: list[Likely] = []
        for start in range(0, len(texts), 512):
            for row in np.round(self.probabilities(texts[start : start + 512]), 5):
                columns = np.sort(np.argsort(-row, kind="stable")[:TOP])
                kept = row[columns]
                found.append((columns, (kept / kept.sum()).astype(np.float32)))
        return found


def _plain(texts: Sequence[str]) -> list[str]:
    return [replace_synonyms(text) for text in squeeze_all(texts)]


def _complement_naive_bayes(
    words: sparse.csr_array, owners: IntArray, n_names: int
) -> tuple[sparse.csr_array, FloatArray]:
    """Return how much a term speaks for a name, shape (n_terms, n_names), and a bias by length.

    What speaks for a name is that texts of all other names lack the term (Rennie and others,
    2003): sparse, for a name without the term has no evidence of it.
    """
    ones = np.ones(len(owners))
    of_name = sparse.csr_array((ones, (owners, np.arange(len(owners)))), shape=(n_names, len(ones)))
    held = sparse.csr_array(of_name @ words.astype(np.float64))
    by_term = np.asarray(held.sum(axis=0)).ravel() + SMOOTHING
    rest = np.maximum(by_term[held.indices] - held.data, SMOOTHING / 2)
    evidence = np.log(by_term[held.indices]) - np.log(rest)
    others = np.log(by_term.sum() - np.asarray(held.sum(axis=1)).ravel())
    found = sparse.csr_array((evidence, held.indices, held.indptr), shape=held.shape)
    return sparse.csr_array(found.T), others - others.mean()


@lru_cache(maxsize=1)
def _default() -> WorkClassifier:
    return WorkClassifier(training_texts(), WorkWeights.load(weights_path()))


def likely_trades(texts: Sequence[str]) -> list[Likely]:
    """Return :meth:`WorkClassifier.likely` of the default one, remembered by content."""
    return _remembered.get(texts)


def _encode(likely: Likely) -> bytes:
    columns, shares = likely
    return columns.astype("<i2").tobytes() + shares.astype("<f4").tobytes()


def _decode(raw: bytes) -> Likely:
    half = len(raw) // 3
    columns = np.frombuffer(raw[:half], dtype="<i2").astype(np.int64)
    return columns, np.frombuffer(raw[half:], dtype="<f4").astype(np.float32)


_remembered: StoredCache[Likely] = StoredCache(
    _MAX_REMEMBERED,
    lambda texts: WorkClassifier.default().likely(texts),
    Stored("trades", tables_version, _encode, _decode),
)
