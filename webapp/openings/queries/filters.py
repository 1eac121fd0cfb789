"""Filters of the list of openings, read from the query string."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import takewhile
from typing import Any, TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from webapp.core.errors import Refused
from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Demand, Education, Hours, Kind, Reach, ReservedFor
from webapp.openings.queries.catalogue import Entry
from webapp.openings.queries.search import LONGEST

MOST_PAY = 100_000  # yuan a month
MOST_PAGES = 9999
# How many parts of home and place have to agree.
NEAR: Mapping[Reach, int] = {Reach.ESTATE: 4, Reach.STREET: 3, Reach.DISTRICT: 2}
_NO_SCHOOLING = (None, Education.NONE)
_Word = TypeVar("_Word", bound=StrEnum)


class Sort(LabelledEnum):
    """In which order a list of openings stands; by itself the newest are first."""

    PAY = "pay", "钱多的"
    NEAR = "near", "离家近的"


@dataclass(frozen=True)
class Filters:
    """What to show; nothing set shows all.

    ``pay`` is yuan a month, ``avoid`` the demands that must not be asked, ``home`` the place
    path that ``near`` counts from.
    """

    q: str = ""
    kind: Kind | None = None
    at_home: bool = False
    near: Reach | None = None
    no_schooling: bool = False
    pay: int | None = None
    avoid: frozenset[str] = frozenset()
    hours: Hours | None = None
    reserved: ReservedFor | None = None
    home: tuple[str, ...] = ()
    sort: Sort | None = None

    @property
    def chosen(self) -> int:
        """How many filters behind the fold are set."""
        names = ("at_home", "near", "no_schooling", "pay", "avoid", "hours", "reserved")
        return sum(bool(getattr(self, name)) for name in names)

    @property
    def active(self) -> bool:
        """Whether anything at all is set."""
        aside = {"home", "sort"}
        return any(bool(getattr(self, one.name)) for one in fields(self) if one.name not in aside)

    def apply(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries that pass all but ``q``, in the order given."""
        return [entry for entry in entries if self._passes(entry)]

    def in_order(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return entries in the order asked for; what is alike stays as it was."""
        if self.sort is Sort.PAY:
            return sorted(entries, key=lambda entry: -(entry.month_pay_fen or 0))
        if self.sort is Sort.NEAR:
            return sorted(entries, key=lambda entry: -self._shared(entry))
        return entries

    def _shared(self, entry: Entry) -> int:
        """Return how many parts of home and place agree; work at home is nearest of all."""
        if entry.at_home:
            return len(self.home) + 1
        pairs = zip(self.home, entry.place_parts, strict=False)
        return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def _passes(self, entry: Entry) -> bool:
        return (
            (self.kind is None or entry.kind is self.kind)
            and (not self.at_home or entry.at_home)
            and (not self.no_schooling or entry.education in _NO_SCHOOLING)
            and self.avoid.isdisjoint(entry.demands)
            and (self.pay is None or (entry.month_pay_fen or 0) >= self.pay * 100)
            and (self.reserved is None or entry.reserved_for is self.reserved)
            and self._near(entry)
            and self._hours(entry)
        )

    def _near(self, entry: Entry) -> bool:
        if self.near is None or entry.at_home:
            return True
        parts = NEAR[self.near]
        return bool(entry.place) and entry.place_parts[:parts] == self.home[:parts]

    def _hours(self, entry: Entry) -> bool:
        if self.hours is None or entry.own_time:
            return True
        if self.hours is Hours.DAYTIME:
            return not entry.at_night
        return self.hours is Hours.WEEKDAYS and not entry.at_weekends


def read_filters(
    args: MultiDict[str, str], *, strict: bool = False, home: tuple[str, ...] = ()
) -> Filters:
    """Read the filters of a query string.

    Invalid ones are left out, and :func:`filter_faults` says which; ``Refused`` if ``strict``.
    """
    return _read(_Reading(args, strict), home)


def filter_faults(args: MultiDict[str, str]) -> dict[str, str]:
    """Return what is wrong in a query string, by parameter, in words for the reader."""
    reading = _Reading(args, strict=False)
    _read(reading, ())
    reading.flag("suits")
    return reading.faults


def _read(reading: "_Reading", home: tuple[str, ...]) -> Filters:
    return Filters(
        q=reading.text("q"),
        kind=reading.word("kind", Kind),
        at_home=reading.flag("at_home"),
        near=reading.word("near", Reach, among=NEAR),
        no_schooling=reading.flag("no_schooling"),
        pay=reading.number("pay", MOST_PAY),
        avoid=reading.demands("avoid"),
        hours=reading.word("hours", Hours),
        reserved=reading.word("reserved", ReservedFor),
        sort=reading.word("sort", Sort),
        home=home,
    )


def read_page(args: MultiDict[str, str]) -> int:
    """Return the page number of a query string, 1 without; ``Refused`` if it is invalid."""
    return _Reading(args, strict=True).number("page", MOST_PAGES, least=1) or 1


def _NO_SUCH() -> str:  # noqa: N802 - a sentence, in the reader's language
    return _("没有这个选项，这次没有照它筛，请重新选")


@dataclass(frozen=True)
class _Reading:
    args: MultiDict[str, str]
    strict: bool
    faults: dict[str, str] = field(default_factory=dict)

    def _wrong(self, name: str, message: str) -> None:
        if self.strict:
            raise Refused(f"{name}: not a value of this parameter")
        self.faults[name] = message

    def text(self, name: str) -> str:
        value = self.args.get(name, "").strip()
        if len(value) > LONGEST:
            self._wrong(name, _("太长了，只照前 %(n)d 个字找", n=LONGEST))
        return value[:LONGEST]

    def flag(self, name: str) -> bool:
        value = self.args.get(name, "")
        if value not in {"", "0", "1", "false", "true"}:
            self._wrong(name, _("这一项只能选或者不选，这次没有照它筛"))
        return value in {"1", "true"}

    def word(self, name: str, words: type[_Word], *, among: Any = None) -> _Word | None:
        value = self.args.get(name, "")
        if not value:
            return None
        allowed = words if among is None else among
        if value in {str(one) for one in allowed}:
            return words(value)
        self._wrong(name, _NO_SUCH())
        return None

    def number(self, name: str, most: int, *, least: int = 0) -> int | None:
        value = self.args.get(name, "")
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most:
            return int(value)
        self._wrong(
            name, _("请填 %(least)d 到 %(most)d 的整数，这次没有照它筛", least=least, most=most)
        )
        return None

    def demands(self, name: str) -> frozenset[str]:
        values = {value for value in self.args.getlist(name) if value}
        if values - set(Demand):
            self._wrong(name, _NO_SUCH())
        return frozenset(values & {str(one) for one in Demand})
