"""Write the demo community's vacancies."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from webapp.demo.content import DemoWindow, read, weighted, window_text, windows
from webapp.demo.openings.record import DemoOpening

_COUNT = 200
_SCHOOLING = {
    "junior_high": "初中文化",
    "senior_high": "高中或中专文化",
    "college": "大专文化",
}
# One in so many is past its validity, as in any real list.
_EXPIRED_EVERY = 20
_NIGHT_ENDS, _NIGHT_STARTS = "06:00", "22:00"


def vacancies(rng: Random) -> Iterator[DemoOpening]:
    """Yield 200 vacancies: every base text once, some a second time at another site."""
    rows = list(read("vacancies"))
    again = rng.sample(rows, _COUNT - len(rows))
    employers = {row["key"]: row for row in read("employers")}
    described: set[str] = set()
    for number, row in enumerate([*rows, *again]):
        opening = _vacancy(rng, number, row, employers, move=number >= len(rows))
        while opening.description in described:
            opening = _vacancy(rng, number, row, employers, move=True)
        described.add(opening.description)
        yield opening


def _vacancy(
    rng: Random, number: int, row: dict[str, Any], employers: dict[str, Any], move: bool
) -> DemoOpening:
    parts = read("opening_parts")
    employer = employers[rng.choice(row["employers"])]
    site = _site(rng, employer, move)
    shift = rng.choice(row["hours"])
    hours = windows(rng.choice(parts["hours"][shift])) or ()
    home = row.get("at_home", False)
    where = "在自己屋头做" if home else f"地点：{site['address']}"
    note = parts["hour_notes"].get(shift)
    min_age = 18 if _adults_only(row, hours) else None
    lines = [
        *row["text"],
        _conditions(rng, row, min_age),
        f"时间：{window_text(hours)}" + (f"，{note}。" if note else "。") + f"{where}。",
        rng.choice(parts["benefits"]["steady" if row["pay"][2] == "month" else "casual"]),
    ]
    published, valid = dates(rng, expired=number % _EXPIRED_EVERY == 7)
    return DemoOpening(
        key=f"v{number + 1:03d}",
        kind="vacancy",
        title=row["title"],
        employer=employer["key"],
        category=row["category"],
        description="\n".join(lines),
        place=site["place"],
        address=site["address"],
        pay_text=_pay_text(rng, row),
        headcount=_headcount(rng, employer),
        published_days_ago=published,
        valid_days=valid,
        at_home=home,
        skills=tuple(row["skills"]),
        certificates=tuple(row["certificates"]),
        education=row.get("education"),
        demands=_demands(row, hours),
        hours=hours,
        flexible=home,
        hazardous=row.get("hazardous", False),
        min_age=min_age,
    )


def dates(rng: Random, expired: bool = False) -> tuple[int, int]:
    """Return how many days ago it was published and for how many days it is valid."""
    valid = rng.choice([30, 45, 60, 60, 90])
    if expired:
        return valid + rng.randint(1, 20), valid
    return min(valid - 3, int(rng.expovariate(1 / 14))), valid


def _site(rng: Random, employer: dict[str, Any], move: bool) -> dict[str, Any]:
    parts = read("opening_parts")
    several = employer["registry"] == "91" and employer["industry"] in parts["site_industries"]
    if several and (move or rng.random() < 0.45):
        sites = parts["sites"]
        number = weighted(rng, {n: site["weight"] for n, site in enumerate(sites)})
        return dict(sites[number])
    return employer


def _demands(row: dict[str, Any], hours: Sequence[DemoWindow]) -> tuple[str, ...]:
    past_midnight = any(window.end <= window.start for window in hours)
    more = ["night"] if past_midnight and "night" not in row["demands"] else []
    return (*row["demands"], *more)


def _adults_only(row: dict[str, Any], hours: Sequence[DemoWindow]) -> bool:
    """Whether those of 16 and 17 may not do it (night, heights, hazards)."""
    at_night = any(
        window.start < _NIGHT_ENDS or window.end > _NIGHT_STARTS or window.end <= window.start
        for window in hours
    )
    demanding = {"night", "heights"} & set(row["demands"])
    return at_night or bool(demanding) or row.get("hazardous", False) or "min_age" in row


def _headcount(rng: Random, employer: dict[str, Any]) -> int:
    if employer["registry"] == "92":
        # A shop or stall of one owner takes on one or two.
        return rng.choice([1, 1, 2])
    return weighted(rng, {1: 5, 2: 5, 3: 3, 4: 2, 5: 2, 8: 1, 10: 1, 15: 0.4})


_BEGINS = ("没做过的可以教", "有没有经验都行")


def _conditions(rng: Random, row: dict[str, Any], min_age: int | None) -> str:
    wants = []
    if row["certificates"]:
        wants.append("有" + "、".join(row["certificates"]))
    if "education" in row:
        wants.append(_SCHOOLING[row["education"]] + "以上")
    if min_age:
        wants.append(f"满{min_age}周岁")
    skilled = bool(row["skills"]) and rng.random() < 0.5
    if skilled:
        wants.append(f"最好有{row['skills'][0]}的经验")
    ways = read("opening_parts")["skilled" if skilled else "easy"]
    # Who must bring a certificate is no beginner.
    wants.append(rng.choice([one for one in ways if not row["certificates"] or one not in _BEGINS]))
    return "条件：" + "，".join(wants) + "。"


def _pay_text(rng: Random, row: dict[str, Any]) -> str:
    least, most, unit = row["pay"]
    if unit == "month":
        raised = rng.choice([0, 0, 100, 200])
        low, high = least + raised, most + raised
        if row["commission"]:
            return rng.choice([f"底薪{low}元+提成", f"{low}-{high}元/月，底薪加提成"])
        styles = {
            f"{low}-{high}元/月": 6,
            f"月薪{low}-{high}元": 2,
            f"{low}元/月起": 1,
            f"{high}元左右/月": 1,
            f"试用期{low}元，转正{high}元/月": 1,
            f"{low}—{high}元每月": 1,
        }
    elif unit == "day":
        styles = {f"{least}-{most}元/天": 4, f"{most}元/天": 1, f"一天{least}到{most}元": 1}
    else:
        styles = {f"{least}-{most}元/小时": 4, f"{most}元/小时": 2, f"每小时{least}元": 1}
    return weighted(rng, styles)
