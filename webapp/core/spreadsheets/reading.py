"""Read spreadsheets as people hand them in: .xlsx, and .csv in any of the usual encodings.

What comes out are plain values with the row numbers a person sees on the screen. Nothing in a
file makes this raise anything but :class:`Unusable`, and nothing in it can take more than a
bounded amount of memory.
"""

from pathlib import PurePath
from types import ModuleType

from flask_babel import gettext as _

from webapp.core.spreadsheets import rows
from webapp.core.spreadsheets.delimited import bad_character, decode, read_csv
from webapp.core.spreadsheets.rows import Sheet, Unusable, too_long

MOST_BYTES = 20 * 1024 * 1024

_TEXT_NAMES = {".csv", ".txt", ".tsv"}
_LINES_A_ROW = 10
_OLE = b"\xd0\xcf\x11\xe0"


def read_spreadsheet(data: bytes, filename: str) -> Sheet:
    """Read the visible sheets that have content; return the first, with the others.

    Raises :class:`Unusable` for what is no .xlsx or .csv, is broken, empty, or beyond
    ``rows.MOST_ROWS`` × ``rows.MOST_COLUMNS``, all sheets together.
    """
    refuse_at_once(data, filename)
    sheet = _xlsx().read_xlsx(data) if data.startswith(b"PK") else Sheet(read_csv(data))
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
        _xlsx().refuse_bomb(data)
        _xlsx().refuse_long(data)
    elif ending not in _TEXT_NAMES:
        raise Unusable(_why_not(data, ending))
    else:
        text = decode(data)
        if "\x00" in text:
            raise bad_character(text)
        # A quoted cell may hold line ends, so lines alone are no proof below several times as many.
        if text.count("\n") > _LINES_A_ROW * rows.MOST_ROWS:
            raise too_long()


def _xlsx() -> ModuleType:
    # Its library brings numpy: loaded when the first workbook comes, not with every page.
    from webapp.core.spreadsheets import xlsx

    return xlsx


def _why_not(data: bytes, ending: str) -> str:
    if data.startswith(_OLE):
        return _("这是旧的 .xls 文件，或者加了密码。请打开它，另存为没有密码的 .xlsx 再传")
    if data[:400].lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return _("这个文件其实是网页，不是表格。请用 Excel 或 WPS 打开，另存为 .xlsx 再传")
    if ending in {".xlsx", ".xlsm"}:
        return _("文件坏了，打不开。请重新另存一次再传")
    return _("只认 .xlsx 和 .csv 文件。请打开它，另存为 .xlsx 再传")
