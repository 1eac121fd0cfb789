"""What has to be applied for before a business opens: ``data/licence_steps.csv``.

The table branches by trade and place; a row that says "not needed" is one as well, because that
nothing is needed is what people want to be sure of. Rows are dated, each with its source.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from webapp.core.labels import LabelledEnum
from webapp.guides.trades import Site, Trade

TABLE = Path(__file__).resolve().parents[2] / "data" / "licence_steps.csv"
_ANY = "*"


class Need(LabelledEnum):
    """Whether a step has to be taken."""

    YES = "yes", "要办"
    NO = "no", "不用办"
    LATER = "later", "以后再办"


@dataclass(frozen=True)
class LicenceStep:
    """One step: what it is, how and where, what to bring, by which rule, from which day on."""

    key: str
    trades: frozenset[Trade]
    sites: frozenset[Site]
    need: Need
    title: str
    how: str
    where: str
    papers: tuple[str, ...]
    source: str
    since: date


def steps_for(trade: Trade, site: Site, *, on: date) -> list[LicenceStep]:
    """Return the steps of a trade at a place as they stand on a day, in the table's order.

    A key with several rows is a rule that changed: the newest begun by that day holds.
    """
    held: dict[str, LicenceStep] = {}
    for step in all_steps():
        known = held.get(step.key)
        if step.since <= on and (known is None or known.since <= step.since):
            held[step.key] = step
    return [step for step in held.values() if trade in step.trades and site in step.sites]


@cache
def all_steps() -> tuple[LicenceStep, ...]:
    """Return the whole table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_step(row) for row in csv.DictReader(file))


def _step(row: dict[str, str]) -> LicenceStep:
    return LicenceStep(
        key=row["key"],
        trades=frozenset(Trade)
        if row["trades"] == _ANY
        else frozenset(map(Trade, _cells(row["trades"]))),
        sites=frozenset(Site)
        if row["places"] == _ANY
        else frozenset(map(Site, _cells(row["places"]))),
        need=Need(row["needed"]),
        title=row["title"],
        how=row["how"],
        where=row["where"],
        papers=_cells(row["papers"]),
        source=row["source"],
        since=date.fromisoformat(row["from"]),
    )


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)
