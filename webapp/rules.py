"""Figures of law and house rules: dated rows of ``data/rules.csv``, each with its source."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "data" / "rules.csv"


class UnknownRule(LookupError):
    """No row of the table says what held on that day."""


@dataclass(frozen=True)
class Rule:
    """One figure as it holds from a day on; money is in fen, the unit says so."""

    name: str
    value: int
    unit: str
    since: date
    source: str


def rule(name: str, *, on: date) -> int:
    """Return the value of ``name`` that held on the day ``on``.

    Raises :class:`UnknownRule` when the table has no such rule or none that early.
    """
    return in_force(name, on=on).value


def in_force(name: str, *, on: date) -> Rule:
    """Return the newest row of ``name`` that had begun by ``on``, with its source."""
    rows = [row for row in read_rules() if row.name == name and row.since <= on]
    if not rows:
        raise UnknownRule(f"{name} on {on}")
    return max(rows, key=lambda row: row.since)


@cache
def read_rules() -> tuple[Rule, ...]:
    """Return all rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                name=row["rule"],
                value=int(row["value"]),
                unit=row["unit"],
                since=date.fromisoformat(row["from"]),
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )
