"""Quarters of a year, named ``2026-Q3``."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from webapp.core import clock


def before(day: date) -> str:
    """Return the last quarter that is over on a day.

    >>> before(date(2026, 10, 1)), before(date(2027, 3, 31))
    ('2026-Q3', '2026-Q4')
    """
    quarter = (day.month - 1) // 3
    return f"{day.year}-Q{quarter}" if quarter else f"{day.year - 1}-Q4"


def bounds(quarter: str) -> tuple[datetime, datetime]:
    """Return the first moment of a quarter and the first after it, by the clocks of Chongqing."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, 3 * number - 2, 1)
    following = date(year + number // 4, 3 * number % 12 + 1, 1)
    day = timedelta(days=1)
    return clock.end_of_day(first - day), clock.end_of_day(following - day)


def words(quarter: str) -> str:
    """Return a quarter as people say it: ``2026年第3季度``."""
    return _("%(year)s年第%(n)s季度", year=quarter[:4], n=quarter[-1])
