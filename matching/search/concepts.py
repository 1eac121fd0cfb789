"""Conditions that people search by, answered from the facts and the words of a posting.

日结, 包吃住 or 不上夜班 are asked of what the posting says, not of its trade. Each concept has the
ways it is asked, and what in a posting answers it; where the record holds the fact (schooling,
hours, work at home, kind), that answers too.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matching.eligibility.hours import fixed_windows
from matching.records import Kind, Opening
from matching.text.normalise import normalise
from matching.utils.reference_tables import data_path, read_table, split_cell

_EVENING, _NIGHT_END, _DAY_START = "17:00", "21:00", "05:00"


@dataclass(frozen=True, slots=True)
class Concept:
    """One condition.

    Attributes
    ----------
    label : str
        What the answer is called.
    words : tuple of str
        Plain ways of asking, also by sound and by initials.
    told : pattern
        What in a posting says so.
    unless : pattern or None
        What in a posting speaks against it, whatever is told.
    fact : callable or None
        Whether the facts of the record say so.
    only : kinds or None
        The kinds of opening that can answer.
    """

    label: str
    words: tuple[str, ...]
    told: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    fact: Callable[[Opening], bool] | None = None
    only: frozenset[Kind] | None = None

    def answer(self, opening: Opening) -> str | None:
        """Return the part of the posting that answers, ``None`` if it does not."""
        if self.only is not None and opening.kind not in self.only:
            return None
        text = posting(opening)
        if self.unless is not None and self.unless.search(text):
            return None
        found = self.told.search(text) if self.told is not None else None
        if found is not None:
            return _clause(text, found.start(), found.end())
        asked_of_kind = self.told is None and self.fact is None
        if asked_of_kind or (self.fact is not None and self.fact(opening)):
            return self.label
        return None


def posting(opening: Opening) -> str:
    """Return the words of an opening that conditions are read from, normalised."""
    pay = opening.pay.text if opening.pay is not None else None
    parts = (opening.title, opening.description, "、".join(opening.skills), pay)
    return normalise("。".join(filter(None, parts)))


def _clause(text: str, start: int, end: int) -> str:
    before = max(text.rfind(mark, 0, start) for mark in "。,，;；:：、!！") + 1
    after = re.search("[。,，;；!！]", text[end:])
    return text[before : end + after.start() if after else len(text)].strip()


def _starts_in_the_evening(opening: Opening) -> bool:
    windows = fixed_windows(opening.hours, flexible=opening.flexible)
    return bool(windows) and all(_clock(w.start) >= _EVENING for w in windows)


def _by_day(opening: Opening) -> bool:
    windows = fixed_windows(opening.hours, flexible=opening.flexible)
    return bool(windows) and all(
        _DAY_START <= _clock(w.start) < _clock(w.end) <= _NIGHT_END for w in windows
    )


def _clock(time: str) -> str:
    return time.zfill(5)


def _no_schooling(opening: Opening) -> bool:
    return opening.education is not None and opening.education.rank == 0


def _piecework_at_home(opening: Opening) -> bool:
    return opening.kind is Kind.PIECEWORK and opening.at_home


def _at_home(opening: Opening) -> bool:
    return opening.at_home


# What of a record answers a concept of the table, beside its words.
_FACTS: Final[dict[str, Callable[[Opening], bool]]] = {
    "evenings": _starts_in_the_evening,
    "no_nights": _by_day,
    "no_schooling": _no_schooling,
    "handwork": _piecework_at_home,
    "at_home": _at_home,
    "near_home": _at_home,
}


@lru_cache(maxsize=1)
def all_concepts() -> tuple[Concept, ...]:
    """Return the concepts of ``data/search_concepts.csv``."""
    return tuple(
        Concept(
            row["label"],
            tuple(split_cell(row["words"])),
            re.compile(row["told"]) if row["told"] else None,
            re.compile(row["unless"]) if row["unless"] else None,
            _FACTS.get(row["concept"]),
            frozenset(map(Kind, split_cell(row["kinds"]))) or None,
        )
        for row in read_table(data_path("search_concepts.csv"))
    )


_OLD: Final = re.compile("退休|老人也|老年人也|大龄|年纪大的?也|年龄不限|不限年龄")
_AGE = re.compile(r"([\d]{2}|[四五六七八]十[一二三四五六七八九]?|五六十|六七十)多?岁")
_ASKED_AGE = re.compile(rf"(?:{_AGE.pattern})(?:以上|能做|还能做|男的|女的|的|左右|也要|可以做)*")
_ACCEPTED_AGE = re.compile(
    rf"(?:{_AGE.pattern})(?:以内|以下|左右|也要|也行|也可|都要|都可|可|还能|身体好)|到(?:{_AGE.pattern})"
)


def _years(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("十")
    digits = "一二三四五六七八九"
    return 10 * (digits.index(tens[-1]) + 1) + (digits.index(ones) + 1 if ones else 0)


@lru_cache(maxsize=64)
def age_concept(years: int) -> Concept:
    """Return the condition that people of an age are taken."""

    def accepted(opening: Opening) -> bool:
        text = posting(opening)
        if years >= 60 and _OLD.search(text):
            return True
        found = (
            group for match in _ACCEPTED_AGE.finditer(text) for group in match.groups() if group
        )
        return any(_years(one) >= years for one in found)

    return Concept(f"{years}岁也要", (), None, None, accepted)


def split_concepts(query: str) -> tuple[list[Concept], str]:
    """Return the conditions a normalised query names, longest first, and what is left of it."""
    found: list[Concept] = []
    rest = query
    for match in _ASKED_AGE.finditer(query):
        years = next(_years(group) for group in match.groups() if group)
        if years >= 40:
            found.append(age_concept(years))
            rest = rest.replace(match[0], " ")
    for word, concept in _by_word():
        if word in rest:
            found.append(concept)
            rest = rest.replace(word, " ")
    return list(dict.fromkeys(found)), rest


@lru_cache(maxsize=1)
def _by_word() -> tuple[tuple[str, Concept], ...]:
    pairs = ((word, concept) for concept in all_concepts() for word in concept.words)
    return tuple(sorted(pairs, key=lambda one: (-len(one[0]), one[0])))
