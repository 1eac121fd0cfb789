"""Why the openings of one catalogue suit seekers, and what is missing, for many pairs at once.

The notes of a pair depend on few facts of the two records (home and place, pay given and
needed). Pairs with equal facts get equal keys, and each sentence is written once for a key. A
single pair (:func:`matching.explain.reasons.explain`) is a block of one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np
import orjson

from matching.eligibility.hours import fixed_windows, window_keys
from matching.eligibility.places import PathIndex, split_path
from matching.eligibility.rules import unknown_gaps
from matching.explain import notes
from matching.explain.work_comparison import NoteTable, PairComparison, WorkIndex
from matching.features.catalogue import monthly_pay
from matching.records import Kind, Note, Opening, Ranked, Seeker
from matching.utils.array_types import BoolArray, FloatArray, IntArray
from matching.utils.ragged import MISSING, factorize, unique_index, unique_rows

MAX_REASONS = 4
# Nearness decides for many, so it is told early; but after two reasons of the work itself.
_WORK_REASONS_FIRST = 2
# Parts of a home and a place that are compared.
_MAX_DEPTH = 8
# Distinct notes kept from block to block.
_MAX_NOTES = 131072


class Explanation(NamedTuple):
    """What speaks for an opening and what is missing, the most important first."""

    reasons: list[Note]
    gaps: list[Note]


@dataclass(frozen=True)
class BlockReasons:
    """Reasons and gaps of the pairs of a block, seeker by seeker, the best pair first.

    Attributes
    ----------
    seekers : sequence of Seeker
    offsets : list of int
        Where the pairs of each seeker begin, and the number of pairs.
    columns, scores : ndarray of shape (n_pairs,)
        The opening of each pair, and its score.
    reasons, gaps : ndarray of shape (n_pairs, max_notes)
        Codes of the notes of each pair, padded with ``MISSING``.
    """

    seekers: Sequence[Seeker]
    offsets: list[int]
    columns: IntArray
    scores: FloatArray
    reasons: IntArray
    gaps: IntArray


class ReasonBuilder:
    """Builds reasons and gaps for the openings of one catalogue.

    Parameters
    ----------
    openings : sequence of Opening
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.openings = openings
        self._work = WorkIndex(openings)
        self._at_home = np.array([one.at_home for one in openings], dtype=np.int64)
        self._places = PathIndex([split_path(one.place) for one in openings], _MAX_DEPTH)
        self._pay = factorize((one.kind is Kind.COURSE, *monthly_pay(one)) for one in openings)
        self._terms = factorize((window_keys(o.hours), o.flexible, o.education) for o in openings)
        self._requirements = factorize(
            (
                one.education,
                bool(fixed_windows(one.hours, flexible=one.flexible)),
                one.at_home,
                bool(split_path(one.place)),
            )
            for one in openings
        )
        heads = [b'{"id":' + orjson.dumps(one.id) + b',"score":' for one in openings]
        self._json_heads = np.array(heads, dtype=object)
        self._clear_notes()

    def _clear_notes(self) -> None:
        self._codes: dict[tuple[str, str], int] = {}
        self._notes: list[Note] = []
        self._json_notes: list[bytes] = []

    def _code(self, note: Note) -> int:
        key = (note.code, note.text)
        code = self._codes.get(key)
        if code is None:
            code = self._codes[key] = len(self._notes)
            self._notes.append(note)
            self._json_notes.append(orjson.dumps({"code": note.code, "text": note.text}))
        return code

    def build(
        self,
        seekers: Sequence[Seeker],
        offsets: IntArray,
        columns: IntArray,
        scores: FloatArray,
    ) -> BlockReasons:
        """Build reasons and gaps of pairs; hard rules are not asked.

        The codes of the notes are valid until the next call.

        Parameters
        ----------
        seekers : sequence of Seeker
        offsets : ndarray of shape (len(seekers) + 1,)
            Where the pairs of each seeker begin, and the number of pairs.
        columns, scores : ndarray of shape (n_pairs,)
            Their openings and scores.
        """
        if len(self._notes) > _MAX_NOTES:
            self._clear_notes()
        rows = np.repeat(np.arange(len(seekers)), np.diff(offsets))
        comparison = PairComparison(self._work, seekers, rows, columns)
        work = np.column_stack([self._note_codes(table) for table in comparison.reasons()])
        place, pay, terms, pay_gaps, unknown = (
            self._note_codes(table) for table in self._fact_tables(seekers, rows, columns)
        )
        missing = self._note_codes(comparison.missing_skills())
        return BlockReasons(
            seekers,
            offsets.tolist(),
            columns,
            scores,
            reasons=_most_important(work, place[:, 0], np.column_stack([pay, terms])),
            gaps=np.column_stack([missing, pay_gaps, unknown]),
        )

    def _fact_tables(
        self, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray
    ) -> Iterator[NoteTable]:
        """Yield the notes on place, pay, hours, too little pay, and what is not known."""
        openings = self.openings

        def writer(
            write: Callable[[Seeker, Opening], Iterable[Note]],
        ) -> Callable[[int], Iterable[Note]]:
            return lambda pair: write(seekers[rows[pair]], openings[columns[pair]])

        def pair_keys(ours: IntArray, theirs: IntArray) -> IntArray:
            return ours[rows] * (int(theirs.max(initial=0)) + 1) + theirs[columns]

        yield NoteTable(self._place_keys(seekers, rows, columns), writer(notes.place_reasons))
        min_pay = factorize(one.min_pay for one in seekers)
        yield NoteTable(pair_keys(min_pay, self._pay), writer(notes.pay_reasons))
        available = factorize(
            None if one.available is None else window_keys(one.available) for one in seekers
        )
        yield NoteTable(pair_keys(available, self._terms), writer(notes.terms_reasons))
        yield NoteTable(pair_keys(min_pay, self._pay), writer(notes.pay_gaps))
        known = factorize(
            (
                one.age is None,
                one.education is None,
                one.available is None,
                one.reach,
                bool(split_path(one.home)),
            )
            for one in seekers
        )
        yield NoteTable(pair_keys(known, self._requirements), writer(unknown_gaps))

    def _place_keys(self, seekers: Sequence[Seeker], rows: IntArray, columns: IntArray) -> IntArray:
        """Return a key for each pair by how much home and place share."""
        paths = [split_path(one.home) for one in seekers]
        homes = np.array([self._places.encode(path) for path in paths], dtype=np.int64)
        homes = homes.reshape(-1, _MAX_DEPTH)
        lengths = np.array([len(path) for path in paths], dtype=np.int64)[rows]
        depth = (homes[rows] == self._places.table[columns]).sum(axis=1)
        keys = (np.minimum(lengths, _MAX_DEPTH) * _MAX_DEPTH + depth) * 2 + self._at_home[columns]
        # A home deeper than is compared gets a key for each pair of its own.
        deep = lengths > _MAX_DEPTH
        return np.where(deep, 2 * (_MAX_DEPTH + 1) ** 2 + np.arange(len(rows)), keys)

    def _note_codes(self, table: NoteTable) -> IntArray:
        """Return the codes of the notes of each pair, shape (n_pairs, max_notes)."""
        first, inverse = unique_index(table.keys)
        written = [
            [] if key == MISSING else [self._code(note) for note in table.write(pair)]
            for key, pair in zip(table.keys[first].tolist(), first.tolist(), strict=True)
        ]
        width = max(map(len, written), default=0) or 1
        codes = np.full((len(written), width), MISSING, dtype=np.int64)
        for row, some in zip(codes, written, strict=True):
            row[: len(some)] = some
        return codes[inverse]

    def _notes_of(self, codes: Sequence[int]) -> list[Note]:
        return [self._notes[code] for code in codes if code != MISSING]

    def explain(
        self,
        seekers: Sequence[Seeker],
        offsets: IntArray | None = None,
        columns: IntArray | None = None,
    ) -> list[Explanation]:
        """Return the explanation of each pair; by default every opening for every seeker.

        ``offsets`` and ``columns`` are those of :meth:`build`. Hard rules are not asked.
        """
        if offsets is None or columns is None:
            offsets = np.arange(len(seekers) + 1) * len(self.openings)
            columns = np.tile(np.arange(len(self.openings)), len(seekers))
        block = self.build(seekers, offsets, columns, np.zeros(len(columns)))
        return [
            Explanation(self._notes_of(reasons), self._notes_of(gaps))
            for reasons, gaps in zip(block.reasons.tolist(), block.gaps.tolist(), strict=True)
        ]

    def lines(self, block: BlockReasons) -> list[bytes]:
        """Return the output of ``suggest``, one line of JSON a seeker."""
        parts = zip(
            self._json_heads[block.columns].tolist(),
            orjson.dumps(block.scores.tolist())[1:-1].split(b","),
            self._json_lists(b',"eligible":true,"reasons":[', block.reasons),
            self._json_lists(b'],"gaps":[', block.gaps),
            repeat(b"]}"),
            strict=False,  # no scores at all are written as one empty text
        )
        entries = [*map(b"".join, parts)]
        return [
            b'{"seeker":%b,"ranking":[%b]}\n' % (orjson.dumps(seeker.id), b",".join(entries[a:b]))
            for seeker, a, b in zip(block.seekers, block.offsets, block.offsets[1:], strict=False)
        ]

    def _json_lists(self, prefix: bytes, codes: IntArray) -> list[bytes]:
        """Return the notes of each pair as JSON; each distinct list is joined once."""
        first, inverse = unique_rows(codes, len(self._notes))
        written = self._json_notes
        lists = [
            prefix + b",".join([written[code] for code in row if code != MISSING])
            for row in codes[first].tolist()
        ]
        texts: list[bytes] = np.array(lists, dtype=object)[inverse].tolist()
        return texts

    def records(self, block: BlockReasons) -> list[tuple[str, list[Ranked]]]:
        """Return the content of :meth:`lines` as records: each seeker's id and ranking."""
        ranked = [
            Ranked.model_construct(
                id=self.openings[column].id,
                score=score,
                eligible=True,
                reasons=self._notes_of(reasons),
                gaps=self._notes_of(gaps),
            )
            for column, score, reasons, gaps in zip(
                block.columns.tolist(),
                block.scores.tolist(),
                block.reasons.tolist(),
                block.gaps.tolist(),
                strict=True,
            )
        ]
        return [
            (seeker.id, ranked[a:b])
            for seeker, a, b in zip(block.seekers, block.offsets, block.offsets[1:], strict=False)
        ]


def _most_important(work: IntArray, place: IntArray, rest: IntArray) -> IntArray:
    """Return up to ``MAX_REASONS`` codes a pair: work, place after two of them, then the rest."""
    codes = np.full((len(work), MAX_REASONS), MISSING, dtype=np.int64)
    has_place = place != MISSING
    present = work != MISSING
    rank = np.cumsum(present, axis=1) - 1
    n_work = present.sum(axis=1)
    _put(codes, work, present, rank + (has_place[:, None] & (rank >= _WORK_REASONS_FIRST)))
    place_rank = np.minimum(n_work, _WORK_REASONS_FIRST)[:, None]
    _put(codes, place[:, None], has_place[:, None], place_rank)
    present = rest != MISSING
    _put(codes, rest, present, (n_work + has_place)[:, None] + np.cumsum(present, axis=1) - 1)
    return codes


def _put(codes: IntArray, new: IntArray, present: BoolArray, position: IntArray) -> None:
    rows, which = np.nonzero(present & (position < codes.shape[1]))
    codes[rows, position[rows, which]] = new[rows, which]
