"""The way to the office as a sketch: boxes from a table, and the same in words."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().parents[2] / "data" / "estate_map.csv"
WIDTH, HEIGHT = 600, 340


@dataclass(frozen=True)
class Place:
    """A box of the sketch in its own units; ``words`` say how to get there, empty for none."""

    kind: str
    name: str
    x: int
    y: int
    width: int
    height: int
    words: str

    @property
    def middle(self) -> tuple[int, int]:
        """Where the name stands."""
        return self.x + self.width // 2, self.y + self.height // 2 + 7


@cache
def places() -> tuple[Place, ...]:
    """Return the places of ``data/estate_map.csv`` in order."""
    numbers = ("x", "y", "width", "height")
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Place(
                kind=row["kind"],
                name=row["name"],
                words=row["words"],
                **{name: int(row[name]) for name in numbers},
            )
            for row in csv.DictReader(file)
        )
