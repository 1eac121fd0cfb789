"""Conditions that people search by, answered from the facts and the words of a posting.

日结, 包吃住 or 不上夜班 are asked of what the posting says, not of its trade. The table
``data/search_concepts.csv`` has for each condition how it is asked and what in a posting says so;
where the record holds the fact (hours, schooling, demands, pay, work at home), the fact answers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from matching.records import Kind
from matching.search.facts import FACTS, Fact
from matching.search.numbers import accepts_age, asked_ages, asked_pay
from matching.search.postings import Posting
from matching.text.normalise import as_written, squeeze
from matching.utils.reference_tables import data_path, read_table, split_cell

#: Short names in the regular expressions of the table, each for the ways one thing is said.
_PARTS: Final = {
    "<money>": "(?:工资|工钱|薪水|薪资|钱|薪|账)",
    "<child>": "(?:娃儿?|娃娃|孩子|小孩儿?|细娃儿?|小娃儿?|小朋友|学生娃)",
    "<mind>": "(?:带|引|看|照看|照顾|照管|顾|管)",
    "<can>": "(?:能够?|可以|可|方便|适合|不耽误|不影响|也行|都行|就行|也要)",
    "<no>": "(?:不用|不要|不得|不消|没有|没得|不|无|莫|免)",
    "<do>": "(?:做工|做|干|上班|上|搞|打工|打|接活)",
    "<home>": "(?:家里?|屋头|屋里头?|自家)",
}
# What may follow a condition and says no more: …的活路, …也可以吗.
_TAIL: Final = (
    r"(?:的?(?:活路|活儿|活|工作|岗位|事情|事|工|班|地方|人))?(?:也|都|就|还)?"
    r"(?:能|可以|要|行|得行|做|干)*(?:的|不|吗|嘛|啊|哦)*"
)
_MIN_AGE: Final = 40  # a younger age is no condition: few postings end there
_LEARNING: Final = frozenset({"course"})


class Evidence(NamedTuple):
    """Why a posting answers; ``sure`` unless nothing says so, but much speaks for it."""

    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """One condition.

    Attributes
    ----------
    code, label : str
        Its name in the table, and what the answer is called.
    likely : str
        What the answer is called where a fact only makes it likely.
    names : tuple of str
        Everyday names, looked up by sound and initials too.
    asked : pattern or None
        How it is asked.
    told : pattern or None
        What in a posting says so.
    unless : pattern or None
        What in a posting speaks against it, whatever is told.
    fact : callable or None
        What the facts of the record say of it.
    only : kinds or None
        The kinds of opening that can answer.
    """

    code: str
    label: str
    likely: str = ""
    names: tuple[str, ...] = ()
    asked: re.Pattern[str] | None = None
    told: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    fact: Callable[[Posting], Fact] | None = None
    only: frozenset[Kind] | None = None

    def answer(self, posting: Posting, *, learning: bool = False) -> Evidence | None:
        """Return what in the posting answers, ``None`` if nothing does.

        ``learning`` says that courses are asked for, whose hours answer as those of work do.
        """
        if learning and self.only is not None and self.code not in _LEARNING:
            if posting.opening.kind is not Kind.COURSE:
                return None
        elif self.only is not None and posting.opening.kind not in self.only:
            return None
        fact = self.fact(posting) if self.fact is not None else Fact.UNKNOWN
        if fact is Fact.NO:
            return None
        if fact is Fact.YES:
            return Evidence(self.label, sure=True)
        told = self._told(posting.text)
        if told is not None:
            return Evidence(as_written(told, posting.written), sure=True)
        if fact is Fact.LIKELY and self.likely:
            return Evidence(self.likely, sure=False)
        asked_of_kind = self.told is None and self.fact is None
        return Evidence(self.label, sure=True) if asked_of_kind else None

    def _told(self, text: str) -> str | None:
        """Return the clause that says so."""
        if self.told is None or (self.unless is not None and self.unless.search(text)):
            return None
        found = self.told.search(text)
        return None if found is None else _clause(text, found.start(), found.end())


class Asked(NamedTuple):
    """A condition of a query, and the words that asked it."""

    concept: Concept
    words: str


def _clause(text: str, start: int, end: int) -> str:
    before = max(text.rfind(mark, 0, start) for mark in "。,，;；:：、!！/\n") + 1
    after = re.search("[。,，;；!！/\n]", text[end:])
    return text[before : end + after.start() if after else len(text)].strip()


def _pattern(cell: str, tail: str = "") -> re.Pattern[str] | None:
    if not cell:
        return None
    for name, ways in _PARTS.items():
        cell = cell.replace(name, ways)
    return re.compile(f"(?:{cell}){tail}")


@lru_cache(maxsize=1)
def all_concepts() -> tuple[Concept, ...]:
    """Return the conditions of ``data/search_concepts.csv``."""
    return tuple(
        Concept(
            row["concept"],
            row["label"],
            row["likely"],
            tuple(split_cell(row["names"])),
            _pattern(row["asked"], _TAIL),
            _pattern(row["told"]),
            _pattern(row["unless"]),
            FACTS.get(row["concept"]),
            frozenset(map(Kind, split_cell(row["kinds"]))) or None,
        )
        for row in read_table(data_path("search_concepts.csv"))
    )


@lru_cache(maxsize=64)
def age_concept(years: int) -> Concept:
    """Return the condition that people of an age are taken."""
    return Concept(
        f"age_{years}",
        f"{years}岁也要",
        "没写年龄上限",
        fact=lambda posting: accepts_age(posting, years),
        only=frozenset({Kind.VACANCY, Kind.PIECEWORK}),
    )


@lru_cache(maxsize=256)
def pay_concept(month_yuan: int, words: str) -> Concept:
    """Return the condition that a month may bring so many yuan; ``words`` say it."""

    def fact(posting: Posting) -> Fact:
        most = posting.month_pay
        return Fact.YES if most is not None and most >= month_yuan else Fact.NO

    return Concept(f"pay_{month_yuan}", words, fact=fact)


def split_concepts(query: str) -> tuple[list[Asked], str]:
    """Return the conditions a normalised query names, and what is left of it.

    Of two that overlap the one with more of its words counts, of equal ones the first in the
    table.
    """
    spans = [
        (match.start(), match.end(), concept)
        for concept in all_concepts()
        if concept.asked is not None
        for match in concept.asked.finditer(query)
    ]
    spans += [
        (match.start(), match.end(), age_concept(years))
        for match, years in asked_ages(query)
        if years >= _MIN_AGE
    ]
    spans += [
        (start, end, pay_concept(yuan, f"一个月能有{yuan}元"))
        for start, end, yuan in asked_pay(query)
    ]
    found: list[tuple[int, Asked]] = []
    rest = list(query)
    for start, end, concept in sorted(spans, key=lambda one: one[0] - one[1]):
        if all(rest[start:end]):
            found.append((start, Asked(concept, squeeze(query[start:end]))))
            rest[start:end] = [""] * (end - start)
    kept = "".join(char or " " for char in rest)
    asked = {one.concept.code: one for _, one in sorted(found, key=lambda one: one[0])}
    return sorted(asked.values(), key=lambda one: one.concept.code), kept
