"""Join all tables of a file into one, so that people confirm its columns once.

Columns that mean the same become one. What holds for several rows is written into each of them:
同上, the flat of a household, a heading. What stands around a table gets a column of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.spreadsheets.rows import Row, Sheet, Value
from webapp.imports.models import ImportKind
from webapp.imports.readers.columns import guess_columns, guesses, header_key
from webapp.imports.readers.households import within_households
from webapp.imports.readers.regions import Region, find_regions, is_list
from webapp.imports.readers.sections import Section, day_of_list, is_heading, read_section
from webapp.imports.readers.table import HeaderRow, Skipped, Table, shown_text
from webapp.imports.readers.ticks import denied, is_tick, ticked_groups

_NO_LIST = ("说明", "须知", "示例", "样表", "模板", "范例", "字典", "封面", "填表")
_SAME = {"同上", "同 上", "同前", "〃", "″", "“", "”", '"', "''", "′′"}
_LAST_ROWS = 5  # below a list, where its day may stand
_NOTE_CELLS = 4
_MOST_COLUMNS = 200
_SHEETS_OF_TOP, _ROWS_OF_TOP = 3, 12  # what a person chooses the header row from

Key = tuple[str, ...]


def read_table(
    first: Sheet, kind: ImportKind, today: date | None = None, header: HeaderRow | None = None
) -> Table:
    """Return all lists of a file as one table, with its ``header`` where a person says so.

    Rows above a header, headers, headings and whole sheets without a list are told as skipped.
    """
    today = today or clock.today()
    sheets = [first, *first.others]
    named = (header.sheet or first.name) if header else None
    lists = [
        one
        for one in sheets
        if one.name == named or (not _is_no_list(one.name) and is_list(one, kind))
    ]
    lists = lists or [first]
    # A name that says something (5栋) belongs to each row; that of an only sheet rarely does.
    several = len(sheets) > 1 or read_section(first.name) != Section()
    joined = _Joined(kind, today)
    skipped: list[Skipped] = []
    around: list[str] = []
    found: HeaderRow | None = None
    for sheet in sheets:
        if sheet not in lists:
            reason = _("这张表不是名单")
            skipped += [Skipped(row.number, reason, sheet.name) for row in sheet.rows]
            continue
        chosen = header.row if header and sheet.name == named else None
        regions, outside = find_regions(sheet, kind, chosen)
        if found is None and regions:
            found = HeaderRow(regions[0].header_row, sheet.name)
        skipped += outside
        around += _around(sheet, outside)
        for region in regions:
            skipped += joined.add(region, sheet.name)
    rows = joined.rows
    if not several:
        rows = [row._replace(sheet="") for row in rows]
        skipped = [one._replace(sheet="") for one in skipped]
    return Table(
        joined.headers,
        rows,
        tuple(one.name for one in lists) if several else (),
        tuple(one.name for one in sheets if one not in lists),
        tuple(skipped),
        joined.letters,
        day_of_list(around, today),
        found,
        tuple(_top(sheets)),
    )


def _top(sheets: list[Sheet]) -> Iterator[Row]:
    """Yield the first rows of the first sheets; below the last one nothing is left to read."""
    for sheet in sheets[:_SHEETS_OF_TOP]:
        for row in sheet.rows[:-1][:_ROWS_OF_TOP]:
            yield row._replace(sheet=sheet.name)


def _is_no_list(name: str) -> bool:
    return any(word in name for word in _NO_LIST)


def _around(sheet: Sheet, outside: list[Skipped]) -> list[str]:
    """Return the texts above and below the rows of a sheet."""
    above = {one.row for one in outside}
    texts = []
    for place, row in enumerate(sheet.rows):
        below = len(sheet.rows) - place <= _LAST_ROWS
        if row.number in above or below:
            filled = [shown_text(cell) for cell in row.cells if cell is not None]
            if row.number in above or len(filled) <= _NOTE_CELLS:
                texts += filled
    return texts


class _Joined:
    """The columns and rows met so far; the first table keeps its columns as they are."""

    def __init__(self, kind: ImportKind, today: date) -> None:
        self.kind, self.today = kind, today
        self.headers: list[str] = []
        self.rows: list[Row] = []
        self.letters = 0
        self._place: dict[Key, int] = {}

    def add(self, region: Region, sheet: str) -> list[Skipped]:
        """Take the rows of a table; return those that are headings."""
        table = Table(region.headers, region.rows)
        meant = {column: key for key, column in guess_columns(table, self.kind, self.today).items()}
        places = self._places(region, meant)
        rows, skipped = region.rows, list[Skipped]()
        rows = list(_same_as_above(rows))
        if self.kind is ImportKind.RESIDENTS:
            columns = {key: column for column, key in meant.items()}
            rows = within_households(rows, columns)
        groups = ticked_groups(region, rows, meant) if self.kind is ImportKind.RESIDENTS else {}
        group_places = {group: self._at(self._group_key(group), group) for group in groups}
        asked = [n for n, header in enumerate(region.headers) if n not in meant and header]
        title = Section()
        if self.kind is ImportKind.RESIDENTS:
            title = read_section(sheet).after(read_section(region.title))
        held, heading = title, ""
        for row in rows:
            filled = [cell for cell in row.cells if cell is not None]
            if not filled:
                continue  # the other of two tables beside each other goes further down
            text = shown_text(filled[0])
            if self.kind is ImportKind.RESIDENTS and len(filled) == 1 and is_heading(text):
                held = read_section(text).after(held)
                skipped.append(Skipped(row.number, _("是小标题，下面的行都算"), sheet))
                continue
            cells: dict[int, Value] = {}
            for column, place in places.items():
                if row.cell(column) is not None:
                    cells[place] = row.cell(column)
            for group, ticks in groups.items():
                said = [header for column, header in ticks.items() if is_tick(row.cell(column))]
                if said:
                    cells[group_places[group]] = "、".join(said)
            answers = [denied(region.headers[n], row.cell(n)) for n in asked]
            if any(answers):
                place = self._at(("field", "answers"), _("问答"))
                cells[place] = "；".join(answer for answer in answers if answer)
            heading = _words(held)
            if heading:
                cells[self._at(("around",), _("表名和小标题"))] = heading
            width = max(cells, default=-1) + 1
            values = tuple(cells.get(place) for place in range(width))
            self.rows.append(Row(row.number, values, sheet))
        return skipped

    def _places(self, region: Region, meant: dict[int, str]) -> dict[int, int]:
        """Return where each column of a table goes."""
        if not self.headers:
            self.headers = list(region.headers)
            self.letters = len(region.headers)
            for column, header in enumerate(region.headers):
                if column in meant:
                    self._place.setdefault(("field", meant[column]), column)
                if header:
                    self._place.setdefault(("text", header_key(header)), column)
            return {column: column for column in range(len(region.headers))}
        filled = {n for row in region.rows for n, cell in enumerate(row.cells) if cell is not None}
        places: dict[int, int] = {}
        for column, header in enumerate(region.headers):
            if (header or column in filled) and len(self.headers) < _MOST_COLUMNS:
                place = self._at(self._key(column, header, meant), header)
                if place not in places.values():
                    places[column] = place
        return places

    def _key(self, column: int, header: str, meant: dict[int, str]) -> Key:
        """Return what makes columns one: the words of their header, or else their meaning."""
        spelt = ("text", header_key(header)) if header else ("blank", str(column))
        return ("field", meant[column]) if column in meant and spelt not in self._place else spelt

    def _group_key(self, group: str) -> Key:
        known = guesses(self.kind, (group,))
        return ("field", known[0][1].key) if known else ("text", header_key(group))

    def _at(self, key: Key, header: str) -> int:
        if key not in self._place:
            self._place[key] = len(self.headers)
            self.headers.append(header)
        return self._place[key]


def _words(section: Section) -> str:
    """Return what a heading says in words that are read again with the row."""
    states = {"looking": _("有就业意愿"), "employed": _("已就业"), "retired": _("退休人员")}
    parts = [
        f"{section.building}栋" if section.building else "",
        f"{section.unit}单元" if section.unit else "",
        _("低保户") if section.low_income else "",
        states.get(section.status, ""),
    ]
    return " ".join(part for part in parts if part)


def _same_as_above(rows: Iterable[Row]) -> Iterable[Row]:
    """Yield the rows with 同上 and ditto marks replaced by what stands above."""
    above: tuple[Value, ...] = ()
    for row in rows:
        if any(isinstance(cell, str) and cell in _SAME for cell in row.cells):
            cells = tuple(
                above[n] if isinstance(cell, str) and cell in _SAME and n < len(above) else cell
                for n, cell in enumerate(row.cells)
            )
            row = row._replace(cells=cells)
        above = row.cells
        yield row
