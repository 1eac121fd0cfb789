"""The hard rules of :mod:`matching.rules` for whole communities: one seeker, all openings at once.

Each rule looks at few distinct profiles (the same hours, place or demands come back in many
openings), so a rule is asked once a profile, and its answer is remembered for the next seekers
who are alike in what that rule looks at. Memory is bounded whatever the number of seekers.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching import certificates, hours, places
from matching.records import Kind, Opening, Reach, Seeker, Window
from matching.rules import (
    ADULT_AGE,
    RULES,
    WORKING_AGE,
    bars_minors,
    broken_rules,
    demand_keys,
    is_eligible,
    unknown_gaps,
)

__all__ = ["RULES", "EligibilityIndex", "broken_rules", "is_eligible", "unknown_gaps"]

Mask = NDArray[np.bool_]
Profile = TypeVar("Profile", bound=Hashable)

# The remembered answers of one rule take at most about this many bytes.
_MEMORY = 32 * 2**20


class _Remembered:
    """The latest answers of one rule; the longest unused is dropped when there are too many."""

    def __init__(self, n_openings: int) -> None:
        self._room = max(16, _MEMORY // max(n_openings, 1))
        self._masks: OrderedDict[Hashable, Mask] = OrderedDict()

    def get(self, key: Hashable, compute: Callable[[], Mask]) -> Mask:
        mask = self._masks.get(key)
        if mask is not None:
            self._masks.move_to_end(key)
            return mask
        mask = self._masks[key] = compute()
        mask.setflags(write=False)
        if len(self._masks) > self._room:
            self._masks.popitem(last=False)
        return mask


class _Column(Generic[Profile]):
    """The distinct profiles of one rule and, for each opening, which of them it has."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        index: dict[Profile, int] = {}
        codes = [index.setdefault(profile, len(index)) for profile in profiles]
        self.distinct = list(index)
        self._codes = np.array(codes, dtype=np.intp)
        self.remembered = _Remembered(len(codes))

    def spread(self, answers: Mask) -> Mask:
        """Return the mask of the openings, shape (n_openings,), from that of the profiles."""
        return answers[self._codes]

    def ask(self, key: Hashable, fits: Callable[[Profile], bool]) -> Mask:
        """Return which openings fit, from memory or by asking once a profile."""

        def compute() -> Mask:
            answers = (fits(profile) for profile in self.distinct)
            return self.spread(np.fromiter(answers, dtype=np.bool_, count=len(self.distinct)))

        return self.remembered.get(key, compute)


class _HoursColumn(_Column[tuple[tuple[int, int], ...]]):
    """Hours as spans of the week: an opening fits if each of its spans lies in one free run."""

    def __init__(self, openings: Sequence[Opening]) -> None:
        super().__init__(
            tuple(hours.spans(hours.fixed(opening.hours, flexible=opening.flexible)))
            for opening in openings
        )
        index: dict[tuple[int, int], int] = {}
        flat: list[int] = []
        first: list[int] = []
        for profile in self.distinct:
            first.append(len(flat))
            flat += [index.setdefault(span, len(index)) for span in profile]
            # A last span that always fits, so that no profile is empty.
            flat.append(-1)
        self._spans = np.array(list(index), dtype=np.int64).reshape(-1, 2)
        self._flat = np.array(flat, dtype=np.intp)
        self._first = np.array(first, dtype=np.intp)

    def _fits(self, available: list[Window]) -> Mask:
        start, length = self._spans.T
        fits = np.zeros(len(self._spans) + 1, dtype=np.bool_)
        fits[-1] = True
        for run_start, run_length in hours.runs(available):
            offset = (start - run_start) % hours.MINUTES_A_WEEK
            whole = run_length == hours.MINUTES_A_WEEK
            fits[:-1] |= whole | (offset + length <= run_length)
        if not self.distinct:
            return np.zeros(0, dtype=np.bool_)
        return self.spread(np.logical_and.reduceat(fits[self._flat], self._first))

    def covered_by(self, available: list[Window]) -> Mask:
        """Return which openings' hours lie inside the free times."""
        return self.remembered.get(hours.minutes(available), lambda: self._fits(available))


class EligibilityIndex:
    """Openings made ready for asking the hard rules of many seekers.

    Parameters
    ----------
    openings : sequence of Opening
        The catalogue; masks are in its order.
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.n_openings = len(openings)
        self._minors_barred = _mask(bool(bars_minors(opening)) for opening in openings)
        self._at_home = _mask(opening.at_home for opening in openings)
        self._has_room = _mask(opening.capacity > 0 for opening in openings)
        self._demands = _Column(demand_keys(opening.demands) for opening in openings)
        self._certificates = _Column(
            certificates.needed(opening.certificates) for opening in openings
        )
        ranks = [-1 if o.education is None else o.education.rank for o in openings]
        self._education = np.array(ranks, dtype=np.int8)
        self._hours = _HoursColumn(openings)
        self._places = _Column(places.split(opening.place) for opening in openings)
        self._kinds = _Column(opening.kind for opening in openings)
        self._demand_words = frozenset[str]().union(*self._demands.distinct)
        self._certificate_forms = frozenset[str]().union(
            *(forms for profile in self._certificates.distinct for forms in profile)
        )

    def eligible(self, seeker: Seeker) -> Mask:
        """Return which openings break no hard rule, shape (n_openings,)."""
        mask = np.ones(self.n_openings, dtype=np.bool_)
        for _, fits in self._fits(seeker):
            mask &= fits
        return mask

    def eligible_block(self, seekers: Sequence[Seeker]) -> Mask:
        """Return :meth:`eligible` of each seeker, shape (len(seekers), n_openings)."""
        block = np.empty((len(seekers), self.n_openings), dtype=np.bool_)
        for row, seeker in enumerate(seekers):
            block[row] = self.eligible(seeker)
        return block

    def first_broken(self, seeker: Seeker) -> NDArray[np.int8]:
        """Return the place in :data:`RULES` of the first rule broken, -1 where none is.

        Shape (n_openings,).
        """
        first = np.full(self.n_openings, -1, dtype=np.int8)
        for rule, fits in self._fits(seeker):
            first[(first < 0) & ~fits] = RULES.index(rule)
        return first

    def _fits(self, seeker: Seeker) -> Iterator[tuple[str, Mask]]:
        """Yield the rules that could exclude something, in order, with whom they let pass."""
        if seeker.age is not None and seeker.age < WORKING_AGE:
            yield "age", np.zeros(self.n_openings, dtype=np.bool_)
        elif seeker.age is not None and seeker.age < ADULT_AGE:
            yield "age", ~self._minors_barred
        limits = demand_keys(seeker.limits) & self._demand_words
        if limits:
            yield "demand", self._demands.ask(limits, limits.isdisjoint)
        if self._certificate_forms:
            yield "certificate", self._certified(seeker)
        if seeker.education is not None:
            yield "education", self._education <= seeker.education.rank
        if seeker.available is not None:
            yield "hours", self._hours.covered_by(seeker.available)
        if seeker.reach is not None and seeker.reach is not Reach.ANYWHERE:
            yield "place", self._reachable(seeker.home, seeker.reach)
        if seeker.kinds:
            kinds: frozenset[Kind] = frozenset(seeker.kinds)
            yield "kind", self._kinds.ask(kinds, kinds.__contains__)
        yield "full", self._has_room

    def _certified(self, seeker: Seeker) -> Mask:
        granted = certificates.granted(seeker.certificates) & self._certificate_forms

        def fits(profile: frozenset[certificates.Alternatives]) -> bool:
            return all(forms & granted for forms in profile)

        return self._certificates.ask(granted, fits)

    def _reachable(self, home: str | None, reach: Reach) -> Mask:
        if reach is Reach.HOME:
            return self._at_home
        parts = places.PARTS_TO_AGREE[reach]
        here = places.split(home)[:parts]
        # A home that is not known has no parts, and so agrees with every place.
        near = self._places.ask((here, parts), lambda there: places.agree(here, there, parts))
        return near | self._at_home


def _mask(values: Iterable[bool]) -> Mask:
    return np.array(list(values), dtype=np.bool_)
