"""Rows of one household: what stands only in the row of its head holds for the others too."""

import re
from collections.abc import Iterable

from webapp.core.spreadsheets.rows import Row, Value
from webapp.imports.readers.table import shown_text

#: What a household shares, by field: where it lives, and its allowance.
_WHERE = ("unit_address", "building", "unit", "flat")
_SHARED = (*_WHERE, "allowance", "household")
_HEAD = re.compile(r"(?:户主|本人)")


def within_households(rows: Iterable[Row], columns: dict[str, int]) -> list[Row]:
    """Return the rows with the address and allowance of their household filled in.

    Somebody without an address belongs to the household above if the list says how they are
    related to its head, or counts households and gives them no number of their own.
    """
    where = [columns[key] for key in _WHERE if key in columns]
    shared = [columns[key] for key in _SHARED if key in columns]
    relation, number, name = (columns.get(key) for key in ("relation", "household", "name"))
    if not where or name is None or (relation is None and number is None):
        return list(rows)
    found: list[Row] = []
    above: Row | None = None
    for row in rows:
        if row.cell(name) is None:
            found.append(row)
            continue
        kin = shown_text(row.cell(relation)) if relation is not None else ""
        belongs = (bool(kin) and not _HEAD.match(kin)) or (
            number is not None and row.cell(number) is None
        )
        empty = all(row.cell(column) is None for column in where)
        if above is not None and belongs and (empty or _same_door(row, above, where)):
            row = _filled(row, above, shared)
        found.append(row)
        above = row
    return found


def _same_door(row: Row, above: Row, where: list[int]) -> bool:
    return all(row.cell(column) == above.cell(column) for column in where)


def _filled(row: Row, above: Row, columns: list[int]) -> Row:
    cells: list[Value] = list(row.cells)
    cells += [None] * (max(columns) + 1 - len(cells))
    for column in columns:
        cells[column] = above.cell(column) if cells[column] is None else cells[column]
    return row._replace(cells=tuple(cells))
