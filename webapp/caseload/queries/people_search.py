"""Search among residents by what staff say of them, several words narrowing.

Read are names, addresses, telephone, age, work, certificates and free hours: nothing that is kept
encrypted, no limits and no sex.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.caseload.queries.people_words import Asked, Condition, number, read_conditions
from webapp.core.formatting import age_on, hours_words
from webapp.engine import people
from webapp.engine.records import search_keys
from webapp.residents.models import Experience, Household, Resident

_MOST_NEAR = 20
_LEAST_LETTERS = 2
_WORK = ("skills", "wanted")
# What is read of each person for a condition; all else is read for those of the page alone.
_READ: Mapping[Condition, Sequence[str]] = {
    Condition.PHONE: ("phone",),
    Condition.ADDRESS: ("unit_address",),
    Condition.BUILDING: ("unit_address",),
    Condition.FREE: ("available",),
    Condition.AGE: ("birth_date",),
    Condition.CERTIFICATE: ("certificates",),
    Condition.SKILL: _WORK,
    Condition.WISH: _WORK,
    Condition.WORDS: ("name", "unit_address", *_WORK),
}


@dataclass(frozen=True)
class PeopleFound:
    """Ids of who fits all that was asked, best first, or who comes near; and why each of them.

    ``asked`` is what was understood; ``near`` says that nobody fits all of it.
    """

    ids: list[int]
    near: bool
    asked: list[Asked]
    why: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Fit:
    """How well a person meets one condition, above 0 and at most 1, and in which words."""

    degree: float
    why: str = ""


_Test = Callable[[Any], _Fit | None]


def search_people(
    session: Session, statement: Any, text: str, *, today: date, in_order: bool = False
) -> PeopleFound:
    """Return who of a statement's residents fits ``text``, best first; equals in its order.

    ``in_order``: all of them stand in the statement's order.
    """
    asked = read_conditions(text)
    narrowing = [one for one in asked if one.condition is not Condition.WITHHELD]
    if not narrowing:
        return PeopleFound([], False, asked)
    names = sorted({name for one in narrowing for name in _READ[one.condition]})
    columns = [
        col(getattr(Household if name == "unit_address" else Resident, name)) for name in names
    ]
    rows = session.execute(statement.with_only_columns(col(Resident.id), *columns)).all()
    tests = _Tests(session, rows, today)
    each = [(one, tests.of(one)) for one in narrowing]
    scored = []
    for at, row in enumerate(rows):
        fits = [fit for _asked, test in each if (fit := test(row)) is not None]
        if fits:
            scored.append((-len(fits), -sum(fit.degree for fit in fits), at, fits))
    scored.sort(key=lambda one: one[:3])
    full = [one for one in scored if -one[0] == len(narrowing)]
    chosen = full or scored[:_MOST_NEAR]
    if in_order:
        chosen = sorted(chosen, key=lambda one: one[2])
    why = {rows[at].id: [fit.why for fit in fits if fit.why] for _n, _s, at, fits in chosen}
    return PeopleFound([rows[at].id for _n, _s, at, _f in chosen], not full, asked, why)


class _Tests:
    """What each condition asks of a row; phrases are compared once for all rows."""

    def __init__(self, session: Session, rows: Sequence[Any], today: date) -> None:
        self._session, self._rows, self._today = session, rows, today
        self._past: Mapping[int, list[str]] | None = None

    def of(self, asked: Asked) -> _Test:
        """Return the test of one condition."""
        value = asked.value
        ways: dict[Condition, Callable[[Any], _Test]] = {
            Condition.PHONE: lambda digits: lambda row: _yes(digits in (row.phone or "")),
            Condition.ADDRESS: lambda address: lambda row: _yes(row.unit_address == address),
            Condition.BUILDING: _in_building,
            Condition.FREE: _is_free,
            Condition.AGE: self._of_age,
            Condition.CERTIFICATE: _holds,
            Condition.SKILL: lambda work: self._work(work, skills=True, wishes=False),
            Condition.WISH: lambda work: self._work(work, skills=False, wishes=True),
            Condition.WORDS: self._words,
        }
        return ways[asked.condition](value)

    def _of_age(self, ages: tuple[int, int]) -> _Test:
        def test(row: Any) -> _Fit | None:
            age = age_on(row.birth_date, self._today)
            fits = age is not None and ages[0] <= age <= ages[1]
            return _Fit(1.0, _("%(n)d 岁", n=age)) if fits else None

        return test

    def _work(self, work: str, *, skills: bool, wishes: bool) -> _Test:
        past = self._experience() if skills else {}

        def phrases(row: Any) -> list[str]:
            own = [*(row.skills if skills else ()), *(row.wanted if wishes else ())]
            return [*own, *past.get(row.id, ())]

        like = people.alike(
            self._session, work, {phrase for row in self._rows for phrase in phrases(row)}
        )

        def test(row: Any) -> _Fit | None:
            best = max(phrases(row), key=lambda phrase: like.get(phrase, 0.0), default="")
            if best not in like:
                return None
            wanted = best in row.wanted and best not in row.skills
            why = _("想做：%(work)s", work=best) if wanted else _("会：%(work)s", work=best)
            if best not in row.wanted and best not in row.skills:
                why = _("做过：%(work)s", work=best)
            return _Fit(like[best], why)

        return test

    def _words(self, word: str) -> _Test:
        """Return the test of a name in any spelling, an address, or else some work."""
        named = _named(word)
        if any(named(row) for row in self._rows):
            return named
        return self._work(word, skills=True, wishes=True)

    def _experience(self) -> Mapping[int, list[str]]:
        if self._past is None:
            found: dict[int, list[str]] = {}
            ids = {row.id for row in self._rows}
            jobs = select(col(Experience.resident_id), col(Experience.title))
            for resident_id, title in self._session.execute(jobs):
                if resident_id in ids:
                    found.setdefault(resident_id, []).append(title)
            self._past = found
        return self._past


def _yes(fits: bool) -> _Fit | None:
    return _Fit(1.0) if fits else None


def _named(word: str) -> _Test:
    keys = search_keys(word)

    def test(row: Any) -> _Fit | None:
        name = _name_keys(row.name)
        if keys.plain and (keys.plain in name.plain or word in row.unit_address):
            return _Fit(1.0)
        letters = "".join(keys.plain.split())
        spelled = letters.isascii() and letters.isalpha() and len(letters) >= _LEAST_LETTERS
        if spelled and (letters in {name.pinyin, name.initials} or name.pinyin.startswith(letters)):
            return _Fit(0.9)
        # Another character of the same sound: 陈贵芳 for 陈桂芳.
        same = not spelled and len(keys.plain) > 1 and keys.pinyin == name.pinyin
        return _Fit(0.8) if same else None

    return test


@lru_cache(maxsize=20_000)
def _name_keys(name: str) -> Any:
    return search_keys(name)


def _in_building(value: tuple[int, int, int]) -> _Test:
    low, here, high = value

    def test(row: Any) -> _Fit | None:
        building, sign, _rest = row.unit_address.partition("栋")
        if not sign or not building.isdigit() or not low <= number(building) <= high:
            return None
        return _Fit(1.0 / (1 + abs(number(building) - here)))

    return test


def _is_free(value: tuple[str, Sequence[tuple[str, str]]]) -> _Test:
    days, either = value

    def test(row: Any) -> _Fit | None:
        if not row.available:
            return None
        free = {
            day
            for start, end in either
            for day in people.free_days(row.available, days, start, end)
        }
        if not free:
            return None
        return _Fit(len(free) / len(days), _("有空：%(when)s", when=hours_words(row.available)))

    return test


def _holds(name: str) -> _Test:
    asked = people.squeezed(name)

    def test(row: Any) -> _Fit | None:
        held = next((one for one in row.certificates if asked in people.squeezed(one)), None)
        return None if held is None else _Fit(1.0, _("有%(name)s", name=held))

    return test
