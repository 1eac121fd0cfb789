"""What the page on a file's columns shows, kept so that the file is read once and not in a GET."""

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from webapp.core.spreadsheets.rows import Row
from webapp.imports.models import ImportKind
from webapp.imports.readers.columns import guess_columns
from webapp.imports.readers.fields import SENSITIVE
from webapp.imports.readers.remarks import presentable
from webapp.imports.readers.table import Table, shown_text

_LIKE_ID_NUMBER = re.compile(r"\d{15}")
_MOST_SKIPPED = 50
_CELLS_OF_TOP, _LONGEST_OF_TOP = 8, 12


@dataclass(frozen=True)
class Summary:
    """A table without its rows: the headers, the guess of what they mean, and examples.

    ``examples`` has for each shown column (one with a header or a value) its first values,
    ``None`` where they look sensitive. ``skipped`` lists filled rows that are not read, as
    ``[row, reason, sheet]``; ``letters`` is how many columns stand where the file has them.
    ``header`` is ``[row, sheet]`` of the first headers, ``top`` the rows to choose another from,
    ``[row, sheet, cells]``.
    """

    headers: list[str]
    letters: int
    others: list[str]
    rows: int
    guessed: dict[str, int]
    examples: dict[str, list[str] | None]
    skipped: list[list[Any]] = field(default_factory=list)
    header: list[Any] = field(default_factory=list)
    top: list[list[Any]] = field(default_factory=list)

    @property
    def shown(self) -> list[int]:
        """The columns with a header or a value."""
        return [int(column) for column in self.examples]

    @property
    def several(self) -> bool:
        """Whether the rows to choose from are of several sheets."""
        return len({sheet for _row, sheet, _cells in self.top}) > 1

    def as_json(self) -> dict[str, Any]:
        """Return the values to be kept."""
        return asdict(self)


def summarise(table: Table, kind: ImportKind, today: date) -> Summary:
    """Return what a person has to see to say what the columns mean."""
    guessed = guess_columns(table, kind, today)
    hidden = {column for key, column in guessed.items() if key in SENSITIVE}
    filled = {n for row in table.rows for n, value in enumerate(row.cells) if value is not None}
    shown = [n for n, header in enumerate(table.headers) if header or n in filled]
    return Summary(
        headers=table.headers,
        letters=table.letters,
        others=list(table.others),
        rows=len(table.rows),
        guessed=guessed,
        examples={str(n): _examples(table, n, hidden) for n in shown},
        skipped=[[one.row, one.reason, one.sheet] for one in table.skipped[:_MOST_SKIPPED]],
        header=list(table.header or ()),
        top=[[row.number, row.sheet, _top_cells(table, row)] for row in table.top],
    )


def _top_cells(table: Table, row: Row) -> list[str]:
    """Return the beginning of a row; below the header nobody's secrets."""
    texts = [shown_text(cell) for cell in row.cells if cell is not None][:_CELLS_OF_TOP]
    if table.header is None or (row.number, row.sheet) != table.header:
        texts = [presentable(_LIKE_ID_NUMBER.sub("…", text))[0] or "…" for text in texts]
    return [
        text if len(text) <= _LONGEST_OF_TOP else text[:_LONGEST_OF_TOP] + "…" for text in texts
    ]


def _examples(table: Table, column: int, hidden: set[int]) -> list[str] | None:
    examples = table.examples(column)
    if any(_LIKE_ID_NUMBER.search(text) for text in examples) or (examples and column in hidden):
        return None
    return examples
