"""The people of the demo community: 2,000 invented households of 华龙家园.

Pure: the same seed and day give the same people. Shares follow what the estate publishes
about itself: 16.6% of households in low-rent and 74.9% in affordable flats, one in eight on the
minimum allowance, one in five divorced, one resident in 50 disabled.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from webapp.demo.content import DemoWindow, read, windows
from webapp.demo.people.identity import Identities
from webapp.demo.people.population import Dwelling, Person, draw_dwellings
from webapp.demo.people.profiles import Profile, write_profile


@dataclass(frozen=True)
class DemoResident:
    """One person able or wishing to work.

    ``sex`` is ``female`` or ``male``; ``education``, ``limits``, ``reach`` and ``kinds`` hold
    values of :mod:`webapp.core.vocabulary` (no ``kinds`` = all of them). ``experience`` is
    (title, employer, years) from the oldest job on. ``available`` of ``None`` means always.
    ``min_pay`` is yuan a month. ``phone`` is ``None`` for those staff act for.
    ``disability`` is the category, ``disability_level`` 1 (gravest) to 4, ``disability_note``
    how it came about: sensitive, as are ``id_number`` and the household's allowance.
    ``situation`` is what may be read with the profile: abilities and duties, no diagnosis.
    """

    name: str
    sex: str
    birth_date: datetime.date
    id_number: str
    phone: str | None
    education: str
    disability: str | None
    disability_level: int | None
    disability_note: str | None
    wanted: tuple[str, ...]
    skills: tuple[str, ...]
    experience: tuple[tuple[str, str, float], ...]
    certificates: tuple[str, ...]
    limits: tuple[str, ...]
    reach: str
    available: tuple[DemoWindow, ...] | None
    min_pay: int | None
    kinds: tuple[str, ...]
    carer_of: str | None
    situation: str
    registered_days_ago: int


@dataclass(frozen=True)
class DemoHousehold:
    """People who live at one unit address; ``tenure`` is 廉租房, 经济适用房, 安置房 or 商品房."""

    code: str
    tenure: str
    on_allowance: bool
    divorced: bool
    members: tuple[DemoResident, ...]


def community(
    today: datetime.date, seed: int = 20260101, households: int = 2000
) -> Iterator[DemoHousehold]:
    """Yield the households, the two with a demo login first.

    ``today`` is the day ages and ``registered_days_ago`` count from. About 1.27 members a
    household; 12% of them have no phone. Raises ``ValueError`` for fewer than two households.
    """
    named = read("named")
    if households < len(named):
        raise ValueError(f"at least {len(named)} households, not {households}")
    rng = Random(seed)  # noqa: S311 - invented people, no secret
    identities = Identities(rng, today)
    for row in named:
        yield _named_household(row, identities)
    for dwelling in draw_dwellings(rng, households, named):
        yield _household(rng, dwelling, identities)


def _household(rng: Random, dwelling: Dwelling, identities: Identities) -> DemoHousehold:
    family_name = identities.surname()
    members = []
    for person in dwelling.people:
        # A wife keeps her own name; children and those living alone carry the family's.
        surname = identities.surname() if person.is_wife else family_name
        members.append(_resident(rng, person, surname, dwelling.divorced, identities))
    return DemoHousehold(
        dwelling.code, dwelling.tenure, dwelling.on_allowance, dwelling.divorced, tuple(members)
    )


def _resident(
    rng: Random, person: Person, surname: str, divorced: bool, identities: Identities
) -> DemoResident:
    profile: Profile = write_profile(rng, person, divorced)
    birth_date = identities.birth_date(person.age)
    return DemoResident(
        name=identities.name(surname, person.sex, birth_date),
        sex=person.sex,
        birth_date=birth_date,
        id_number=identities.id_number(birth_date, person.sex),
        phone=identities.phone() if person.has_phone else None,
        disability=person.archetype.get("disability"),
        **vars(profile),
        # Half the community signed up when the service opened, the others little by little.
        registered_days_ago=int(rng.triangular(0, 720, 60)),
    )


def _named_household(row: dict[str, Any], identities: Identities) -> DemoHousehold:
    member = dict(row["member"])
    birth_date = identities.birth_date(member.pop("age"))
    member["available"] = windows(member["available"])
    member["experience"] = tuple(tuple(job) for job in member["experience"])
    for field in ("wanted", "skills", "certificates", "limits", "kinds"):
        member[field] = tuple(member[field])
    resident = DemoResident(
        birth_date=birth_date, id_number=identities.id_number(birth_date, member["sex"]), **member
    )
    return DemoHousehold(
        row["code"], row["tenure"], row["on_allowance"], row["divorced"], (resident,)
    )
