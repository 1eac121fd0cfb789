"""Find the tables in a sheet: their headers, of up to three rows, and where each begins and ends.

Tables may stand beside and below each other, under titles of their own. Merged cells hold their
value in each of their rows.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from flask_babel import gettext as _

from webapp.core.spreadsheets.rows import Row, Sheet, Value
from webapp.imports.models import ImportKind
from webapp.imports.readers.columns import bare, guesses, header_key
from webapp.imports.readers.fields import known_headers
from webapp.imports.readers.table import Skipped, shown_text

_HEADER_AMONG = 30  # rows; above the header stand titles and remarks
_HIGHEST = 3
_LONGEST_HEADER = 25
_MORE_TELLING = 1.0
_SURE = 80.0
_KNOWN_BESIDE = 2
_NAMES = {ImportKind.RESIDENTS: "name", ImportKind.VACANCIES: "title"}


class Header(NamedTuple):
    """The header of a row of tables: its first row, how many it has, one text a column.

    ``groups`` are the words above a header that hold for several columns. ``sure``: it names
    the people or the openings.
    """

    place: int
    height: int
    texts: list[str]
    groups: list[str]
    sure: bool = True


class Region(NamedTuple):
    """One table: headers and groups of its columns, the rows below it cut to them, its title.

    ``header_row`` is the number of its first header row.
    """

    headers: list[str]
    groups: list[str]
    left: int
    rows: list[Row]
    title: str
    header_row: int


def find_regions(
    sheet: Sheet, kind: ImportKind, chosen: int | None = None
) -> tuple[list[Region], list[Skipped]]:
    """Return the tables of a sheet, and the rows that are titles or headers.

    Without anything that looks like a header, the first row of two or more cells is taken for
    one; ``sure`` of nothing, the list of regions is empty where no row could be one. ``chosen`` is
    the number of the row that a person says is the first header.
    """
    rows = _filled_down(sheet)
    headers = _all_headers(sheet, rows, kind, chosen)
    regions: list[Region] = []
    first, reason = headers[0], _("在标题行上面")
    skipped = [Skipped(row.number, reason, sheet.name) for row in rows[: first.place]]
    ends = [*(header.place for header in headers[1:]), len(rows)]
    for header, end in zip(headers, ends, strict=True):
        below = header.place + header.height
        again = header is not first and header.texts == first.texts
        reason = _("又是一遍标题行") if again else _("是标题行")
        skipped += [Skipped(row.number, reason, sheet.name) for row in rows[header.place : below]]
        above = rows[: header.place] if header is first else []
        for left, right in _spans(header, kind, sheet.width):
            regions.append(
                Region(
                    header.texts[left:right],
                    header.groups[left:right],
                    left,
                    [_cut(row, left, right) for row in rows[below:end]],
                    _title(sheet, above, left, right),
                    rows[header.place].number,
                )
            )
    return regions, skipped


def is_list(sheet: Sheet, kind: ImportKind) -> bool:
    """Whether some row of the sheet names its people or openings as a header does."""
    return _first_header(sheet, _filled_down(sheet), kind).sure


def _filled_down(sheet: Sheet) -> list[Row]:
    """Return the rows with merged cells filled down to their end, in their first column."""
    numbers = [row.number for row in sheet.rows]
    more: dict[int, dict[int, Value]] = {}
    left_to_fill = 10 * len(numbers)  # a hostile file may merge everything many times
    for one in sheet.merged:
        first = bisect_left(numbers, one.top)
        if one.bottom == one.top or first == len(numbers) or numbers[first] != one.top:
            continue
        value = sheet.rows[first].cell(one.left)
        last = bisect_left(numbers, one.bottom + 1)
        left_to_fill -= last - first
        if value is None or left_to_fill < 0:
            continue
        for place in range(first + 1, last):
            more.setdefault(place, {})[one.left] = value
    rows = list(sheet.rows)
    for place, values in more.items():
        row = rows[place]
        cells = list(row.cells) + [None] * (max(values) + 1 - len(row.cells))
        for column, value in values.items():
            cells[column] = value if cells[column] is None else cells[column]
        rows[place] = row._replace(cells=tuple(cells))
    return rows


# ---------- headers ----------


def _first_header(sheet: Sheet, rows: list[Row], kind: ImportKind) -> Header:
    """Return the most telling header of the top."""
    candidates = [
        _header_at(sheet, rows, place, kind) for place in range(len(rows[:_HEADER_AMONG]))
    ]
    best, told = None, 0.0
    for score, header in candidates:
        if score > told + _MORE_TELLING:
            best, told = header, score
    if best is None:
        wide = (n for n, row in enumerate(rows) if sum(cell is not None for cell in row.cells) > 1)
        place = next(wide, 0)
        texts = header_texts(rows[place], sheet.width)
        best = Header(place, 1, texts, [""] * sheet.width, sure=False)
    return best


def _chosen_header(
    sheet: Sheet, rows: list[Row], kind: ImportKind, chosen: int | None
) -> Header | None:
    """Return the header that begins in the row a person chose, of as many rows as it tells by."""
    place = next((n for n, row in enumerate(rows) if row.number == chosen), None)
    if place is None:
        return None
    told, header = _header_at(sheet, rows, place, kind)
    if told > 0 and header.sure:
        return header
    texts = header_texts(rows[place], sheet.width)
    return Header(place, 1, texts, [""] * sheet.width, sure=False)


def _all_headers(
    sheet: Sheet, rows: list[Row], kind: ImportKind, chosen: int | None
) -> list[Header]:
    """Return the headers from top to bottom."""
    best = _chosen_header(sheet, rows, kind, chosen) or _first_header(sheet, rows, kind)
    headers = [best]
    place = best.place + best.height
    while place < len(rows):
        if _repeats(rows[place], best, sheet.width):
            headers.append(Header(place, 1, best.texts, best.groups))
        elif best.sure and _looks_like_header(rows[place], kind):
            headers.append(_header_at(sheet, rows, place, kind)[1])
        place += headers[-1].height if headers[-1].place == place else 1
    return headers


def _header_at(sheet: Sheet, rows: list[Row], place: int, kind: ImportKind) -> tuple[float, Header]:
    """Return the most telling header that begins in a row, with how much it tells."""
    best, told = Header(place, 1, [], []), -1.0
    lines: list[list[str]] = []
    for height in range(1, _HIGHEST + 1):
        if place + height > len(rows) or rows[place + height - 1].number != (
            rows[place].number + height - 1
        ):
            break
        if height > 1 and sum(bool(text) for text in lines[0]) < 2:
            break  # a title
        lines.append(header_texts(rows[place + height - 1], sheet.width))
        texts, groups = _joined(lines)
        found = guesses(kind, tuple(texts))
        meant = {field.key for _score, field in found.values()}
        # What heads a group may be known where what stands below it is not: 就业情况 over ticks.
        above = guesses(kind, tuple(dict.fromkeys(groups)))
        score = sum(one for one, _field in found.values())
        score += sum(one for one, field in above.values() if field.key not in meant)
        if score > told + _MORE_TELLING:
            sure = any(field.key == _NAMES[kind] and one >= _SURE for one, field in found.values())
            best, told = Header(place, height, texts, groups, sure), score
    return told, best


def _joined(lines: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """Return the lowest words of each column, and what stands above several of them.

    Words without a column of their own below them reach from where they stand to the right.
    """
    texts, above = [], []
    for column in zip(*lines, strict=True):
        said = [text for text in dict.fromkeys(column) if text]
        texts.append(said[-1] if said else "")
        if len(said) > 1:
            above.append(said[-2])
        else:
            further = above and column[-1] and not column[0]
            above.append(above[-1] if further else "")
    groups = [
        text if text and text in (above[max(n - 1, 0) : n] + above[n + 1 : n + 2]) else ""
        for n, text in enumerate(above)
    ]
    return texts, groups


def header_texts(row: Row, width: int) -> list[str]:
    """Return a row as headers: short texts, empty for what is too long to be one."""
    shorts = [None if isinstance(cell, str) and len(cell) > 60 else cell for cell in row.cells]
    texts = [shown_text(cell) for cell in shorts]
    texts = [text if len(text) <= _LONGEST_HEADER else "" for text in texts]
    return texts + [""] * (width - len(texts))


def _repeats(row: Row, header: Header, width: int) -> bool:
    first = next((n for n, text in enumerate(header.texts) if text), 0)
    texts = header.texts
    return shown_text(row.cell(first)) == texts[first] and header_texts(row, width) == texts


def _looks_like_header(row: Row, kind: ImportKind) -> bool:
    known = _known(kind)
    if not any(isinstance(cell, str) and bare(cell) in known[_NAMES[kind]] for cell in row.cells):
        return False  # bringing every name of a long list into one form takes long
    texts = [cell.strip() for cell in row.cells if isinstance(cell, str)]
    keys = [header_key(text) for text in texts if len(text) <= _LONGEST_HEADER]
    names = known[_NAMES[kind]]
    if not any(key in names for key in keys):
        return False
    meant = {field for key in keys for field, spelt in known.items() if key in spelt}
    return len(meant - {_NAMES[kind]}) >= _KNOWN_BESIDE and len(keys) == len(texts)


@cache
def _known(kind: ImportKind) -> dict[str, frozenset[str]]:
    return {
        field: frozenset(map(header_key, names)) for field, names in known_headers(kind).items()
    }


# ---------- where tables begin and end ----------


def _spans(header: Header, kind: ImportKind, width: int) -> list[tuple[int, int]]:
    """Return the columns of each table: one begins wherever the header begins anew."""
    names = _known(kind)[_NAMES[kind]]
    keys = [header_key(text) for text in header.texts]
    starts = [n for n, key in enumerate(keys) if key and key in names]
    first = next((n for n, key in enumerate(keys) if key), 0)
    if len(starts) < 2 or len({keys[start] for start in starts}) > 1:
        return [(0, width)]
    before = starts[0] - first  # columns before the name: 序号
    begins = [
        start - before if keys[max(start - before, 0) : start] == keys[first : starts[0]] else start
        for start in starts
    ]
    return list(zip([0, *begins[1:]], [*begins[1:], width], strict=True))


def _cut(row: Row, left: int, right: int) -> Row:
    cells = row.cells[left:right]
    while cells and cells[-1] is None:
        cells = cells[:-1]
    return row._replace(cells=cells)


def _title(sheet: Sheet, above: list[Row], left: int, right: int) -> str:
    """Return what stands above a table: all of a row of one text, else what lies over it."""
    across = {(one.top, one.left): one.right for one in sheet.merged}
    said = []
    for row in above:
        filled = [n for n, cell in enumerate(row.cells) if cell is not None]
        for place, column in enumerate(filled):
            behind = filled[place + 1] if place + 1 < len(filled) else sheet.width
            end = across.get((row.number, column), behind - 1)
            if column < right and end >= left:
                said.append(shown_text(row.cell(column)))
    return " ".join(said)
