"""The life of a draw, and the public results its order may be derived from."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from webapp.core import clock
from webapp.core.labels import LabelledEnum


class DrawState(LabelledEnum):
    """Where a draw stands; the order is the usual course."""

    OPEN = "open", "还在收报名"
    FROZEN = "frozen", "名单定了，等开奖"
    TYPED = "typed", "填了一遍，等另一位再填"
    DRAWN = "drawn", "抽好了"
    CANCELLED = "cancelled", "不抽了"


class DrawAction(StrEnum):
    """What may happen to a draw."""

    CANCEL = "cancel"
    CONFIRM = "confirm"
    FREEZE = "freeze"
    MISMATCH = "mismatch"
    TYPE = "type"


S, A = DrawState, DrawAction
TRANSITIONS: dict[tuple[DrawState, DrawAction], DrawState] = {
    (S.OPEN, A.FREEZE): S.FROZEN,
    (S.OPEN, A.CANCEL): S.CANCELLED,
    (S.FROZEN, A.CANCEL): S.CANCELLED,
    (S.FROZEN, A.TYPE): S.TYPED,
    (S.TYPED, A.CONFIRM): S.DRAWN,
    (S.TYPED, A.MISMATCH): S.FROZEN,
}
# The public result is awaited, or being typed in.
AWAITS_SEED = frozenset({S.FROZEN, S.TYPED})


class SeedSource(LabelledEnum):
    """A public result that nobody knows before its day.

    Each has some 20 million outcomes. One with a thousand would not do: whoever hands out the
    receipt codes could try codes until one of them wins noticeably often.
    """

    SSQ = "ssq", "双色球"
    DLT = "dlt", "大乐透"

    @property
    def weekdays(self) -> frozenset[int]:
        """The days on which it is drawn, 1 = Monday."""
        return frozenset({2, 4, 7}) if self is SeedSource.SSQ else frozenset({1, 3, 6})

    @property
    def balls(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How many numbers of how many, in the first and in the second group."""
        return ((6, 33), (1, 16)) if self is SeedSource.SSQ else ((5, 35), (2, 12))

    def known_at(self, day: date) -> datetime:
        """Return the moment before which nobody knows the result of that day's drawing."""
        at = time(21, 15) if self is SeedSource.SSQ else time(21, 25)
        return datetime.combine(day, at, clock.LOCAL).astimezone(clock.now().tzinfo)

    def next_day(self, after: date) -> date:
        """Return the first day after ``after`` on which it is drawn."""
        day = after + timedelta(days=1)
        while day.isoweekday() not in self.weekdays:
            day += timedelta(days=1)
        return day
