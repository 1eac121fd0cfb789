"""Reasons and gaps of many pairs of one catalogue, as :mod:`matching.explain.reasons` tells them.

What is told of a pair depends on little of the two records (the home and the place, the pay asked
and given). Numbers stand for that little, so each sentence is made once for all pairs of a block
that are alike in it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import orjson

from matching.eligibility.hours import fixed, times
from matching.eligibility.places import PathNumbers, split
from matching.eligibility.rules import unknown_gaps
from matching.explain import reasons as pairwise
from matching.explain.work_reasons_batch import Talk, WorkTalk
from matching.features.catalogue import monthly_pay
from matching.records import Kind, Note, Opening, Ranked, Seeker
from matching.utils.array_types import BoolArray, FloatArray, IntArray
from matching.utils.ragged import NOTHING, distinct, distinct_rows, numbered

# Parts of a home and a place that are compared.
_DEEPEST = 8
# Notes remembered together with what is written of them.
_MOST = 131072


@dataclass(frozen=True)
class Told:
    """What is told of the pairs of a block, seeker by seeker, the best first.

    Attributes
    ----------
    seekers : sequence of Seeker
    ends : list of int
        Where the pairs of each seeker begin, and the number of pairs.
    columns, scores : ndarray of shape (n_pairs,)
        The opening of each pair, and what it scores.
    reasons, gaps : ndarray of shape (n_pairs, most)
        Numbers of the notes of each pair, ``NOTHING`` where there are no more.
    """

    seekers: Sequence[Seeker]
    ends: list[int]
    columns: IntArray
    scores: FloatArray
    reasons: IntArray
    gaps: IntArray


class Teller:
    """Tells why the eligible openings of one catalogue suit, and what is missing.

    Parameters
    ----------
    openings : sequence of Opening
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.openings = openings
        self._work = WorkTalk(openings)
        self._at_home = np.array([one.at_home for one in openings], dtype=np.int64)
        self._places = PathNumbers([split(one.place) for one in openings], _DEEPEST)
        self._pay = numbered((one.kind is Kind.COURSE, *monthly_pay(one)) for one in openings)
        self._terms = numbered((times(o.hours), o.flexible, o.education) for o in openings)
        self._unknown = numbered(
            (
                one.education,
                bool(fixed(one.hours, flexible=one.flexible)),
                one.at_home,
                bool(split(one.place)),
            )
            for one in openings
        )
        heads = [b'{"id":' + orjson.dumps(one.id) + b',"score":' for one in openings]
        self._heads = np.array(heads, dtype=object)
        self._forget()

    def _forget(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._notes: list[Note] = []
        self._written: list[bytes] = []

    def _number(self, note: Note) -> int:
        key = (note.code, note.text)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._notes)
            self._notes.append(note)
            self._written.append(orjson.dumps({"code": note.code, "text": note.text}))
        return found

    def tell(
        self,
        seekers: Sequence[Seeker],
        ends: IntArray,
        columns: IntArray,
        scores: FloatArray,
    ) -> Told:
        """Tell of eligible pairs; the answer is to be read before this is asked again.

        Parameters
        ----------
        seekers : sequence of Seeker
        ends : ndarray of shape (len(seekers) + 1,)
            Where the pairs of each seeker begin, and the number of pairs.
        columns, scores : ndarray of shape (n_pairs,)
            Their openings, and what they score.
        """
        if len(self._notes) > _MOST:
            self._forget()
        rows = np.repeat(np.arange(len(seekers)), np.diff(ends))
        talk = self._work.of(seekers, rows, columns)
        work = np.column_stack([self._numbers_of(*one) for one in talk.reasons()])
        near, pay, terms, unpaid, unknown = (
            self._numbers_of(*one) for one in self._of_terms(seekers, rows, columns)
        )
        reasons = _weightiest(work, near[:, 0], np.column_stack([pay, terms]))
        gaps = np.column_stack([self._numbers_of(*talk.lacking()), unpaid, unknown])
        return Told(seekers, ends.tolist(), columns, scores, reasons, gaps)

    def _of_terms(
        self, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray
    ) -> Iterator[Talk]:
        """Yield what is told of place, pay, hours and what is not known."""
        openings = self.openings

        def asking(ask: Callable[[Seeker, Opening], Iterable[Note]]) -> Callable[[int], Any]:
            return lambda pair: ask(seekers[rows[pair]], openings[columns[pair]])

        def together(ours: IntArray, theirs: IntArray) -> IntArray:
            return ours[rows] * (int(theirs.max(initial=0)) + 1) + theirs[columns]

        yield self._nearness(seekers, rows, columns), asking(_near)
        least = numbered(one.min_pay for one in seekers)
        yield together(least, self._pay), asking(pairwise.pay_reasons)
        free = numbered(None if s.available is None else times(s.available) for s in seekers)
        yield together(free, self._terms), asking(pairwise.terms_reasons)
        yield together(least, self._pay), asking(pairwise.pay_gaps)
        known = numbered(
            (s.age is None, s.education is None, s.available is None, s.reach, bool(split(s.home)))
            for s in seekers
        )
        yield together(known, self._unknown), asking(unknown_gaps)

    def _nearness(self, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray) -> IntArray:
        """Return a number for each pair by how near the place is to the home."""
        paths = [split(one.home) for one in seekers]
        homes = np.array([self._places.of(path) for path in paths], dtype=np.int64)
        homes = homes.reshape(-1, _DEEPEST)
        lengths = np.array([len(path) for path in paths], dtype=np.int64)[rows]
        depth = (homes[rows] == self._places.table[columns]).sum(axis=1)
        found = (np.minimum(lengths, _DEEPEST) * _DEEPEST + depth) * 2 + self._at_home[columns]
        # Of a home with more parts than are looked at, each pair is asked for.
        deep = lengths > _DEEPEST
        return np.where(deep, 2 * (_DEEPEST + 1) ** 2 + np.arange(len(rows)), found)

    def _numbers_of(self, keys: IntArray, tell: Callable[[int], Iterable[Note]]) -> IntArray:
        """Return the numbers of the notes of each pair, shape (n_pairs, the most notes of one)."""
        first, which = distinct(keys)
        told = [
            [] if key == NOTHING else [self._number(note) for note in tell(pair)]
            for key, pair in zip(keys[first].tolist(), first.tolist(), strict=True)
        ]
        table = np.full((len(told), max(map(len, told), default=0) or 1), NOTHING, dtype=np.int64)
        for row, notes in zip(table, told, strict=True):
            row[: len(notes)] = notes
        return table[which]

    def lines(self, told: Told) -> list[bytes]:
        """Return the output of ``suggest``, one line a seeker."""
        parts = zip(
            self._heads[told.columns].tolist(),
            orjson.dumps(told.scores.tolist())[1:-1].split(b","),
            self._as_written(b',"eligible":true,"reasons":[', told.reasons),
            self._as_written(b'],"gaps":[', told.gaps),
            repeat(b"]}"),
            strict=False,  # no scores at all are written as one empty text
        )
        written = [*map(b"".join, parts)]
        return [
            b'{"seeker":%b,"ranking":[%b]}\n' % (orjson.dumps(seeker.id), b",".join(written[a:b]))
            for seeker, a, b in zip(told.seekers, told.ends, told.ends[1:], strict=False)
        ]

    def _as_written(self, before: bytes, numbers: IntArray) -> list[bytes]:
        """Return the notes of each pair as they are written, each different list made once."""
        first, which = distinct_rows(numbers, len(self._notes))
        written = self._written
        made = [
            before + b",".join([written[number] for number in row if number != NOTHING])
            for row in numbers[first].tolist()
        ]
        texts: list[bytes] = np.array(made, dtype=object)[which].tolist()
        return texts

    def records(self, told: Told) -> list[tuple[str, list[Ranked]]]:
        """Return the same as records: each seeker's id and ranking."""
        notes = self._notes
        ranked = [
            Ranked.model_construct(
                id=self.openings[column].id,
                score=score,
                eligible=True,
                reasons=[notes[note] for note in reasons if note >= 0],
                gaps=[notes[note] for note in gaps if note >= 0],
            )
            for column, score, reasons, gaps in zip(
                told.columns.tolist(),
                told.scores.tolist(),
                told.reasons.tolist(),
                told.gaps.tolist(),
                strict=True,
            )
        ]
        return [
            (seeker.id, ranked[a:b])
            for seeker, a, b in zip(told.seekers, told.ends, told.ends[1:], strict=False)
        ]


def _near(seeker: Seeker, opening: Opening) -> Iterable[Note]:
    found = pairwise.near_reason(seeker, opening)
    return (found,) if found else ()


def _weightiest(work: IntArray, near: IntArray, rest: IntArray) -> IntArray:
    """Return up to four notes a pair as :func:`matching.explain.reasons.weightiest` does."""
    most = pairwise.MOST_REASONS
    found = np.full((len(work), most), NOTHING, dtype=np.int64)
    is_near = near != NOTHING
    here = work != NOTHING
    rank = np.cumsum(here, axis=1) - 1
    done = here.sum(axis=1)
    _put(found, work, here, rank + (is_near[:, None] & (rank >= pairwise.WORK_FIRST)))
    _put(found, near[:, None], is_near[:, None], np.minimum(done, pairwise.WORK_FIRST)[:, None])
    here = rest != NOTHING
    _put(found, rest, here, (done + is_near)[:, None] + np.cumsum(here, axis=1) - 1)
    return found


def _put(found: IntArray, notes: IntArray, here: BoolArray, at: IntArray) -> None:
    rows, which = np.nonzero(here & (at < found.shape[1]))
    found[rows, at[rows, which]] = notes[rows, which]
