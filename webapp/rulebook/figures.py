"""Figures of law and house rules: dated rows, each with its source.

The program ships ``data/rules.csv`` and ``data/pay_floors.csv``; the admin adds newer rows in
the rule book. Both together hold; of two rows of one day the admin's does.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.vocabulary import PayUnit
from webapp.rulebook.models import RuleFigure
from webapp.rulebook.row_cache import FIGURES, remembered

KEY = "rule_figures"
_DATA = Path(__file__).resolve().parents[2] / "data"
_CITY = "重庆市"


class UnknownRule(LookupError):
    """No row of the table says what held on that day."""


@dataclass(frozen=True)
class Rule:
    """One figure as it holds from a day on; money is in fen, the unit says so.

    ``id`` is that of its row in the rule book, 0 for one only shipped. ``confirmed``: somebody
    has compared it with its source.
    """

    name: str
    value: int
    unit: str
    since: date
    source: str
    id: int = 0
    confirmed: bool = False


@dataclass(frozen=True)
class Hole:
    """A figure that nobody has found yet: pages say so, and never fill it by a guess."""

    name: str
    unit: str
    why: str


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
    return max(rows, key=lambda row: (row.since, row.id))


def known(name: str, *, on: date) -> Rule | None:
    """Return :func:`in_force`, or ``None`` where nothing held yet: a hole."""
    try:
        return in_force(name, on=on)
    except UnknownRule:
        return None


def pay_floor(unit: PayUnit, place: str, *, on: date) -> Rule | None:
    """Return the minimum wage, in fen a month or an hour, where the work is done.

    ``None`` for other units, for places outside the city and for days before the first row.
    The city's counties (…县) are its second tier; whatever else a place says counts as the
    first, whose floor is the higher one.
    """
    parts = [part for part in place.split("/") if part]
    if unit not in {PayUnit.MONTH, PayUnit.HOUR} or (parts and parts[0] != _CITY):
        return None
    tier = 2 if len(parts) > 1 and parts[1].endswith("县") else 1
    return known(f"pay_floor_{unit}_{tier}", on=on)


def read_rules() -> tuple[Rule, ...]:
    """Return all rows, shipped and the admin's."""
    return remembered(KEY, FIGURES, _all_rows, shipped())


def _all_rows(session: Session) -> tuple[Rule, ...]:
    statement = select(RuleFigure).order_by(col(RuleFigure.id))
    written = tuple(
        Rule(
            name=row.name,
            value=row.value,
            unit=row.unit,
            since=row.since,
            source=row.source,
            id=row.id,
            confirmed=row.confirmed_at is not None,
        )
        for row in session.execute(statement).scalars()
    )
    known = {(row.name, row.since, row.value) for row in written}
    return written + tuple(
        row for row in shipped() if (row.name, row.since, row.value) not in known
    )


@cache
def shipped() -> tuple[Rule, ...]:
    """Return the rows that come with the program."""
    return _shipped_rules() + _shipped_floors()


def _shipped_rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(
            name=row["rule"],
            value=int(row["value"]),
            unit=row["unit"],
            since=date.fromisoformat(row["from"]),
            source=row["source"],
        )
        for row in _rows_of_rules()
        if row["value"]
    )


@cache
def holes() -> tuple[Hole, ...]:
    """Return the figures that the program uses and has no row of, as far as it ships."""
    return tuple(
        Hole(name=row["rule"], unit=row["unit"], why=row["source"])
        for row in _rows_of_rules()
        if not row["value"]
    )


def units() -> dict[str, str]:
    """Return name → unit of every figure that the program uses, holes too."""
    return {row.name: row.unit for row in shipped()} | {hole.name: hole.unit for hole in holes()}


def _rows_of_rules() -> list[dict[str, str]]:
    with (_DATA / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _shipped_floors() -> tuple[Rule, ...]:
    with (_DATA / "pay_floors.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                name=f"pay_floor_{unit}_{row['tier']}",
                value=round(float(row[f"{unit}_yuan"]) * 100),
                unit="fen",
                since=date.fromisoformat(row["valid_from"]),
                source=row["source"],
            )
            for row in csv.DictReader(file)
            for unit in (PayUnit.MONTH, PayUnit.HOUR)
        )
