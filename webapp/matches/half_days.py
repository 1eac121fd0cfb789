"""Half days to choose from by a tap: the mornings and afternoons of the coming working days."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.rulebook.working_days import is_working_day

DAYS = 5
_STARTS = {"am": "09:30", "pm": "14:30"}  # when interviews of a half day usually begin


@dataclass(frozen=True, order=True)
class HalfDay:
    """A morning (``am``) or an afternoon (``pm``); ``code`` is like "2026-12-03 am"."""

    day: date
    half: str

    @property
    def code(self) -> str:
        """What a form sends and the database keeps."""
        return f"{self.day.isoformat()} {self.half}"

    @property
    def words(self) -> str:
        """As people say it: 「12月3日（周四）上午」."""
        return date_words(self.day) + (_("上午") if self.half == "am" else _("下午"))

    @property
    def starts_at(self) -> str:
        """When an interview in it usually begins, as "09:30"."""
        return _STARTS[self.half]


def ahead() -> list[HalfDay]:
    """Return the half days of the next :data:`DAYS` working days, from tomorrow on."""
    found: list[HalfDay] = []
    day = clock.today()
    while len(found) < 2 * DAYS:
        day += timedelta(days=1)
        if is_working_day(day):
            found += [HalfDay(day, half) for half in _STARTS]
    return found


def read(code: str) -> HalfDay:
    """Return the half day of a code that :attr:`HalfDay.code` has made."""
    day, half = code.split(" ")
    return HalfDay(date.fromisoformat(day), half)


def words(codes: list[str]) -> str:
    """Return kept half days as people say them."""
    return "、".join(read(code).words for code in codes)
