"""What is known of a seeker and an opening together, as a matrix with named columns.

A :class:`matching.catalogue.Catalogue` prepares openings once, a :class:`Block` prepares some
seekers against it.
Sex, disability, allowance, kind of household and ``priority`` are never looked at, nor are ids,
nor the place of an opening in its list.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from scipy import sparse

from matching import links
from matching.catalogue import MAX_DEPTH, Catalogue, IntArray, Path, all_text
from matching.hours import overlap
from matching.places import split
from matching.records import Opening, PastOpening, Seeker
from matching.said import what_counts
from matching.text import squeeze
from matching.wording import FloatArray

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
PAIR_FEATURES = (
    "past_employer",
    "past_employer_last",
    "past_category",
    "past_kind",
    "shunned_employer",
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
# Alike for every opening of a seeker: they tell a learner which other columns to trust.
SEEKER_FEATURES = ("wanted_count", "skills_count", "experience_count", "past_count")
FEATURES = TEXT_FEATURES + PAIR_FEATURES + SEEKER_FEATURES


class Phrases(NamedTuple):
    """Phrases of several seekers in one list: who says each, and how much it weighs."""

    texts: list[str]
    owners: IntArray
    weights: FloatArray


def _phrases(said: Iterable[Iterable[tuple[str, float]]]) -> Phrases:
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


def _shared(one: Path, other: Path) -> int:
    depth = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        depth += 1
    return depth


class Block:
    """Some seekers against a catalogue.

    Memory grows with ``len(seekers) * len(catalogue)``; callers cut many seekers into blocks.
    """

    def __init__(self, seekers: Sequence[Seeker], catalogue: Catalogue) -> None:
        self.seekers = [what_counts(seeker) for seeker in seekers]
        self.catalogue = catalogue
        self.wanted = _phrases([(text, 1.0) for text in s.wanted] for s in self.seekers)
        self.skills = _phrases(
            [(text, 1.0) for text in chain(s.skills, s.certificates)] for s in self.seekers
        )
        self.experience = _phrases(
            [(job.title, 1.0 + min(job.years or 0.0, 5.0) / 5.0) for job in s.experience]
            for s in self.seekers
        )
        self.past = _phrases(
            [(one.title, weight) for one, weight in recent(s.past)] for s in self.seekers
        )
        self.shunned = _phrases(
            [(one.title, 1.0) for one in s.past if one.action in SHUNNED] for s in self.seekers
        )

    # --- folding one row a phrase into one row a seeker -----------------------------------

    def _best(self, similar: FloatArray, phrases: Phrases) -> FloatArray:
        out = np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        if phrases.texts:
            speakers, starts = np.unique(phrases.owners, return_index=True)
            out[speakers] = np.maximum.reduceat(similar, starts, axis=0)
        return out

    def _mean(self, similar: FloatArray, phrases: Phrases) -> FloatArray:
        out = np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        if phrases.texts:
            speakers, starts = np.unique(phrases.owners, return_index=True)
            total = np.add.reduceat(similar * phrases.weights[:, None], starts, axis=0)
            out[speakers] = total / np.add.reduceat(phrases.weights, starts)[:, None]
        return out

    def _row(self, similar: FloatArray, phrases: Phrases, *, last: bool) -> FloatArray:
        """What the first or the last phrase of each seeker is like."""
        out = np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        if phrases.texts:
            speakers, starts = np.unique(phrases.owners, return_index=True)
            ends = np.append(starts[1:], len(phrases.owners)) - 1
            out[speakers] = similar[ends if last else starts]
        return out

    # --- text -----------------------------------------------------------------------------

    def _against(
        self,
        texts: Sequence[str],
        rows: Callable[[Sequence[str]], sparse.csr_array],
        columns: sparse.csr_array,
    ) -> FloatArray:
        """Dot products of phrases and openings; a phrase said twice is computed once."""
        distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        dense = (rows(list(distinct)) @ columns.T).toarray()
        found: FloatArray = dense[[distinct[text] for text in texts]]
        return found

    @cached_property
    def text(self) -> dict[str, FloatArray]:
        """Text features, each of shape (n_seekers, n_openings), in 0–1."""
        catalogue, space = self.catalogue, self.catalogue.space.terms
        found: dict[str, FloatArray] = {}
        for name in ("wanted", "skills", "experience", "past", "shunned"):
            phrases: Phrases = getattr(self, name)
            title = self._against(phrases.texts, space.vectors, catalogue.title_vectors)
            found[f"{name}_title"] = self._best(title, phrases)
            if f"{name}_title_mean" in TEXT_FEATURES:
                found[f"{name}_title_mean"] = self._mean(title, phrases)
            if name == "past":
                found["past_title_last"] = self._row(title, phrases, last=True)
                same = (title > SAME_TITLE).astype(np.float32)
                found["past_title_same"] = self._mean(same, phrases)
            if f"{name}_full" in TEXT_FEATURES:
                full = self._against(phrases.texts, space.shares, catalogue.presence)
                found[f"{name}_full"] = self._best(full, phrases)
            if f"{name}_link" in TEXT_FEATURES:
                found[f"{name}_link"] = self._linked(phrases)
        found["profile_all"] = self._profile()
        return found

    def _profile(self) -> FloatArray:
        """Cosine of all that is known of the seeker with all that the opening says."""
        said = [
            " ".join(
                chain(
                    s.wanted,
                    s.skills,
                    (f"{job.title} {job.employer or ''} {job.place or ''}" for job in s.experience),
                    (all_text(one) for one in s.past if one.action not in SHUNNED),
                )
            )
            for s in self.seekers
        ]
        return self._against(said, self.catalogue.space.terms.vectors, self.catalogue.all_vectors)

    def _linked(self, phrases: Phrases) -> FloatArray:
        columns = self.catalogue.link_vectors
        if columns is None or not phrases.texts:
            return np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        return self._best(self._against(phrases.texts, links.vectors, columns), phrases)

    # --- everything else ------------------------------------------------------------------

    def _shared_parts(self, paths: Sequence[Path]) -> tuple[FloatArray, FloatArray]:
        """Compare paths with the openings' places, shapes (n_paths, n_openings).

        Returns the share of each path's parts an opening has in common with it, and the rarity
        of the longest start they share.
        """
        each = self.catalogue.paths
        distinct = {path: i for i, path in enumerate(dict.fromkeys(each))}
        rarity = self.catalogue.space.places.rarity
        shares = np.zeros((len(paths), len(distinct)), dtype=np.float32)
        rare = np.zeros_like(shares)
        known: dict[Path, tuple[FloatArray, FloatArray]] = {}
        for row, path in enumerate(paths):
            if path not in known:
                depths = [_shared(path, other) for other in distinct]
                # A start no opening of the collection has is as rare as can be.
                told = [
                    rarity.get("/".join(path[:depth]), 1.0) if depth else 0.0 for depth in depths
                ]
                share = np.array(depths, dtype=np.float32) / np.float32(max(len(path), 1))
                known[path] = share, np.array(told, dtype=np.float32)
            shares[row], rare[row] = known[path]
        which = [distinct[path] for path in each]
        return shares[:, which], rare[:, which]

    @cached_property
    def places(self) -> dict[str, FloatArray]:
        """Place features, each of shape (n_seekers, n_openings), in 0–1."""
        said = {
            "past": _phrases([(o.place or "", w) for o, w in recent(s.past)] for s in self.seekers),
            "experience": _phrases(
                [(job.place or "", 1.0) for job in s.experience] for s in self.seekers
            ),
            "home": _phrases([(s.home or "", 1.0)] for s in self.seekers),
        }
        found: dict[str, FloatArray] = {}
        for name, phrases in said.items():
            share, rare = self._shared_parts([split(t)[:MAX_DEPTH] for t in phrases.texts])
            found[f"{name}_place"] = self._best(share, phrases)
            found[f"{name}_place_rare"] = self._best(rare, phrases)
            found[f"{name}_place_rare_mean"] = self._mean(rare, phrases)
            if name == "past":
                same = (share >= 1).astype(np.float32)
                found["past_place_mean"] = self._mean(share, phrases)
                found["past_place_same"] = self._mean(same, phrases)
                found["past_place_last"] = self._row(rare, phrases, last=True)
            elif name == "experience":
                found["experience_place_first"] = self._row(rare, phrases, last=False)
        return {name: values for name, values in found.items() if name in PAIR_FEATURES}

    def _same(
        self,
        codes: tuple[dict[str, int], IntArray],
        field: Callable[[Opening], str | None],
        *,
        which: str = "drawn",
    ) -> FloatArray:
        """Weighted share of the past that agrees with each opening in one field."""
        known, each = codes
        table = np.zeros((len(self.seekers), len(known) + 1), dtype=np.float32)
        for row, seeker in enumerate(self.seekers):
            past = recent(seeker.past)
            if which == "last":
                past = past[-1:]
            elif which == "shunned":
                past = [(one, 1.0) for one in seeker.past if one.action in SHUNNED]
            total = sum(weight for _, weight in past)
            for one, weight in past:
                code = known.get(squeeze(field(one) or ""))
                if code is not None:
                    table[row, code] += weight / total
        table[:, -1] = 0
        found: FloatArray = table[:, each]
        return found

    @cached_property
    def history(self) -> dict[str, FloatArray]:
        """What the seeker did before, each of shape (n_seekers, n_openings), in 0–1."""
        catalogue = self.catalogue
        return {
            "past_employer": self._same(catalogue.employers, lambda o: o.employer),
            "past_category": self._same(catalogue.categories, lambda o: o.category),
            "past_kind": self._same(catalogue.kinds, lambda o: str(o.kind)),
            "past_employer_last": self._same(
                catalogue.employers, lambda o: o.employer, which="last"
            ),
            "shunned_employer": self._same(
                catalogue.employers, lambda o: o.employer, which="shunned"
            ),
        }

    @cached_property
    def _overlaps(self) -> FloatArray:
        windows, _ = self.catalogue.hours
        free = [None if s.available is None else tuple(s.available) for s in self.seekers]
        rows = {one: [overlap(one, hours) for hours in windows] for one in dict.fromkeys(free)}
        return np.array([rows[one] for one in free], dtype=np.float32)

    def pairs(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return the features of pairs (seeker ``rows[i]``, opening ``columns[i]``).

        Returns
        -------
        X : ndarray of shape (n_pairs, len(FEATURES))
            Columns in the order of ``FEATURES``; what is not known is 0.
        """
        catalogue = self.catalogue
        dense = {**self.text, **self.places, **self.history}
        found = {name: values[rows, columns] for name, values in dense.items()}
        flag = np.array([o.at_home for o in catalogue.openings], dtype=np.float32)
        found["at_home"] = flag[columns]
        taught = self._best(
            self._against(self.wanted.texts, catalogue.space.terms.shares, catalogue.teaches),
            self.wanted,
        )
        found["teaches"] = taught[rows, columns]
        monthly = catalogue.monthly[columns]
        least = np.array([s.min_pay or np.nan for s in self.seekers], dtype=np.float32)[rows]
        found["pay_known"] = np.isfinite(monthly).astype(np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(monthly / least)
        found["pay_ratio"] = np.where(np.isnan(ratio), 0, np.clip(ratio, -1, 1))
        found["pay_level"] = catalogue.pay_level[columns]
        windows, hour_codes = catalogue.hours
        found["hours_overlap"] = self._overlaps[rows, hour_codes[columns]]
        free = np.array([not hours for hours in windows], dtype=np.float32)
        found["flexible"] = free[hour_codes[columns]]
        asked = catalogue.schooling[columns]
        level = [-1 if s.education is None else s.education.rank for s in self.seekers]
        margin = np.clip(np.array(level, dtype=np.int64)[rows] - asked, -2, 3)
        found["education_margin"] = np.where((asked < 0) | (np.array(level)[rows] < 0), 0, margin)
        found["no_schooling"] = (asked <= 0).astype(np.float32)
        for name in SEEKER_FEATURES:
            phrases: Phrases = getattr(self, name.removesuffix("_count"))
            counts = np.bincount(phrases.owners, minlength=len(self.seekers))
            found[name] = np.minimum(counts, 5)[rows]
        return np.column_stack([found[name] for name in FEATURES]).astype(np.float32)


def standardise(X: FloatArray, groups: IntArray) -> FloatArray:
    """Return each column as standard scores within its group, 0 where a column does not vary.

    Parameters
    ----------
    X : ndarray of shape (n_pairs, n_features)
    groups : ndarray of shape (n_pairs,)
        Which seeker (or task) each row belongs to.
    """
    _, which = np.unique(groups, return_inverse=True)
    sizes = np.bincount(which).astype(np.float64)
    # One row a group with 1 / size for each of its members: a product is a mean.
    mean = sparse.csr_array(
        (1 / sizes[which], (which, np.arange(len(which)))), shape=(len(sizes), len(which))
    )
    centred = X - np.asarray(mean @ X.astype(np.float64))[which]
    spread = np.sqrt(np.asarray(mean @ centred**2))
    safe = np.where(spread > 1e-6, spread, np.inf)
    found: FloatArray = (centred / safe[which]).astype(np.float32)
    return found
