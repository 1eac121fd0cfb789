"""The income path in words, and as the picture's ready measures."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import yuan
from webapp.rights.income_path import MONTHS, HoleKind, IncomePath, Interval, Month, Work

_WIDTH = 316  # of the longest bar, in units of the drawing
_ROW = 76


def amount_words(amount: Interval | None) -> str:
    """Return an amount as people say it; never a single figure as if it were certain."""
    if amount is None:
        return _("说不准")
    if amount.high is None:
        return _("%(low)s 元以上", low=yuan(amount.low))
    if amount.low == amount.high:
        return _("大约 %(n)s 元", n=yuan(amount.low)) if amount.low else _("没有")
    return _("%(low)s–%(high)s 元", low=yuan(amount.low), high=yuan(amount.high))


def difference_words(amount: Interval | None) -> str:
    """Return what changes, beside staying as is."""
    if amount is None:
        return _("说不准")
    low, high = amount.low, amount.high
    if high is None:
        if low >= 0:
            return _("多 %(low)s 元以上", low=yuan(low))
        return _("最差少 %(low)s 元，好的时候多", low=yuan(-low))
    if low == high:
        if not low:
            return _("差不多")
        more = _("大约多 %(n)s 元", n=yuan(low))
        return more if low > 0 else _("大约少 %(n)s 元", n=yuan(-low))
    if low >= 0:
        return _("多 %(low)s–%(high)s 元", low=yuan(low), high=yuan(high))
    if high <= 0:
        return _("少 %(low)s–%(high)s 元", low=yuan(-high), high=yuan(-low))
    return _("少 %(low)s 元到多 %(high)s 元", low=yuan(-low), high=yuan(high))


def months_words(first: int, last: int) -> str:
    """Return which months are meant."""
    if first == last:
        return _("第 %(n)d 个月", n=first)
    if last == MONTHS:
        return _("第 %(n)d 个月起，到两年", n=first) if first > 1 else _("两年里每个月")
    return _("第 %(first)d–%(last)d 个月", first=first, last=last)


@dataclass(frozen=True)
class Bar:
    """One bar: what is sure from 0 to ``sure``, what may be added to ``width``; None is a hole."""

    label: str
    words: str
    series: int
    y: int
    sure: float | None
    width: float


@dataclass(frozen=True)
class Picture:
    """The drawing's measures and bars, from top to bottom."""

    height: int
    bars: list[Bar]


def picture(path: IncomePath, work: Work) -> Picture:
    """Return both ways beside each other; where there is a hole, what is known and the hole."""
    rows: list[tuple[str, Interval | None, str, int]] = []
    if path.holes:
        rows.append((_("工钱，一个月"), work.pay, amount_words(work.pay), 1))
        rows.append((_("看孩子、照顾人要花"), work.care, amount_words(work.care), 2))
        rows.append((_("路费要花"), work.travel, amount_words(work.travel), 2))
        if _allowance_is_open(path):
            rows.append((_("低保"), None, _("请到窗口问"), 3))
    else:
        rows.append((_("不去：家里一个月"), path.stay, amount_words(path.stay), 2))
        for first, last, month in path.stages:
            when = months_words(first, last)
            words = amount_words(month.total)
            rows.append((_("去做：%(when)s", when=when), month.total, words, 1))
    most = max((end(one) for _label, one, _words, _series in rows if one), default=0) or 1
    bars = [
        Bar(
            label=label,
            words=words,
            series=series,
            y=at * _ROW,
            sure=None if one is None else round(max(one.low, 0) / most * _WIDTH, 1),
            width=_WIDTH if one is None else max(round(end(one) / most * _WIDTH, 1), 1),
        )
        for at, (label, one, words, series) in enumerate(rows)
    ]
    return Picture(len(bars) * _ROW + 4, bars)


def end(amount: Interval) -> int:
    """Return how far a bar reaches; without an upper end a quarter further."""
    return max(amount.low * 5 // 4 if amount.high is None else amount.high, 0)


def _allowance_is_open(path: IncomePath) -> bool:
    return bool({HoleKind.ON_ALLOWANCE, HoleKind.FIGURES, HoleKind.PROOF} & set(path.holes))


def costs_of(work: Work, *, first: bool) -> Interval | None:
    """Return what care, the way and the beginning cost; ``None`` while one is not known."""
    if work.care is None or work.travel is None:
        return None
    costs = work.care.plus(work.travel)
    return costs.plus(work.start_cost) if first else costs


def table(
    path: IncomePath, work: Work, *, whole: bool = False
) -> tuple[list[str], list[list[Any]]]:
    """Return columns and rows: by stages, or ``whole`` for each of the months."""
    columns = [_("哪几个月"), _("工钱"), _("花费")]
    known = not path.holes
    columns += [_("低保")] + ([_("家里一共"), _("比不去")] if known else [])
    stages = [(m.number, m.number, m) for m in path.months] if whole else path.stages
    if not whole and not known and work.start_cost.high:
        stages = [(1, 1, path.months[0]), (2, MONTHS, path.months[1])]
    rows = []
    for first, last, month in stages:
        row = [
            months_words(first, last),
            amount_words(work.pay),
            amount_words(costs_of(work, first=first == 1)),
            _allowance_words(path, month),
        ]
        if known:
            row += [amount_words(month.total), difference_words(month.difference)]
        rows.append(row)
    return columns, rows


def _allowance_words(path: IncomePath, month: Month) -> str:
    if month.allowance is None or _allowance_is_open(path):
        return _("请到窗口问")
    return amount_words(month.allowance)


def headline(path: IncomePath) -> str:
    """Return the one sentence a tired person reads."""
    if path.holes:
        if _allowance_is_open(path):
            return _("工钱和花费在下面。低保会变多少，现在说不准，请带上单子到窗口问。")
        return _("有的数还不知道，所以算不出一共多少。下面写着差什么。")
    first, last = path.months[0], path.months[-1]
    if last.difference == first.difference:
        return _("去做，一个月跟不去比：%(what)s。", what=difference_words(last.difference))
    return _(
        "去做，跟不去比，头一个月：%(first)s；两年到头的时候，一个月：%(last)s。",
        first=difference_words(first.difference),
        last=difference_words(last.difference),
    )
