"""Figures in a query: the age of who asks, and the pay that is wanted."""

import re
from collections.abc import Iterator
from typing import Final

from matching.pay import parser as pay_parser
from matching.records import Demand
from matching.search.facts import Fact
from matching.search.postings import Posting

_NUMERAL: Final = r"\d{2}|[三四五六七]十[一二三四五六七八九]?|五六十|六七十"
_ASKED = re.compile(
    rf"(?:我|满|过了|上了|快|都|今年)*({_NUMERAL})(?:来|多|几)?岁?(?:以上|左右|多)?(?:岁)(?:以上|左右|了|的|男的?|女的?|人|也|都|还|能|可以|要|做|行)*"
    rf"|({_NUMERAL})(?:来|多)?岁?以上(?:的)?(?!元|块)"
)
_OLD: Final = re.compile("退休|老年?人也|大龄|年纪大的?也|年龄不限|不限年龄")
_ACCEPTED: Final = re.compile(
    rf"({_NUMERAL})多?(?:周)?岁(?:以内|以下|左右|也要|也行|也可|都要|都可|可|还能|身体好)|[到至-]({_NUMERAL})(?:周)?岁"
)
_HEAVY: Final = (Demand.LIFTING, Demand.HEIGHTS, Demand.NIGHT)
_OLD_FROM: Final = 60  # postings that take retired people take these
_PAY = re.compile(
    r"(?:(?:一个?|每)?月(?:薪|工资|能)?|工资|月薪|时薪|日薪|一天|每天|一小时|每小时|[挣赚拿])?"
    r"(?:要|有|能|[挣赚拿]|得|到|至少|最少|不低于|起码)*"
    r"(?:[\d.]+|[一二两三四五六七八九十百千万]+)(?:[千万百k])?(?:块|元|钱)*(?:左右)?(?:/|一|每)?(?:个)?(?:月|天|小时|日)?"
    r"(?:以上|起|往上|多|朝上)?(?:的)?(?:工资|活路?|工作)?"
)
_SURELY_PAY: Final = re.compile("薪|工资|[挣赚拿]|元|块|一个?月|每月|千")
_MONTH_FROM: Final = 1000


def years_of(text: str) -> int:
    """Return an age in figures or in Chinese numerals; of 五六十 the lower."""
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("十")
    digits = "一二三四五六七八九"
    return 10 * (digits.index(tens[0]) + 1) + (digits.index(ones) + 1 if ones else 0)


def asked_ages(query: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where a query says an age, and the years."""
    for match in _ASKED.finditer(query):
        yield match, years_of(match[1] or match[2])


def accepts_age(posting: Posting, years: int) -> Fact:
    """Return whether a posting takes people of an age.

    Where it names no age, work without lifting, heights and nights is likely to.
    """
    text = posting.text
    if years >= _OLD_FROM and _OLD.search(text):
        return Fact.YES
    limits = [years_of(match[1] or match[2]) for match in _ACCEPTED.finditer(text)]
    if limits:
        return Fact.YES if max(limits) >= years else Fact.NO
    known = bool(posting.opening.demands) and not posting.asks(*_HEAVY)
    return Fact.LIKELY if known and not posting.opening.hazardous else Fact.UNKNOWN


def asked_pay(query: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, yuan a month) of pay that a query asks for.

    >>> [found[2] for found in asked_pay("一个月五千以上")]
    [5000]
    """
    for match in _PAY.finditer(query):
        if not _SURELY_PAY.search(match[0]):
            continue
        read = pay_parser.parse_pay(match[0].removesuffix("的"))
        bounds = pay_parser.monthly(read) or (None, None)
        least = bounds[0] if bounds[0] is not None else bounds[1]
        if least is not None and least >= _MONTH_FROM:
            yield match.start(), match.end(), round(least)
