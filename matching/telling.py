"""Reasons and gaps of many pairs of one catalogue, as :mod:`matching.explain` tells them.

Most of what is told of a pair depends on little of the two records (the home and the place, the
pay asked and given), and comes back in many pairs: it is asked for once and remembered.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from matching import explain
from matching.catalogue import monthly_pay
from matching.hours import fixed
from matching.places import split
from matching.records import Kind, Note, Opening, Ranked, Seeker, Window
from matching.rules import unknown_gaps

# Kinds of seeker remembered for each question, and notes already written as JSON.
_MOST = 16384
_WRITTEN = 131072

Notes = tuple[Note, ...]


class Told(NamedTuple):
    """One opening in a ranking, with all that is said of it."""

    id: str
    score: float
    reasons: list[Note]
    gaps: list[Note]


class _Facts(NamedTuple):
    """What each question looks at, as a number for all openings that are alike in it."""

    near: int
    pay: int
    terms: int
    skills: int
    unknown: int


def _times(windows: Iterable[Window]) -> Hashable:
    return tuple((one.days, one.start, one.end, one.flexible) for one in windows)


def _facts(openings: Sequence[Opening]) -> list[_Facts]:
    known: list[dict[Hashable, int]] = [{} for _ in _Facts._fields]
    found = []
    for one in openings:
        course = one.kind is Kind.COURSE
        level = None if one.education is None else one.education
        regular = bool(fixed(one.hours, flexible=one.flexible))
        placed = bool(split(one.place))
        asked: tuple[Hashable, ...] = (
            (one.at_home, one.place),
            (course, *monthly_pay(one)),
            (_times(one.hours), one.flexible, level),
            (course, *one.skills),
            (level, regular, one.at_home, placed),
        )
        numbers = (
            index.setdefault(key, len(index)) for index, key in zip(known, asked, strict=True)
        )
        found.append(_Facts(*numbers))
    return found


class _Memory:
    """Answers by kind of seeker, then by number of the opening's facts."""

    def __init__(self, ask: Callable[[Seeker, Opening], Iterable[Note]]) -> None:
        self._ask = ask
        self._known: dict[Hashable, dict[int, Notes]] = {}

    def of(self, key: Hashable) -> dict[int, Notes]:
        """Return the answers given to one kind of seeker so far."""
        answers = self._known.get(key)
        if answers is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            answers = self._known[key] = {}
        return answers

    def ask(self, answers: dict[int, Notes], fact: int, seeker: Seeker, opening: Opening) -> Notes:
        """Return an answer that is not known yet, and remember it."""
        found = answers[fact] = tuple(self._ask(seeker, opening))
        return found


def _near(seeker: Seeker, opening: Opening) -> Iterable[Note]:
    found = explain.near_reason(seeker, opening)
    return (found,) if found else ()


class Teller:
    """Tells why the eligible openings of one catalogue suit, and what is missing.

    Parameters
    ----------
    openings : sequence of Opening
    """

    def __init__(self, openings: Sequence[Opening]) -> None:
        self.openings = openings
        self._facts = _facts(openings)
        self._near = _Memory(_near)
        self._pay = _Memory(explain.pay_reasons)
        self._unpaid = _Memory(explain.pay_gaps)
        self._terms = _Memory(explain.terms_reasons)
        self._lacking = _Memory(explain.skill_gaps)
        self._unknown = _Memory(unknown_gaps)

    def tell(self, seeker: Seeker, columns: Sequence[int], scores: Sequence[float]) -> list[Told]:
        """Return the eligible openings ``columns`` with their scores, reasons and gaps."""
        free = None if seeker.available is None else _times(seeker.available)
        known = (*seeker.skills, *seeker.certificates, *(job.title for job in seeker.experience))
        near = self._near.of(seeker.home)
        pay, unpaid = self._pay.of(seeker.min_pay), self._unpaid.of(seeker.min_pay)
        terms, lacking = self._terms.of(free), self._lacking.of(known)
        unknown = self._unknown.of(
            (
                seeker.age is None,
                seeker.education is None,
                free is None,
                seeker.reach,
                bool(split(seeker.home)),
            )
        )
        told = []
        for column, score in zip(columns, scores, strict=True):
            opening, facts = self.openings[column], self._facts[column]
            pair = seeker, opening
            # Nothing found is remembered too, so absence is asked for by name.
            by = near.get(facts.near)
            if by is None:
                by = self._near.ask(near, facts.near, *pair)
            paid = pay.get(facts.pay)
            if paid is None:
                paid = self._pay.ask(pay, facts.pay, *pair)
            when = terms.get(facts.terms)
            if when is None:
                when = self._terms.ask(terms, facts.terms, *pair)
            skills = lacking.get(facts.skills)
            if skills is None:
                skills = self._lacking.ask(lacking, facts.skills, *pair)
            less = unpaid.get(facts.pay)
            if less is None:
                less = self._unpaid.ask(unpaid, facts.pay, *pair)
            open_ = unknown.get(facts.unknown)
            if open_ is None:
                open_ = self._unknown.ask(unknown, facts.unknown, *pair)
            work = explain.work_reasons(seeker, opening)
            told.append(
                Told(
                    opening.id,
                    score,
                    explain.weightiest(work, by[0] if by else None, paid + when),
                    [*skills, *less, *open_],
                )
            )
        return told


def as_ranked(told: Iterable[Told]) -> list[Ranked]:
    """Return what was told as records."""
    return [
        Ranked.model_construct(
            id=one.id, score=one.score, eligible=True, reasons=one.reasons, gaps=one.gaps
        )
        for one in told
    ]


_written: dict[tuple[str, str], orjson.Fragment] = {}


def _fragment(note: Note) -> orjson.Fragment:
    key = (note.code, note.text)
    found = _written.get(key)
    if found is None:
        if len(_written) >= _WRITTEN:
            _written.clear()
        raw = orjson.dumps({"code": note.code, "text": note.text})
        found = _written[key] = orjson.Fragment(raw)
    return found


def as_line(seeker: str, told: Iterable[Told]) -> bytes:
    """Return one line of the output of ``suggest``."""
    ranking: list[dict[str, Any]] = [
        {
            "id": one.id,
            "score": one.score,
            "eligible": True,
            "reasons": list(map(_fragment, one.reasons)),
            "gaps": list(map(_fragment, one.gaps)),
        }
        for one in told
    ]
    row = {"seeker": seeker, "ranking": ranking}
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
