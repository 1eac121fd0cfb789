"""Write .xlsx files in which nothing a person typed can become a formula.

The library is loaded when the first file is written: it brings numpy, which no page needs.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
_WIDEST = 40
_SHEET_NAME = 31


def table_workbook(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], notes: Sequence[str] = ()
) -> bytes:
    """Return an .xlsx with one table: a bold header that stays in view, ``notes`` below it."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:_SHEET_NAME])
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads, start=1):
        width = min(_WIDEST, 4 + 2 * len(head))
        sheet.column_dimensions[get_column_letter(number)].width = max(12, width)
    first = text_cells(sheet, heads)
    for cell in first:
        cell.font = Font(bold=True)
    sheet.append(first)
    for row in rows:
        sheet.append(text_cells(sheet, row))
    for note in notes:
        sheet.append(text_cells(sheet, [note]))
    return saved(book)


def text_cells(sheet: Any, values: Iterable[Any]) -> list[Any]:
    """Return cells of a write-only sheet: texts stay texts, numbers and days what they are."""
    from openpyxl.cell import WriteOnlyCell

    cells: list[Any] = []
    for value in values:
        if isinstance(value, str):
            cell = WriteOnlyCell(sheet, value=_ILLEGAL.sub("", value)[:_LONGEST])
            cell.data_type = "s"  # a text that begins with = must not become a formula
            cell.number_format = "@"  # nor a long number lose its last digits when typed over
        else:
            cell = WriteOnlyCell(sheet, value=value)
        cells.append(cell)
    return cells


def saved(book: "Workbook") -> bytes:
    """Return a workbook as the bytes of its file."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
