"""Which cells of a sheet are merged; openpyxl does not tell it of a workbook read row by row."""

import re
import zipfile
from typing import NamedTuple

from webapp.core.spreadsheets.letters import column_number

_RANGE = re.compile(
    rb'<mergeCell [^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
_BLOCK = 1 << 20  # bytes of a sheet looked at together
_LONGEST = 200  # bytes of one element, which may lie across two blocks
_MOST = 20_000


class Merged(NamedTuple):
    """A rectangle of merged cells: rows as on the screen from 1, columns from 0, both ends in."""

    top: int
    left: int
    bottom: int
    right: int


def merged_cells(archive: zipfile.ZipFile, path: str) -> list[Merged]:
    """Return the merged rectangles of the sheet stored at ``path``, no more than 20,000."""
    found: dict[Merged, None] = {}
    with archive.open(path) as file:
        rest = b""
        while (block := file.read(_BLOCK)) and len(found) < _MOST:
            for match in _RANGE.finditer(rest + block):
                left, top, right, bottom = (one.decode() for one in match.groups())
                first, last = (column_number(one) - 1 for one in (left, right))
                found[Merged(int(top), first, int(bottom), last)] = None
            rest = block[-_LONGEST:]
    return list(found)[:_MOST]
