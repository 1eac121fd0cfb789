"""Figures as an admin reads them: what holds today, what is coming, what held before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from webapp.rulebook import presentation
from webapp.rulebook.figures import Rule, known, read_rules


@dataclass(frozen=True)
class FigureGroup:
    """The rows of one figure: ``now`` holds today, ``others`` are newest first."""

    name: str
    title: str
    now: Rule | None
    others: list[Rule]


def grouped(names: Iterable[str], today: date) -> list[FigureGroup]:
    """Return these figures: the minimum wage first, the rest by what they are called."""
    rows: dict[str, list[Rule]] = {name: [] for name in names}
    for row in sorted(read_rules(), key=lambda row: (row.since, row.id), reverse=True):
        if row.name in rows:
            rows[row.name].append(row)
    found = []
    for name, every in rows.items():
        now = known(name, on=today)
        others = [row for row in every if row is not now]
        found.append(FigureGroup(name, presentation.name_words(name), now, others))
    return sorted(found, key=lambda one: (not one.name.startswith("pay_floor_"), one.title))
