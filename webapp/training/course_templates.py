"""Frequent courses to start a new one from: ``data/course_templates.csv``, examples to change."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.core.vocabulary import Demand, Education
from webapp.training.lifecycle import CourseLevel

TABLE = Path(__file__).resolve().parents[2] / "data" / "course_templates.csv"


@dataclass(frozen=True)
class CourseTemplate:
    """What a course of this kind usually is."""

    key: str
    title: str
    category: str
    level: CourseLevel
    class_hours: int
    skills: list[str]
    certificates: list[str]
    education: Education | None
    demands: list[str]
    papers: list[str]
    description: str


@cache
def course_templates() -> dict[str, CourseTemplate]:
    """Return key → template, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["key"]: _template(row) for row in csv.DictReader(file)}


def _template(row: dict[str, str]) -> CourseTemplate:
    return CourseTemplate(
        key=row["key"],
        title=row["title"],
        category=row["category"],
        level=CourseLevel(row["level"]),
        class_hours=int(row["class_hours"]),
        skills=_listed(row["skills"]),
        certificates=_listed(row["certificates"]),
        education=Education(row["education"]) if row["education"] else None,
        demands=[Demand(one).value for one in _listed(row["demands"])],
        papers=_listed(row["papers"]),
        description=row["description"],
    )


def _listed(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]
