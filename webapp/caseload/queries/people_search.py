"""Search among residents by what staff say of them, several words narrowing.

Read are names, addresses, telephone, age, work, certificates and free hours: nothing that is kept
encrypted, no limits and no sex. Of twenty thousand people only those are read whom a condition may
fit, and each name and each text that many share is looked at once.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Text, cast, or_, select
from sqlmodel import Session, col

from webapp.caseload.queries.people_words import Asked, Condition, number, read_conditions
from webapp.core.formatting import age_on, hours_words
from webapp.engine import people
from webapp.engine.records import search_keys
from webapp.residents.models import Experience, Household, Resident

_MOST_NEAR = 20
_LEAST_LETTERS = 2
_MOST_NAMED = 5_000  # more are put in order by reading the whole list
_YEAR = timedelta(days=366)
_ORDERED = frozenset(Condition) - {Condition.SKILL, Condition.WISH, Condition.WORDS}


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


_SURE = _Fit(1.0)
_Fits = dict[int, _Fit]


def search_people(
    session: Session, statement: Any, among: Any, text: str, *, today: date, in_order: bool = False
) -> PeopleFound:
    """Return who of a statement's residents fits ``text``, best first; equals in its order.

    ``among`` asks for the same residents without their order and the joins of columns;
    ``in_order``: all of them stand in the statement's order.
    """
    asked = read_conditions(text)
    tests = _Tests(session, statement, among, today)
    narrowing = [one for one in asked if one.condition is not Condition.WITHHELD]
    each = [tests.of(one) for one in narrowing]
    if not each:
        return PeopleFound([], False, asked)

    def degree(id_: int) -> float:
        return sum(fits[id_].degree for fits in each if id_ in fits)

    full = set.intersection(*map(set, each))
    ordered = [fits for one, fits in zip(narrowing, each, strict=True) if one.condition in _ORDERED]
    places: Mapping[int, Any] = ordered[0] if full and ordered else _places(
        session, statement, full or {id_ for fits in each for id_ in fits}
    )  # fmt: skip
    chosen = [id_ for id_ in places if id_ in full]
    if not in_order:
        chosen.sort(key=degree, reverse=True)
    if not full:
        number_met = Counter(id_ for fits in each for id_ in fits)
        nearest = sorted(places, key=lambda id_: (-number_met[id_], -degree(id_), places[id_]))
        chosen = nearest[:_MOST_NEAR]
        chosen = sorted(chosen, key=places.__getitem__) if in_order else chosen
    why = {id_: [fits[id_].why for fits in each if id_ in fits and fits[id_].why] for id_ in chosen}
    return PeopleFound(chosen, not full, asked, why)


def _places(session: Session, statement: Any, found: Collection[int]) -> dict[int, int]:
    """Return at which place of the statement each of these people stands, in that order."""
    if not found:
        return {}
    ids = statement.with_only_columns(col(Resident.id))
    if len(found) <= _MOST_NAMED:
        ids = ids.where(col(Resident.id).in_(found))
    rows = session.connection().execute(ids)
    return {row[0]: place for place, row in enumerate(rows) if row[0] in found}


class _Tests:
    """Which of a statement's residents each condition fits; a text is read once for all."""

    def __init__(self, session: Session, statement: Any, among: Any, today: date) -> None:
        self._session, self._statement, self._among = session, statement, among
        self._today = today

    def of(self, asked: Asked) -> _Fits:
        """Return whom one condition fits, and how well."""
        value = asked.value
        ways: dict[Condition, Callable[[Any], _Fits]] = {
            Condition.PHONE: self._phone,
            Condition.ADDRESS: self._address,
            Condition.BUILDING: self._building,
            Condition.FREE: self._free,
            Condition.AGE: self._age,
            Condition.CERTIFICATE: self._certificate,
            Condition.SKILL: lambda work: self._work(work, skills=True, wishes=False),
            Condition.WISH: lambda work: self._work(work, skills=False, wishes=True),
            Condition.WORDS: self._words,
        }
        return ways[asked.condition](value)

    def _read(self, *columns: Any, where: Any = None) -> Sequence[Any]:
        """Return (id, columns …) of the residents for whom a condition holds, in their order."""
        narrow = self._statement.with_only_columns(col(Resident.id), *columns)
        narrow = narrow if where is None else narrow.where(where)
        return self._session.connection().execute(narrow).all()

    def _by_text(self, column: Any, of_list: Callable[[list[Any]], _Fit | None]) -> _Fits:
        """Return whom a list fits: kept as a text, which many share and is looked at once."""
        of_text = cache(lambda text: of_list(_listed(text)))
        rows = self._read(cast(col(column), Text))
        return {id_: fit for id_, text in rows if (fit := of_text(text)) is not None}

    def _phone(self, digits: str) -> _Fits:
        rows = self._read(where=col(Resident.phone).contains(digits, autoescape=True))
        return dict.fromkeys((id_ for (id_,) in rows), _SURE)

    def _address(self, address: str) -> _Fits:
        rows = self._read(where=col(Household.unit_address) == address)
        return dict.fromkeys((id_ for (id_,) in rows), _SURE)

    def _building(self, value: tuple[int, int, int]) -> _Fits:
        low, here, high = value
        asked = [col(Household.unit_address).startswith(f"{n}栋") for n in range(low, high + 1)]
        rows = self._read(col(Household.unit_address), where=or_(*asked))
        of = {id_: number(address.partition("栋")[0]) for id_, address in rows}
        return {id_: _Fit(1.0 / (1 + abs(building - here))) for id_, building in of.items()}

    def _age(self, ages: tuple[int, int]) -> _Fits:
        born = col(Resident.birth_date)
        low, high = ages
        around = born.between(self._today - (high + 1) * _YEAR, self._today - low * _YEAR * 0.99)
        found: _Fits = {}
        for id_, birth_date in self._read(born, where=around):
            age = age_on(birth_date, self._today)
            if age is not None and low <= age <= high:
                found[id_] = _Fit(1.0, _("%(n)d 岁", n=age))
        return found

    def _free(self, value: tuple[str, Sequence[tuple[str, str]]]) -> _Fits:
        days, either = value

        def fit(hours: list[Any]) -> _Fit | None:
            free = {
                day for start, end in either for day in people.free_days(hours, days, start, end)
            } if hours else set()  # fmt: skip
            if not free:
                return None
            return _Fit(len(free) / len(days), _("有空：%(when)s", when=hours_words(hours)))

        return self._by_text(Resident.available, fit)

    def _certificate(self, name: str) -> _Fits:
        asked = people.squeezed(name)

        def fit(held: list[str]) -> _Fit | None:
            one = next((one for one in held if asked in people.squeezed(one)), None)
            return None if one is None else _Fit(1.0, _("有%(name)s", name=one))

        return self._by_text(Resident.certificates, fit)

    def _words(self, word: str) -> _Fits:
        """Return whom a name in any spelling fits, or else an address, or else some work."""
        return self._name(word) or self._within(word) or self._work(word, skills=True, wishes=True)

    def _name(self, word: str) -> _Fits:
        of_name = _named(word)
        names = self._session.execute(select(col(Resident.name)).distinct()).scalars()
        like = {name: fit for name in names if (fit := of_name(name)) is not None}
        rows = self._read(col(Resident.name), where=col(Resident.name).in_(like)) if like else ()
        return {id_: like[name] for id_, name in rows}

    def _within(self, word: str) -> _Fits:
        """Return whose address holds a word."""
        holds_it = col(Household.unit_address).contains(word, autoescape=True)
        if self._session.execute(select(col(Household.id)).where(holds_it).limit(1)).first():
            return dict.fromkeys((id_ for (id_,) in self._read(where=holds_it)), _SURE)
        return {}

    def _work(self, work: str, *, skills: bool, wishes: bool) -> _Fits:
        past = self._experience if skills else {}
        able = {row[1] for row in self._kept_work} if skills else set()
        wish = {row[2] for row in self._kept_work} if wishes else set()
        said = {phrase for text in able | wish for phrase in _listed(text)}
        titles = {title for jobs in past.values() for title in jobs}
        like = people.alike(self._session, work, said | titles)

        def best_of(phrases: Sequence[str]) -> tuple[float, str]:
            best = max(phrases, key=lambda phrase: like.get(phrase, 0.0), default="")
            return like.get(best, 0.0), best

        of_able = {text: best for text in able if (best := best_of(_listed(text)))[0]}
        of_wish = {text: best for text in wish if (best := best_of(_listed(text)))[0]}
        of_past = {id_: best for id_, jobs in past.items() if (best := best_of(jobs))[0]}
        nothing = (0.0, "")
        found: _Fits = {}
        for id_, skills_text, wanted_text in self._kept_work:
            if skills_text in of_able or wanted_text in of_wish or id_ in of_past:
                degree, phrase = max(
                    of_able.get(skills_text, nothing),
                    of_wish.get(wanted_text, nothing),
                    of_past.get(id_, nothing),
                    key=itemgetter(0),
                )
                words = _work_words(phrase, _listed(skills_text), _listed(wanted_text))
                found[id_] = _Fit(degree, words)
        return found

    @cached_property
    def _kept_work(self) -> Sequence[Any]:
        """(id, skills, wishes) of all, in any order, as the texts that the lists are kept in."""
        texts = (cast(col(one), Text) for one in (Resident.skills, Resident.wanted))
        rows = self._among.with_only_columns(col(Resident.id), *texts, maintain_column_froms=True)
        return self._session.connection().execute(rows).all()

    @cached_property
    def _experience(self) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = {}
        jobs = select(col(Experience.resident_id), col(Experience.title)).order_by(
            col(Experience.id)
        )
        for resident_id, title in self._session.connection().execute(jobs):
            found.setdefault(resident_id, []).append(title)
        return found


def _work_words(best: str, able: list[str], wanted: list[str]) -> str:
    """Return whether somebody can do some work, wants to or once did, in words."""
    if best in able:
        return _("会：%(work)s", work=best)
    if best in wanted:
        return _("想做：%(work)s", work=best)
    return _("做过：%(work)s", work=best)


def _named(word: str) -> Callable[[str], _Fit | None]:
    """Return what tells how well a name fits a word, in any spelling."""
    keys = search_keys(word)
    letters = "".join(keys.plain.split())
    spelled = letters.isascii() and letters.isalpha() and len(letters) >= _LEAST_LETTERS

    def fit(full: str) -> _Fit | None:
        name = _name_keys(full)
        if keys.plain and keys.plain in name.plain:
            return _SURE
        if spelled and (letters in {name.pinyin, name.initials} or name.pinyin.startswith(letters)):
            return _Fit(0.9)
        # Another character of the same sound: 陈贵芳 for 陈桂芳.
        same = not spelled and len(keys.plain) > 1 and keys.pinyin == name.pinyin
        return _Fit(0.8) if same else None

    return fit


@lru_cache(maxsize=50_000)
def _name_keys(name: str) -> Any:
    return search_keys(name)


@lru_cache(maxsize=50_000)
def _listed(text: str) -> list[Any]:
    found: list[Any] = json.loads(text)
    return found
