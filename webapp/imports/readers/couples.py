"""Names as lists have them: two people in one cell, a number or 妻 beside a name."""

import re
import unicodedata
from typing import Any, NamedTuple

from webapp.core.spreadsheets.rows import Row, Value
from webapp.core.vocabulary import Sex
from webapp.imports.readers.table import shown_text

_BREAK = re.compile(r"[\n、,，/;；+＋]+|(?<=[)）])(?=[一-龥])")
_BRACKET = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_NAME = re.compile(r"[一-龥]{2,4}|[一-龥]{1,8}[·•.][一-龥]{1,8}")
_CALL = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|(?:0\d{2,3}[ -]?)?[2-8]\d{6,7})(?!\d)")
_WIFE = re.compile(r"妻|老婆|爱人\(女\)|女方|媳妇")
_HUSBAND = re.compile(r"夫|老公|男方|丈夫")
_SEX = {"男": Sex.MALE, "女": Sex.FEMALE}
_OWNED = re.compile(r"^\s*(夫|妻|男方?|女方?|老公|老婆|丈夫|妻子)\s*[:：]?\s*(?=\S)")
_SEGMENT = re.compile(r"([；;\n，,、\s/]+)")
#: Fields of which two people in a cell have one each, also where only a stroke parts them.
_EACH = {"sex", "birth", "age", "id_number", "education"}


class Named(NamedTuple):
    """One person as a cell names them; ``phone`` stood beside the name."""

    name: str
    sex: Sex | None = None
    phone: str = ""


def read_names(text: str) -> list[Named]:
    """Return the people a cell names; nothing where it holds more than names.

    >>> [one.name for one in read_names("石大山\\n甘小芹（妻）")]
    ['石大山', '甘小芹']
    """
    plain = unicodedata.normalize("NFKC", text)
    found: list[Named] = []
    for piece in _BREAK.split(plain):
        phone = _CALL.search(piece)
        rest = _CALL.sub("", piece)
        notes = " ".join(_BRACKET.findall(rest))
        rest = _BRACKET.sub("", rest)
        rest = re.sub(r"(?<=[一-龥])\s+(?=[一-龥])", "", rest).strip(" :：-()（）电话手机")
        number = phone[0] if phone else ""
        if not rest:
            if found and number and not found[-1].phone:
                found[-1] = found[-1]._replace(phone=number)
            continue
        if not _NAME.fullmatch(rest):
            return []
        found.append(Named(rest, _sex(notes), number))
    return found


def _sex(notes: str) -> Sex | None:
    if _WIFE.search(notes):
        return Sex.FEMALE
    if _HUSBAND.search(notes):
        return Sex.MALE
    return next((sex for word, sex in _SEX.items() if word in notes), None)


def split(row: Row, columns: dict[str, int]) -> list[tuple[Row, dict[str, Any]]]:
    """Return a row for each person in it, with what stood beside their name.

    What is said of one (夫:开车；妻:收银) goes to that one, lines go to each in turn, all else
    to both.
    """
    column = columns.get("name")
    value = row.cell(column) if column is not None else None
    people = read_names(value) if isinstance(value, str) else []
    if not people:
        return [(row, {})]
    if len(people) == 1:
        return [(_with(row, column, people[0].name), _beside(people[0]))]
    husband = _husband(people)
    rows = []
    for place, one in enumerate(people):
        cells = list(row.cells)
        for key, at in columns.items():
            if key != "name" and at < len(cells):
                cells[at] = _share(cells[at], place, len(people), husband, each=key in _EACH)
        shared = {"shares_phone": True} if place and not one.phone else {}
        rows.append(
            (_with(row._replace(cells=tuple(cells)), column, one.name), _beside(one) | shared)
        )
    return rows


def _with(row: Row, column: int | None, name: str) -> Row:
    return row._replace(cells=tuple(name if n == column else v for n, v in enumerate(row.cells)))


def _beside(one: Named) -> dict[str, Any]:
    return {key: value for key, value in (("sex", one.sex), ("phone", one.phone)) if value}


def _husband(people: list[Named]) -> int:
    sexes = [one.sex for one in people]
    if Sex.MALE in sexes:
        return sexes.index(Sex.MALE)
    return 1 if sexes[0] is Sex.FEMALE else 0


def _share(value: Value, place: int, n: int, husband: int, *, each: bool) -> Value:
    """Return one person's part of a cell."""
    if not isinstance(value, str):
        return value
    lines = [part.strip() for part in value.splitlines() if part.strip()]
    if len(lines) == n:
        return lines[place]
    owned = _owned(value, place, husband)
    if owned is not None:
        return owned or None
    parts = [
        part.strip() for part in re.split(r"[/、，,；;\s]+", shown_text(value)) if part.strip()
    ]
    return parts[place] if each and len(parts) == n else value


def _owned(text: str, place: int, husband: int) -> str | None:
    """Return what a text says of one of two, ``None`` where it names neither."""
    pieces = _SEGMENT.split(text)
    said: list[str] = []
    owner, any_owner = None, False
    for n in range(0, len(pieces), 2):
        piece, sign = pieces[n], pieces[n - 1] if n else ""
        match = _OWNED.match(piece)
        if match:
            any_owner = True
            is_husband = match[1][0] in "夫男丈" or match[1] == "老公"
            owner = husband if is_husband else 1 - husband
            piece = piece[match.end() :]
        if owner in {None, place} and piece:
            said.append((sign if said else "") + piece)
    return "".join(said).strip() if any_owner else None
