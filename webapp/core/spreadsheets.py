"""Read spreadsheets as people hand them in: .xlsx, and .csv in any of the usual encodings.

What comes out are plain values with the row numbers a person sees on the screen. Nothing in a
file makes this raise anything but :class:`Unusable`, and nothing in it can take more than a
bounded amount of memory.
"""

import codecs
import csv
import io
import logging
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import PurePath
from typing import Any, NamedTuple, TypeAlias

import openpyxl
from flask_babel import gettext as _
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.reader.excel import ExcelReader

from webapp.core.errors import Refused
from webapp.core.merged_cells import Merged, merged_cells

log = logging.getLogger(__name__)

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_BYTES = 20 * 1024 * 1024
#: What an .xlsx may unpack to; a real sheet of 20,000 rows has well under half of it.
MOST_UNPACKED = 120 * 1024 * 1024
LONGEST_CELL = 32_767  # Excel's own limit

_LAST_ROW = 1_048_576  # of any spreadsheet program
_MOST_MET = 4 * _LAST_ROW  # rows of all sheets, empty ones included
_COLUMNS_LOOKED_AT = 128  # beyond MOST_COLUMNS, to refuse instead of leaving something out
_MOST_PARTS = 2_000
_TEXT_NAMES = {".csv", ".txt", ".tsv"}
_DELIMITERS = ",;\t|"
_LINES_TO_SNIFF = 50
_LINES_A_ROW = 10
_BLOCK = 1 << 20  # bytes of a sheet looked at together
_LONGEST_ROW = 1 << 22
_HAS_VALUE = re.compile(rb"<(?:v|is|f)[ >]")
# What no person types: control characters but tab and line end, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufeff]")
_OLE = b"\xd0\xcf\x11\xe0"


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


def read_spreadsheet(data: bytes, filename: str) -> Sheet:
    """Read the visible sheets that have content; return the first, with the others.

    Raises :class:`Unusable` for what is no .xlsx or .csv, is broken, empty, or beyond
    ``MOST_ROWS`` × ``MOST_COLUMNS``, all sheets together.
    """
    refuse_at_once(data, filename)
    sheet = _read_xlsx(data) if data.startswith(b"PK") else Sheet(_read_csv(data))
    if not sheet.rows:
        raise Unusable(_("文件里没有内容"))
    return sheet


def refuse_at_once(data: bytes, filename: str) -> None:
    """Refuse what can be told in a moment: no spreadsheet, empty, locked, or far too long.

    Raises :class:`Unusable`; what passes may still be refused when it is read.
    """
    if len(data) > MOST_BYTES:
        raise Unusable(_("文件太大了，最多 %(n)d MB", n=MOST_BYTES // 1024 // 1024))
    if not data.strip():
        raise Unusable(_("文件是空的"))
    ending = PurePath(filename).suffix.lower()
    if data.startswith(b"PK"):
        _refuse_bomb(data)
        _refuse_long(data)
    elif ending not in _TEXT_NAMES:
        raise Unusable(_why_not(data, ending))
    else:
        text = _decode(data)
        if "\x00" in text:
            raise _bad_character(text)
        # A quoted cell may hold line ends, so lines alone are no proof below several times as many.
        if text.count("\n") > _LINES_A_ROW * MOST_ROWS:
            raise _too_long()


def plain(text: str) -> str:
    """Return ``text`` without what no person types."""
    return _UNPRINTABLE.sub("", text)


def _why_not(data: bytes, ending: str) -> str:
    if data.startswith(_OLE):
        return _("这是旧的 .xls 文件，或者加了密码。请打开它，另存为没有密码的 .xlsx 再传")
    if data[:400].lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return _("这个文件其实是网页，不是表格。请用 Excel 或 WPS 打开，另存为 .xlsx 再传")
    if ending in {".xlsx", ".xlsm"}:
        return _("文件坏了，打不开。请重新另存一次再传")
    return _("只认 .xlsx 和 .csv 文件。请打开它，另存为 .xlsx 再传")


# ---------- .xlsx ----------


def _read_xlsx(data: bytes) -> Sheet:
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


def _refuse_bomb(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unusable(_("文件坏了，打不开。请重新另存一次再传")) from error
    if any(part.flag_bits & 1 for part in parts):
        raise Unusable(_("文件加了密码，请去掉密码再传"))
    # Reading stops at the size a part declares, so that a false one is no way around this.
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable(_("文件里的内容太大了，请分成几个小文件再传"))


def _refuse_long(data: bytes) -> None:
    """Count the filled rows of the visible sheets without parsing them; refuse too many.

    Parsing reads the texts of the whole workbook first, which takes seconds for a sheet of
    200,000 rows. What cannot be counted so is left to the parser, which counts as it goes.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            found = 0
            for rows in _filled_rows(data, archive):
                found += rows
                if found > MOST_ROWS + 1:
                    break
        except Exception:  # a broken file: the parser says so in its own words
            log.debug("rows cannot be counted", exc_info=True)
            return
    if found > MOST_ROWS + 1:  # and a header
        raise _too_long()


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
            if found > MOST_ROWS + 1:
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
            raise Unusable(_("表太长了，最多 %(n)d 行", n=MOST_ROWS))
        if line is empty:  # rows that are missing in the file are all the same object
            continue
        row = _row(number, [None if cell is EMPTY_CELL else _value(cell) for cell in line])
        if row is not None:
            count.filled += 1
            _refuse_too_many(count.filled)
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


def _row(number: int, values: list[Value]) -> Row | None:
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


def _refuse_too_many(found: int) -> None:
    if found > MOST_ROWS + 1:  # and a header
        raise _too_long()


def _too_long() -> Unusable:
    return Unusable(_("表太长了，最多 %(n)d 行，请分成几个文件", n=MOST_ROWS))


# ---------- .csv ----------


def _read_csv(data: bytes) -> list[Row]:
    text = _decode(data)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(_records(text, _delimiter(text)), start=1):
            row = _row(number, list(cells))
            if row is not None:
                rows.append(row)
                _refuse_too_many(len(rows))
    except csv.Error as error:
        raise Unusable(_("这个 .csv 的引号或换行乱了，请打开后另存为 .xlsx 再传")) from error
    return rows


def _bad_character(text: str) -> Unusable:
    line = text[: text.index("\x00")].count("\n") + 1
    return Unusable(
        _("第 %(row)d 行有坏字符，这可能不是表格。请用 WPS 打开，另存为 .xlsx", row=line)
    )


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable(_("文字编码看不懂，打开会是乱码。请另存为 .xlsx，或者 UTF-8 的 .csv 再传"))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """Return the delimiter that gives the most lines the same number of columns, if more than one.

    The standard library's sniffer takes letters for delimiters in short Chinese tables.
    """
    best, most = ",", (0, 0)
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for _n, record in zip(range(_LINES_TO_SNIFF), _records(text, delimiter), strict=False):
                widths[len(record)] += len(record) > 1
        except csv.Error:
            continue
        width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if (lines, width) > most:
            best, most = delimiter, (lines, width)
    return best
