"""Columns that are ticked: √ under 失业 says as much as 失业 under 就业情况."""

import re

from webapp.core.spreadsheets.rows import Row, Value
from webapp.imports.readers.cells import CROSSES, TICKS
from webapp.imports.readers.regions import Region
from webapp.imports.readers.table import shown_text

_WORDS = {"是", "有", "1", "y", "Y", "对", "yes"}
_CROSSES = CROSSES | {"否", "无", "0", "没有", "不是", "n", "N", "no"}
_ASKED = re.compile(r"^是否|[?？]$")
_TICKED = "打勾的"


_QUESTION = re.compile(
    r"^(?:是否)?(?P<verb>能否|能不能|是否能|可否|可不可以|能|会不会|会否)(?P<what>.+?)[?？]?$"
)
_NEGATIVE = {"不能", "否", "不可以", "不会", "不行", "不", "×", "✗", "不得行"}


def denied(header: str, value: Value) -> str:
    """Return what a negative answer says: 不能 under 能否上夜班 is 不能上夜班; else nothing."""
    asked = _QUESTION.match(header)
    if asked is None or shown_text(value) not in _NEGATIVE:
        return ""
    return f"{'不会' if asked['verb'].startswith('会') else '不能'}{asked['what']}"


def is_tick(value: Value) -> bool:
    """Whether a cell is ticked, in whatever sign."""
    text = shown_text(value)
    return text in TICKS or text in _WORDS


def ticked_groups(
    region: Region, rows: list[Row], meant: dict[int, str]
) -> dict[str, dict[int, str]]:
    """Return for each group of ticked columns, by its heading, their headers by column.

    Columns with a meaning of their own (低保) stay what they are. Columns without a common
    heading count only if they are ticked by sign: 是 and 否 may answer anything.
    """
    values: dict[int, set[str]] = {}
    for row in rows:
        for column, cell in enumerate(row.cells):
            if cell is not None and column not in meant:
                found = values.setdefault(column, set())
                if len(found) <= len(TICKS | _WORDS | _CROSSES):
                    found.add(shown_text(cell))
    groups: dict[str, dict[int, str]] = {}
    for column, header in enumerate(region.headers):
        said, group = values.get(column, set()), region.groups[column]
        signs = TICKS | _WORDS if group else TICKS
        if header and said & signs and said <= signs | _CROSSES:
            groups.setdefault(group or _TICKED, {})[column] = _ASKED.sub("", header)
    return groups
