"""Text features of seekers and openings: similarity of what both say, as dense tables."""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain

import numpy as np
from scipy import sparse

from matching.features.catalogue import Catalogue, opening_texts
from matching.features.pooling import (
    Phrases,
    Pooling,
    collect_phrases,
    pool_last,
    pool_max,
    pool_mean,
)
from matching.features.seeker_cleaning import (
    clean_seeker,
    understand_phrases,
    unwanted_phrases,
)
from matching.records import PastOpening, Seeker
from matching.text.tfidf import Text
from matching.utils.array_types import Float32Array
from matching.utils.sparse import dense_product

# How strong a sign of interest an action is.
ACTION_WEIGHT = {"viewed": 1.0, "applied": 2.0, "hired": 3.0}
NEGATIVE_ACTIONS = ("declined", "left")
# Each earlier interaction weighs this much of the next one.
RECENCY = 0.8
# Cosine above which two titles are the same, spelling apart.
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
    "negative_title",
    "profile_all",
    "wanted_link",
    "skills_link",
    "experience_link",
    "past_link",
    "wanted_trade",
    "skills_trade",
    "experience_trade",
    "wanted_meaning",
    "skills_meaning",
    "experience_meaning",
    "unwanted_title",
    "unwanted_link",
    "unwanted_trade",
)
# Sources of phrases, and the parts of an opening that each may be compared with.
_SOURCES = ("wanted", "skills", "experience", "past", "negative", "unwanted")
_PARTS = {"full": "work", "link": "link", "trade": "trade", "meaning": "meaning"}


def positive_interactions(past: Sequence[PastOpening]) -> list[tuple[PastOpening, float]]:
    """Return the openings of a past that show interest, with weights above 0.

    Stronger actions and later ones weigh more.
    """
    positive = [one for one in past if one.action not in NEGATIVE_ACTIONS]
    last = len(positive) - 1
    return [
        (one, ACTION_WEIGHT[one.action] * RECENCY ** (last - i)) for i, one in enumerate(positive)
    ]


class TextFeatureBlock:
    """Text features of some seekers and a catalogue.

    Memory grows with ``len(seekers) * len(catalogue)``: callers split many seekers into blocks.

    Parameters
    ----------
    seekers : sequence of Seeker
    catalogue : Catalogue
    """

    def __init__(self, seekers: Sequence[Seeker], catalogue: Catalogue) -> None:
        understand_phrases(seekers)
        self.seekers = [clean_seeker(seeker) for seeker in seekers]
        self.catalogue = catalogue
        self.wanted = collect_phrases([(text, 1.0) for text in s.wanted] for s in self.seekers)
        self.skills = collect_phrases(
            [(text, 1.0) for text in chain(s.skills, s.certificates)] for s in self.seekers
        )
        self.experience = collect_phrases(
            [(job.title, 1.0 + min(job.years or 0.0, 5.0) / 5.0) for job in s.experience]
            for s in self.seekers
        )
        self.past = collect_phrases(
            [(one.title, weight) for one, weight in positive_interactions(s.past)]
            for s in self.seekers
        )
        self.unwanted = collect_phrases(
            [(text, 1.0) for text in unwanted_phrases(seeker)] for seeker in seekers
        )
        self.negative = collect_phrases(
            [(one.title, 1.0) for one in s.past if one.action in NEGATIVE_ACTIONS]
            for s in self.seekers
        )

    def _pool(self, pooling: Pooling, similarity: Float32Array, phrases: Phrases) -> Float32Array:
        """Return one row a seeker from one row a phrase."""
        return pooling(similarity, phrases, len(self.seekers))

    def _similarity(self, part: str, texts: Sequence[str]) -> Float32Array:
        """Return :meth:`Catalogue.similarities`; a repeated phrase is compared once."""
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        dense = self.catalogue.similarities(list(distinct), part)
        return dense[[distinct[text] for text in texts]]

    @cached_property
    def text(self) -> dict[str, Float32Array]:
        """Text features, each of shape (n_seekers, n_openings), in 0–1."""
        found: dict[str, Float32Array] = {}
        for name in _SOURCES:
            phrases: Phrases = getattr(self, name)
            title = self._similarity("title", phrases.texts)
            found[f"{name}_title"] = self._pool(pool_max, title, phrases)
            if f"{name}_title_mean" in TEXT_FEATURES:
                found[f"{name}_title_mean"] = self._pool(pool_mean, title, phrases)
            if name == "past":
                found["past_title_last"] = self._pool(pool_last, title, phrases)
                same = (title > SAME_TITLE).astype(np.float32)
                found["past_title_same"] = self._pool(pool_mean, same, phrases)
            for suffix, part in _PARTS.items():
                if f"{name}_{suffix}" in TEXT_FEATURES:
                    similarity = self._similarity(part, phrases.texts)
                    found[f"{name}_{suffix}"] = self._pool(pool_max, similarity, phrases)
        found["profile_all"] = self._profile_similarity()
        return found

    def _profile_vectors(self) -> sparse.csr_array:
        """Return one vector a seeker, of all their words, employers and places."""
        texts: list[Text] = [
            (
                *s.wanted,
                *s.skills,
                *(part or "" for j in s.experience for part in (j.title, j.employer, j.place)),
                *(
                    part
                    for o in s.past
                    if o.action not in NEGATIVE_ACTIONS
                    for part in opening_texts(o)
                ),
            )
            for s in self.seekers
        ]
        return self.catalogue.space.terms.vectors(texts)

    def _profile_similarity(self) -> Float32Array:
        """Return the cosine of each whole profile and each whole opening text."""
        return dense_product(self._profile_vectors(), self.catalogue.all_terms)
