"""The only source of time: aware UTC inside, Asia/Shanghai for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day as people in the community count it."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return ``moment`` as shown on a clock in Chongqing."""
    return moment.astimezone(LOCAL)


def start_of_day(day: date) -> datetime:
    """Return the first moment of ``day`` in Chongqing, in its time."""
    return datetime.combine(day, time(), LOCAL)


def end_of_day(day: date) -> datetime:
    """Return the first moment after ``day`` in Chongqing, in UTC."""
    return start_of_day(day + timedelta(days=1)).astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock still at ``moment`` (demo histories and tests).

    Raises ``ValueError`` for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
