"""The working days of China: weekends, holidays, and the weekends worked instead of them.

The State Council names the days of a year in the autumn before; the library ``chinese_calendar``
holds them once it is out. For a year it does not know, weekends and the days the law itself names
(``data/holidays.csv``) are free: what is counted over such a year is an estimate, and pages say so.
"""

from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar

from webapp.core import clock
from webapp.rulebook.holidays import holidays

_SUNDAY_AND_SATURDAY = (6, 7)


@cache
def is_published(year: int) -> bool:
    """Return whether the working days of a year are known, and not an estimate."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@cache
def is_working_day(day: date) -> bool:
    """Return whether offices work on a day."""
    if is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.isoweekday() not in _SUNDAY_AND_SATURDAY and day not in holidays()


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``; ``day`` itself counts for nothing.

    Zero gives the day itself, whether or not it is worked.
    """
    for _one in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_days_between(after: date, until: date) -> int:
    """Return how many working days lie after the first day, up to and with the last."""
    span = range(1, (until - after).days + 1)
    return sum(is_working_day(after + timedelta(days=one)) for one in span)


def end_after(moment: datetime, count: int) -> datetime:
    """Return the end of the ``count``-th working day after the day of a moment, in UTC."""
    return clock.end_of_day(add_working_days(clock.local(moment).date(), count))


def is_estimated(start: datetime, end: datetime) -> bool:
    """Return whether a span reaches into a year whose working days are not published yet."""
    # A limit ends at midnight, which is the next day's first moment.
    last = clock.local(end - timedelta(microseconds=1)).year
    return not all(is_published(year) for year in range(clock.local(start).year, last + 1))
