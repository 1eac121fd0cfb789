"""Where somebody lives, put together from what a list says in several places.

The cell may have all of it (3-2-5-1), or the building stands in the sheet's name, the staircase
in a heading and the cell has the flat alone. The room number is kept as written, too.
"""

import re
import unicodedata
from typing import NamedTuple

from webapp.residents.unit_address import digits_of

_BUILDING = r"(?:栋|幢|号楼|#楼|#|座)"
_FLAT = r"(?:\d{1,2}-\d{1,2}|\d{1,2}[楼层]-?\d{1,2}|\d{1,4})"
_WORDED = re.compile(
    rf"(?:(?P<building>\d{{1,3}}){_BUILDING}-?)?"
    rf"(?:(?P<unit>\d{{1,2}})(?:单元-?|-(?=\d{{1,2}}-\d|\d{{3,4}}(?!\d))))?"
    rf"(?P<flat>{_FLAT})?(?:室|号房?|房)?"
)
_DASHED = re.compile(r"\d{1,4}(?:-\d{1,4}){1,3}")
_ESTATE = re.compile(r"^.*?(?=华龙家园)|华龙家园(?:小区)?")
_LARGE = 3  # digits of a flat with its floor in it


class Door(NamedTuple):
    """Building, staircase and flat as written; ``None`` for what a text does not say."""

    building: str | None = None
    unit: str | None = None
    flat: str | None = None

    @property
    def address(self) -> str:
        """Return the door as one text, as unit addresses are read."""
        unit = f"{self.unit}单元" if self.unit else ""
        return f"{self.building}栋{unit}{self.flat}"

    @property
    def written(self) -> str:
        """Return the parts with strokes between them, the room number as it was written."""
        parts = (f"{self.building}栋", f"{self.unit}单元" if self.unit else "", self.flat)
        return "/".join(part for part in parts if part)

    @property
    def is_whole(self) -> bool:
        """Whether it names a flat of a building."""
        return bool(self.building and self.flat)


def read_door(text: str, known: Door) -> Door | None:
    """Return the door a text names, completed by what is known already; ``None`` if it is none.

    >>> read_door("6#1-2-3", Door())
    Door(building='6', unit='1', flat='2-3')
    >>> read_door("2-5-1", Door(building="12")).written
    '12栋/2单元/5-1'
    """
    plain = re.sub(r"[\s,、，。.]+", "", unicodedata.normalize("NFKC", text))
    plain = digits_of(re.sub(r"[—–―‐‑−_/~]", "-", _ESTATE.sub("", plain)))
    plain = plain.removesuffix("室").removesuffix("号")
    found = _of_dashes(plain, known) if _DASHED.fullmatch(plain) else None
    if found is None:
        match = _WORDED.fullmatch(plain)
        if match is None or not any(match.groups()):
            return None
        found = Door(match["building"], match["unit"], match["flat"])
    return Door(
        found.building or known.building,
        found.unit or (known.unit if found.building in {None, known.building} else None),
        found.flat or known.flat,
    )


def _of_dashes(text: str, known: Door) -> Door | None:
    parts = text.split("-")
    large = len(parts[-1]) >= _LARGE
    behind = parts[-1] if large else "-".join(parts[-2:])
    before = parts[:-1] if large else parts[:-2]
    if any(len(part) >= _LARGE for part in parts[1:-1]) or len(before) > 2:
        return None
    if len(before) == 2:
        return Door(before[0], before[1], behind)
    if not before:
        return Door(flat=behind)
    if known.building and not known.unit:  # where the list says the building, cells leave it out
        return Door(unit=before[0], flat=behind)
    return Door(before[0], None, behind)
