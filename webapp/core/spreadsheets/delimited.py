"""Read .csv files in any of the usual encodings, with any of the usual delimiters."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext as _

from webapp.core.spreadsheets.rows import Row, Unusable, refuse_too_many, row_of

_DELIMITERS = ",;\t|"
_LINES_TO_SNIFF = 50


def read_csv(data: bytes) -> list[Row]:
    """Return the rows with something in them; raise :class:`Unusable`."""
    text = decode(data)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(_records(text, _delimiter(text)), start=1):
            row = row_of(number, list(cells))
            if row is not None:
                rows.append(row)
                refuse_too_many(len(rows))
    except csv.Error as error:
        raise Unusable(_("这个 .csv 的引号或换行乱了，请打开后另存为 .xlsx 再传")) from error
    return rows


def bad_character(text: str) -> Unusable:
    """Return the refusal of a text with a NUL in it, which names its line."""
    line = text[: text.index("\x00")].count("\n") + 1
    return Unusable(
        _("第 %(row)d 行有坏字符，这可能不是表格。请用 WPS 打开，另存为 .xlsx", row=line)
    )


def decode(data: bytes) -> str:
    """Return the text of a file; raise :class:`Unusable` when no usual encoding fits."""
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
