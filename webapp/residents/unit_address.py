"""Unit addresses of the estate: the one parser for forms, staff and imports.

One flat is written in many ways: 「3栋2单元501」, 「3-2-5-1」, 「3#2-501」, 「三幢二单元5-1」; in
Chongqing 5-1 is the first flat of the fifth floor. All of these are the same unit address.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _

from webapp.core.errors import Refused
from webapp.rulebook import figures

# Where the community lies, from broad to narrow; see eligibility.places for how far agreement goes.
ESTATE = "重庆市/九龙坡区/华岩镇/华龙家园"

_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百]+")
_UNIT_ADDRESS = re.compile(
    r"(?:华龙家园)?"
    r"(?P<building>\d{1,3})(?:栋|幢|号楼|#楼|#|-)-?"
    r"(?:(?P<unit>\d{1,2})(?P<said>单元)?(?:(?<=单元)-?|-))?"
    r"(?:(?P<floor>\d{1,2})(?:-|楼|层)(?P<number>\d{1,2})|(?P<flat>\d{1,4}))"
    r"(?:室|号|房)?"
)


class UnitAddress(NamedTuple):
    """A flat of the estate; ``unit`` is ``None`` where a building has but one staircase.

    ``flat`` is the floor times a hundred plus the number on it, as on most doors: 501.
    """

    building: int
    unit: int | None
    flat: int

    def __str__(self) -> str:
        """Return the usual form, by which households are found: 「3栋2单元-501」."""
        unit = "" if self.unit is None else f"{self.unit}单元"
        return f"{self.building}栋{unit}-{self.flat}"


class UnknownUnitAddress(Refused):
    """The text is no unit address, or none that the estate has; the message says which."""


def read_unit_address(text: str) -> UnitAddress | None:
    """Return the unit address a text holds, ``None`` when it holds none.

    One or two digits between dashes are never a flat by themselves: 「3-5-1」 is the first flat
    on the fifth floor of a building without units.

    >>> [str(read_unit_address(text)) for text in ("３栋2单元 501室", "三幢二单元5-1", "3-2-5-1")]
    ['3栋2单元-501', '3栋2单元-501', '3栋2单元-501']
    >>> [str(read_unit_address(text)) for text in ("7#2-1203", "12栋1004", "十二栋十楼四号")]
    ['7栋2单元-1203', '12栋-1004', '12栋-1004']
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s,、，。.]+", "", plain)
    plain = re.sub(r"[—–―‐‑−_/~]", "-", plain)
    plain = digits_of(plain)
    found = _UNIT_ADDRESS.fullmatch(plain)
    if not found:
        return None
    building, unit = int(found["building"]), found["unit"]
    floor, number, flat = found["floor"], found["number"], found["flat"]
    if unit and not found["said"] and flat and len(flat) <= 2:
        unit, floor, number, flat = None, unit, flat, None
    whole = int(flat) if flat else int(floor) * 100 + int(number)
    staircase = None if unit is None else int(unit)
    no_such_number = (whole >= 100 and whole % 100 == 0) or (floor and not int(floor))
    if not building or not whole or staircase == 0 or no_such_number:
        return None
    return UnitAddress(building, staircase, whole)


def normalise_unit_address(text: str) -> str | None:
    """Return the usual form of a unit address, ``None`` when ``text`` holds none."""
    found = read_unit_address(text)
    return None if found is None else str(found)


def known_unit_address(text: str, *, on: date) -> str:
    """Return the usual form of a unit address that the estate can have on that day.

    How many buildings, units, floors and flats there are is in the rule book. Raises
    :class:`UnknownUnitAddress` with a message for the person who typed.
    """
    found = read_unit_address(text)
    if found is None:
        raise UnknownUnitAddress(
            _("看不懂这个门牌，请写栋、单元、房号，像 3栋2单元-501 或 3-2-5-1 这样填")
        )
    floor, number = divmod(found.flat, 100)
    for value, rule, message in (
        (found.building, "estate_buildings", _("小区没有 %(n)d 栋", n=found.building)),
        (found.unit or 1, "estate_units", _("小区没有 %(n)d 单元", n=found.unit or 1)),
        (floor, "estate_floors", _("小区没有 %(n)d 楼", n=floor)),
        (number, "estate_flats", _("一层楼没有 %(n)d 号房", n=number)),
    ):
        if value > figures.rule(rule, on=on):
            raise UnknownUnitAddress(
                _("门牌不对：%(what)s。请照着门上写，像 3栋2单元-501", what=message)
            )
    return str(found)


def digits_of(text: str) -> str:
    """Return a text with its Chinese numbers in digits.

    >>> digits_of("十二栋三单元")
    '12栋3单元'
    """
    return _CHINESE.sub(lambda found: _number(found[0]), text)


def _number(signs: str) -> str:
    """Return a Chinese number in digits: 十二 → 12, 一百零二 → 102, 五零一 → 501."""
    if not re.search("[十百]", signs):
        return "".join(str(_DIGITS[sign]) for sign in signs)
    found = re.fullmatch(
        r"(?:([一二两三四五六七八九])百)?[零〇]?(?:([一二两三四五六七八九])?(十))?(.?)", signs
    )
    if not found:
        return signs
    hundreds, tens, ten, ones = found.groups()
    whole = _DIGITS.get(hundreds, 0) * 100 if hundreds else 0
    if ten:
        whole += (_DIGITS[tens] if tens else 1) * 10
    if ones and ones not in _DIGITS:
        return signs
    return str(whole + (_DIGITS[ones] if ones else 0))
