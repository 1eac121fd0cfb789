"""The questions of the income path: amounts by taps, as bands, so that nothing is more exact than
what somebody knows. What care and the way cost is asked, and unknown unless told."""

from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _

from webapp.rights.income_path import NOTHING, Interval

UNKNOWN = "?"
_NONE = (("0", _("没有")),)
_DONT_KNOW = ((UNKNOWN, _("不知道")),)


def _bands(*edges: int) -> tuple[tuple[str, Any], ...]:
    """Return the bands between amounts in yuan, as (value, words)."""
    return tuple(
        (
            f"{low}-{high}",
            _("%(high)s 元以内", high=f"{high:,}")
            if not low
            else _("%(low)s–%(high)s 元", low=f"{low:,}", high=f"{high:,}"),
        )
        for low, high in pairwise(edges)
    )


EARNED = (*_NONE, *_bands(0, 500, 1000, 2000, 3000, 4500, 7000))
OTHER = (*_NONE, *_bands(0, 200, 500, 1000, 2000, 4000))
CARE = (*_NONE, *_bands(0, 300, 600, 1000, 2000, 3500), *_DONT_KNOW)
TRAVEL = (("0", _("不花钱（走路、厂车）")), *_bands(0, 50, 100, 200, 400), *_DONT_KNOW)
START = (*_NONE, *_bands(0, 500, 2000, 5000, 20000))
HOURS = (("1-2", _("一两个小时")), ("3-4", _("三四个小时")), ("5-6", _("五六个小时")),
         ("7-8", _("七八个小时")))  # fmt: skip
DAYS = (("8-12", _("十天左右")), ("18-22", _("二十天左右")), ("26-30", _("差不多天天")))
YES_NO = (("yes", _("是")), ("no", _("不是")), (UNKNOWN, _("不清楚")))
WORD = {"yes": True, "no": False}


def interval(value: str | None) -> Interval | None:
    """Return a band in fen a month; ``None`` for what is not known.

    >>> interval("500-1000"), interval("0"), interval("?"), interval("")
    (Interval(low=50000, high=100000), Interval(low=0, high=0), None, None)
    """
    if not value or value == UNKNOWN:
        return None
    if value == "0":
        return NOTHING
    low, high = value.split("-")
    return Interval(int(low) * 100, int(high) * 100)


def numbers(value: str) -> tuple[int, int]:
    """Return the two whole numbers of a band such as ``3-4``."""
    low, high = value.split("-")
    return int(low), int(high)
