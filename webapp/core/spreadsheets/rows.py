"""The rows of a spreadsheet as plain values, and how much of one is taken in."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple, TypeAlias

from flask_babel import gettext as _

from webapp.core.errors import Refused
from webapp.core.spreadsheets.merged_cells import Merged

MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # Excel's own limit

# What no person types: control characters but tab and line end, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")


class Unusable(Refused):
    """The file as a whole cannot be used; the message says why and how to mend it."""


@dataclass(frozen=True)
class Formula:
    """A cell that is computed: what it shows depends on the program that opens it."""


@dataclass(frozen=True)
class Broken:
    """A cell that shows an error, such as ``#N/A``."""

    shows: str


Value: TypeAlias = (
    str | int | float | bool | datetime | date | time | timedelta | Formula | Broken | None
)


class Row(NamedTuple):
    """One row with something in it; ``number`` counts from 1, as on the screen.

    ``sheet`` names the sheet where a file has several.
    """

    number: int
    cells: tuple[Value, ...]
    sheet: str = ""

    def cell(self, column: int) -> Value:
        """Return the value in a column (from 0); ``None`` beyond the end."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Sheet:
    """One visible sheet with content; ``others`` are those behind the first of a workbook.

    Of merged cells only the first holds the value; ``merged`` tells how far each reaches.
    """

    rows: list[Row]
    name: str = ""
    others: list["Sheet"] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)

    @cached_property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row.cells) for row in self.rows), default=0)


def plain(text: str) -> str:
    """Return ``text`` without what no person types."""
    return _UNPRINTABLE.sub("", text)


def row_of(number: int, values: list[Value]) -> Row | None:
    """Return the row without empty cells at its end; ``None`` when it is empty."""
    for column, value in enumerate(values):
        if isinstance(value, str):
            if len(value) > LONGEST_CELL:
                raise Unusable(_("第 %(row)d 行有一格太长，请检查引号", row=number))
            values[column] = plain(value).strip() or None
    while values and values[-1] is None:
        values.pop()
    if not values:
        return None
    if len(values) > MOST_COLUMNS:
        raise Unusable(_("表太宽了，最多 %(n)d 列", n=MOST_COLUMNS))
    return Row(number, tuple(values))


def refuse_too_many(found: int) -> None:
    """Raise :class:`Unusable` when ``found`` filled rows are more than are taken in."""
    if are_too_many(found):
        raise too_long()


def are_too_many(found: int) -> bool:
    """Whether ``found`` filled rows, the header among them, are more than are taken in."""
    return found > MOST_ROWS + 1


def too_long() -> Unusable:
    """Return the refusal of a file with too many rows."""
    return Unusable(_("表太长了，最多 %(n)d 行，请分成几个文件", n=MOST_ROWS))
