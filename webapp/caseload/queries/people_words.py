"""What staff type to find people, read as conditions: 「会缝纫、上午有空、九栋附近」.

Pure: nothing is looked up. What nothing else claims is a name or some work. Disability, allowance
and the like are read only to be left out: nobody is found by them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from webapp.residents.unit_address import normalise_unit_address

_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
_DAY = r"(?:周|星期|礼拜)[一二三四五六日天末]|工作日"
_TIME = "上午|早上|早晨|中午|下午|晚上|白天|全天|整天"
_FREE = re.compile(
    rf"(?:(?P<day>{_DAY})的?(?P<time>{_TIME})?|(?P<only>{_TIME}))"
    r"(?:都|要|也)?(?:能|可以)?(?:有空|得空|有时间|空闲|空|上班|做|来)?的?"
)
_AGE = re.compile(
    rf"(?P<low>{_NUMBER})(?:多(?P<decade>)|(?:到|至|-|—)(?P<high>{_NUMBER}))?岁"
    r"(?P<way>以上|以下|以内|左右|上下)?的?"
)
_BUILDING = re.compile(
    rf"(?P<number>{_NUMBER})(?:栋|幢|号楼)(?P<near>附近|旁边|周围|隔壁|那边|一带)?的?(?![\d\-单])"
)
_CERTIFICATE = re.compile(r"^(?:有|持|持有|考了|拿了)?(?P<name>[\w]{1,10}(?:证|驾照))的?$")
_WITHHELD = re.compile(
    "残疾|残障|低保|困难户|特困|救助|身份证|聋|哑|盲人|瘸|看不见|听不见|精神|智力|癌|乙肝|艾滋|[有得]病"
)
_SKILL = re.compile(r"^(?:会|懂|能做|做过|干过|搞过|学过|有)(?P<work>.{1,20}?)(?:经验|的)*$")
_WISH = re.compile(r"^(?:想做|想找|想学|想干|想当|想|愿意做|愿意|要找)(?P<work>.{1,20}?)的?$")
_PARTS = re.compile(r"[\s,，、;；。.]+")
_TIMES = {
    "上午": ("09:00", "11:30"),
    "早上": ("07:00", "09:00"),
    "早晨": ("07:00", "09:00"),
    "中午": ("11:30", "13:30"),
    "下午": ("14:00", "17:00"),
    "晚上": ("19:00", "21:00"),
    "白天": ("09:00", "17:00"),
    "全天": ("08:30", "17:30"),
    "整天": ("08:30", "17:30"),
}
_WEEKDAYS, _WEEKEND = "12345", "67"
_NEAR = 2  # buildings to either side
_ABOUT = 3  # years to either side
_OLDEST = 130
_LEAST_DIGITS = 3  # fewer digits fit everybody


class Condition(StrEnum):
    """What a part of the text asks of a person."""

    PHONE = "phone"
    ADDRESS = "address"
    BUILDING = "building"
    FREE = "free"
    AGE = "age"
    CERTIFICATE = "certificate"
    SKILL = "skill"
    WISH = "wish"
    WORDS = "words"  # a name, an address or some work
    WITHHELD = "withheld"  # nobody is found by this


@dataclass(frozen=True)
class Asked:
    """One condition: the words that ask it, what it was understood as, and its value."""

    condition: Condition
    typed: str
    label: str
    value: Any = None


def read_conditions(text: str) -> list[Asked]:
    """Return the conditions of a text, each once; those left out too."""
    found: list[Asked] = []
    for part in _PARTS.split(text):
        found += _read_part(part) if part else []
    return list({(one.condition, one.label): one for one in found}.values())


def without(text: str, asked: Asked) -> str:
    """Return the text without the words of one condition."""
    return _PARTS.sub(" ", text.replace(asked.typed, " ", 1)).strip()


def _read_part(part: str) -> list[Asked]:
    if _WITHHELD.search(part):
        return [Asked(Condition.WITHHELD, part, part)]
    if part.isascii() and part.isdigit() and len(part) >= _LEAST_DIGITS:
        return [Asked(Condition.PHONE, part, _("电话里有 %(digits)s", digits=part), part)]
    address = normalise_unit_address(part)
    if address:
        return [Asked(Condition.ADDRESS, part, _("住 %(address)s", address=address), address)]
    found: list[Asked] = []
    rest = part
    ways: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Asked]]] = [
        (_AGE, _age),
        (_BUILDING, _building),
        (_FREE, _free),
    ]
    for pattern, read in ways:
        found.extend(read(match) for match in pattern.finditer(rest))
        rest = pattern.sub(" ", rest)
    return [*found, *(_words(one) for one in rest.split())]


def _age(match: re.Match[str]) -> Asked:
    low = number(match["low"])
    if match["decade"] is not None:
        ages = (low, low + 9)
    elif match["high"]:
        ages = (low, number(match["high"]))
    elif match["way"] == "以上":
        ages = (low, _OLDEST)
    elif match["way"] in {"以下", "以内"}:
        ages = (0, low)
    else:
        about = _ABOUT if match["way"] else 0
        ages = (low - about, low + about)
    if ages[1] == _OLDEST:
        label = _("%(n)d 岁以上", n=ages[0])
    elif ages[0] == 0:
        label = _("%(n)d 岁以下", n=ages[1])
    else:
        label = _("%(low)d 到 %(high)d 岁", low=ages[0], high=ages[1])
        label = _("%(n)d 岁", n=low) if ages[0] == ages[1] else label
    return Asked(Condition.AGE, match[0], label, ages)


def _building(match: re.Match[str]) -> Asked:
    here = number(match["number"])
    if not match["near"]:
        return Asked(Condition.BUILDING, match[0], _("住 %(n)d 栋", n=here), (here, here, here))
    low, high = max(here - _NEAR, 1), here + _NEAR
    label = _("%(n)d 栋附近（%(low)d 到 %(high)d 栋）", n=here, low=low, high=high)
    return Asked(Condition.BUILDING, match[0], label, (low, here, high))


def _free(match: re.Match[str]) -> Asked:
    time = match["time"] or match["only"]
    day = match["day"] or ""
    if not day:
        days = _WEEKDAYS
    elif day.endswith("末"):
        days = _WEEKEND
    elif day == "工作日":
        days = _WEEKDAYS
    else:
        days = str("一二三四五六日天".index(day[-1]) + 1).replace("8", "7")
    said = f"{day}{time or ''}"
    start, end = _TIMES[time or "上午"]
    either = [(start, end)] if time else [(start, end), _TIMES["下午"]]
    return Asked(Condition.FREE, match[0], _("%(when)s有空", when=said), (days, tuple(either)))


def _words(part: str) -> Asked:
    certificate = _CERTIFICATE.match(part)
    if certificate:
        name = certificate["name"]
        return Asked(Condition.CERTIFICATE, part, _("有%(name)s", name=name), name)
    wish = _WISH.match(part)
    if wish:
        work = wish["work"]
        return Asked(Condition.WISH, part, _("想做：%(work)s", work=work), work)
    skill = _SKILL.match(part)
    if skill:
        work = skill["work"]
        return Asked(Condition.SKILL, part, _("会：%(work)s", work=work), work)
    return Asked(Condition.WORDS, part, part, part)


def number(text: str) -> int:
    """Return a number below a hundred, or in digits.

    >>> [number(text) for text in ("9", "九", "十二", "五十", "三十五")]
    [9, 9, 12, 50, 35]
    """
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
