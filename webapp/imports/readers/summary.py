"""What the page on a file's columns shows, kept so that the file is read once and not in a GET."""

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from webapp.imports.models import ImportKind
from webapp.imports.readers.columns import guess_columns
from webapp.imports.readers.fields import SENSITIVE
from webapp.imports.readers.table import Table

_LIKE_ID_NUMBER = re.compile(r"\d{15}")
_MOST_SKIPPED = 50


@dataclass(frozen=True)
class Summary:
    """A table without its rows: the headers, the guess of what they mean, and examples.

    ``examples`` has for each shown column (one with a header or a value) its first values,
    ``None`` where they look sensitive. ``skipped`` lists filled rows that are not read, as
    ``[row, reason, sheet]``; ``letters`` is how many columns stand where the file has them.
    """

    headers: list[str]
    letters: int
    others: list[str]
    rows: int
    guessed: dict[str, int]
    examples: dict[str, list[str] | None]
    skipped: list[list[Any]] = field(default_factory=list)

    @property
    def shown(self) -> list[int]:
        """The columns with a header or a value."""
        return [int(column) for column in self.examples]

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
    )


def _examples(table: Table, column: int, hidden: set[int]) -> list[str] | None:
    examples = table.examples(column)
    if any(_LIKE_ID_NUMBER.search(text) for text in examples) or (examples and column in hidden):
        return None
    return examples
