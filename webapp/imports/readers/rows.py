"""Read one row by the confirmed columns: values, or what cannot be read and in which column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core.spreadsheets import Row
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import Reading, Unreadable
from webapp.imports.readers.columns import Table
from webapp.imports.readers.fields import FIELDS


@dataclass(frozen=True)
class Fault:
    """Why a row is refused: its number on the screen, the column's header, and a sentence."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return _(
            "第 %(row)d 行，%(column)s：%(what)s",
            row=self.row,
            column=self.column,
            what=self.message,
        )


class RowRefused(Exception):
    """Nothing of a row is imported; ``faults`` has everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass
class ReadRow:
    """A row whose cells could all be read; ``values`` by field key, cells without a column absent.

    ``notes`` is what staff should know of it.
    """

    number: int
    values: dict[str, Any]
    notes: list[str]
    headers: dict[str, str]

    def refuse(self, field: str, message: str, *, kind: ImportKind) -> RowRefused:
        """Return the refusal of this row because of one field."""
        column = self.headers.get(field) or str(FIELDS[kind][field].label)
        return RowRefused([Fault(self.number, column, message)])


def read_rows(
    table: Table, kind: ImportKind, columns: dict[str, int], today: date
) -> Iterator[ReadRow | RowRefused]:
    """Yield each row below the header, read or refused; rows empty in all columns are passed."""
    for row in table.rows:
        if any(row.cell(column) is not None for column in columns.values()):
            try:
                yield _read(row, table, kind, columns, today)
            except RowRefused as refused:
                yield refused


def _read(
    row: Row, table: Table, kind: ImportKind, columns: dict[str, int], today: date
) -> ReadRow:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    notes: list[str] = []
    headers = {key: table.headers[column] for key, column in columns.items()}
    for key, column in columns.items():
        field = FIELDS[kind][key]
        reading = Reading(today=today, header=headers[key], notes=notes)
        try:
            values[key] = field.read(row.cell(column), reading)
        except Unreadable as error:
            faults.append(Fault(row.number, headers[key] or str(field.label), error.message))
    if faults:
        raise RowRefused(faults)
    return ReadRow(row.number, values, notes, headers)
