"""A list as it was handed in: its header, its rows, and what in the file is none of them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from webapp.core.spreadsheets.rows import Formula, Row, Value
from webapp.imports.readers.cells import Unreadable, words


class HeaderRow(NamedTuple):
    """The row that a person says the headers stand in; of the first sheet unless it is named."""

    row: int
    sheet: str = ""


class Skipped(NamedTuple):
    """A filled row that holds no record, and why it is none."""

    row: int
    reason: str
    sheet: str = ""


@dataclass(frozen=True)
class Table:
    """One header per column, and the rows below it, of all tables of a file joined.

    ``letters`` is how many columns stand in the file as they stand here; the others come from
    further tables, or hold what stood around a table. ``skipped`` are the filled rows that are
    not among ``rows``: titles, headers, headings. ``sheets`` names the sheets that were read if
    there are several, ``others`` those that hold no list. ``as_of`` is the day of the list, where
    it says one. ``header`` is where the first headers were found, ``top`` the first rows of the
    sheets, which a person chooses from where that was wrong.
    """

    headers: list[str]
    rows: list[Row]
    sheets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    letters: int = 0
    as_of: date | None = None
    header: HeaderRow | None = None
    top: tuple[Row, ...] = ()

    def examples(self, column: int, most: int = 3) -> list[str]:
        """Return the first different values of a column, shortened."""
        found: dict[str, None] = {}
        for row in self.rows[:200]:
            text = shown_text(row.cell(column))
            if text:
                found[text if len(text) <= 40 else text[:40] + "…"] = None
            if len(found) == most:
                break
        return list(found)


def shown_text(value: Value) -> str:
    """Return what a cell shows, on one line; nothing for what cannot be shown."""
    if isinstance(value, Formula):
        return "="
    try:
        return re.sub(r"\s+", " ", words(value))
    except Unreadable:
        return ""
