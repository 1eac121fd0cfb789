"""What a published figure is: counts, amounts and scores, and what is worked out from them.

A count never shows 1 to 4 (see :mod:`webapp.oversight.protection`). An amount that is of people
is shown only beside how many they are. Everything else on the page is worked out from these in
whole numbers, so that anybody comes to the same digits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from webapp.core import clock
from webapp.core.labels import LabelledEnum

#: What a year's figure is called after the month's.
YEAR = ".year"
Values = Mapping[str, int | None]


class Unit(LabelledEnum):
    """What is counted, or what a number is of."""

    PEOPLE = "people", "人"
    TIMES = "times", "次"
    OPENINGS = "openings", "个机会"
    PAYMENTS = "payments", "笔"
    MATTERS = "matters", "件"
    FEN = "fen", "元"
    PERMILLE = "permille", "千分"
    MINUTES = "minutes", "小时"
    NUMBER = "number", "号"


@dataclass(frozen=True)
class Period:
    """A month: its first and its last day, and the moments between which they lie."""

    first: date
    last: date

    @classmethod
    def of(cls, day: date) -> "Period":
        """Return the month that a day lies in."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))

    @property
    def start(self) -> datetime:
        """The first moment."""
        return clock.end_of_day(self.first - timedelta(days=1))

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return clock.end_of_day(self.last)

    @property
    def until(self) -> date:
        """The last day that has come, of a month that is not over."""
        return min(self.last, clock.today())

    @property
    def before(self) -> "Period":
        """The month before."""
        return Period.of(self.first - timedelta(days=1))


@dataclass(frozen=True)
class Figure:
    """One number a month.

    ``meaning`` is its definition, ``source`` where it comes from, ``left_out`` what is not in it.
    A ``flow`` happens in a month and adds up over a year; any other stands at the month's end.
    ``rests_on`` names the count of people an amount is of: of few, the amount is not shown either.
    ``keep`` says how much it matters: where one more count has to be hidden, the least goes first.
    """

    id: str
    name: str
    meaning: str
    unit: Unit = Unit.PEOPLE
    source: str = ""
    left_out: str = ""
    flow: bool = False
    rests_on: str = ""
    keep: int = 1

    @property
    def is_count(self) -> bool:
        """Whether it counts, so that few are hidden."""
        return self.unit not in {Unit.FEN, Unit.MINUTES, Unit.PERMILLE, Unit.NUMBER}


@dataclass(frozen=True)
class Share:
    """``top`` of a hundred ``bottom``, both counts; shown only where both are."""

    id: str
    name: str
    top: str
    bottom: str
    meaning: str
    left_out: str = ""


@dataclass(frozen=True)
class Gap:
    """How many points of a hundred ``high`` lies above ``low``, both scores."""

    id: str
    name: str
    high: str
    low: str
    meaning: str
    left_out: str = ""


Derived = Share | Gap


@dataclass(frozen=True)
class Sum:
    """``whole`` is the sum of ``parts``, none of which share anything."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """``part`` lies within ``whole``: what is left of it is a number of people as well."""

    whole: str
    part: str


@dataclass(frozen=True)
class Cover:
    """Everybody of ``whole`` stands in one of ``parts`` or in several."""

    whole: str
    parts: tuple[str, ...]


Relation = Sum | Part | Cover


@dataclass(frozen=True)
class Topic:
    """Figures that stand together, the relations between their counts, and who counts them.

    ``recount`` counts a month that is long over; without one, what was found then stands.
    """

    id: str
    title: str
    measure: Callable[[Session, Period], Values]
    figures: tuple[Figure, ...]
    derived: tuple[Derived, ...] = ()
    relations: tuple[Relation, ...] = ()
    recount: Callable[[Session, Period], Values] | None = None


def percent(top: int, bottom: int) -> str:
    """Return ``top`` of a hundred ``bottom`` with one decimal, halves up.

    >>> percent(1, 3), percent(5, 8), percent(3, 2000)
    ('33.3', '62.5', '0.2')
    """
    tenths = (2000 * top + bottom) // (2 * bottom)
    return f"{tenths // 10}.{tenths % 10}"
