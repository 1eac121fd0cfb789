"""Read the cells that only a list of residents has: address, birth, identity number, past jobs.

A birth that is known only by its month, year or the age is taken as late as it can be, so that
nobody counts as grown-up too early.
"""

import re
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from stdnum.iso7064 import mod_11_2

from webapp.core.spreadsheets.rows import Value
from webapp.core.vocabulary import Education, Sex
from webapp.imports.readers import cells
from webapp.imports.readers.cells import Reading, Unreadable, line, not_understood
from webapp.imports.readers.couples import read_names
from webapp.imports.readers.doors import Door, read_door
from webapp.residents import idnumber
from webapp.residents.forms.fields import EARLIEST_BIRTH

_NAME = re.compile(r"[^\d\s]{2,40}|[A-Za-z][A-Za-z .'-]{1,39}")
_YEARS_OLD = re.compile(r"(\d{1,3})\s*(?:周?岁)?")
_CALL = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|(?:0\d{2,3}[ -]?)?[2-8]\d{6,7})(?!\d)")
_RELATIVE = re.compile(r"[儿女夫妻父母爸妈孙媳婿姐妹哥弟嫂侄]|老公|老婆|爱人|老伴|家属|亲戚")
_NEIGHBOUR = re.compile(r"邻居|隔壁|朋友|同事|房东|楼长|网格员|老乡|代转|转告")
_PIECES = re.compile(r"[\n,，;；、|/]+")
_LASTED = re.compile(
    r"[(（]?\s*(\d{1,2}(?:\.5)?|半|[一二两三四五六七八九十]+)\s*(年半?|个?月)\s*[)）]?"
)
_SMALL = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_LONGEST_JOB = 60
_ID_LENGTH = 18
_CERTIFICATE_LENGTH = 20  # of the number on a disability certificate
_LOST = re.compile(r"\d(?:\.\d+)?E\+?1\d", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"(\d{4})\s*(?:年(?!\d).*)?")
_UNFINISHED = re.compile(r"肄业|在读|辍学|[没未](?:有)?(?:读完|毕业|上完|念完)|退学|半途")
_SPECIAL_SCHOOL = re.compile(r"特校|特殊教育|聋哑学校|盲校|培智")
#: What somebody has who began a school and did not finish it.
_BELOW = {
    Education.NONE: Education.NONE,
    Education.PRIMARY: Education.NONE,
    Education.JUNIOR_HIGH: Education.PRIMARY,
    Education.SENIOR_HIGH: Education.JUNIOR_HIGH,
    Education.VOCATIONAL: Education.JUNIOR_HIGH,
    Education.COLLEGE: Education.SENIOR_HIGH,
    Education.BACHELOR: Education.SENIOR_HIGH,
}


class Birth(NamedTuple):
    """A day of birth; ``exact`` unless it was taken from a month, a year or an age.

    ``written`` is the day, month or year as 1975-03-08, 1975-03 or 1975, empty for an age.
    """

    day: date
    exact: bool
    written: str = ""


class Job(NamedTuple):
    """One past job."""

    title: str
    months: int | None


def name(value: Value, reading: Reading) -> str:
    """Return a person's name: 2 to 40 characters, no digits; spaces inside Chinese fall away."""
    text = line(value)
    joined = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", text)
    if joined and not _NAME.fullmatch(joined):
        people = read_names(cells.words(value))  # a number may stand beside the name
        if not people:
            raise not_understood(text)
        return "、".join(one.name for one in people)
    return joined


def since(value: Value, reading: Reading) -> Birth | None:
    """Return the day on which somebody began to work; of a month or a year the last one.

    So nobody counts as in work for longer than is known.
    """
    text = line(value)
    if cells.is_empty(text):
        return None
    day = cells.exact_day(value)
    if day is not None:
        if not EARLIEST_BIRTH <= day <= reading.today:
            raise Unreadable(_("这一天不对"))
        return Birth(day, exact=True)
    year = _YEAR_ALONE.fullmatch(text)
    late = cells.last_day_of_month(text) or (
        date(int(year[1]), 12, 31) if year and int(year[1]) else None
    )
    if late is None or late < EARLIEST_BIRTH or late.year > reading.today.year:
        raise not_understood(text)
    reading.note(_("哪天开始工作的不全，按最晚的一天记"))
    return Birth(min(late, reading.today), exact=False)


def sex(value: Value, reading: Reading) -> Sex | None:
    """Return the sex as on the identity card."""
    text = line(value)
    if cells.is_empty(text):
        return None
    found = {"男": Sex.MALE, "女": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}.get(
        text.lower().removesuffix("性")
    )
    if found is None:
        raise not_understood(text)
    return found


def birth(value: Value, reading: Reading) -> Birth | None:
    """Return the day of birth; from a month or a year the last day of it."""
    text = line(value)
    if cells.is_empty(text):
        return None
    day = cells.exact_day(value)
    if day is not None:
        return _checked(Birth(day, exact=True, written=day.isoformat()), reading)
    year = _YEAR_ALONE.fullmatch(text)  # 1948年冬月 says the year: the month is the moon's
    late, written = cells.last_day_of_month(text), ""
    if late:
        written = f"{late:%Y-%m}"
    elif year and int(year[1]):
        late, written = date(int(year[1]), 12, 31), year[1]
    if late is None:
        raise not_understood(text)
    return _checked(Birth(min(late, reading.today), exact=False, written=written), reading)


def age(value: Value, reading: Reading) -> Birth | None:
    """Return the latest day of birth of somebody of that age today."""
    text = line(value)
    if cells.is_empty(text):
        return None
    found = _YEARS_OLD.fullmatch(text)
    if found is None or not 0 < int(found[1]) < 120:
        raise not_understood(text)
    year = reading.today.year - int(found[1])
    try:
        day = reading.today.replace(year=year)
    except ValueError:  # the 29th of February
        day = date(year, 3, 1)
    return _checked(Birth(day, exact=False), reading)


def _checked(found: Birth, reading: Reading) -> Birth:
    if not EARLIEST_BIRTH <= found.day <= reading.today:
        raise Unreadable(_("出生日期不对"))
    return found


def id_number(value: Value, reading: Reading) -> str | None:
    """Return a valid identity number. It is never shown in a message."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 1e14:
        message = _("身份证号被表格当成了数字，末几位已经丢了，请把这一列设成文本重填")
        raise Unreadable(message, "id_damaged")
    text = id_text(value)
    if cells.is_empty(text):
        return None
    if _LOST.fullmatch(text):
        message = _("身份证号只剩 5.1E+17 这样的样子，末几位已经丢了，请重填")
        raise Unreadable(message, "id_scientific")
    if len(text) == _CERTIFICATE_LENGTH and text[:-2].isalnum():
        reading.note(_("“%(column)s”里是残疾证号，不是身份证号", column=reading.header))
        return None
    if idnumber.birth_date(text) is None:
        raise Unreadable(_("身份证号不对，请照证件核对"), _id_fault(text))
    return text


def id_text(value: Value) -> str:
    """Return an identity number as it was typed, without spaces, dashes and quotes."""
    return re.sub(r"[\s\-'’‘\"=]", "", line(value)).upper()


def _id_fault(text: str) -> str:
    if len(text) != _ID_LENGTH:
        return "id_length"
    return "id_date" if mod_11_2.is_valid(text) else "id_checksum"


def phone(value: Value, reading: Reading) -> tuple[str | None, str]:
    """Return the mobile number, and other words on how to be reached.

    Of several numbers the first counts. Digits that are no number are told and left out.
    """
    text: str = cells.short(100)(value, reading)
    if cells.is_empty(text):
        return None, ""
    first = first_number(text)
    mobile = cells.mobile(first) if first else None
    if first is None and re.fullmatch(r"[\d\s+-]*", text):
        raise not_understood(text)
    return (mobile, "") if mobile and len(text) <= 16 else (mobile, text)


def first_number(text: str) -> str | None:
    """Return the digits of the first number to ring in a text.

    >>> first_number("138 0000 0001（女儿）"), first_number("023-65000001 / 13800000001")
    ('13800000001', '02365000001')
    """
    found = _CALL.search(text)
    return re.sub(r"\D", "", found[0]) if found else None


def whose(text: str) -> str | None:
    """Return ``relative`` or ``other`` where a text says so of its first number, else ``self``."""
    first = _CALL.search(text)
    second = _CALL.search(text, first.end()) if first else None
    said = text[: second.start()] if second else text
    if _RELATIVE.search(said):
        return "relative"
    return "other" if _NEIGHBOUR.search(said) else "self"


def unit_address(value: Value, reading: Reading) -> str:
    """Return the words of an address that names a flat, perhaps without its building."""
    text = line(value)
    if cells.is_empty(text):
        return ""
    door = read_door(text, Door())
    if door is None or (door.flat == text and text.isdigit()):
        raise Unreadable(_("“%(what)s”看不懂，门牌要写成 3栋2单元-501 这样", what=text[:30]))
    return text


def education(value: Value, reading: Reading) -> Education | None:
    """Return the schooling somebody has; 「初中以下」 is the level below the one named."""
    text = line(value)
    if cells.is_empty(text) or cells.NO_LEVEL.search(text):
        return None if text != "无" else Education.NONE
    if _SPECIAL_SCHOOL.search(text):
        return None
    found = cells.levels(text)
    if not found:
        raise not_understood(text)
    level = found[-1]
    if _UNFINISHED.search(text):
        return _BELOW[level]
    if "以下" in text and "及以下" not in text:
        order = [
            one for one in Education if one is not Education.SENIOR_HIGH or level != "vocational"
        ]
        level = order[max(order.index(level) - 1, 0)]
    return level


def experience(value: Value, reading: Reading) -> list[Job]:
    """Return past jobs, parted by commas or lines; 「3年」 in one says how long it lasted."""
    text = line(str(cells.words(value)).replace("\n", "；"))
    jobs: dict[str, Job] = {}
    for piece in _PIECES.split(text):
        lasted = _LASTED.search(piece)
        job = (piece.replace(lasted[0], "") if lasted else piece).strip(" :：-,")
        if not job or cells.is_empty(job):
            continue
        if len(job) > _LONGEST_JOB:
            reading.note(_("有一段工作经历太长，只记了前 %(n)d 个字", n=_LONGEST_JOB))
        job = job[:_LONGEST_JOB]
        jobs.setdefault(job, Job(job, _months(lasted) if lasted else None))
    if len(jobs) > 20:
        raise Unreadable(_("工作经历最多写 20 段"))
    return list(jobs.values())


def _months(lasted: re.Match[str]) -> int | None:
    number = 0.5 if lasted[1] == "半" else _SMALL.get(lasted[1])
    if number is None:
        try:
            number = float(lasted[1])
        except ValueError:
            return None
    if lasted[2].startswith("年"):
        return round(number * 12) + (6 if lasted[2] == "年半" else 0)
    return round(number)
