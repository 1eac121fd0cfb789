"""The hard rules of :mod:`rules` for whole communities: many seekers and openings at once.

Whatever an opening asks for, place apart, is one bit of its mask: a demand, a certificate, a level
of schooling, the hours it takes. A seeker's mask has the bits of all they lack, and the two may
have none in common. Places agree or not once for each distinct path. Memory is bounded by the
block, whatever the number of seekers.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.eligibility import certificates, hours, places
from matching.eligibility.rules import (
    ADULT_AGE,
    RULES,
    WORKING_AGE,
    bars_minors,
    broken_rules,
    demand_keys,
    is_eligible,
    unknown_gaps,
)
from matching.records import Education, Kind, Opening, Reach, Seeker, Window
from matching.utils.array_types import BoolArray, IndexArray, IntArray

__all__ = ["RULES", "EligibilityIndex", "broken_rules", "is_eligible", "unknown_gaps"]

Answer = TypeVar("Answer")
# Where somebody lives, as far as it counts, and how many parts have to agree.
Near = tuple[tuple[str, ...], int]

_DEEPEST_REACH = max(places.PARTS_TO_AGREE.values())
# Answers remembered of one rule, and bytes those about places may take.
_MOST = 65536
_PLACES_ROOM = 32 * 2**20
# Masks compared together, few enough to stay in the processor's cache.
_CHUNK = 2**15
_WORD = 64
# Bits that every community has: of any opening, of those barred to minors, of full ones.
_WORK, _ADULT, _FULL = 1, 2, 4
_RULES_IN_BITS = ("demand", "certificate", "hours", "kind")
_SCHOOLING = {education.rank: 8 << education.rank for education in Education}


class _Remembered(Generic[Answer]):
    """Answers to a question that many seekers ask alike, at most so many at a time."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._known: dict[Hashable, Answer] = {}

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= self._room:
                self._known.clear()
            found = self._known[key] = compute()
        return found


class _Bits:
    """Gives each distinct thing asked for a bit of its own, rule by rule."""

    def __init__(self) -> None:
        self.of: dict[str, dict[Any, int]] = {rule: {} for rule in _RULES_IN_BITS}
        self._next = 8 << (max(_SCHOOLING) + 1)

    def joined(self, rule: str, things: Iterable[Hashable]) -> int:
        """Return the bits of some things together, with new ones where they are new."""
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
        return -(-self._next.bit_length() // _WORD)


def _joined(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found


def _as_words(masks: Sequence[int], words: int) -> NDArray[np.uint64]:
    """Return masks as rows of 64-bit words."""
    raw = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
    return np.frombuffer(raw, dtype="<u8").reshape(len(masks), words)


class EligibilityIndex:
    """Openings made ready for asking the hard rules of many seekers.

    Parameters
    ----------
    openings : sequence of Opening
        The catalogue; masks are in its order.
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.n_openings = len(openings)
        bits = _Bits()
        known: dict[Hashable, int] = {}
        asked = []
        for one in openings:
            # Quick to compare, and many openings ask for the same.
            same = one.kind, one.flexible, one.hazardous, one.capacity <= 0, one.education
            key = *same, hours.times(one.hours), tuple(one.demands), tuple(one.certificates)
            if key not in known:
                known[key] = self._asked(one, bits)
            asked.append(known[key])
        # One row a word, so that a word of all openings lies together.
        self._asked_words = np.ascontiguousarray(_as_words(asked, bits.words).T)
        self._words = bits.words
        self._bits = bits.of
        self._hours = _Hours(bits.of["hours"])
        index: dict[tuple[tuple[str, ...], bool], int] = {}
        codes = [
            index.setdefault((places.split(one.place), one.at_home), len(index)) for one in openings
        ]
        self._paths = places.PathNumbers([path for path, _ in index], _DEEPEST_REACH)
        self._path_of = np.array(codes, dtype=np.intp)
        self._at_home = np.array([at_home for _, at_home in index], dtype=np.bool_)
        self._remembered = {rule: _Remembered[int](_MOST) for rule in _RULES_IN_BITS}
        room = max(16, _PLACES_ROOM // max(len(index), 1))
        self._near = _Remembered[BoolArray](room)

    @staticmethod
    def _asked(opening: Opening, bits: _Bits) -> int:
        found = _WORK | (_ADULT if bars_minors(opening) else 0)
        if opening.capacity <= 0:
            found |= _FULL
        if opening.education is not None:
            found |= _SCHOOLING[opening.education.rank]
        times = hours.spans(hours.fixed(opening.hours, flexible=opening.flexible))
        found |= bits.joined("kind", [opening.kind]) | bits.joined("hours", [tuple(times)])
        found |= bits.joined("demand", demand_keys(opening.demands))
        return found | bits.joined("certificate", certificates.needed(opening.certificates))

    # --- what a seeker lacks --------------------------------------------------------------

    def _lacking(self, seeker: Seeker) -> int:
        """Return the bits of all that a seeker cannot meet."""
        found = _FULL
        if seeker.age is not None and seeker.age < ADULT_AGE:
            found |= _ADULT if seeker.age >= WORKING_AGE else _WORK
        remembered = self._remembered
        if seeker.limits:
            limits = tuple(seeker.limits)
            found |= remembered["demand"].get(limits, lambda: self._limited(limits))
        held = tuple(seeker.certificates)
        found |= remembered["certificate"].get(held, lambda: self._uncertified(held))
        if seeker.education is not None:
            found |= _ABOVE[seeker.education]
        if (available := seeker.available) is not None:
            times = tuple((one.days, one.start, one.end, one.flexible) for one in available)
            found |= remembered["hours"].get(times, lambda: self._hours.outside(available))
        if seeker.kinds:
            kinds = tuple(seeker.kinds)
            found |= remembered["kind"].get(kinds, lambda: self._unwanted(kinds))
        return found

    def _limited(self, limits: Sequence[str]) -> int:
        return _joined(self._bits["demand"].get(key, 0) for key in demand_keys(limits))

    def _uncertified(self, held: Sequence[str]) -> int:
        granted = certificates.granted(held)
        asked = self._bits["certificate"].items()
        return _joined(bit for forms, bit in asked if not forms & granted)

    def _unwanted(self, kinds: Sequence[Kind]) -> int:
        return _joined(bit for kind, bit in self._bits["kind"].items() if kind not in kinds)

    # --- where they can go ----------------------------------------------------------------

    def _reached(self, near: Near | None) -> BoolArray:
        """Return which distinct places are in reach; without ``near``, work at home alone."""
        if near is None:
            return self._at_home
        # They agree as far as both name parts; a home that is not known names none.
        here = near[0]
        agree = self._paths.shared(here) >= np.minimum(self._paths.depths, len(here))
        found: BoolArray = agree | self._at_home
        return found

    def within(self, area: tuple[str, ...] | None) -> BoolArray:
        """Return the openings people could reach whose homes begin with ``area``; None is home.

        Shape (n_openings,).
        """
        found: BoolArray = self._reached(None if area is None else (area, len(area)))[self._path_of]
        return found

    # --- both together --------------------------------------------------------------------

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
        asked = self._asked_words if columns is None else self._asked_words[:, columns]
        block = np.ones((len(seekers), len(paths)), dtype=np.bool_)
        self._keep_near(block, seekers, paths)
        lacking = _as_words([self._lacking(seeker) for seeker in seekers], self._words)
        step = max(1, _CHUNK // max(len(paths), 1))
        for word in np.flatnonzero(lacking.any(axis=0)).tolist():
            for start in range(0, len(seekers), step):
                some = slice(start, start + step)
                block[some] &= (asked[word] & lacking[some, word, None]) == 0
        return block

    def _keep_near(self, block: BoolArray, seekers: Sequence[Seeker], paths: IndexArray) -> None:
        """Rule out what is beyond reach, once for all who can go equally far."""
        alike: dict[Near | None, list[int]] = {}
        for row, seeker in enumerate(seekers):
            if seeker.reach is Reach.HOME:
                alike.setdefault(None, []).append(row)
            elif seeker.reach is not None and seeker.reach is not Reach.ANYWHERE:
                parts = places.PARTS_TO_AGREE[seeker.reach]
                alike.setdefault((places.split(seeker.home)[:parts], parts), []).append(row)
        for near, rows in alike.items():
            found = self._near.get(near, partial(self._reached, near))[paths]
            if not found.all():
                block[rows] = found


class _Hours:
    """The distinct hours of openings: they fit if each of their spans lies in one free run."""

    def __init__(self, bits: dict[tuple[tuple[int, int], ...], int]) -> None:
        self._profiles = list(bits.items())
        spans = sorted({span for profile, _ in self._profiles for span in profile})
        self._number = {span: i for i, span in enumerate(spans)}
        self._spans = np.array(spans, dtype=np.int64).reshape(-1, 2)

    def outside(self, available: Iterable[Window]) -> int:
        """Return the bits of the hours that do not lie inside the free times."""
        start, length = self._spans.T
        fits = np.zeros(len(self._spans), dtype=np.bool_)
        for run_start, run_length in hours.runs(available):
            offset = (start - run_start) % hours.MINUTES_A_WEEK
            whole = run_length == hours.MINUTES_A_WEEK
            fits |= whole | (offset + length <= run_length)
        free = fits.tolist()
        return _joined(
            bit
            for profile, bit in self._profiles
            if not all(free[self._number[span]] for span in profile)
        )


_ABOVE = {
    education: _joined(bit for rank, bit in _SCHOOLING.items() if rank > education.rank)
    for education in Education
}
