"""What a ticket is about: probabilities of each answer, from characters, meaning and form.

Support vector machines over the ways of saying in ``data/ticket_matters.csv``, one for each thing
that is asked. Their weights are shipped in ``data/ticket_weights.npz``
(``python -m matching matters`` makes the file anew); nothing else was learned from.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
from scipy import sparse

from matching.text.normalise import ngrams
from matching.text.sentence_vectors import DIMENSIONS, sentence_vectors
from matching.triage.matters import Matter, matters
from matching.triage.plain import in_plain_words
from matching.triage.signs import patterns, sign_rows
from matching.utils.array_types import FloatArray
from matching.utils.reference_tables import data_path

# Chosen by cross-validation over the table, whole matters held out.
MEANING_WEIGHT: Final = 0.6
SIGN_WEIGHT: Final = 0.25
# A margin of 1 in log odds: what makes the likelihoods neither bold nor shy.
SHARPNESS: Final = 3.0
_SIZES: Final = (1, 2, 3)
_LEAST_TEXTS: Final = 1
_MAX_WEIGHT: Final = 127  # weights are kept as signed bytes
#: Characters of a text that are read.
MAX_CHARS: Final = 1000

#: What is asked of a ticket.
QUESTIONS: Final[dict[str, Callable[[Matter], str]]] = {
    "branch": lambda matter: matter.branch,
    "kind": lambda matter: matter.kind,
    "urgency": lambda matter: matter.urgency,
    "private": lambda matter: "yes" if matter.private else "no",
    "about_staff": lambda matter: "yes" if matter.about_staff else "no",
    "external": lambda matter: matter.external or "",
    "danger": lambda matter: "yes" if matter.urgency == "danger" else "no",
}
# Danger is asked apart and has answers of its own to these.
_WITHOUT_DANGER: Final = frozenset({"branch", "kind", "urgency"})


class Said(NamedTuple):
    """A way of saying a matter."""

    matter: Matter
    text: str


def all_said() -> list[Said]:
    """Return every way of saying of the table."""
    return [Said(matter, text) for matter in matters() for text in matter.phrasings]


def tables_digest(said: Sequence[Said]) -> str:
    """Return what changes with the table, so that weights can be told to belong to it."""
    rows = [f"{text}\t{[asked(m) for asked in QUESTIONS.values()]}" for m, text in said]
    rows += [f"{sign}\t{pattern.pattern}" for sign, pattern in patterns().items()]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


class TicketSpace:
    """Features of tickets: meaning, weighted character n-grams, signs of form.

    Parameters
    ----------
    texts : sequence of str
        The ways of saying whose n-grams are counted.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        held = Counter(gram for text in texts for gram in set(_grams(text)))
        kept = sorted(gram for gram, count in held.items() if count >= _LEAST_TEXTS)
        self._column = {gram: column for column, gram in enumerate(kept)}
        self._rarity = np.array([np.log((1 + len(texts)) / (1 + held[gram])) + 1 for gram in kept])

    @property
    def width(self) -> int:
        """How many features a text has."""
        return DIMENSIONS + len(self._column) + len(patterns())

    def rows(self, texts: Sequence[str]) -> sparse.csr_array:
        """Return the features, shape (n_texts, width); a row depends on its text alone."""
        short = [text[:MAX_CHARS] for text in texts]
        plain = [in_plain_words(text) for text in short]
        parts = [
            MEANING_WEIGHT * sparse.csr_array(sentence_vectors(plain)),
            self._characters(short),
            SIGN_WEIGHT * sparse.csr_array(sign_rows(short)),
        ]
        found = sparse.csr_array(sparse.hstack(parts).tocsr())
        # What scikit-learn learns from.
        found.indices, found.indptr = found.indices.astype("i4"), found.indptr.astype("i4")
        return found

    def _characters(self, texts: Sequence[str]) -> sparse.csr_array:
        values, columns, ends = list[float](), list[int](), [0]
        for text in texts:
            counts = Counter(self._column[g] for g in _grams(text) if g in self._column)
            found = sorted(counts)
            weights = np.array([(1 + np.log(counts[c])) * self._rarity[c] for c in found])
            length = float(np.sqrt((weights**2).sum())) or 1.0
            values += (weights / length).tolist()
            columns += found
            ends.append(len(columns))
        return sparse.csr_array((values, columns, ends), shape=(len(texts), len(self._column)))


def _grams(text: str) -> list[str]:
    return ngrams(in_plain_words(text), _SIZES)


class TicketWeights(NamedTuple):
    """Weights of all machines side by side.

    Attributes
    ----------
    answers : list of (question, answer)
        What each column stands for.
    weights : ndarray of int8, shape (n_features, n_answers)
    scale, bias : ndarray of shape (n_answers,)
    digest : str
        Of the table they were fitted to.
    """

    answers: list[tuple[str, str]]
    weights: Any
    scale: FloatArray
    bias: FloatArray
    digest: str

    @classmethod
    def fit(cls, said: Sequence[Said], space: TicketSpace) -> Self:
        """Fit the weights; the same table gives the same weights on the same machine."""
        from sklearn.svm import LinearSVC

        rows = space.rows([one.text for one in said])
        answers, columns, bias = list[tuple[str, str]](), list[FloatArray](), list[float]()
        for question, asked in QUESTIONS.items():
            used = [
                i
                for i, one in enumerate(said)
                if question not in _WITHOUT_DANGER or one.matter.urgency != "danger"
            ]
            model = LinearSVC(random_state=0)
            model.fit(rows[used], [asked(said[i].matter) for i in used])
            coefficients, offsets = model.coef_, model.intercept_
            if len(model.classes_) == 2:
                coefficients = np.vstack([-coefficients / 2, coefficients / 2])
                offsets = np.array([-offsets[0] / 2, offsets[0] / 2])
            answers += [(question, str(answer)) for answer in model.classes_]
            columns += list(coefficients)
            bias += (SHARPNESS * offsets).tolist()
        whole = SHARPNESS * np.vstack(columns)
        scale = np.abs(whole).max(axis=1) / _MAX_WEIGHT
        bytes_ = np.rint(whole / scale[:, np.newaxis]).astype(np.int8)
        return cls(answers, bytes_.T.copy(), scale, np.array(bias), tables_digest(said))

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            answers=np.array(self.answers),
            weights=self.weights,
            scale=self.scale.astype(np.float32),
            bias=self.bias.astype(np.float32),
            digest=np.array(self.digest),
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the weights of a file."""
        with np.load(path, allow_pickle=False) as file:
            return cls(
                [(str(question), str(answer)) for question, answer in file["answers"]],
                file["weights"],
                file["scale"].astype(np.float64),
                file["bias"].astype(np.float64),
                str(file["digest"]),
            )


Odds = dict[str, dict[str, float]]


class TicketClassifier:
    """Log probabilities of each answer to each question."""

    def __init__(self, space: TicketSpace, weights: TicketWeights) -> None:
        if len(weights.weights) != space.width:
            raise ValueError(
                "ticket_weights.npz is of another table: run python -m matching matters"
            )
        self.space, self._weights = space, weights
        self._matrix = weights.weights.astype(np.float64) * weights.scale

    def odds(self, rows: sparse.csr_array) -> list[Odds]:
        """Return for each row of features log probabilities by question and answer."""
        scores = rows @ self._matrix + self._weights.bias
        return [self._by_question(row) for row in scores]

    def _by_question(self, scores: FloatArray) -> Odds:
        found: Odds = {question: {} for question in QUESTIONS}
        for (question, answer), score in zip(self._weights.answers, scores, strict=True):
            found[question][answer] = float(score)
        for answers in found.values():
            values = np.array(list(answers.values()))
            total = float(values.max() + np.log(np.exp(values - values.max()).sum()))
            for answer in answers:
                answers[answer] -= total
        return found


def weights_path(directory: Path | None = None) -> Path:
    """Return where the weights are kept."""
    return data_path("ticket_weights.npz", directory)


def fit_default() -> TicketWeights:
    """Return weights fitted to the tables of ``data/``."""
    said = all_said()
    return TicketWeights.fit(said, TicketSpace([one.text for one in said]))


@lru_cache(maxsize=1)
def classifier() -> TicketClassifier:
    """Return the classifier over the tables of ``data/``, built once."""
    space = TicketSpace([one.text for one in all_said()])
    return TicketClassifier(space, TicketWeights.load(weights_path()))
