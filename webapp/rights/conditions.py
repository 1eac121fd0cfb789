"""Whether a policy fits: its conditions as checkable terms, held against what somebody told.

Pure. A fact is a word (``yes``), a range of whole numbers (an age band), or unknown. Conditions are
rows of ``data/policy_conditions.csv``; those of one group are alternatives, of which one is enough.
A figure that is a hole, or lies inside the range told, makes the term unknown: never a guess.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from webapp.rights.lifecycle import Answer

TABLE = Path(__file__).resolve().parents[2] / "data" / "policy_conditions.csv"


@dataclass(frozen=True)
class Range:
    """From ``low`` to ``high``, both included; ``high`` None has no upper end."""

    low: int
    high: int | None

    def at_least(self, value: int) -> bool | None:
        """Whether all in it is at least ``value``; None when only some is."""
        if self.low >= value:
            return True
        return None if self.high is None or self.high >= value else False

    def at_most(self, value: int) -> bool | None:
        """Whether all in it is at most ``value``; None when only some is."""
        if self.high is not None and self.high <= value:
            return True
        return None if self.low <= value else False


#: What somebody told, by the fact's name; a missing one is unknown, ``NOT_APPLICABLE`` never fits,
#: ``UNCLEAR`` was told and still decides nothing: the counter has to say what it counts as.
NOT_APPLICABLE = "-"
UNCLEAR = "~"
Facts = Mapping[str, str | Range]
Figure = Callable[[str], int | None]


@dataclass(frozen=True)
class Term:
    """One condition: ``fact op value``; ``value`` holds words, or numbers and names of figures."""

    policy: str
    group: str
    fact: str
    op: str
    value: tuple[str, ...]
    if_not: str
    words: str

    def holds(self, facts: Facts, figure: Figure) -> bool | None:
        """Whether it is met by the facts; None when that cannot be said."""
        told = facts.get(self.fact)
        if told == NOT_APPLICABLE:
            return False
        if told is None or told == UNCLEAR:
            return None
        if isinstance(told, str):
            return (told in self.value) == (self.op == "in")
        limits = [int(one) if one.isdigit() else figure(one) for one in self.value]
        if None in limits:
            return None
        low, high = limits[0] or 0, limits[-1] or 0
        if self.op == "between":
            return _both(told.at_least(low), told.at_most(high))
        if self.op == "below":
            return told.at_most(low - 1)
        return told.at_least(low) if self.op == "at_least" else told.at_most(low)


@dataclass(frozen=True)
class Finding:
    """The answer on one policy; ``lacking`` and ``why_not`` are sentences, ``to_ask`` too.

    ``unanswered`` are the facts that nobody told and that would decide it, ``unclear`` those told
    that don't, ``met`` the number of conditions that speak for it.
    """

    policy: str
    answer: Answer
    why_not: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    to_ask: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    met: int = 0


def check(policy: str, facts: Facts, figure: Figure, *, terms: Sequence[Term] = ()) -> Finding:
    """Return what the conditions of a policy come to; ``figure`` gives a figure or None."""
    sentences: dict[str, list[str]] = {"no": [], "lacking": [], "ask": []}
    unanswered: list[str] = []
    unclear: list[str] = []
    met = 0
    for group in _groups(policy, terms or shipped()):
        verdicts = [(term, term.holds(facts, figure)) for term in group]
        if any(holds for _term, holds in verdicts):
            met += 1
            continue
        words = next((term.words for term, _holds in reversed(verdicts) if term.words), "")
        open_terms = [term for term, holds in verdicts if holds is None]
        if open_terms:
            unanswered += [term.fact for term in open_terms if term.fact not in facts]
            unclear += [term.fact for term in open_terms if facts.get(term.fact) == UNCLEAR]
            if any(isinstance(facts.get(term.fact), Range) for term in open_terms):
                sentences["ask"].append(words)
        else:
            sentences[group[-1].if_not].append(words)
    answer = (
        Answer.NO
        if sentences["no"]
        else Answer.LACKING
        if sentences["lacking"]
        else Answer.UNSURE
        if sentences["ask"] or unanswered or unclear
        else Answer.LIKELY
    )
    return Finding(
        policy=policy,
        answer=answer,
        why_not=tuple(sentences["no"]),
        lacking=tuple(sentences["lacking"]),
        to_ask=tuple(filter(None, sentences["ask"])),
        unanswered=tuple(dict.fromkeys(unanswered)),
        unclear=tuple(dict.fromkeys(unclear)),
        met=met,
    )


@cache
def shipped() -> tuple[Term, ...]:
    """Return the terms of all policies, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Term(
                policy=row["policy"],
                group=row["group"],
                fact=row["fact"],
                op=row["op"],
                value=tuple(row["value"].split("|")),
                if_not=row["if_not"],
                words=row["words"],
            )
            for row in csv.DictReader(file)
        )


def _groups(policy: str, terms: Sequence[Term]) -> list[list[Term]]:
    own = [term for term in terms if term.policy == policy]
    keyed = [(term.group or f"#{at}", term) for at, term in enumerate(own)]
    return [[term for _key, term in rows] for _key, rows in groupby(keyed, key=lambda row: row[0])]


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
