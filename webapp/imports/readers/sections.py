"""What stands around people in a list: its title, the sheet's name, headings between the rows.

They say what holds for everybody below: the building, the staircase, 低保户, 已就业人员.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from webapp.core.spreadsheets.rows import plain
from webapp.residents.unit_address import digits_of

_BUILDING = re.compile(r"(?<!\d)(\d{1,3})\s*(?:栋|幢|号楼|#楼|#)")
_UNIT = re.compile(r"(?<!\d)(\d{1,2})\s*单元")
_ALLOWANCE = re.compile(r"低保(?:户|家庭|人员|对象)|(?:享受|领取?)低保")
_STATES = (
    (
        "looking",
        re.compile(r"(?<![无没])有(?:求职|就业)?意[愿向]|求职人员|失业人员|未就业人员"),
    ),
    ("employed", re.compile(r"已就业|在业人员|在职人员|(?<!未)就业人员")),
    ("retired", re.compile(r"退休人员")),
)
# A heading that says nothing we know still ends what the one above it said: 一般户 after 低保户.
_GROUP = re.compile(r"(?:户|家庭|人员|对象|群体)(?:[(（][^()（）]*[)）])?[:：]?$")
_UNDECIDED = re.compile(r"或|及|和|、")
_NUMBERED = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]")
_LONGEST = 25
_SENTENCE = re.compile(r"[，。；,;!！?？]")
_MONTH = re.compile(
    r"(?<!\d)(20\d\d)\s*[年./\-]\s*(\d{1,2})(?:\s*[./\-]\s*(\d{1,2})|\s*月\s*(\d{1,2})\s*[日号])?"
    r"(?:\s*月?\s*[—–\-~至到]+\s*(\d{1,2})\s*月)?"
)


class Section(NamedTuple):
    """What a heading says; ``None`` and empty where it says nothing."""

    building: str | None = None
    unit: str | None = None
    low_income: bool | None = None
    status: str = ""

    def after(self, other: "Section") -> "Section":
        """Return what holds when this heading follows another: a new building has new stairs."""
        unit = self.unit or (None if self.building else other.unit)
        if (self.building or self.unit) and self.low_income is None and not self.status:
            return other._replace(building=self.building or other.building, unit=unit)
        return self._replace(building=self.building or other.building, unit=unit)


@lru_cache(maxsize=4096)
def read_section(text: str) -> Section:
    """Return what a title or heading says of the people below it.

    >>> read_section("二、3栋2单元低保户（12户）")
    Section(building='3', unit='2', low_income=True, status='')
    """
    said = digits_of(_NUMBERED.sub("", plain(text)))
    building, unit = _BUILDING.search(said), _UNIT.search(said)
    status = next((state for state, sign in _STATES if sign.search(said)), "")
    return Section(
        building[1] if building else None,
        unit[1] if unit else None,
        True if _ALLOWANCE.search(said) and not _UNDECIDED.search(said) else None,
        status,
    )


def is_heading(text: str) -> bool:
    """Whether a text that stands alone in its row tells something of the rows below."""
    if len(text) > _LONGEST or _SENTENCE.search(text):
        return False
    return bool(_GROUP.search(text)) or read_section(text) != Section()


def day_of_list(texts: list[str], today: date) -> date | None:
    """Return the last day that is named around a list and is not yet to come."""
    found = []
    for text in texts:
        for match in _MONTH.finditer(text):
            year, month, day = match[1], match[5] or match[2], match[3] or match[4]
            try:
                last = monthrange(int(year), int(month))[1]
                found.append(date(int(year), int(month), int(day) if day else last))
            except ValueError:
                continue
    return max((day for day in found if day <= today), default=None)
