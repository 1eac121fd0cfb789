"""Read .xlsx files: every visible sheet, within bounded memory."""

import io
import logging
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from flask_babel import gettext as _
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader

from webapp.core.spreadsheets.merged_cells import merged_cells
from webapp.core.spreadsheets.rows import (
    Broken,
    Formula,
    Row,
    Sheet,
    Unusable,
    Value,
    are_too_many,
    refuse_too_many,
    row_of,
    too_long,
)

log = logging.getLogger(__name__)

#: What an .xlsx may unpack to; a real sheet of 20,000 rows has well under half of it.
MOST_UNPACKED = 120 * 1024 * 1024

_LAST_ROW = 1_048_576  # of any spreadsheet program
_MOST_MET = 4 * _LAST_ROW  # rows of all sheets, empty ones included
_COLUMNS_LOOKED_AT = 128  # more than may be, to refuse instead of leaving something out
_MOST_PARTS = 2_000
_BLOCK = 1 << 20  # bytes of a sheet looked at together
_LONGEST_ROW = 1 << 22
_HAS_VALUE = re.compile(rb"<(?:v|is|f)[ >]")


def read_xlsx(data: bytes) -> Sheet:
    """Return the first visible sheet with content, with the others; raise :class:`Unusable`."""
    try:
        # What openpyxl warns of (styles, validations it leaves out) does not touch the values.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(data)
    except Unusable:
        raise
    # A broken file makes the parser raise almost anything, from KeyError to zlib.error.
    except Exception as error:
        raise Unusable(_("文件坏了，或者不是表格。请用 Excel 或 WPS 另存为 .xlsx 再传")) from error


def refuse_bomb(data: bytes) -> None:
    """Refuse what is locked, no archive, or would unpack to more than ``MOST_UNPACKED``."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unusable(_("文件坏了，打不开。请重新另存一次再传")) from error
    if any(part.flag_bits & 1 for part in parts):
        raise Unusable(_("文件加了密码，请去掉密码再传"))
    # Reading stops at the size a part declares, so that a false one is no way around this.
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable(_("文件里的内容太大了，请分成几个小文件再传"))


def refuse_long(data: bytes) -> None:
    """Count the filled rows of the visible sheets without parsing them; refuse too many.

    Parsing reads the texts of the whole workbook first, which takes seconds for a sheet of
    200,000 rows. What cannot be counted so is left to the parser, which counts as it goes.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            found = 0
            for rows in _filled_rows(data, archive):
                found += rows
                if are_too_many(found):
                    break
        except Exception:  # a broken file: the parser says so in its own words
            log.debug("rows cannot be counted", exc_info=True)
            return
    if are_too_many(found):
        raise too_long()


def _filled_rows(data: bytes, archive: zipfile.ZipFile) -> Iterator[int]:
    """Yield for each visible sheet how many rows hold a value."""
    reader = ExcelReader(io.BytesIO(data), read_only=True)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        paths = [link.target for sheet, link in reader.parser.find_sheets() if _is_visible(sheet)]
    for path in paths:
        yield _count_filled(archive, path)


def _is_visible(sheet: Any) -> bool:
    state = getattr(sheet, "sheet_state", None) or getattr(sheet, "state", None)
    return state in {None, "visible"}


def _count_filled(archive: zipfile.ZipFile, path: str) -> int:
    """Return how many rows of a sheet hold a value, counting no further than needed."""
    found = 0
    with archive.open(path) as file:
        rest = b""
        while block := file.read(_BLOCK):
            *rows, rest = (rest + block).split(b"</row>")
            found += sum(bool(_HAS_VALUE.search(row)) for row in rows)
            if are_too_many(found):
                return found
            rest = rest[-_LONGEST_ROW:]
    return found


def _sheets(data: bytes) -> Sheet:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        found: list[Sheet] = []
        count = _Count()
        sheets: list[Any] = [sheet for sheet in book.worksheets if _is_visible(sheet)]
        for sheet in sheets:
            rows = list(_rows_of(sheet, count))
            if rows:
                merged = merged_cells(sheet.parent._archive, sheet._worksheet_path)
                found.append(Sheet(rows, sheet.title, merged=merged))
        return replace(found[0], others=found[1:]) if found else Sheet([])
    finally:
        book.close()


@dataclass
class _Count:
    """How many rows were met in a workbook, and how many of them hold something."""

    met: int = 0
    filled: int = 0


def _rows_of(sheet: Any, count: _Count) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    cells = sheet.iter_rows(max_col=_COLUMNS_LOOKED_AT)
    empty = None
    for number, line in enumerate(cells, start=1):
        count.met += 1
        if number > _LAST_ROW or count.met > _MOST_MET:
            raise too_long()
        if line is empty:  # rows that are missing in the file are all the same object
            continue
        row = row_of(number, [None if cell is EMPTY_CELL else _value(cell) for cell in line])
        if row is not None:
            count.filled += 1
            refuse_too_many(count.filled)
            yield row
        else:
            empty = line


def _value(cell: Any) -> Value:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Formula()
    if cell.data_type == "e":
        return Broken(str(value)[:20])
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    known = (bool, int, float, datetime, date, time, timedelta)
    return value if isinstance(value, known) else str(value)
