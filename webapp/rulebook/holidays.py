"""Public holidays by law: dated rows of ``data/holidays.csv``, each with its source.

They are the days that the law names. Bridge days that the State Council gives year by year are
added as rows when the notice is out.
"""

import csv
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "data" / "holidays.csv"


@cache
def holidays() -> dict[date, str]:
    """Return day → what is kept on it."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["day"]): row["name"] for row in csv.DictReader(file)}


def known_until() -> int:
    """Return the last year whose holidays are in the table."""
    return max(holidays()).year


def holidays_among(days: Iterable[date]) -> list[tuple[date, str]]:
    """Return (day, name) of those days that are public holidays, in order."""
    return sorted((day, holidays()[day]) for day in set(days) if day in holidays())
