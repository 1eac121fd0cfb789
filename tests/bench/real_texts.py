"""Communities of any size made from real texts, always alike, for measuring alone.

Titles, descriptions and pay are those of real vacancies, four in five Chinese, one in five from
the hourly-wage tasks; wishes and skills are such titles, words as residents say them, and short
clauses of descriptions. Lines of a description are drawn anew for each opening, so that few
records are equal. Places, hours, demands and ages are drawn as in
:mod:`tests.bench.communities`. The folder of the texts is ``BENCH_DATA``, or one above it.
"""

import gzip
import json
import os
import random
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

from matching.records import Opening, Seeker
from tests.bench import communities

ENGLISH_SHARE = 0.2
MAX_PHRASE, MIN_PHRASE = 14, 4
EDUCATION = {"大专": "college", "本科": "bachelor", "高中": "senior_high", "中专": "vocational"}


class Texts(NamedTuple):
    """Real texts by their use."""

    vacancies: list[tuple[str, str, str, str]]  # title, pay, schooling, description
    phrases: list[str]
    hourly: list[dict[str, Any]]
    hourly_seekers: list[dict[str, Any]]


def folder() -> Path | None:
    """Return the folder with ``vacancies_cn``, ``zh`` and ``hourly``, if there is one."""
    named = os.environ.get("BENCH_DATA")
    for place in (Path(named), Path(named).parent) if named else ():
        if all((place / part).is_dir() for part in ("vacancies_cn", "zh", "hourly")):
            return place
    return None


def _hourly(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@lru_cache(maxsize=1)
def texts() -> Texts:
    """Return the texts of :func:`folder`."""
    place = folder()
    if place is None:
        raise FileNotFoundError("BENCH_DATA names no folder with vacancies_cn, zh and hourly")
    sheet = load_workbook(place / "vacancies_cn" / "vacancies.xlsx", read_only=True).active
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)][1:]
    vacancies = [(row[0], row[2], row[5], row[8]) for row in rows if row[0]]
    said = (place / "zh" / "phrases.jsonl").read_text(encoding="utf-8").splitlines()
    seekers = [json.loads(line)["seeker"] for line in said]
    phrases = [text for one in seekers for text in (*one.get("wanted", ()), *one.get("skills", ()))]
    tasks = list(_hourly(place / "hourly" / "queries.jsonl.gz"))
    shown = {json.dumps({**o, "id": ""}): o for task in tasks for o in task["openings"]}
    return Texts(vacancies, phrases, list(shown.values()), [task["seeker"] for task in tasks])


def _clauses(description: str) -> list[str]:
    parts = re.split(r"[\n。；;，,、]+", description)
    return [part for part in parts if MIN_PHRASE <= len(part) <= MAX_PHRASE]


def _opening(draw: random.Random, number: int) -> dict[str, Any]:
    row = communities.opening_row(draw, number)
    if draw.random() < ENGLISH_SHARE:
        one = draw.choice(texts().hourly)
        return row | {key: one.get(key) for key in ("title", "employer")} | {"skills": []}
    title, pay, schooling, description = draw.choice(texts().vacancies)
    lines = [line for line in description.split("\n") if line.strip()]
    kept = [line for line in lines if draw.random() < 0.8] or lines
    row |= {"title": title, "description": "\n".join(kept), "skills": [], "category": None}
    row["certificates"] = []
    row["pay"] = {"text": pay}
    row["education"] = EDUCATION.get(schooling)
    clauses = _clauses(description)
    if clauses and draw.random() < 0.3:
        row["skills"] = [draw.choice(clauses)]
    return row


def _seeker(draw: random.Random, number: int) -> dict[str, Any]:
    row = communities.seeker_row(draw, number)
    known = texts()
    if draw.random() < ENGLISH_SHARE:
        one = draw.choice(known.hourly_seekers)
        return row | {key: one.get(key, []) for key in ("wanted", "experience", "past")}
    vacancies = [draw.choice(known.vacancies) for _ in range(3)]
    row["wanted"] = [one[0] for one in vacancies[: draw.choice([1, 1, 2])]]
    row["skills"] = [draw.choice(known.phrases)] if draw.random() < 0.5 else []
    clauses = _clauses(vacancies[1][3])
    if clauses:
        row["skills"].append(draw.choice(clauses))
    row["experience"] = [{"title": vacancies[2][0], "years": draw.randrange(1, 9)}]
    return row


def openings(count: int) -> list[Opening]:
    """Return so many openings; a longer list begins with the shorter one."""
    draw = random.Random(3)
    return [Opening.model_validate(_opening(draw, number)) for number in range(count)]


def seekers(count: int) -> list[Seeker]:
    """Return so many seekers; a longer list begins with the shorter one."""
    draw = random.Random(4)
    return [Seeker.model_validate(_seeker(draw, number)) for number in range(count)]
