"""The demo community as ranking records, for the notebooks and for trying the library's commands.

Plain JSON objects in the shape the library reads. Groups come apart from them: no record has a
word about sex, disability, allowance or kind of household.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from webapp.core.formatting import age_on
from webapp.demo.content import ESTATE, window_rows
from webapp.demo.openings.catalogue import openings
from webapp.demo.people.community import DemoResident, community

HOUSEHOLDS = 2000


def seeker_records(today: datetime.date, households: int = HOUSEHOLDS) -> list[dict[str, Any]]:
    """Return everybody of the demo community as seekers, in walking order."""
    return [
        _seeker(f"{household.code}-{number}", household.code, member, today)
        for household in community(today, households=households)
        for number, member in enumerate(household.members, start=1)
    ]


def group_records(
    today: datetime.date, households: int = HOUSEHOLDS
) -> dict[str, list[str | None]]:
    """Return everybody's groups, in the order of :func:`seeker_records`."""
    members = [
        (household, member)
        for household in community(today, households=households)
        for member in household.members
    ]
    return {
        "sex": ["女" if member.sex == "female" else "男" for _, member in members],
        "disability": ["有残疾" if member.disability else "没有" for _, member in members],
        "allowance": ["低保户" if home.on_allowance else "不是" for home, _ in members],
        "household": [home.tenure for home, _ in members],
    }


def opening_records(today: datetime.date, households: int = HOUSEHOLDS) -> Iterator[dict[str, Any]]:
    """Yield the openings as listed, as many as are in proportion to so many households."""
    due = 0
    for one in openings(today):
        due += min(households, HOUSEHOLDS)
        if due < HOUSEHOLDS:
            continue
        due -= HOUSEHOLDS
        yield {
            "id": one.key,
            "kind": one.kind,
            "title": one.title,
            "employer": one.employer,
            "category": one.category,
            "description": one.description,
            "place": one.place,
            "at_home": one.at_home,
            "skills": list(one.skills),
            "certificates": list(one.certificates),
            "education": one.education,
            "demands": list(one.demands),
            "hours": window_rows(one.hours),
            "flexible": one.flexible,
            "hazardous": one.hazardous,
            "pay": {"text": one.pay_text},
            "capacity": one.headcount,
            "teaches": list(one.teaches),
        }


def _seeker(
    name: str, household: str, member: DemoResident, today: datetime.date
) -> dict[str, Any]:
    return {
        "id": name,
        "household": household,
        "wanted": list(member.wanted),
        "skills": list(member.skills),
        "certificates": list(member.certificates),
        "experience": [
            {"title": title, "employer": employer, "years": years}
            for title, employer, years in member.experience
        ],
        "education": member.education,
        "age": age_on(member.birth_date, today),
        "home": ESTATE,
        "reach": member.reach,
        "available": None if member.available is None else window_rows(member.available),
        "limits": list(member.limits),
        "min_pay": member.min_pay,
        "kinds": list(member.kinds) or None,
    }
