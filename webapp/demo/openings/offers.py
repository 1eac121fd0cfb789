"""Write the demo community's piecework orders, courses and ventures."""

import datetime
from collections.abc import Iterator
from random import Random
from typing import Any

from webapp.demo.content import ESTATE, read, weighted, window_text, windows
from webapp.demo.openings.record import DemoOpening
from webapp.demo.openings.vacancies import dates

_HOUR = 3600
_CRAFT_CENTRE = "社区手工坊（服务中心一楼）"


def piecework(rng: Random, today: datetime.date) -> Iterator[DemoOpening]:
    """Yield an order for each piece of work, each at the one price it stands at."""
    for number, row in enumerate(read("piecework")):
        # The second demo employer gives out whatever it can, so that its pages are full.
        employer = "qiaoshou" if "qiaoshou" in row["employers"] else rng.choice(row["employers"])
        yield _order(rng, today, number, row, employer)


def _order(
    rng: Random, today: datetime.date, number: int, row: dict[str, Any], employer: str
) -> DemoOpening:
    parts = read("opening_parts")
    least, most = row["quantity"]
    quantity = round(rng.randint(least, most), -1 if least < 300 else -2)
    published, _ = dates(rng)
    lasts = rng.randint(21, 60)
    due = _day_text(today + datetime.timedelta(days=lasts))
    lines = [
        f"做法：{row['work']}",
        f"材料：{row['material']}",
        f"数量：共{quantity}{row['unit']}，{due}前交齐，随做随交。",
        f"验收：{row['acceptance']}",
        f"结算：{rng.choice(parts['settlement'])}{_estimate(row)}",
        rng.choice(parts["piecework_notes"]),
    ]
    return DemoOpening(
        key=f"p{number + 1:03d}",
        kind="piecework",
        title=row["title"],
        employer=employer,
        category=row["mode"],
        description="\n".join(lines),
        place=ESTATE,
        address=_CRAFT_CENTRE,
        pay_text=_rate_text(rng, row["rate"], row["unit"]),
        headcount=rng.randint(4, 25),
        published_days_ago=published,
        valid_days=published + lasts,
        at_home=row["at_home"],
        skills=tuple(row["skills"]),
        demands=tuple(row["demands"]),
        flexible=True,
    )


def courses(rng: Random, today: datetime.date) -> Iterator[DemoOpening]:
    """Yield one course for each of the base texts; it is open until it begins."""
    employers = {row["key"]: row for row in read("employers")}
    parts = read("opening_parts")
    for number, row in enumerate(read("courses")):
        employer = employers[rng.choice(row["employers"])]
        hours = windows(rng.choice(parts["hours"][row["hours"]])) or ()
        ahead = rng.randint(6, 40)
        begins = today + datetime.timedelta(days=ahead)
        while str(begins.isoweekday()) not in hours[0].days:
            begins += datetime.timedelta(days=1)
        seats = rng.choice([12, 15, 20, 20, 24, 30])
        published, _ = dates(rng)
        lines = [
            *row["text"],
            f"时间：{window_text(hours)}，共{row['days']}天，{_day_text(begins)}开班，{seats}个名额。",
            f"地点：{employer['address']}。{rng.choice(parts['course_notes'])}",
        ]
        yield DemoOpening(
            key=f"c{number + 1:03d}",
            kind="course",
            title=row["title"],
            employer=employer["key"],
            category="技能培训",
            description="\n".join(lines),
            place=employer["place"],
            address=employer["address"],
            pay_text=rng.choice(parts["course_pay"]),
            headcount=seats,
            published_days_ago=published,
            valid_days=published + (begins - today).days,
            hours=hours,
            teaches=tuple(row["teaches"]),
        )


def ventures(rng: Random) -> Iterator[DemoOpening]:
    """Yield one venture for each of the base texts."""
    employers = {row["key"]: row for row in read("employers")}
    parts = read("opening_parts")
    for number, row in enumerate(read("ventures")):
        employer = employers[row["employer"]]
        low, high = row["income"]
        published, valid = dates(rng)
        lines = [
            row["text"],
            f"启动资金：{row['capital']}。",
            f"手续：{row['licence']}",
            rng.choice(parts["venture_notes"]),
        ]
        yield DemoOpening(
            key=f"s{number + 1:03d}",
            kind="venture",
            title=row["title"],
            employer=employer["key"],
            category=row["category"],
            description="\n".join(lines),
            place=employer["place"],
            address=employer["address"],
            pay_text=f"预计月收入{low}-{high}元",
            headcount=1,
            published_days_ago=published,
            valid_days=valid,
            at_home=row["at_home"],
            flexible=True,
        )


def _day_text(day: datetime.date) -> str:
    return f"{day.month}月{day.day}日"


def _estimate(row: dict[str, Any]) -> str:
    """Return what the timed trial found, honest about what an hour brings."""
    hourly = float(row["rate"]) * _HOUR / row["seconds"]
    if row["seconds"] > _HOUR:
        return f"一{row['unit']}要{row['seconds'] / _HOUR:.1f}个钟头，一小时大概{hourly:.0f}元。"
    return f"一般手脚一小时做{_HOUR // row['seconds']}{row['unit']}，大概{hourly:.0f}元。"


def _rate_text(rng: Random, rate: str, unit: str) -> str:
    styles = {f"{rate}元/{unit}": 5, f"计件{rate}元/{unit}": 2, f"每{unit}{rate}元": 1}
    return weighted(rng, styles)
