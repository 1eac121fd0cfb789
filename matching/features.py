"""What is known of a seeker and an opening together, as a matrix with named columns.

A :class:`Catalogue` prepares openings once, a :class:`Block` prepares some seekers against it.
Sex, disability, allowance, kind of household and ``priority`` are never looked at, nor are ids,
nor the place of an opening in its list.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching import links, pay
from matching.hours import fixed, overlap
from matching.places import split
from matching.records import Opening, PastOpening, Seeker, Window
from matching.text import squeeze
from matching.wording import FloatArray, TermSpace

IntArray = NDArray[np.int64]

# How much one thing somebody did tells of what they want.
ACTION_WEIGHT = {"viewed": 1.0, "applied": 2.0, "hired": 3.0}
SHUNNED = ("declined", "left")
# Each older opening of the past counts this much of the next one.
RECENCY = 0.8
MAX_DEPTH = 6

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
    "past_category",
    "past_kind",
    "shunned_employer",
    "past_place",
    "past_place_mean",
    "past_place_same",
    "experience_place",
    "home_place",
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


def full_text(opening: Opening) -> str:
    """Return all an opening says about the work itself."""
    said = (opening.title, opening.category, opening.description, *opening.skills)
    said += (*opening.certificates, *opening.teaches)
    return " ".join(part for part in said if part)


def all_text(opening: Opening) -> str:
    """Return :func:`full_text` with employer and place."""
    said = (full_text(opening), opening.employer, opening.place)
    return " ".join(part for part in said if part)


def monthly_pay(opening: Opening) -> tuple[float | None, float | None]:
    """Return least and most an opening pays a month in yuan, None where it does not say."""
    said = None if opening.pay is None else pay.monthly(pay.from_range(opening.pay))
    return (None, None) if said is None else said


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


class Catalogue:
    """Openings prepared for comparing with any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
    space : TermSpace, optional
        Term weights; by default those of these openings themselves.
    """

    def __init__(self, openings: Sequence[Opening], space: TermSpace | None = None) -> None:
        self.openings = list(openings)
        self.titles = [opening.title for opening in self.openings]
        everything = [all_text(opening) for opening in self.openings]
        self.space = space or TermSpace(everything)
        self.title_vectors = self.space.vectors(self.titles)
        self.presence = self.space.presence([full_text(opening) for opening in self.openings])
        self.all_vectors = self.space.vectors(everything)
        self.teaches = self.space.presence([" ".join(o.teaches) for o in self.openings])

    def __len__(self) -> int:
        return len(self.openings)

    @cached_property
    def link_vectors(self) -> sparse.csr_array | None:
        """Known skills and occupations each opening is about, or None when there are none."""
        return links.opening_vectors(self.openings)

    @cached_property
    def paths(self) -> list[tuple[str, ...]]:
        return [split(opening.place)[:MAX_DEPTH] for opening in self.openings]

    @cached_property
    def hours(self) -> tuple[list[tuple[Window, ...]], IntArray]:
        """The distinct fixed hours, and which of them each opening has."""
        each = [fixed(opening.hours, flexible=opening.flexible) for opening in self.openings]
        known = {windows: code for code, windows in enumerate(dict.fromkeys(each))}
        return list(known), np.array([known[windows] for windows in each], dtype=np.int64)

    @cached_property
    def monthly(self) -> FloatArray:
        """Most an opening pays a month in yuan, NaN where it does not say; shape (n_openings,)."""
        bounds = [monthly_pay(opening) for opening in self.openings]
        most = [high if high is not None else low for low, high in bounds]
        return np.array([np.nan if value is None else value for value in most], dtype=np.float32)

    @cached_property
    def pay_level(self) -> FloatArray:
        """Log of the monthly pay above the catalogue's median, 0 where it is not known."""
        known = self.monthly[np.isfinite(self.monthly) & (self.monthly > 0)]
        if not known.size:
            return np.zeros(len(self), dtype=np.float32)
        middle = np.log(np.median(known))
        with np.errstate(divide="ignore", invalid="ignore"):
            level = np.log(self.monthly) - middle
        return np.where(np.isfinite(level), np.clip(level, -1, 1), 0).astype(np.float32)

    @cached_property
    def schooling(self) -> IntArray:
        """Least schooling asked for, -1 where none is named."""
        asked = [-1 if o.education is None else o.education.rank for o in self.openings]
        return np.array(asked, dtype=np.int64)

    def codes(self, field: Callable[[Opening], str | None]) -> tuple[dict[str, int], IntArray]:
        """Number the distinct spellings of a field; an empty one is -1."""
        each = [squeeze(field(opening) or "") for opening in self.openings]
        known = {value: code for code, value in enumerate(dict.fromkeys(filter(None, each)))}
        return known, np.array([known.get(value, -1) for value in each], dtype=np.int64)

    @cached_property
    def employers(self) -> tuple[dict[str, int], IntArray]:
        return self.codes(lambda opening: opening.employer)

    @cached_property
    def categories(self) -> tuple[dict[str, int], IntArray]:
        return self.codes(lambda opening: opening.category)

    @cached_property
    def kinds(self) -> tuple[dict[str, int], IntArray]:
        return self.codes(lambda opening: str(opening.kind))


class Block:
    """Some seekers against a catalogue.

    Memory grows with ``len(seekers) * len(catalogue)``; callers cut many seekers into blocks.
    """

    def __init__(self, seekers: Sequence[Seeker], catalogue: Catalogue) -> None:
        self.seekers = list(seekers)
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
        catalogue, space = self.catalogue, self.catalogue.space
        found: dict[str, FloatArray] = {}
        for name in ("wanted", "skills", "experience", "past", "shunned"):
            phrases: Phrases = getattr(self, name)
            title = self._against(phrases.texts, space.vectors, catalogue.title_vectors)
            found[f"{name}_title"] = self._best(title, phrases)
            if f"{name}_title_mean" in TEXT_FEATURES:
                found[f"{name}_title_mean"] = self._mean(title, phrases)
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
        return self._against(said, self.catalogue.space.vectors, self.catalogue.all_vectors)

    def _linked(self, phrases: Phrases) -> FloatArray:
        columns = self.catalogue.link_vectors
        if columns is None or not phrases.texts:
            return np.zeros((len(self.seekers), len(self.catalogue)), dtype=np.float32)
        return self._best(self._against(phrases.texts, links.vectors, columns), phrases)

    # --- everything else ------------------------------------------------------------------

    def _path_share(self, paths: Sequence[tuple[str, ...]]) -> FloatArray:
        """Share of each path's parts that an opening's place has in common with it."""
        numbers: dict[tuple[str, ...], int] = {}

        def coded(path: tuple[str, ...], missing: int) -> list[int]:
            heads = [path[: i + 1] for i in range(len(path[:MAX_DEPTH]))]
            known = [numbers.setdefault(head, len(numbers)) for head in heads]
            return known + [missing] * (MAX_DEPTH - len(known))

        distinct = {path: i for i, path in enumerate(dict.fromkeys(self.catalogue.paths))}
        theirs = np.array([coded(path, -2) for path in distinct], dtype=np.int64)
        ours = np.array([coded(path, -1) for path in paths], dtype=np.int64)
        shared = (ours[:, None, :] == theirs[None, :, :]).sum(axis=2, dtype=np.float32)
        lengths = np.array([max(len(path), 1) for path in paths], dtype=np.float32)
        which = [distinct[path] for path in self.catalogue.paths]
        found: FloatArray = (shared / lengths[:, None])[:, which]
        return found

    @cached_property
    def places(self) -> dict[str, FloatArray]:
        """Place features, each of shape (n_seekers, n_openings), in 0–1."""
        past = _phrases(
            [(one.place or "", weight) for one, weight in recent(s.past)] for s in self.seekers
        )
        worked = _phrases([(j.place or "", 1.0) for j in s.experience] for s in self.seekers)
        home = _phrases([(s.home or "", 1.0)] for s in self.seekers)
        shares = {
            name: (
                self._path_share([split(text) for text in phrases.texts])
                if phrases.texts
                else np.zeros((0, len(self.catalogue)), dtype=np.float32)
            )
            for name, phrases in (("past", past), ("worked", worked), ("home", home))
        }
        same = (shares["past"] >= 1).astype(np.float32)
        return {
            "past_place": self._best(shares["past"], past),
            "past_place_mean": self._mean(shares["past"], past),
            "past_place_same": self._mean(same, past),
            "experience_place": self._best(shares["worked"], worked),
            "home_place": self._best(shares["home"], home),
        }

    def _same(
        self,
        codes: tuple[dict[str, int], IntArray],
        field: Callable[[Opening], str | None],
        *,
        shunned: bool = False,
    ) -> FloatArray:
        """Weighted share of the past that agrees with each opening in one field."""
        known, each = codes
        table = np.zeros((len(self.seekers), len(known) + 1), dtype=np.float32)
        for row, seeker in enumerate(self.seekers):
            past = (
                [(one, 1.0) for one in seeker.past if one.action in SHUNNED]
                if shunned
                else recent(seeker.past)
            )
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
            "shunned_employer": self._same(catalogue.employers, lambda o: o.employer, shunned=True),
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
            self._against(self.wanted.texts, catalogue.space.shares, catalogue.teaches), self.wanted
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
