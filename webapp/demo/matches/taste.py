"""What the demo's members of staff know and the ranker does not: their taste.

No record says any of it, so the prior cannot follow it; a learned model can, as far as employers,
places and names of work betray it. A decision is drawn by the sum of these, in log odds:

* the way: one bus without a change, and still to be walked in the dark;
* the employer's name among those who worked there: pays on the day, or late;
* tidy hours: one stretch a day within the day, and a day off a week;
* company: who lives alone had better not work alone at home, but among people;
* strain: from fifty on, lifting and stairs wear people out, whatever their file says.

The rest is chance: a bad day, a neighbour's word, what nobody wrote down.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from webapp.core import clock
from webapp.core.formatting import age_on
from webapp.demo.content import read
from webapp.employers.models import Employer
from webapp.matches.models import Match
from webapp.matches.reason_codes import DismissReason
from webapp.openings.models import Opening
from webapp.residents.models import Resident

MIDDLE = 0.3
# Towns and streets that a bus from the estate's gate reaches without a change.
ONE_BUS = ("华岩镇", "中梁山街道", "石坪桥街道", "杨家坪街道", "二郎街道", "九龙街道")
WAY = {True: 1.2, False: -2.2}
# By key of data/demo/employers.json.
WELL_SPOKEN_OF = (
    "nuanlin",
    "huayanwy",
    "ronghui",
    "yizhong",
    "kecheng",
    "jiahe",
    "linjia",
    "kangyuan",
    "songhe",
    "zhulao",
    "xiaoya",
    "motou",
    "chajian",
    "doufu",
    "fumin",
    "qiaoshou",
    "lvhua",
)
ILL_SPOKEN_OF = (
    "anxin",
    "jiejing",
    "jiangnan",
    "weijia",
    "dunshi",
    "laozao",
    "jianghu",
    "baihui",
    "zhixiang",
    "wuliu",
    "kuaidi",
    "peisong",
    "hongtu",
    "zhuangshi",
    "peihu",
    "hujiao",
    "zhujie",
    "weilai",
)
NAME = 2.2
TIDY_FROM, TIDY_UNTIL, TIDY_DAYS = "07:00", "18:30", 6
TIDY = {True: 0.7, False: -1.5}
ALONE_AT_HOME, ALONE_AMONG_PEOPLE = -1.2, 0.4
STRAIN, STRAINED_FROM = -1.5, 50  # years of age
STRAINS = {"lifting", "stairs", "outdoors"}


@dataclass(frozen=True)
class Pair:
    """What staff look at. ``hours`` are windows as in the tables; ``employer`` is a name."""

    alone: bool
    age: int
    employer: str | None
    place: str
    at_home: bool
    hours: Sequence[dict[str, str]]
    demands: Sequence[str]


def pairs(*columns: Any) -> Any:
    """Return the statement of matches with ``columns`` and what :func:`pair` reads."""
    members = (
        select(col(Resident.household_id), func.count().label("members"))
        .group_by(col(Resident.household_id))
        .subquery()
    )
    return (
        select(
            *columns,
            members.c.members,
            col(Resident.birth_date),
            col(Opening.place),
            col(Opening.at_home),
            col(Opening.hours),
            col(Opening.demands),
            col(Opening.published_at),
            col(Employer.name).label("employer"),
        )
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(members, members.c.household_id == Resident.household_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
    )


def pair(row: Any) -> Pair:
    """Return what staff look at of a row of :func:`pairs`."""
    return Pair(
        alone=row.members == 1,
        age=age_on(row.birth_date, clock.today()) or 0,
        employer=row.employer,
        place=row.place,
        at_home=row.at_home,
        hours=row.hours,
        demands=row.demands,
    )


def parts(pair: Pair) -> dict[DismissReason, float]:
    """Return what speaks for and against a pair in log odds, by what staff would name."""
    names = _names()
    found = {
        DismissReason.TOO_FAR: 0.0 if pair.at_home else WAY[_one_bus(pair.place)],
        DismissReason.HOURS: TIDY[_tidy(pair.hours)],
        DismissReason.OTHER: NAME * names.get(pair.employer or "", 0),
        DismissReason.KNOWN_UNFIT: 0.0,
        DismissReason.TOO_HARD: 0.0,
    }
    if pair.alone:
        found[DismissReason.KNOWN_UNFIT] = ALONE_AT_HOME if pair.at_home else ALONE_AMONG_PEOPLE
    if pair.age >= STRAINED_FROM and STRAINS & set(pair.demands):
        found[DismissReason.TOO_HARD] = STRAIN
    return found


def decide(pair: Pair, draw: Random) -> DismissReason | None:
    """Return why staff put a suggestion aside, or ``None`` when they would hand it on."""
    said = parts(pair)
    chance = 1 / (1 + math.exp(-MIDDLE - sum(said.values())))
    if draw.random() < chance:
        return None
    worst = min(said, key=lambda reason: said[reason])
    return worst if said[worst] < 0 else DismissReason.KNOWN_UNFIT


@cache
def _names() -> dict[str, int]:
    good = dict.fromkeys(WELL_SPOKEN_OF, 1) | dict.fromkeys(ILL_SPOKEN_OF, -1)
    return {row["name"]: good.get(row["key"], 0) for row in read("employers")}


def _one_bus(place: str) -> bool:
    return bool(set(place.split("/")) & set(ONE_BUS))


def _tidy(hours: Sequence[dict[str, str]]) -> bool:
    """Whether hours are one's own, or one stretch within the day with a day off."""
    return len(hours) <= 1 and all(
        TIDY_FROM <= one["start"] < one["end"] <= TIDY_UNTIL and len(one["days"]) <= TIDY_DAYS
        for one in hours
    )
