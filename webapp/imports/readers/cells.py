"""Read single cells: text, phrases, days, schooling, phones, pay.

A reader takes a cell's value and a :class:`Reading` (what is around it) and returns a plain
value; what it cannot make sense of raises :class:`Unreadable` with a sentence for people. What
it had to decide for the writer goes into ``reading.notes``.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from flask_babel import gettext as _

from webapp.core.formfields import MOBILE, PHRASE_BREAK, clean, squeeze_digits
from webapp.core.spreadsheets.rows import Broken, Formula, Value, plain
from webapp.core.vocabulary import Education
from webapp.engine import records

#: Higher pay (fen) is a typing error; it would not fit the column either.
MOST_FEN = 1_000_000_000
_SHOWN = 30
_SERIAL_FROM = date(1899, 12, 30)  # day 0 of Excel's calendar
_SERIALS = range(1, 80_000)
_YEARS = range(1900, 2101)
_DAY = r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?"
_FULL_DAY = re.compile(_DAY + r"(?:\s*[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_ANY_DAY = re.compile(_DAY)
_DIGITS_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*月?")
_EMPTY = re.compile(r"[-—/\\.。、*#\s]*|无|暂无|没有|空", re.ASCII)


#: Signs that tick a cell, and those that say no; 是 and 否 may also answer a question.
TICKS = frozenset("√✓✔☑●■Vv")
CROSSES = frozenset("×✗✘☐□○xX-/")


class Unreadable(Exception):
    """A cell cannot be read; ``message`` is shown to people, ``code`` names it to programs."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass
class Reading:
    """What is around a cell: its column's header, the day, and the notes on its row so far.

    ``per_unit`` is what was chosen for bare figures of pay: 元/月.
    """

    today: date
    header: str = ""
    per_unit: str = ""
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Keep what staff should know of this row."""
        if text not in self.notes:
            self.notes.append(text)


Reader: TypeAlias = Callable[[Value, Reading], Any]


def not_understood(shown: str) -> Unreadable:
    """Return the usual message with the beginning of the cell's text."""
    some = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return Unreadable(_("“%(what)s”看不懂", what=some))


def words(value: Value) -> str:
    """Return what a cell shows, line ends kept; raise :class:`Unreadable` for a formula."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        raise Unreadable(_("这一格是公式，请改成算好的值（复制，再“粘贴为数值”）"))
    if isinstance(value, Broken):
        raise Unreadable(_("这一格是出错的公式（%(what)s）", what=value.shows))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")[:16]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    return plain(str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


def line(value: Value) -> str:
    """Return what a cell shows on one line, full-width characters made usual."""
    return re.sub(r"\s+", " ", str(clean(words(value))))


def is_empty(text: str) -> bool:
    """Whether a text says nothing: empty, a dash, 无."""
    return bool(_EMPTY.fullmatch(text))


def short(most: int) -> Reader:
    """Return a reader of one line of at most ``most`` characters."""

    def read(value: Value, reading: Reading) -> str:
        text = line(value)
        if len(text) > most:
            raise Unreadable(_("太长了，最多 %(n)d 个字", n=most))
        return text

    return read


def long(most: int) -> Reader:
    """Return a reader of text of at most ``most`` characters, its lines kept."""

    def read(value: Value, reading: Reading) -> str:
        text = words(value)
        if len(text) > most:
            raise Unreadable(_("太长了，最多 %(n)d 个字", n=most))
        return text

    return read


def phrases(value: Value, reading: Reading) -> list[str]:
    """Read up to 30 phrases of at most 60 characters, each once."""
    text = str(clean(words(value)))
    parts = [part.strip() for part in PHRASE_BREAK.split(text)]
    found = list(dict.fromkeys(part for part in parts if part and not is_empty(part)))
    if len(found) > 30 or any(len(part) > 60 for part in found):
        raise Unreadable(_("太长了：最多 30 条，每条 60 个字，用顿号隔开"))
    return found


# ---------- days ----------


def _date(year: Any, month: Any, day: Any) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _serial(number: float) -> date | None:
    """Return the day that Excel counts as ``number``, for a day that lost its format."""
    return _SERIAL_FROM + timedelta(days=int(number)) if int(number) in _SERIALS else None


def exact_day(value: Value) -> date | None:
    """Return the one day a cell names, ``None`` when it names none.

    >>> exact_day("2015年02月28日"), exact_day("2026/1/5"), exact_day(46027)
    (datetime.date(2015, 2, 28), datetime.date(2026, 1, 5), datetime.date(2026, 1, 5))
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = line(value)
    found = _FULL_DAY.fullmatch(text) or _DIGITS_DAY.fullmatch(text)
    if found:
        return _date(*found.groups()[:3])
    number = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
    return _serial(float(number[1])) if number else None


def last_day_of_month(text: str) -> date | None:
    """Return the last day of a month written as 1975年3月 or 1975-03."""
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) not in _YEARS:
        return None
    year, month = int(found[1]), int(found[2])
    return date(year, month, calendar.monthrange(year, month)[1])


def all_days(text: str) -> list[date]:
    """Return the days named in a text, in order."""
    found = (_date(*match.groups()) for match in _ANY_DAY.finditer(text))
    return [day for day in found if day]


# ---------- schooling ----------

_LEVELS: tuple[tuple[str, Education], ...] = (
    (r"博士|硕士|研究生|本科|学士|大学(?!专)", Education.BACHELOR),
    (r"大专|专科|高职|大学专科", Education.COLLEGE),
    (r"中专|技校|职高|中技|高技|技工学校|职业高中|职中|中职|技师", Education.VOCATIONAL),
    (r"高中|中学", Education.SENIOR_HIGH),
    (r"初中|义务教育", Education.JUNIOR_HIGH),
    (r"小学|扫盲", Education.PRIMARY),
    (r"文盲|没上过学|未上学|没读过书|没有上学|半文盲", Education.NONE),
)
NO_LEVEL = re.compile(r"不限|无要求|不要求|无限制|均可|学历不限|没要求|无学历要求")
_ORDER = list(Education)


def levels(text: str) -> list[Education]:
    """Return the levels of schooling named in a text, lowest first."""
    found = []
    for pattern, level in _LEVELS:
        if re.search(pattern, text):
            found.append(level)
            text = re.sub(pattern, " ", text)
    return sorted(found, key=_ORDER.index)


# ---------- phones and pay ----------


def mobile(text: str) -> str | None:
    """Return the mobile number in a text, ``None`` when there is none."""
    digits = str(squeeze_digits(text))
    if MOBILE.fullmatch(digits):
        return digits
    found = [part for part in re.split(r"[^\d]+", digits) if MOBILE.fullmatch(part)]
    return found[0] if found else None


@lru_cache(maxsize=4096)
def pay(text: str) -> records.ReadPay:
    """Return what a pay text says, read once for all rows that say the same."""
    return records.read_pay(text)


def pay_fits(read: records.ReadPay) -> bool:
    """Whether the figures are amounts that the columns hold, in order."""
    figures = (read.min_fen, read.max_fen, read.month_min_fen, read.month_max_fen)
    upside_down = (
        read.min_fen is not None and read.max_fen is not None and read.min_fen > read.max_fen
    )
    return not upside_down and all(0 <= fen <= MOST_FEN for fen in figures if fen is not None)
