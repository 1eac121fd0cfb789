"""The hard rules for many seekers and openings at once.

Same answers as :mod:`matching.eligibility.rules`. Each distinct requirement (a demand, a
certificate, a level of schooling, hours) is one bit of an opening's mask. A seeker's mask has the
bits of all they do not meet: a pair is eligible if the two have none in common. Places are compared
once for each distinct path. Memory is bounded by the block, whatever the number of seekers.
"""

from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from matching.eligibility import certificates, hours, places
from matching.eligibility.rules import (
    ADULT_AGE,
    WORKING_AGE,
    demand_keys,
    minor_restrictions,
)
from matching.records import Education, Kind, Opening, Reach, Seeker, Window
from matching.utils.array_types import BoolArray, IndexArray, IntArray, UInt64Array
from matching.utils.caches import BoundedCache

# The parts of a home that count, and how many have to agree.
ReachKey = tuple[tuple[str, ...], int]

_MAX_REACH_DEPTH = max(places.REACH_DEPTHS.values())
# Answers cached of one rule, and bytes of those about places.
_MAX_ANSWERS = 65536
_MAX_PLACE_BYTES = 32 * 2**20
# Masks compared together, few enough to stay in the processor's cache.
_CHUNK_CELLS = 2**15
_WORD_BITS = 64
# Set for every opening, for one barred to minors, for a full one.
_WORKING_AGE_BIT, _ADULT_BIT, _FULL_BIT = 1, 2, 4
_BIT_RULES = ("demand", "certificate", "hours", "kind")
_EDUCATION_BITS = {education.rank: 8 << education.rank for education in Education}


class _BitRegistry:
    """Assigns one bit to each distinct requirement of a rule."""

    def __init__(self) -> None:
        self.of: dict[str, dict[Any, int]] = {rule: {} for rule in _BIT_RULES}
        self._next = 8 << (max(_EDUCATION_BITS) + 1)

    def mask(self, rule: str, things: Iterable[Hashable]) -> int:
        """Return the union of the bits of some requirements; new ones get a new bit."""
        known, found = self.of[rule], 0
        for thing in things:
            bit = known.get(thing)
            if bit is None:
                bit = known[thing] = self._next
                self._next <<= 1
            found |= bit
        return found

    @property
    def words(self) -> int:
        return -(-self._next.bit_length() // _WORD_BITS)


def _union(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found


def _pack_words(masks: Sequence[int], words: int) -> UInt64Array:
    """Return masks as rows of 64-bit words."""
    raw = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
    return np.frombuffer(raw, dtype="<u8").reshape(len(masks), words)


class EligibilityIndex:
    """The hard rules of one catalogue, prepared for many seekers.

    Parameters
    ----------
    openings : sequence of Opening
        The catalogue; masks are in its order.
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.n_openings = len(openings)
        bits = _BitRegistry()
        known: dict[Hashable, int] = {}
        asked = []
        for one in openings:
            # Many openings have the same requirements: their mask is computed once.
            same = one.kind, one.flexible, one.hazardous, one.capacity <= 0, one.education
            key = *same, hours.window_keys(one.hours), tuple(one.demands), tuple(one.certificates)
            if key not in known:
                known[key] = self._requirement_mask(one, bits)
            asked.append(known[key])
        # One row a word, so that the words compared in one step lie together.
        self._required_words = np.ascontiguousarray(_pack_words(asked, bits.words).T)
        self._n_words = bits.words
        self._bits = bits.of
        self._hours = _HourProfiles(bits.of["hours"])
        index: dict[tuple[tuple[str, ...], bool], int] = {}
        codes = [
            index.setdefault((places.split_path(one.place), one.at_home), len(index))
            for one in openings
        ]
        self._paths = places.PathIndex([path for path, _ in index], _MAX_REACH_DEPTH)
        self._path_of = np.array(codes, dtype=np.intp)
        self._at_home = np.array([at_home for _, at_home in index], dtype=np.bool_)
        self._cache = {rule: BoundedCache[Hashable, int](_MAX_ANSWERS) for rule in _BIT_RULES}
        room = max(16, _MAX_PLACE_BYTES // max(len(index), 1))
        self._reach_cache = BoundedCache[ReachKey | None, BoolArray](room)

    @staticmethod
    def _requirement_mask(opening: Opening, bits: _BitRegistry) -> int:
        found = _WORKING_AGE_BIT | (_ADULT_BIT if minor_restrictions(opening) else 0)
        if opening.capacity <= 0:
            found |= _FULL_BIT
        if opening.education is not None:
            found |= _EDUCATION_BITS[opening.education.rank]
        spans = hours.spans(hours.fixed_windows(opening.hours, flexible=opening.flexible))
        found |= bits.mask("kind", [opening.kind]) | bits.mask("hours", [tuple(spans)])
        found |= bits.mask("demand", demand_keys(opening.demands))
        return found | bits.mask("certificate", certificates.required_forms(opening.certificates))

    # --- requirements a seeker does not meet ----------------------------------------------

    def _unmet_mask(self, seeker: Seeker) -> int:
        """Return the bits of all requirements a seeker does not meet."""
        found = _FULL_BIT
        if seeker.age is not None and seeker.age < ADULT_AGE:
            found |= _ADULT_BIT if seeker.age >= WORKING_AGE else _WORKING_AGE_BIT
        cache = self._cache
        if seeker.limits:
            limits = tuple(seeker.limits)
            found |= cache["demand"].get(limits, lambda: self._unmet_demands(limits))
        held = tuple(seeker.certificates)
        found |= cache["certificate"].get(held, lambda: self._missing_certificates(held))
        if seeker.education is not None:
            found |= _HIGHER_EDUCATION[seeker.education]
        if (available := seeker.available) is not None:
            keys = hours.window_keys(available)
            found |= cache["hours"].get(keys, lambda: self._hours.unavailable_mask(available))
        if seeker.kinds:
            kinds = tuple(seeker.kinds)
            found |= cache["kind"].get(kinds, lambda: self._excluded_kinds(kinds))
        return found

    def _unmet_demands(self, limits: Sequence[str]) -> int:
        return _union(self._bits["demand"].get(key, 0) for key in demand_keys(limits))

    def _missing_certificates(self, held: Sequence[str]) -> int:
        granted_forms = certificates.granted_forms(held)
        asked = self._bits["certificate"].items()
        return _union(bit for forms, bit in asked if not forms & granted_forms)

    def _excluded_kinds(self, kinds: Sequence[Kind]) -> int:
        return _union(bit for kind, bit in self._bits["kind"].items() if kind not in kinds)

    # --- reach ----------------------------------------------------------------

    def _reachable_places(self, reach_key: ReachKey | None) -> BoolArray:
        """Return which distinct places are within reach; for ``None``, only work at home."""
        if reach_key is None:
            return self._at_home
        # Compared as far as both paths go: an unknown home excludes nothing.
        here = reach_key[0]
        prefixes_agree = self._paths.shared_depths(here) >= np.minimum(
            self._paths.depths, len(here)
        )
        found: BoolArray = prefixes_agree | self._at_home
        return found

    def reachable(self, area: tuple[str, ...] | None) -> BoolArray:
        """Return the openings within reach of homes that begin with ``area``.

        ``None`` stands for work at home alone. Shape (n_openings,).
        """
        found: BoolArray = self._reachable_places(None if area is None else (area, len(area)))[
            self._path_of
        ]
        return found

    # --- all rules --------------------------------------------------------------------

    def eligible(self, seeker: Seeker) -> BoolArray:
        """Return which openings break no hard rule, shape (n_openings,)."""
        mask: BoolArray = self.eligible_block([seeker])[0]
        return mask

    def eligible_block(
        self, seekers: Sequence[Seeker], columns: IntArray | None = None
    ) -> BoolArray:
        """Return which openings break no hard rule for each seeker.

        Parameters
        ----------
        seekers : sequence of Seeker
        columns : ndarray, optional
            Openings to ask about; by default all.

        Returns
        -------
        ndarray of bool, shape (len(seekers), n_openings or len(columns))
        """
        paths = self._path_of if columns is None else self._path_of[columns]
        asked = self._required_words if columns is None else self._required_words[:, columns]
        block = np.ones((len(seekers), len(paths)), dtype=np.bool_)
        self._apply_reach(block, seekers, paths)
        lacking = _pack_words([self._unmet_mask(seeker) for seeker in seekers], self._n_words)
        step = max(1, _CHUNK_CELLS // max(len(paths), 1))
        for word in np.flatnonzero(lacking.any(axis=0)).tolist():
            for start in range(0, len(seekers), step):
                some = slice(start, start + step)
                block[some] &= (asked[word] & lacking[some, word, None]) == 0
        return block

    def _apply_reach(self, block: BoolArray, seekers: Sequence[Seeker], paths: IndexArray) -> None:
        """Exclude what is out of reach, once for all seekers with the same reach."""
        alike: dict[ReachKey | None, list[int]] = {}
        for row, seeker in enumerate(seekers):
            if seeker.reach is Reach.HOME:
                alike.setdefault(None, []).append(row)
            elif seeker.reach is not None and seeker.reach is not Reach.ANYWHERE:
                parts = places.REACH_DEPTHS[seeker.reach]
                alike.setdefault((places.split_path(seeker.home)[:parts], parts), []).append(row)
        for reach_key, rows in alike.items():
            found = self._reach_cache.get(reach_key, partial(self._reachable_places, reach_key))[
                paths
            ]
            if not found.all():
                block[rows] = found


class _HourProfiles:
    """The distinct hours of openings; they fit if every span lies within one free run."""

    def __init__(self, bits: dict[tuple[tuple[int, int], ...], int]) -> None:
        self._profiles = list(bits.items())
        spans = sorted({span for profile, _ in self._profiles for span in profile})
        self._number = {span: i for i, span in enumerate(spans)}
        self._spans = np.array(spans, dtype=np.int64).reshape(-1, 2)

    def unavailable_mask(self, available: Iterable[Window]) -> int:
        """Return the bits of the hours that are not all free."""
        start, length = self._spans.T
        fits = np.zeros(len(self._spans), dtype=np.bool_)
        for run_start, run_length in hours.free_runs(available):
            offset = (start - run_start) % hours.MINUTES_A_WEEK
            whole = run_length == hours.MINUTES_A_WEEK
            fits |= whole | (offset + length <= run_length)
        free = fits.tolist()
        return _union(
            bit
            for profile, bit in self._profiles
            if not all(free[self._number[span]] for span in profile)
        )


_HIGHER_EDUCATION = {
    education: _union(bit for rank, bit in _EDUCATION_BITS.items() if rank > education.rank)
    for education in Education
}
