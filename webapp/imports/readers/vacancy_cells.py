"""Read the cells that only a list of vacancies has: pay, headcount, conditions, validity."""

import re
from datetime import date, timedelta

import cn2an
from flask_babel import gettext as _

from webapp.core.place_names import FoundPlace, read_place
from webapp.core.spreadsheets.rows import Value
from webapp.core.vocabulary import Education
from webapp.engine.records import ReadPay
from webapp.imports.readers import cells
from webapp.imports.readers.cells import Reading, Unreadable, line, not_understood
from webapp.imports.readers.hours import read_hours

MOST_PEOPLE = 10_000
_LONGEST_PAY = 80
_ASK = re.compile(
    r"(?:薪资|待遇|工资|薪酬|价格)?\s*(?:面议|电议|面谈|面洽|待定|详谈|详询|从优|优厚|协商|另议"
    r"|商议|可谈|不限|保密|按公司规定|按规定|电话咨询|见描述|面试时谈|其他)+\s*"
)
# What a header says of the unit of its bare figures.
_HEADER_UNITS = (
    (re.compile(r"时薪|小时|元/时"), "元/小时"),
    (re.compile(r"日薪|日工资|天|元/日"), "元/天"),
    (re.compile(r"计件|单价|件"), "元/件"),
    (re.compile(r"年薪|年收入|元/年"), "元/年"),
    (re.compile(r"月|底薪"), "元/月"),
)
_THOUSANDS = re.compile(r"千元|[(/]\s*k\b", re.IGNORECASE)
_BARE = re.compile(r"\d+(?:\.\d+)?(?:\s*[-~—–至到]+\s*\d+(?:\.\d+)?)?")
_SUSPENDED = re.compile(
    r"(?:不限|若干|数|多|几|大量|长期|常年|无限|招满为止|待定|急)?\s*[人名位个员]*"
)
_NUMBER = r"(\d+|[〇零一二两三四五六七八九十百千]+)"
_PEOPLE = r"[人名位个]*"
_ONE = re.compile(
    rf"(?:大?约|招聘?|需要?|共|急招|拟招)?{_NUMBER}(?:余|多|来)?{_PEOPLE}(?:以上|左右|及以上|起|以内)?{_PEOPLE}"
)
_RANGE = re.compile(rf"{_NUMBER}{_PEOPLE}[-~—–至到]+{_NUMBER}{_PEOPLE}")
_EACH = re.compile(rf"男女各{_NUMBER}{_PEOPLE}")
_BOTH = re.compile(rf"[男女]{_NUMBER}{_PEOPLE}[,，、;]?[男女]{_NUMBER}{_PEOPLE}")
_NO_SEX = re.compile(r"(?:性别)?(?:男女)?(?:都|均)?(?:不限|无要求|不要求|不拘|可|皆可|均可|男女)")
_NO_AGE = re.compile(r"(?:年龄)?(?:不限|无要求|不要求)|16周?岁以上|年满16周?岁")
_DURATION = re.compile(r"(\d{1,4})\s*(天|日|周|个?月|年)(?:内|有效)?")
_NO_END = re.compile(r"长期(?:有效|招聘)?|招满(?:为止|即止)?|不限|永久|即日起?|常年|待定")
_DAYS_IN = {"天": 1, "日": 1, "周": 7, "月": 30, "个月": 30, "年": 365}


def title(value: Value, reading: Reading) -> str:
    """Read what the work is called, at most 80 characters."""
    text: str = cells.short(80)(value, reading)
    if text.isdigit():
        raise not_understood(text)
    return text


def pay(value: Value, reading: Reading) -> tuple[str, ReadPay]:
    """Return the pay's own words (at most 80 characters) and what they say.

    面议 and the like say nothing. A bare figure takes its unit from the column's header (时薪,
    日薪, 单价, 年薪, 月薪), and from a thousand on it is a month's pay; a figure whose unit nobody
    can tell, and words without any figure, are refused.
    """
    text = line(value)
    if cells.is_empty(text) or _ASK.fullmatch(text):
        return text[:_LONGEST_PAY], ReadPay()
    read = cells.pay(text)
    unit = next((unit for sign, unit in _HEADER_UNITS if sign.search(reading.header)), None)
    if unit and _BARE.fullmatch(text):
        unit = unit.replace("元", "千元") if _THOUSANDS.search(reading.header) else unit
        text = f"{text}{unit}"
        read = cells.pay(text)
    if read.min_fen is None and read.max_fen is None:
        raise not_understood(text)
    if read.unit is None and reading.per_unit and _BARE.fullmatch(text):
        text = f"{text}{reading.per_unit}"
        read = cells.pay(text)
        reading.note(_("工钱没写按什么算，按您定的“%(unit)s”", unit=reading.per_unit))
    if read.unit is None:
        raise Unreadable(_("“%(what)s”没写是按月、按天、按小时还是按件", what=text[:30]))
    if not cells.pay_fits(read):
        raise Unreadable(_("“%(what)s”数目不对", what=text[:30]))
    if len(text) > _LONGEST_PAY:
        reading.note(_("工钱写得太长，全文见描述"))
    return text, read


def headcount(value: Value, reading: Reading) -> int | None:
    """Return how many people are wanted, 1 to 10,000; ``None`` where the cell leaves it open.

    「10人」, 「约10人」, 「10人以上」 are 10, 「3-5人」 the larger figure (that many may be taken
    on), 「男2女3」 and 「男女各2名」 the sum. 「若干」, 「数名」 and nothing leave it open.
    """
    text = re.sub(r"\s+", "", line(value))
    if _SUSPENDED.fullmatch(text):
        return None
    found: int | None = None
    if match := _ONE.fullmatch(text):
        found = _whole(match[1])
    elif match := _RANGE.fullmatch(text):
        found = max(_whole(match[1]), _whole(match[2]))
        reading.note(_("人数是个范围，按多的算"))
    elif match := _EACH.fullmatch(text):
        found = 2 * _whole(match[1])
        reading.note(sex_note())
    elif match := _BOTH.fullmatch(text):
        found = _whole(match[1]) + _whole(match[2])
        reading.note(sex_note())
    if found is None:
        raise not_understood(text)
    if not 1 <= found <= MOST_PEOPLE:
        raise Unreadable(_("人数要在 1 到 %(n)d 之间", n=MOST_PEOPLE))
    return found


def _whole(text: str) -> int:
    if text.isdigit():
        return int(text) if len(text) < 8 else MOST_PEOPLE + 1
    try:
        return int(cn2an.cn2an(text.replace("两", "二").replace("〇", "零"), "smart"))
    except ValueError as error:
        raise not_understood(text) from error


def sex_note() -> str:
    """Return the note on a condition of sex, which is never taken over."""
    return _("写了性别要求，没有录入：招聘不能限制性别")


def sex(value: Value, reading: Reading) -> None:
    """Note a condition of sex; the law forbids it, so it is recorded nowhere."""
    text = line(value)
    if not cells.is_empty(text) and not _NO_SEX.fullmatch(text):
        reading.note(sex_note())


def age(value: Value, reading: Reading) -> None:
    """Note an age limit; it is not taken over, staff ask the employer why there is one."""
    text = line(value)
    if not cells.is_empty(text) and not _NO_AGE.fullmatch(text):
        reading.note(_("写了年龄限制，没有录入：请问清单位有没有正当理由"))


def education(value: Value, reading: Reading) -> Education | None:
    """Return the least schooling asked for; ``None`` for an empty cell.

    不限 is :attr:`Education.NONE`, and so is 「初中以下」, which asks for nothing. Of several
    levels the lowest is the least asked for. 硕士 and 博士 are bachelor, the highest on the list.
    """
    text = line(value)
    if cells.is_empty(text):
        return None
    if cells.NO_LEVEL.search(text):
        return Education.NONE
    found = cells.levels(text)
    if not found:
        raise not_understood(text)
    if "以下" in text:
        return Education.NONE
    if re.search(r"硕士|博士|研究生", text):
        reading.note(_("学历要求高于本科，按本科录入"))
    return found[0]


def place(value: Value, reading: Reading) -> FoundPlace:
    """Return the place path, and the address where the cell says more than that."""
    text = line(value)
    if len(text) > 120:
        raise Unreadable(_("太长了，最多 %(n)d 个字", n=120))
    return read_place(text)


def posted(value: Value, reading: Reading) -> date | None:
    """Return the day a vacancy was put up."""
    text = line(value)
    if cells.is_empty(text):
        return None
    found = cells.exact_day(value) or cells.last_day_of_month(text)
    if found is None:
        days = cells.all_days(text)
        if not days:
            raise not_understood(text)
        found = days[0]
    return found


def valid_until(value: Value, reading: Reading) -> date | timedelta | None:
    """Return the last day, or how long from the day it was put up; ``None`` for 长期, 招满为止.

    Of a range of days the last counts; a month counts to its end and is 30 days long.
    """
    text = line(value)
    if cells.is_empty(text) or _NO_END.fullmatch(text):
        return None
    found = cells.exact_day(value) or cells.last_day_of_month(text)
    if found:
        return found
    days = cells.all_days(text)
    if days:
        return days[-1]
    duration = _DURATION.fullmatch(text)
    if duration:
        return timedelta(days=int(duration[1]) * _DAYS_IN[duration[2]])
    raise not_understood(text)


def hours(value: Value, reading: Reading) -> tuple[str, list[dict[str, str]] | None]:
    """Return the hours' own words and their windows, ``None`` where they are not clear."""
    text: str = cells.short(500)(value, reading)
    return text, ([] if cells.is_empty(text) else read_hours(text))
