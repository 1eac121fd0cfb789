"""Where in the estate a ticket is about: building, unit, floor and flat."""

import re
from typing import Final, NamedTuple

from matching.text.normalise import normalise

_NUMBER: Final = {
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_DIGITS: Final = r"(\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_BUILDING: Final = re.compile(_DIGITS + r"\s*(?:栋|幢|号楼|座)")
_UNIT: Final = re.compile(_DIGITS + r"\s*单元")
_FLOOR: Final = re.compile(r"(?<!负)" + _DIGITS + r"\s*(?:楼|层)(?!上|下|道|梯|栋|顶|口)")
_FLAT: Final = re.compile(r"(?<!\d)(\d{1,2})\s*[-—–]\s*(\d{1,2})(?!\d)")


class Place(NamedTuple):
    """Parts of an address; ``None`` where a text doesn't say.

    Attributes
    ----------
    building, unit, floor : int or None
    flat : str or None
        As on the door: ``8-4``.
    """

    building: int | None = None
    unit: int | None = None
    floor: int | None = None
    flat: str | None = None

    def contradicts(self, other: "Place", *, next_floor: bool = False) -> bool:
        """Return whether the two can't be one place: both say a part, and differ in it.

        With ``next_floor`` floors may differ by one, and flats with them: who hears a noise lives
        below who makes it.
        """
        differ = {
            name
            for name, a, b in zip(self._fields, self, other, strict=True)
            if a is not None and b is not None and a != b
        }
        near = self.floor is not None and other.floor is not None
        if next_floor and near and abs((self.floor or 0) - (other.floor or 0)) == 1:
            differ -= {"floor", "flat"}
        return bool(differ)

    def shares(self, other: "Place") -> int:
        """Return how many parts both say alike."""
        return sum(a is not None and a == b for a, b in zip(self, other, strict=True))

    def in_words(self, other: "Place") -> str:
        """Return the parts both say alike, as people say them."""
        kept = {name: None for name, a, b in zip(self._fields, self, other, strict=True) if a != b}
        both = self._replace(**kept)
        words = f"{both.building}栋" if both.building is not None else ""
        words += f"{both.unit}单元" if both.unit is not None else ""
        if both.flat is not None:
            return words + both.flat
        return words + (f"{both.floor}楼" if both.floor is not None else "")


def _number(words: str) -> int:
    """Return a number below 100.

    >>> [_number(words) for words in ("7", "十", "十三", "二十一")]
    [7, 10, 13, 21]
    """
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    return (_NUMBER.get(tens, 1) * 10 if ten else 0) + _NUMBER.get(ones, 0)


def place_of(text: str) -> Place:
    """Return the first building, unit, floor and flat that a text names.

    >>> place_of("22栋3单元8-4的门打不开")
    Place(building=22, unit=3, floor=8, flat='8-4')
    """
    plain = normalise(text)
    building, unit, floor = (
        _number(found[1]) if found else None
        for found in (_BUILDING.search(plain), _UNIT.search(plain), _FLOOR.search(plain))
    )
    door = _FLAT.search(plain)
    if door is None:
        return Place(building, unit, floor)
    return Place(building, unit, int(door[1]), f"{int(door[1])}-{int(door[2])}")
