"""Features of pairs of seekers and openings, as a matrix with named columns.

A :class:`matching.features.catalogue.Catalogue` prepares openings once, a :class:`FeatureBlock`
some seekers against it. Protected attributes and ``priority`` are no features, nor are ids or the
position of an opening in its list.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from scipy import sparse

from matching.eligibility.hours import overlap
from matching.eligibility.places import PathIndex, split_path
from matching.features.asked_kind import asked_kinds
from matching.features.catalogue import MAX_DEPTH, Path
from matching.features.pooling import (
    Phrases,
    collect_phrases,
    pool_first,
    pool_last,
    pool_max,
    pool_mean,
)
from matching.features.text_features import (
    NEGATIVE_ACTIONS,
    TEXT_FEATURES,
    TextFeatureBlock,
    positive_interactions,
)
from matching.records import Kind, Opening
from matching.text.normalise import squeeze
from matching.utils.array_types import Float32Array, IntArray

PAIR_FEATURES = (
    "past_employer",
    "past_employer_last",
    "past_category",
    "past_kind",
    "negative_employer",
    "kind_asked",
    "past_place",
    "past_place_mean",
    "past_place_same",
    "past_place_last",
    "past_place_rare",
    "past_place_rare_mean",
    "experience_place",
    "experience_place_rare",
    "experience_place_rare_mean",
    "experience_place_first",
    "home_place",
    "home_place_rare",
    "at_home",
    "teaches",
    "pay_known",
    "pay_ratio",
    "pay_level",
    "hours_overlap",
    "flexible",
    "education_margin",
    "no_schooling",
)
# Equal for every opening of a seeker: a model learns from them which other columns to trust.
SEEKER_FEATURES = ("wanted_count", "skills_count", "experience_count", "past_count")
FEATURES = TEXT_FEATURES + PAIR_FEATURES + SEEKER_FEATURES


def shared_path_features(
    path: Path, places: PathIndex, rarity: Mapping[str, float]
) -> tuple[Float32Array, Float32Array]:
    """Compare a path with places.

    Returns
    -------
    share, rarity : ndarray of shape (n_places,)
        Share of the path's parts in the common prefix, and the rarity of that prefix; in 0–1.
    """
    depths = places.shared_depths(path)
    # A prefix that no opening of the collection has is as rare as can be.
    starts = ("/".join(path[: depth + 1]) for depth in range(len(path)))
    by_depth = np.array([0.0, *(rarity.get(start, 1.0) for start in starts)], dtype=np.float32)
    return depths.astype(np.float32) / np.float32(max(len(path), 1)), by_depth[depths]


class FeatureBlock(TextFeatureBlock):
    """All features of some seekers and a catalogue.

    Parameters
    ----------
    seekers : sequence of Seeker
    catalogue : Catalogue
    """

    def _place_similarity(self, paths: Sequence[Path]) -> tuple[Float32Array, Float32Array]:
        """Return :func:`shared_path_features` of each path, shapes (n_paths, n_openings)."""
        places, which = self.catalogue.places
        rarity = self.catalogue.space.places.rarity
        shares = np.zeros((len(paths), len(places.depths)), dtype=np.float32)
        rare = np.zeros_like(shares)
        known: dict[Path, tuple[Float32Array, Float32Array]] = {}
        for row, path in enumerate(paths):
            if path not in known:
                known[path] = shared_path_features(path, places, rarity)
            shares[row], rare[row] = known[path]
        return shares[:, which], rare[:, which]

    @cached_property
    def places(self) -> dict[str, Float32Array]:
        """Place features, each of shape (n_seekers, n_openings), in 0–1."""
        by_source = {
            "past": collect_phrases(
                [(o.place or "", w) for o, w in positive_interactions(s.past)] for s in self.seekers
            ),
            "experience": collect_phrases(
                [(job.place or "", 1.0) for job in s.experience] for s in self.seekers
            ),
            "home": collect_phrases([(s.home or "", 1.0)] for s in self.seekers),
        }
        found: dict[str, Float32Array] = {}
        for name, phrases in by_source.items():
            share, rare = self._place_similarity([split_path(t)[:MAX_DEPTH] for t in phrases.texts])
            found[f"{name}_place"] = self._pool(pool_max, share, phrases)
            found[f"{name}_place_rare"] = self._pool(pool_max, rare, phrases)
            found[f"{name}_place_rare_mean"] = self._pool(pool_mean, rare, phrases)
            if name == "past":
                same = (share >= 1).astype(np.float32)
                found["past_place_mean"] = self._pool(pool_mean, share, phrases)
                found["past_place_same"] = self._pool(pool_mean, same, phrases)
                found["past_place_last"] = self._pool(pool_last, rare, phrases)
            elif name == "experience":
                found["experience_place_first"] = self._pool(pool_first, rare, phrases)
        return {name: values for name, values in found.items() if name in PAIR_FEATURES}

    def _history_share(
        self,
        codes: tuple[dict[str, int], IntArray],
        field: Callable[[Opening], str | None],
        *,
        which: str = "positive",
    ) -> Float32Array:
        """Return the weighted share of the past with the opening's value in one field.

        Shape (n_seekers, n_openings), in 0–1. ``which`` interactions count: "positive" ones, the
        "last" of these, or "negative" ones.
        """
        known, each = codes
        table = np.zeros((len(self.seekers), len(known) + 1), dtype=np.float32)
        for row, seeker in enumerate(self.seekers):
            past = positive_interactions(seeker.past)
            if which == "last":
                past = past[-1:]
            elif which == "negative":
                past = [(one, 1.0) for one in seeker.past if one.action in NEGATIVE_ACTIONS]
            total = sum(weight for _, weight in past)
            for one, weight in past:
                code = known.get(squeeze(field(one) or ""))
                if code is not None:
                    table[row, code] += weight / total
        table[:, -1] = 0
        found: Float32Array = table[:, each]
        return found

    @cached_property
    def history(self) -> dict[str, Float32Array]:
        """Features of past interactions, each of shape (n_seekers, n_openings), in 0–1."""
        catalogue = self.catalogue
        return {
            "past_employer": self._history_share(catalogue.employers, lambda o: o.employer),
            "past_category": self._history_share(catalogue.categories, lambda o: o.category),
            "past_kind": self._history_share(catalogue.kinds, lambda o: str(o.kind)),
            "past_employer_last": self._history_share(
                catalogue.employers, lambda o: o.employer, which="last"
            ),
            "negative_employer": self._history_share(
                catalogue.employers, lambda o: o.employer, which="negative"
            ),
        }

    @cached_property
    def _kind_asked(self) -> Float32Array:
        return asked_kinds(self.seekers, list(Kind))

    @cached_property
    def _hours_overlap(self) -> Float32Array:
        windows, _ = self.catalogue.hours
        free = [None if s.available is None else tuple(s.available) for s in self.seekers]
        rows = {one: [overlap(one, hours) for hours in windows] for one in dict.fromkeys(free)}
        return np.array([rows[one] for one in free], dtype=np.float32)

    def pairs(self, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the features of pairs (seeker ``rows[i]``, opening ``columns[i]``).

        Returns
        -------
        X : ndarray of shape (n_pairs, len(FEATURES))
            Columns in the order of ``FEATURES``; unknown facts are 0.
        """
        catalogue = self.catalogue
        dense = {**self.text, **self.places, **self.history}
        found = {name: values[rows, columns] for name, values in dense.items()}
        found["kind_asked"] = self._kind_asked[rows, catalogue.kind_codes[columns]]
        found["at_home"] = catalogue.at_home[columns]
        taught = self._pool(pool_max, self._similarity("taught", self.wanted.texts), self.wanted)
        found["teaches"] = taught[rows, columns]
        monthly = catalogue.max_monthly_pay[columns]
        least = np.array([s.min_pay or np.nan for s in self.seekers], dtype=np.float32)[rows]
        found["pay_known"] = np.isfinite(monthly).astype(np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(monthly / least)
        found["pay_ratio"] = np.where(np.isnan(ratio), 0, np.clip(ratio, -1, 1))
        found["pay_level"] = catalogue.pay_level[columns]
        windows, hour_codes = catalogue.hours
        found["hours_overlap"] = self._hours_overlap[rows, hour_codes[columns]]
        free = np.array([not hours for hours in windows], dtype=np.float32)
        found["flexible"] = free[hour_codes[columns]]
        asked = catalogue.min_education[columns]
        level = [-1 if s.education is None else s.education.rank for s in self.seekers]
        margin = np.clip(np.array(level, dtype=np.int64)[rows] - asked, -2, 3)
        found["education_margin"] = np.where((asked < 0) | (np.array(level)[rows] < 0), 0, margin)
        found["no_schooling"] = (asked <= 0).astype(np.float32)
        for name in SEEKER_FEATURES:
            phrases: Phrases = getattr(self, name.removesuffix("_count"))
            counts = np.bincount(phrases.owners, minlength=len(self.seekers))
            found[name] = np.minimum(counts, 5)[rows]
        # Column by column in memory, as they are made and read.
        X = np.empty((len(rows), len(FEATURES)), dtype=np.float32, order="F")
        for column, name in enumerate(FEATURES):
            X[:, column] = found[name]
        return X


def standardise(X: Float32Array, groups: IntArray) -> Float32Array:
    """Return each column as standard scores within its group, 0 where a column does not vary.

    Parameters
    ----------
    X : ndarray of shape (n_pairs, n_features)
    groups : ndarray of shape (n_pairs,)
        Which seeker (or task) each row belongs to.
    """
    _, which = np.unique(groups, return_inverse=True)
    sizes = np.bincount(which).astype(np.float64)
    # One row a group, 1 / size for each of its rows: the product is the group's mean.
    mean = sparse.csr_array(
        (1 / sizes[which], (which, np.arange(len(which)))), shape=(len(sizes), len(which))
    )
    centred = X - np.asarray(mean @ X.astype(np.float64))[which]
    spread = np.sqrt(np.asarray(mean @ centred**2))
    safe = np.where(spread > 1e-6, spread, np.inf)
    found: Float32Array = (centred / safe[which]).astype(np.float32)
    return found
