"""Guess what the columns of a list mean by their headers; people confirm it."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache

from rapidfuzz import fuzz

from webapp.core.spreadsheets.rows import Formula, Value
from webapp.engine import records
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import CROSSES, TICKS, Reading, Unreadable
from webapp.imports.readers.fields import FIELDS, Field, known_headers, missing
from webapp.imports.readers.table import Table, shown_text

_LIKE_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dX]?", re.IGNORECASE)
_SAMPLES = 40
#: Below this no header is taken to mean a field: 85 times a spelling that is three fifths right.
_ENOUGH = 60.0
_READABLE = 0.4
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_CLUTTER = re.compile(r"[\s*:：\-_/.、,，。#?？!！\d]+|必填|选填|可不填")


def guess_columns(table: Table, kind: ImportKind, today: date) -> dict[str, int]:
    """Return the likely meaning of columns: field key → column number from 0.

    By the words of the headers; a column most of whose values the field cannot read is not it.
    A sensitive field needs no readable values: numbers that Excel has rounded are told row by
    row, and what looks like an identity number is no other field's to keep.
    """
    found = guesses(
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
    return bare(text if text in _all_known() else records.search_keys(text).plain)


def bare(text: str) -> str:
    """Return a text without brackets, digits and signs, unless nothing were left."""
    return _CLUTTER.sub("", _BRACKETS.sub("", text)) or _CLUTTER.sub("", text)


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


def lacking(
    width: int, kind: ImportKind, columns: dict[str, int], *, building: bool = False
) -> list[str]:
    """Return the labels of the fields without which nothing can be imported.

    ``building``: the building is known for all rows.
    """
    return missing(kind, {k: c for k, c in columns.items() if c < width}, building=building)


def guesses(
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


def _fits(table: Table, column: int, field: Field, today: date) -> bool:
    reading = Reading(today=today, header=table.headers[column])
    values = (row.cell(column) for row in table.rows[: 5 * _SAMPLES])
    samples = [value for value in values if value is not None][:_SAMPLES]
    if field.sensitive:
        return True
    if samples and all(isinstance(v, str) and v in TICKS | CROSSES for v in samples):
        return False  # ticks under 想找活 are no names of work
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
