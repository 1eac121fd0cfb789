"""Write one person's wishes, skills, past work and circumstances so that they agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from webapp.demo.content import DemoWindow, read, some, weighted, windows
from webapp.demo.people.population import Person, weighted_archetype

_SCHOOL_LEAVING_AGE = 16
# Work that nobody can do who is needed at home in the evening.
_AWAY_FROM_HOME = ("夜", "住家", "长途", "月嫂")


@dataclass(frozen=True)
class Profile:
    """The written part of a resident; fields as in ``DemoResident``."""

    education: str
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


def write_profile(rng: Random, person: Person, divorced: bool) -> Profile:
    """Return a profile of the person's kind of story; no two need be alike."""
    story = person.archetype
    education = _education(rng, person)
    carer = _carer(rng, person, divorced)
    limits, sentences = _limits(rng, person, education)
    if carer:
        sentences.append(rng.choice(carer["texts"]))
    available = _available(rng, story, carer)
    reach = _reach(rng, story, carer, limits)
    return Profile(
        education=education,
        disability_level=rng.choice(story["levels"]) if "levels" in story else None,
        disability_note=rng.choice(story["note"]) if "note" in story else None,
        wanted=_wanted(rng, story, carer, limits),
        skills=some(rng, story["skills"], 2, 5),
        experience=_experience(rng, person),
        certificates=tuple(c for c, share in story["certificates"].items() if rng.random() < share),
        limits=limits,
        reach=reach,
        available=available,
        min_pay=_min_pay(rng, story, available),
        kinds=_kinds(rng, story, reach),
        carer_of=carer["of"] if carer else None,
        situation=_situation(rng, sentences),
    )


def _education(rng: Random, person: Person) -> str:
    level = weighted(rng, person.archetype["education"])
    # Nine years of school are the rule for those born since the mid-eighties.
    if person.age < 38 and level in ("none", "primary") and "disability" not in person.archetype:
        return "junior_high"
    return level


def _carer(rng: Random, person: Person, divorced: bool) -> dict[str, Any] | None:
    if rng.random() >= person.archetype["carer"]:
        return None
    fitting = [
        duty
        for duty in read("circumstances")["carers"]
        if duty["ages"][0] <= person.age <= duty["ages"][1]
        and not (duty["of"] == "要照护的配偶" and (divorced or person.is_child))
    ]
    return rng.choice(fitting) if fitting else None


def _limits(rng: Random, person: Person, education: str) -> tuple[tuple[str, ...], list[str]]:
    """Return what the person cannot do, and the sentences that say so."""
    texts = read("circumstances")
    story = person.archetype
    limits = list(story.get("limits", ()))
    sentences = [rng.choice(story["can"])] if "can" in story else []
    if rng.random() < story["limit"]:
        fitting = [
            row
            for row in texts["limits"]
            if row["ages"][0] <= person.age <= row["ages"][1]
            and not set(row["limits"]) & set(story["needs"])
        ]
        if fitting:
            row = rng.choice(fitting)
            limits += row["limits"]
            sentences.append(rng.choice(row["texts"]))
    if education == "none" and "reading" not in limits:
        limits.append("reading")
        sentences.append(rng.choice(texts["illiterate"]))
    if not person.has_phone:
        limits.append("smartphone")
        sentences.append(rng.choice(texts["no_phone"]))
    elif person.age > 52 and "smartphone" not in story["needs"] and rng.random() < 0.25:
        limits.append("smartphone")
        sentences.append(rng.choice(texts["basic_phone"]))
    return tuple(dict.fromkeys(limits)), sentences


def _available(
    rng: Random, story: dict[str, Any], carer: dict[str, Any] | None
) -> tuple[DemoWindow, ...] | None:
    name = rng.choice(carer["windows"]) if carer else weighted(rng, story["free"])
    return windows(read("circumstances")["windows"][name])


def _wanted(
    rng: Random, story: dict[str, Any], carer: dict[str, Any] | None, limits: Sequence[str]
) -> tuple[str, ...]:
    """Return one to three wishes; who cares for somebody or cannot work nights asks for neither."""
    barred = _AWAY_FROM_HOME if carer else ("夜",) if "night" in limits else ()
    pool = [wish for wish in story["wanted"] if not any(word in wish for word in barred)]
    wanted = list(some(rng, pool, 1, 3))
    if rng.random() < 0.25:
        wanted[-1] += rng.choice(read("circumstances")["tails"])
    return tuple(wanted)


def _experience(rng: Random, person: Person) -> tuple[tuple[str, str, float], ...]:
    """Return up to three jobs, the oldest first, that fit into the years since school."""
    years_left = float(max(0, person.age - _SCHOOL_LEAVING_AGE - 1))
    titles = list(some(rng, person.archetype["experience"], 0 if person.age < 24 else 1, 2))
    if person.age >= 30 and rng.random() < 0.35:
        # Few have stayed in one trade all their life.
        other = weighted_archetype(rng, read("archetypes"), person.sex)
        titles.insert(0, rng.choice(other["experience"]))
    jobs = []
    for title, pool in (entry.split("@") for entry in dict.fromkeys(titles)):
        years = min(years_left, round(rng.triangular(0.5, 14, 3) * 2) / 2)
        if years <= 0:
            break
        years_left -= years
        jobs.append((title, rng.choice(read("past_employers")[pool]), years))
    return tuple(jobs)


def _reach(
    rng: Random, story: dict[str, Any], carer: dict[str, Any] | None, limits: Sequence[str]
) -> str:
    if carer:
        return str(rng.choice(carer["reach"]))
    reach = weighted(rng, story["reach"])
    return "district" if "walking" in limits and reach in ("city", "anywhere") else reach


def _kinds(rng: Random, story: dict[str, Any], reach: str) -> tuple[str, ...]:
    names = weighted(rng, story["kinds"])
    kinds = tuple(names.split(",")) if names else ()
    # Those who cannot leave the house are glad of piecework, whatever else they asked for.
    return (
        (*kinds, "piecework") if reach == "home" and kinds and "piecework" not in kinds else kinds
    )


def _min_pay(
    rng: Random, story: dict[str, Any], available: tuple[DemoWindow, ...] | None
) -> int | None:
    if rng.random() < 0.12:
        return None
    least, most = story["pay"]
    share = 1.0
    if available is not None and all(window.end <= "18:00" for window in available):
        # Those who are free for part of the day alone do not expect a whole day's pay.
        share = 0.8
    return round(rng.triangular(least, most, least) * share / 100) * 100


def _situation(rng: Random, sentences: Sequence[str]) -> str:
    written = list(sentences)[:3]
    if len(written) < 3 and (not written or rng.random() < 0.6):
        written.append(rng.choice(read("circumstances")["fields"]))
    return "".join(f"{sentence}。" for sentence in written)
