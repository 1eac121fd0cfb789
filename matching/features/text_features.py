"""What the words of seekers and openings have in common, as tables of seekers and openings."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching.features.catalogue import Catalogue, about_all, by_term
from matching.features.seeker_cleaning import what_counts
from matching.records import PastOpening, Seeker
from matching.text.tfidf import Text
from matching.utils.array_types import Float32Array, IntArray

# How much one thing somebody did tells of what they want.
ACTION_WEIGHT = {"viewed": 1.0, "applied": 2.0, "hired": 3.0}
SHUNNED = ("declined", "left")
# Each older opening of the past counts this much of the next one.
RECENCY = 0.8
# Cosine above which two titles are one but for spelling.
SAME_TITLE = 0.999

TEXT_FEATURES = (
    "wanted_title",
    "wanted_title_mean",
    "wanted_full",
    "skills_title",
    "skills_full",
    "experience_title",
    "experience_title_mean",
    "experience_full",
    "past_title",
    "past_title_mean",
    "past_title_last",
    "past_title_same",
    "past_full",
    "shunned_title",
    "profile_all",
    "wanted_link",
    "skills_link",
    "experience_link",
    "past_link",
)


class Phrases(NamedTuple):
    """Phrases of several seekers in one list: who says each, and how much it weighs."""

    texts: list[str]
    owners: IntArray
    weights: Float32Array


def phrases_of(said: Iterable[Iterable[tuple[str, float]]]) -> Phrases:
    rows = [
        (text, owner, weight)
        for owner, pairs in enumerate(said)
        for text, weight in pairs
        if text and text.strip()
    ]
    return Phrases(
        [text for text, _, _ in rows],
        np.array([owner for _, owner, _ in rows], dtype=np.int64),
        np.array([weight for _, _, weight in rows], dtype=np.float32),
    )


def recent(past: Sequence[PastOpening]) -> list[tuple[PastOpening, float]]:
    """Return what drew the seeker, with weights: stronger actions and later ones weigh more."""
    drawn = [one for one in past if one.action not in SHUNNED]
    last = len(drawn) - 1
    return [(one, ACTION_WEIGHT[one.action] * RECENCY ** (last - i)) for i, one in enumerate(drawn)]


class TextBlock:
    """Some seekers against a catalogue, by their words.

    Memory grows with ``len(seekers) * len(catalogue)``; callers cut many seekers into blocks.
    """

    def __init__(self, seekers: Sequence[Seeker], catalogue: Catalogue) -> None:
        self.seekers = [what_counts(seeker) for seeker in seekers]
        self.catalogue = catalogue
        self.wanted = phrases_of([(text, 1.0) for text in s.wanted] for s in self.seekers)
        self.skills = phrases_of(
            [(text, 1.0) for text in chain(s.skills, s.certificates)] for s in self.seekers
        )
        self.experience = phrases_of(
            [(job.title, 1.0 + min(job.years or 0.0, 5.0) / 5.0) for job in s.experience]
            for s in self.seekers
        )
        self.past = phrases_of(
            [(one.title, weight) for one, weight in recent(s.past)] for s in self.seekers
        )
        self.shunned = phrases_of(
            [(one.title, 1.0) for one in s.past if one.action in SHUNNED] for s in self.seekers
        )

    # --- folding one row a phrase into one row a seeker -----------------------------------

    def _best(self, similar: Float32Array, phrases: Phrases) -> Float32Array:
        out = np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        if phrases.texts:
            speakers, starts = np.unique(phrases.owners, return_index=True)
            out[speakers] = np.maximum.reduceat(similar, starts, axis=0)
        return out

    def _mean(self, similar: Float32Array, phrases: Phrases) -> Float32Array:
        out = np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        if phrases.texts:
            speakers, starts = np.unique(phrases.owners, return_index=True)
            total = np.add.reduceat(similar * phrases.weights[:, None], starts, axis=0)
            out[speakers] = total / np.add.reduceat(phrases.weights, starts)[:, None]
        return out

    def _row(self, similar: Float32Array, phrases: Phrases, *, last: bool) -> Float32Array:
        """What the first or the last phrase of each seeker is like."""
        out = np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        if phrases.texts:
            speakers, starts = np.unique(phrases.owners, return_index=True)
            ends = np.append(starts[1:], len(phrases.owners)) - 1
            out[speakers] = similar[ends if last else starts]
        return out

    # --- text -----------------------------------------------------------------------------

    def _against(self, part: str, texts: Sequence[str]) -> Float32Array:
        """Likeness of phrases and a part of the openings; one said twice is compared once."""
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        dense = self.catalogue.compared(list(distinct), part)
        return dense[[distinct[text] for text in texts]]

    @cached_property
    def text(self) -> dict[str, Float32Array]:
        """Text features, each of shape (n_seekers, n_openings), in 0–1."""
        found: dict[str, Float32Array] = {}
        for name in ("wanted", "skills", "experience", "past", "shunned"):
            phrases: Phrases = getattr(self, name)
            title = self._against("title", phrases.texts)
            found[f"{name}_title"] = self._best(title, phrases)
            if f"{name}_title_mean" in TEXT_FEATURES:
                found[f"{name}_title_mean"] = self._mean(title, phrases)
            if name == "past":
                found["past_title_last"] = self._row(title, phrases, last=True)
                same = (title > SAME_TITLE).astype(np.float32)
                found["past_title_same"] = self._mean(same, phrases)
            if f"{name}_full" in TEXT_FEATURES:
                full = self._against("work", phrases.texts)
                found[f"{name}_full"] = self._best(full, phrases)
            if f"{name}_link" in TEXT_FEATURES:
                found[f"{name}_link"] = self._best(self._against("link", phrases.texts), phrases)
        found["profile_all"] = self._profile()
        return found

    def _profiles(self) -> sparse.csr_array:
        """Return all that is known of the seekers as vectors."""
        said: list[Text] = [
            (
                *s.wanted,
                *s.skills,
                *(part or "" for j in s.experience for part in (j.title, j.employer, j.place)),
                *(part for o in s.past if o.action not in SHUNNED for part in about_all(o)),
            )
            for s in self.seekers
        ]
        return self.catalogue.space.terms.vectors(said)

    def _profile(self) -> Float32Array:
        """Cosine of all that is known of the seeker with all that the opening says."""
        found: Float32Array = (self._profiles() @ by_term(self.catalogue.all_vectors)).toarray()
        return found
