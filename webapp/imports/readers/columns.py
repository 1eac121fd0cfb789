"""Find the header of a sheet and guess what its columns mean; people confirm it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from flask_babel import gettext as _
from rapidfuzz import fuzz

from webapp.core.spreadsheets import Formula, Row, Sheet, Value
from webapp.engine import records
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import Reading, Unreadable, words
from webapp.imports.readers.fields import FIELDS, Field, known_headers, missing

_HEADER_AMONG = 30  # rows; above the header stand titles and remarks
_LONGEST_HEADER = 25
_LIKE_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dX]?", re.IGNORECASE)
_SAMPLES = 40
#: Below this no header is taken to mean a field: 85 times a spelling that is three fifths right.
_ENOUGH = 60.0
_READABLE = 0.4
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_CLUTTER = re.compile(r"[\s*:：\-_/.、,，。#?？!！\d]+|必填|选填|可不填")


class Skipped(NamedTuple):
    """A filled row that holds no record, and why it is none."""

    row: int
    reason: str


@dataclass(frozen=True)
class Table:
    """A sheet with its header found: one header per column, and the rows below it.

    ``skipped`` are the filled rows that are not among them: titles above the header, the header
    itself, and where it is repeated.
    """

    headers: list[str]
    rows: list[Row]
    sheet: str = ""
    others: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def examples(self, column: int, most: int = 3) -> list[str]:
        """Return the first different values of a column, shortened."""
        found: dict[str, None] = {}
        for row in self.rows[:200]:
            text = shown_text(row.cell(column))
            if text:
                found[text if len(text) <= 40 else text[:40] + "…"] = None
            if len(found) == most:
                break
        return list(found)


def read_table(sheet: Sheet, kind: ImportKind) -> Table:
    """Return the sheet below its header: the row among the first whose words mean the most fields.

    A header of two rows is taken as one: the lower words, and the upper ones where cells are
    merged down. Without anything that looks like a header, the first row of two or more cells
    is taken for one. Rows that repeat the header are left out.
    """
    top = sheet.rows[:_HEADER_AMONG]
    best: tuple[float, int, list[str], int] = (0.0, -1, [], 0)
    for place, row in enumerate(top):
        names = _headers(row, sheet.width)
        candidates = [(names, 1)]
        if place + 1 < len(top) and top[place + 1].number == row.number + 1:
            lower = _headers(top[place + 1], sheet.width)
            both = [below or above for above, below in zip(names, lower, strict=True)]
            candidates.append((both, 2))
        for headers, height in candidates:
            score = sum(score for score, _field in _guesses(kind, tuple(headers)).values())
            if score > best[0] + 1:
                best = (score, place, headers, height)
    _best, place, headers, height = best
    if place < 0:
        wide = (n for n, row in enumerate(top) if sum(cell is not None for cell in row.cells) > 1)
        place, height = next(wide, 0), 1
        headers = _headers(top[place], sheet.width)
    skipped = [Skipped(row.number, _("在标题行上面")) for row in sheet.rows[:place]]
    skipped += [Skipped(row.number, _("是标题行")) for row in sheet.rows[place : place + height]]
    rows = []
    first = next((n for n, header in enumerate(headers) if header), 0)
    for row in sheet.rows[place + height :]:
        if row.cell(first) == headers[first] and _headers(row, sheet.width) == headers:
            skipped.append(Skipped(row.number, _("又是一遍标题行")))
        else:
            rows.append(row)
    return Table(headers, rows, sheet.name, tuple(sheet.others), tuple(skipped))


def guess_columns(table: Table, kind: ImportKind, today: date) -> dict[str, int]:
    """Return the likely meaning of columns: field key → column number from 0.

    By the words of the headers; a column most of whose values the field cannot read is not it.
    A sensitive field needs no readable values: numbers that Excel has rounded are told row by
    row, and what looks like an identity number is no other field's to keep.
    """
    found = _guesses(
        kind,
        tuple(table.headers),
        lambda column, field: _fits(table, column, field, today),
    )
    columns = {field.key: column for column, (_score, field) in found.items()}
    return {key: columns[key] for key in FIELDS[kind] if key in columns}


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Return a header as it is compared: simplified, without brackets, digits and signs.

    >>> header_key("*薪資待遇（元/月）：")
    '薪资待遇'
    """
    plain = text if text in _all_known() else records.search_keys(text).plain
    return _CLUTTER.sub("", _BRACKETS.sub("", plain)) or _CLUTTER.sub("", plain)


def find_field(kind: ImportKind, name: str) -> Field | None:
    """Return the field of this key or label, if there is one."""
    for field in FIELDS[kind].values():
        if name in {field.key, str(field.label)}:
            return field
    return None


def find_column(table: Table, name: str) -> int | None:
    """Return the column with this header, or of this letter (A, B, … AA), if there is one."""
    key = header_key(name)
    for column, header in enumerate(table.headers):
        if header and (header == name or (key and header_key(header) == key)):
            return column
    if re.fullmatch(r"[A-Za-z]{1,2}", name):
        number = 0
        for letter in name.upper():
            number = number * 26 + ord(letter) - ord("A") + 1
        return number - 1 if number <= len(table.headers) else None
    return None


def lacking(width: int, kind: ImportKind, columns: dict[str, int]) -> list[str]:
    """Return the labels of the fields without which nothing can be imported."""
    return missing(kind, {k: c for k, c in columns.items() if c < width})


def _guesses(
    kind: ImportKind,
    headers: tuple[str, ...],
    fits: Callable[[int, Field], bool] = lambda _column, _field: True,
) -> dict[int, tuple[float, Field]]:
    """Return for each column the field its header means, best pairs first, each field once."""
    pairs = [
        (_score(header_key(header), names), -column, -order, field)
        for column, header in enumerate(headers)
        if header
        for order, (field, names) in enumerate(_synonyms(kind))
    ]
    likely = (pair for pair in pairs if pair[0] >= _ENOUGH)
    found: dict[int, tuple[float, Field]] = {}
    taken: set[str] = set()
    for score, column, _order, field in sorted(likely, key=lambda pair: pair[:3], reverse=True):
        if -column not in found and field.key not in taken and fits(-column, field):
            found[-column] = (score, field)
            taken.add(field.key)
    return found


@lru_cache(maxsize=65536)
def _score(header: str, names: tuple[str, ...]) -> float:
    """Return 0 to 100: how surely a header means what these names mean.

    The surest names of a field stand first in its list. A name inside the header counts by how
    much of it it covers, more at the end, where Chinese says what the thing is: 公司地址 is an
    address. Else the spelling counts.
    """
    if not header:
        return 0.0
    best = 0.0
    for place, name in enumerate(names):
        if header == name:
            return 100 - place / 10
        if name in header and len(name) > 1:
            score = 55 + 35 * len(name) / len(header) + (5 if header.endswith(name) else 0)
        else:
            score = 0.85 * fuzz.ratio(header, name) if len(header) > 2 else 0.0
        best = max(best, score)
    return best if best > 70 or len(header) > 2 else 0.0


@cache
def _synonyms(kind: ImportKind) -> list[tuple[Field, tuple[str, ...]]]:
    return [
        (field, tuple(header_key(name) for name in known_headers(kind)[field.key]))
        for field in FIELDS[kind].values()
    ]


@cache
def _all_known() -> frozenset[str]:
    """Return the headers of the table, which need no bringing into one form."""
    return frozenset(
        header for kind in ImportKind for names in known_headers(kind).values() for header in names
    )


def _headers(row: Row, width: int) -> list[str]:
    shorts = [None if isinstance(cell, str) and len(cell) > 60 else cell for cell in row.cells]
    texts = [shown_text(cell) for cell in shorts]
    texts = [text if len(text) <= _LONGEST_HEADER else "" for text in texts]
    return texts + [""] * (width - len(texts))


def shown_text(value: Value) -> str:
    """Return what a cell shows, on one line; nothing for what cannot be shown."""
    if isinstance(value, Formula):
        return "="
    try:
        return re.sub(r"\s+", " ", words(value))
    except Unreadable:
        return ""


def _fits(table: Table, column: int, field: Field, today: date) -> bool:
    reading = Reading(today=today, header=table.headers[column])
    values = (row.cell(column) for row in table.rows[: 5 * _SAMPLES])
    samples = [value for value in values if value is not None][:_SAMPLES]
    if field.sensitive:
        return True
    if sum(bool(_LIKE_ID_NUMBER.search(shown_text(value))) for value in samples) * 2 > len(samples):
        return False
    readable = sum(_is_readable(field, value, reading) for value in samples)
    return not samples or readable >= _READABLE * len(samples)


def _is_readable(field: Field, value: Value, reading: Reading) -> bool:
    if isinstance(value, Formula):
        return True  # told row by row
    try:
        field.read(value, reading)
    except Unreadable:
        return False
    return True
