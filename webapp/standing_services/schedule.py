"""When the next visit is: every so many days, or on days of the week. Pure.

The days keep their beat: every seventh day counted from the first stays every seventh day,
however late somebody went in between.
"""

from datetime import date, timedelta
from itertools import count
from typing import NamedTuple


class Rhythm(NamedTuple):
    """How often: every ``every_days`` days, or on ``weekdays`` ("135", 1 = Monday); one of both."""

    every_days: int | None
    weekdays: str


def following(rhythm: Rhythm, due_on: date) -> date:
    """Return the day of the beat that comes after one.

    >>> following(Rhythm(7, ""), date(2026, 11, 30))
    datetime.date(2026, 12, 7)
    >>> following(Rhythm(None, "25"), date(2026, 12, 1))
    datetime.date(2026, 12, 4)
    """
    if rhythm.every_days is not None:
        return due_on + timedelta(days=rhythm.every_days)
    days = (due_on + timedelta(days=n) for n in count(1))
    return next(day for day in days if str(day.isoweekday()) in rhythm.weekdays)


def first(rhythm: Rhythm, begin: date) -> date:
    """Return the first day of a new beat that is not before ``begin``."""
    return begin if rhythm.every_days is not None else following(rhythm, begin - timedelta(days=1))


def after_visit(rhythm: Rhythm, due_on: date, visited_on: date) -> date:
    """Return the next day due once somebody was there: of the beat, after both, not at once again.

    A visit that comes late stands for the one that would follow within half the usual time.

    >>> after_visit(Rhythm(14, ""), date(2026, 11, 2), date(2026, 11, 14))
    datetime.date(2026, 11, 30)
    """
    least = visited_on + timedelta(days=max((rhythm.every_days or 1) // 2, 1))
    return at_least(rhythm, following(rhythm, due_on), least)


def at_least(rhythm: Rhythm, due_on: date, day: date) -> date:
    """Return the first day of a beat, ``due_on`` included, that is not before ``day``."""
    while due_on < day:
        due_on = following(rhythm, due_on)
    return due_on
