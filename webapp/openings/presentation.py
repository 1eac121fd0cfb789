"""Chinese words for an opening: pay, place, hours and facts."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import (
    date_words,
    days_words,
    hours_words,
    map_search_url,
    pay_words,
)
from webapp.core.labels import label
from webapp.core.vocabulary import Demand, Education, Kind, PayUnit
from webapp.openings.kind_words import by_kind
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

# What people ask after besides the pay, by the code of its condition, in the word they use for it.
WELFARE = {
    "board_and_lodging": "包吃住",
    "board": "包吃",
    "lodging": "包住",
    "insurance": "交社保",
    "paid_daily": "日结",
    "apprentice": "有人教",
    "shuttle": "有车接送",
}

# What the figures say already: numbers, ranges, units.
_FIGURES = re.compile(r"[0-9０-９.,，\s\-—–－~～至到/／元块月天日每小时件个条只千万kK]")


def pay_line(kind: Kind, low: int | None, high: int | None, unit: PayUnit | None, text: str) -> str:
    """Return pay in figures; in the writer's own words where no figure could be read."""
    if low is None and high is None:
        return text or (_("面议") if kind in {Kind.VACANCY, Kind.PIECEWORK} else "")
    return pay_words(low, high, unit)


def welfare_words(met: Sequence[str]) -> list[str]:
    """Return the words of conditions that are met; board and lodging are one where both are."""
    both = {"board", "lodging"} if {"board_and_lodging"} & set(met) else set()
    if not both and {"board", "lodging"} <= set(met):
        both, met = {"board", "lodging"}, ["board_and_lodging", *met]
    return [WELFARE[code] for code in WELFARE if code in met and code not in both]


def place_line(kind: Kind, place: str, at_home: bool) -> str:
    """Return the place as people say it: the last two parts, or that it is done at home.

    Material to fetch there is in piecework alone.
    """
    parts = [part for part in place.split("/") if part]
    where = " ".join(parts[-2:])
    if not at_home:
        return where
    if not where:
        return _("可以在家做")
    if kind is Kind.PIECEWORK:
        return _("可以在家做（%(where)s 领料）", where=where)
    return _("可以在家做（单位在%(where)s）", where=where)


def hours_line(hours: Sequence[dict[str, str]], flexible: bool) -> str:
    """Return the hours as words; windows that follow each other round the clock are shifts."""
    if flexible:
        return _("时间自己安排")
    shifts = _shifts(hours)
    if not shifts:
        return hours_words(list(hours))
    days = days_words(hours[0].get("days", "1234567"))
    if len(shifts) == 1:
        return _("%(days)s轮班，白班夜班都有", days=days)
    names = {2: _("两班倒"), 3: _("三班倒")}
    return _(
        "%(days)s%(name)s：%(shifts)s",
        days=days,
        name=names.get(len(shifts), _("轮班")),
        shifts="、".join(f"{start}–{_end(end)}" for start, end in shifts),
    )


def _shifts(hours: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    """Return the windows as shifts if they fill the same days without a gap, else nothing.

    The one that begins at or after 06:00 comes first.
    """
    if not hours or len({window.get("days", "1234567") for window in hours}) > 1:
        return []
    by_start = {_clock(window["start"]): _clock(window["end"]) for window in hours}
    first = min(by_start, key=lambda start: (start < "06:00", start))
    shifts: list[tuple[str, str]] = []
    at = first
    while at in by_start and len(shifts) < len(hours):
        shifts.append((at, by_start[at]))
        at = by_start[at]
    round_the_clock = at == first and len(shifts) == len(hours)
    starts = [start for start, _end in shifts]
    once = sum(end <= start for start, end in shifts) == 1  # past midnight a single time
    return shifts if round_the_clock and once and len(set(starts)) == len(hours) else []


def _end(time: str) -> str:
    return "24:00" if time == "00:00" else time


def _clock(time: str) -> str:
    return "00:00" if time == "24:00" else time


def demand_words(demands: Sequence[str]) -> list[str]:
    """Return demands as words; words outside the list stand as they are."""
    known = set(Demand)
    return [label(Demand(one)) if one in known else one for one in demands]


def facts(opening: Opening, employer: str) -> list[tuple[str, Any]]:
    """Return (label, words) of all that is known: what decides, then the rest."""
    rows = [*deciding_facts(opening, employer), *further_facts(opening)]
    return [(name, words) for name, words in rows]


def deciding_facts(
    opening: Opening, employer: str, *, an_hour: str = "", map_href: str = ""
) -> list[tuple[str, ...]]:
    """Return (label, words) of what somebody decides by, in the order people ask for it.

    ``an_hour`` says what an hour of piecework brings. The row of the place has ``map_href`` as a
    third part, if given.
    """
    rows: list[tuple[str, ...]] = [
        (pay_label(opening.kind), pay_of(opening)),
        (_("一小时"), an_hour),
        (_("单位"), employer),
        (_("地点"), _where(opening), *([map_href] if map_href else [])),
        (_("时间"), hours_line(opening.hours, opening.flexible)),
        (_("要会什么"), "、".join(opening.skills)),
        (_("必须有的证"), "、".join(opening.certificates)),
        (_("这个活要"), "、".join(demand_words(opening.demands))),
        (_("学历"), _education(opening)),
        (_("学会什么"), "、".join(opening.teaches)),
        (_("注意"), _("有危险，不满 18 岁的不能做") if opening.hazardous else ""),
        (_("专门留给"), label(opening.reserved_for)),
    ]
    return [row for row in rows if row[1]]


def further_facts(opening: Opening) -> list[tuple[str, ...]]:
    """Return (label, words) of the rest."""
    rows: list[tuple[str, ...]] = [
        (_("原话"), opening.pay_text if _adds(opening) else ""),
        _places(opening),
        (_("哪一行"), opening.category),
        (by_kind(_("招到"), opening.kind), date_words(opening.valid_until)),
    ]
    return [row for row in rows if row[1]]


def pay_label(kind: Kind) -> str:
    """Return what is paid, in the word of the kind."""
    return by_kind(_("工钱"), kind)


def _where(opening: Opening) -> str:
    """Return place and address; what the address begins with stands once."""
    place = opening.place
    estate = place.rpartition("/")[2]
    if not opening.at_home and estate and opening.address.startswith(estate):
        place = place.rpartition("/")[0].rpartition("/")[2]
    words = place_line(opening.kind, place, opening.at_home)
    return "，".join(part for part in (words, opening.address) if part)


def _education(opening: Opening) -> str:
    return _("不限") if opening.education is Education.NONE else label(opening.education)


def _places(opening: Opening) -> tuple[str, str]:
    """Return how many are taken on; in a course or at a stall, how many places are left."""
    if opening.kind in {Kind.VACANCY, Kind.PIECEWORK}:
        words = _("要 %(n)d 人，还差 %(left)d 人", n=opening.headcount, left=opening.places_left)
        return _("人数"), words
    return _("名额"), _("还剩 %(left)d 个", left=opening.places_left)


def pay_of(opening: Opening) -> str:
    """Return an opening's pay as words."""
    return pay_line(
        opening.kind,
        opening.pay_min_fen,
        opening.pay_max_fen,
        opening.pay_unit,
        opening.pay_text,
    )


def _adds(opening: Opening) -> bool:
    """Whether the writer's own words say more than the figures read from them."""
    known = opening.pay_min_fen is not None or opening.pay_max_fen is not None
    return known and bool(_FIGURES.sub("", opening.pay_text))


def next_step(opening: Opening) -> str:
    """Return for its writer where an opening stands and what happens next."""
    if opening.state is OpeningState.RETURNED:
        return _("社区退回来了：%(why)s。改好再提交。", why=opening.state_reason or _("请再核对"))
    if opening.state is OpeningState.SUBMITTED and opening.state_reason:
        return _("社区先收回去了：%(why)s。", why=opening.state_reason)
    steps = {
        OpeningState.DRAFT: _("还是草稿，别人看不到。核对好就提交给社区审核。"),
        OpeningState.SUBMITTED: _("已交给社区，一般两个工作日内审好。审好就放出来，不用您再操作。"),
        OpeningState.PUBLISHED: _("正在招。有人报名会出现在“来应聘的人”里。"),
        OpeningState.PAUSED: _(
            "单位的核实过期了，先不让别人看到。带证件到社区再核实一次，就会自己放出来。"
        ),
        OpeningState.EXPIRED: _("已过期，别人看不到了。还要招就改日期，再提交一次。"),
        OpeningState.CLOSED: _("已结束，别人看不到了。"),
    }
    return by_kind(steps[opening.state], opening.kind)


def share_text(opening: Opening, employer: str, url: str) -> str:
    """Return an opening as a text to paste into a chat group.

    Courses and stalls may cost something: only of work it says that nothing is to be paid.
    """
    fee = _("，不收钱") if opening.kind in {Kind.VACANCY, Kind.PIECEWORK} else ""
    day = date_words(opening.valid_until)
    lines = [
        _("【%(kind)s】%(title)s", kind=label(opening.kind), title=opening.title),
        pay_of(opening),
        place_line(opening.kind, opening.place, opening.at_home),
        hours_line(opening.hours, opening.flexible),
        employer,
        _("%(day)s前报名%(fee)s：%(url)s", day=day, fee=fee, url=url),
    ]
    return "\n".join(line for line in lines if line)


def map_url(opening: Opening) -> str:
    """Return a link that opens the telephone's map at the place of work; empty for work at home."""
    if opening.at_home:
        return ""
    return map_link(opening.place, opening.address)


def map_link(place: str, address: str) -> str:
    """Return a link that opens the map at an address in ``place`` (重庆市/九龙坡区/…), or ""."""
    where = address or place.rpartition("/")[2]
    if not where:
        return ""
    city = place.split("/")[0] if place else ""
    return map_search_url(f"{city}{where}")
