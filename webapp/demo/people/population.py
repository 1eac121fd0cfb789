"""Which households there are and who lives in them, before anybody has a name.

Shares are exact for any seed: a list with the right number of each value is shuffled, so the
community's published figures always come out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from webapp.demo.content import read, weighted

LOW_RENT, AFFORDABLE, RESETTLED, BOUGHT = "廉租房", "经济适用房", "安置房", "商品房"
_TENURE = {LOW_RENT: 0.166, AFFORDABLE: 0.749, RESETTLED: 0.05, BOUGHT: 0.035}
_ON_ALLOWANCE = 1 / 8
_DIVORCED = 0.20
_DISABLED = 1 / 50
_NO_PHONE = 0.12
_MINORS = 8 / 2000
# Members of a household who are able or wishing to work.
_SIZES = {1: 0.76, 2: 0.21, 3: 0.03}
_UNITS, _FLOORS, _FLATS = 2, 17, 4


@dataclass
class Person:
    """Age, sex, role and what kind of story: filled in step by step, then only read."""

    age: int
    sex: str
    is_wife: bool
    is_child: bool
    archetype: dict[str, Any]
    has_phone: bool = True


@dataclass
class Dwelling:
    """One household: its address, its people and their circumstances."""

    code: str
    tenure: str
    people: list[Person]
    divorced: bool = False
    on_allowance: bool = False


def draw_dwellings(rng: Random, households: int, named: Sequence[dict[str, Any]]) -> list[Dwelling]:
    """Return the dwellings of all but the ``named`` households, in walking order.

    The shares hold for all ``households`` together, the named ones counted in.
    """
    codes = _codes(households, {row["code"] for row in named})
    tenures = _tenures(rng, households, [row["tenure"] for row in named])
    sizes = _deal(rng, _SIZES, len(codes))
    spare = round(households * _DIVORCED) - sum(row["divorced"] for row in named)
    divorced = _deal(rng, {True: spare / len(codes), False: 1.0}, len(codes))
    dwellings = [
        Dwelling(code, tenure, _people(rng, size, alone), divorced=alone)
        for code, tenure, size, alone in zip(codes, tenures, sizes, divorced, strict=True)
    ]
    _make_disabled(rng, dwellings)
    _make_minors(rng, dwellings, round(households * _MINORS))
    _give_allowance(
        rng,
        dwellings,
        round(households * _ON_ALLOWANCE) - sum(row["on_allowance"] for row in named),
    )
    _take_phones(rng, dwellings)
    return dwellings


def _codes(households: int, taken: set[str]) -> list[str]:
    codes: list[str] = []
    for code in _all_codes():
        if len(codes) == households - len(taken):
            break
        if code not in taken:
            codes.append(code)
    return codes


def _all_codes() -> Iterator[str]:
    building = 0
    while True:
        building += 1
        for unit in range(1, _UNITS + 1):
            for floor in range(1, _FLOORS + 1):
                for flat in range(1, _FLATS + 1):
                    yield f"{building}栋{unit}单元-{floor}{flat:02d}"


def _deal(rng: Random, shares: dict[Any, float], count: int) -> list[Any]:
    """Return ``count`` shuffled cards; the last kind fills what rounding leaves."""
    cards: list[Any] = []
    *first, last = shares
    for card in first:
        cards += [card] * max(0, round(shares[card] * count))
    cards = (cards + [last] * count)[:count]
    rng.shuffle(cards)
    return cards


def _tenures(rng: Random, households: int, taken: Sequence[str]) -> list[str]:
    cards = _deal(rng, _TENURE, households)
    for tenure in taken:
        if tenure in cards:
            cards.remove(tenure)
    return cards[: households - len(taken)]


def _people(rng: Random, size: int, divorced: bool) -> list[Person]:
    head = _adult(rng, 18 if size == 1 and not divorced else 26)
    people = [head]
    if size == 1:
        return people
    # Only a parent old enough has a child who seeks work.
    has_child = head.age >= 42 and (divorced or size == 3 or rng.random() < 0.35)
    if not divorced:
        head.sex = "male"
        wife_age = min(64, max(22, head.age - rng.randint(-2, 5)))
        head.archetype = _archetype(rng, head.age, head.sex)
        people.append(Person(wife_age, "female", True, False, _archetype(rng, wife_age, "female")))
    if has_child:
        people += _children(rng, head.age, size - len(people))
    return people


def _children(rng: Random, parent_age: int, count: int) -> list[Person]:
    ages: list[int] = []
    for _ in range(max(0, count)):
        age = max(18, parent_age - rng.randint(22, 32))
        if ages:
            age = max(18, min(ages) - rng.randint(2, 5))
        ages.append(age)
    sexes = [rng.choice(["female", "male"]) for _ in ages]
    return [
        Person(age, sex, False, True, _archetype(rng, age, sex))
        for age, sex in zip(ages, sexes, strict=True)
    ]


def _adult(rng: Random, least: int) -> Person:
    while True:
        archetype = weighted_archetype(rng, read("archetypes"))
        low, high = archetype["ages"]
        age = rng.randint(low, high)
        if age >= least:
            sex = "female" if rng.random() < archetype["women"] else "male"
            return Person(age, sex, False, False, archetype)


def _archetype(rng: Random, age: int, sex: str) -> dict[str, Any]:
    fitting = [a for a in read("archetypes") if a["ages"][0] <= age <= a["ages"][1]]
    return weighted_archetype(rng, fitting, sex)


def weighted_archetype(
    rng: Random, archetypes: Sequence[dict[str, Any]], sex: str | None = None
) -> dict[str, Any]:
    """Draw a kind of story; with ``sex``, one as common as it is among women or men."""
    weights = {}
    for number, archetype in enumerate(archetypes):
        share = {"female": archetype["women"], "male": 1 - archetype["women"], None: 1.0}[sex]
        weights[number] = archetype["weight"] * share
    return archetypes[weighted(rng, weights)]


def _make_disabled(rng: Random, dwellings: Sequence[Dwelling]) -> None:
    people = [person for dwelling in dwellings for person in dwelling.people]
    for person in rng.sample(people, round(len(people) * _DISABLED)):
        fitting = [a for a in read("disabled") if a["ages"][0] <= person.age <= a["ages"][1]]
        person.archetype = weighted_archetype(rng, fitting)


def _make_minors(rng: Random, dwellings: Sequence[Dwelling], count: int) -> None:
    story = next(a for a in read("archetypes") if a["key"] == "minor")
    families = [
        dwelling
        for dwelling in dwellings
        if len(dwelling.people) == 1 and 36 <= dwelling.people[0].age <= 52
    ]
    for dwelling in rng.sample(families, min(count, len(families))):
        sex = rng.choice(["female", "male"])
        dwelling.people.append(Person(rng.randint(16, 17), sex, False, True, story))


def _give_allowance(rng: Random, dwellings: Sequence[Dwelling], count: int) -> None:
    def need(dwelling: Dwelling) -> float:
        disabled = any("disability" in person.archetype for person in dwelling.people)
        return 1 + 4 * disabled + 2 * (dwelling.tenure == LOW_RENT) + dwelling.divorced

    # Exponential races: the smallest times win, each dwelling as fast as its need is great.
    times = [rng.expovariate(need(dwelling)) for dwelling in dwellings]
    for number in sorted(range(len(dwellings)), key=times.__getitem__)[: max(0, count)]:
        dwellings[number].on_allowance = True


def _take_phones(rng: Random, dwellings: Sequence[Dwelling]) -> None:
    people = [person for dwelling in dwellings for person in dwelling.people]

    def pull(person: Person) -> float:
        return 0.15 if person.age < 40 else 1 + (person.age - 40) / 6

    # The young and those whose work runs on a phone keep theirs.
    without = [p for p in people if p.age >= 30 and "smartphone" not in p.archetype["needs"]]
    times = [rng.expovariate(pull(person)) for person in without]
    share = round(len(people) * _NO_PHONE)
    for number in sorted(range(len(without)), key=times.__getitem__)[:share]:
        without[number].has_phone = False
