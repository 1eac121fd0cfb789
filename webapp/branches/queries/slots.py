"""The usual slots of the rota: a day and a night for each day of a week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from webapp.core import clock
from webapp.rulebook.figures import rule


@dataclass(frozen=True)
class Slot:
    """A day or a night of duty; ``key`` names it in forms, as ``2026-11-30-night``."""

    key: str
    day: date
    is_night: bool
    starts_at: datetime
    ends_at: datetime


def slots_of_week(monday: date) -> list[Slot]:
    """Return the fourteen slots of a week, from Monday's day to Sunday's night.

    A night ends on the morning after, when the next day's slot begins; the hours at which they
    change are figures of the rule book.
    """
    found = []
    for day in (monday + timedelta(days=n) for n in range(7)):
        morning, evening = _changes(day)
        following = _changes(day + timedelta(days=1))[0]
        found += [
            Slot(f"{day}-day", day, False, morning, evening),
            Slot(f"{day}-night", day, True, evening, following),
        ]
    return found


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _changes(day: date) -> tuple[datetime, datetime]:
    return tuple(  # type: ignore[return-value]
        datetime.combine(day, time(rule(name, on=day)), clock.LOCAL)
        for name in ("duty_day_from", "duty_night_from")
    )
