"""Read the cells that only a list of residents has: address, birth, identity number, past jobs.

A birth that is known only by its month, year or the age is taken as late as it can be, so that
nobody counts as grown-up too early.
"""

import re
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from stdnum.iso7064 import mod_11_2

from webapp.core import clock
from webapp.core.spreadsheets import Value
from webapp.core.vocabulary import ALWAYS, Demand, Education, Reach, Sex
from webapp.imports.readers import cells
from webapp.imports.readers.cells import Reading, Unreadable, line, not_understood
from webapp.imports.readers.hours import read_hours
from webapp.residents import idnumber
from webapp.residents.forms.fields import EARLIEST_BIRTH
from webapp.residents.unit_address import UnknownUnitAddress, known_unit_address

_NAME = re.compile(r"[^\d\s]{2,40}|[A-Za-z][A-Za-z .'-]{1,39}")
_YEARS_OLD = re.compile(r"(\d{1,3})\s*(?:周?岁)?")
_NO = re.compile(r"否|不是|没|无|没有|0|×|x|n|no|不享受|非低保|健全|未享受", re.IGNORECASE)
_PIECES = re.compile(r"[\n,，;；、|/]+")
_LASTED = re.compile(
    r"[(（]?\s*(\d{1,2}(?:\.5)?|半|[一二两三四五六七八九十]+)\s*(年半?|个?月)\s*[)）]?"
)
_SMALL = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_LONGEST_JOB = 60
_ID_LENGTH = 18
# The nearest named counts: 「小区里，最远到华岩」 is not read at all.
_REACH = (
    (re.compile(r"只?能?在?家(?:里|中)?(?:做|干|加工)?|不出门|居家"), Reach.HOME),
    (re.compile(r"(?:本)?小区(?:里|内|附近)?|社区(?:里|内)?|家门口|走路能到|步行"), Reach.ESTATE),
    (
        re.compile(r"(?:华岩)?(?:本)?(?:镇|街道)(?:内|上|一带)?|华岩一?带?|附近|离家近|就近"),
        Reach.STREET,
    ),
    (re.compile(r"(?:九龙坡)?(?:本)?区(?:内|里)?|九龙坡"), Reach.DISTRICT),
    (re.compile(r"(?:重庆)?(?:市内|主城区?|全市|市区|本市|重庆市?)"), Reach.CITY),
    (re.compile(r"不限|外地(?:也行|可以|都行)?|哪里都行|都可以|全国|都行"), Reach.ANYWHERE),
)
# What people say they cannot do, as demands of work; an illness is never taken over.
_LIMITS = (
    (re.compile(r"久站|长时间站|站久|站立"), Demand.STANDING),
    (re.compile(r"走远|走多|走很多|走路|久走"), Demand.WALKING),
    (re.compile(r"搬|重物|重活|负重|体力活|抬"), Demand.LIFTING),
    (re.compile(r"楼梯|爬楼|上楼"), Demand.STAIRS),
    (re.compile(r"户外|室外|日晒|雨淋|晒太阳"), Demand.OUTDOORS),
    (re.compile(r"登高|高空|恐高|爬高"), Demand.HEIGHTS),
    (re.compile(r"夜班|熬夜|晚班|通宵"), Demand.NIGHT),
    (re.compile(r"精细|细活|手指"), Demand.FINE_HAND),
    (re.compile(r"双手|两只手|单手"), Demand.TWO_HANDS),
    (re.compile(r"眼力|看小|看不清|用眼"), Demand.EYESIGHT),
    (re.compile(r"听力|听不清|耳朵"), Demand.HEARING),
    (re.compile(r"说话|开口|讲话"), Demand.SPEECH),
    (re.compile(r"认字|识字|读写|写字|看书"), Demand.READING),
    (re.compile(r"智能手机|手机|电脑"), Demand.SMARTPHONE),
    (re.compile(r"顾客|客户|接待|见人|打交道"), Demand.CUSTOMER_CONTACT),
)


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
        raise not_understood(text)
    return joined


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
    year = re.fullmatch(r"(\d{4})\s*年?", text)
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
    if idnumber.birth_date(text) is None:
        raise Unreadable(_("身份证号不对，请照证件核对"), _id_fault(text))
    return text


def id_text(value: Value) -> str:
    """Return an identity number as it was typed, without spaces, dashes and quotes."""
    return re.sub(r"[\s\-']", "", line(value)).upper()


def _id_fault(text: str) -> str:
    if len(text) != _ID_LENGTH:
        return "id_length"
    return "id_date" if mod_11_2.is_valid(text) else "id_checksum"


def phone(value: Value, reading: Reading) -> tuple[str | None, str]:
    """Return the mobile number, and other words on how to be reached."""
    text: str = cells.short(100)(value, reading)
    if cells.is_empty(text):
        return None, ""
    found = cells.mobile(text)
    if (
        found is None
        and re.fullmatch(r"[\d\s+-]*", text)
        and not 7 <= len(re.findall(r"\d", text)) <= 12
    ):
        raise not_understood(text)
    return (found, "") if found and len(text) <= 16 else (found, text)


def unit_address(value: Value, reading: Reading) -> str:
    """Return the usual form of a unit address of the estate, empty for an empty cell."""
    text = line(value)
    if cells.is_empty(text):
        return ""
    try:
        return known_unit_address(re.sub(r"^.*?(?=华龙家园)", "", text), on=clock.today())
    except UnknownUnitAddress as unknown:
        raise Unreadable(_("“%(what)s”：%(why)s", what=text[:30], why=unknown.message)) from unknown


def education(value: Value, reading: Reading) -> Education | None:
    """Return the schooling somebody has; 「初中以下」 is the level below the one named."""
    text = line(value)
    if cells.is_empty(text) or cells.NO_LEVEL.search(text):
        return None if text != "无" else Education.NONE
    found = cells.levels(text)
    if not found:
        raise not_understood(text)
    level = found[-1]
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


def limits(value: Value, reading: Reading) -> list[str]:
    """Return the demands somebody cannot meet; other words are left out, with a note.

    They may name an illness, which is not kept: staff ask what the person cannot do.
    """
    found: dict[str, None] = {}
    for piece in cells.phrases(value, reading):
        known = [demand.value for sign, demand in _LIMITS if sign.search(piece)]
        found |= dict.fromkeys(known)
        if not known:
            reading.note(_("“不能做的”有看不懂的话，没有录入，请和本人核对"))
    return list(found)


def reach(value: Value, reading: Reading) -> Reach | None:
    """Return how far somebody can go; other words are left out, with a note."""
    text = line(value)
    if cells.is_empty(text):
        return None
    for sign, found in _REACH:
        if sign.fullmatch(text):
            return found
    reading.note(_("“能走多远”看不懂，没有录入，请和本人核对"))
    return None


def available(value: Value, reading: Reading) -> tuple[str, list[dict[str, str]]]:
    """Return the windows of free time, and the words instead where they are not clear."""
    text: str = cells.short(150)(value, reading)
    if cells.is_empty(text):
        return "", []
    windows = read_hours(text)
    if windows is None:
        reading.note(_("“空闲时间”读不成钟点，原话记在情况里"))
        return text, []
    return "", windows or ALWAYS


def min_pay(value: Value, reading: Reading) -> int | None:
    """Return the least pay wanted, in fen a month."""
    text = line(value)
    if cells.is_empty(text) or text in {"面议", "不限", "随便", "都行"}:
        return None
    read = cells.pay(text)
    figures = (read.month_min_fen, read.month_max_fen)
    found = next((fen for fen in figures if fen is not None), None)
    if found is None or not cells.pay_fits(read):
        raise not_understood(text)
    return found


def fact(value: Value, reading: Reading) -> str | None:
    """Return a sensitive fact in its own words; empty for 否, ``None`` where nothing is said.

    Never shown in a message.
    """
    text = line(value)
    if not text:
        return None
    if cells.is_empty(text) or _NO.fullmatch(text):
        return ""
    if len(text) > 200:
        raise Unreadable(_("太长了，最多 %(n)d 个字", n=200))
    return text
