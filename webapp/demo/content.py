"""Read the hand-written texts in ``data/demo`` and what is common to all that is made of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
ESTATE = "重庆市/九龙坡区/华岩镇/华龙家园"

_T = TypeVar("_T")
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class DemoWindow:
    """Hours on some days of the week, as :class:`matching.records.Window`."""

    days: str
    start: str
    end: str


@cache
def read(name: str) -> Any:
    """Return the content of ``data/demo/<name>.json``; callers must not change it."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def windows(rows: Sequence[Mapping[str, str]] | None) -> tuple[DemoWindow, ...] | None:
    """Return the windows of a JSON list, ``None`` for ``null``."""
    return None if rows is None else tuple(DemoWindow(**row) for row in rows)


def window_rows(hours: Sequence[DemoWindow]) -> list[dict[str, str]]:
    """Return the windows as the tables keep them."""
    return [{"days": one.days, "start": one.start, "end": one.end} for one in hours]


def window_text(hours: Sequence[DemoWindow]) -> str:
    """Return the hours as people write them.

    >>> window_text([DemoWindow("12345", "08:30", "16:30")])
    '周一至周五8:30—16:30'
    """
    parts = []
    for number, window in enumerate(hours):
        days = _days_text(window.days)
        if number and window.days == hours[number - 1].days:
            days = ""
        end = "次日" + _clock(window.end) if window.end <= window.start else _clock(window.end)
        parts.append(f"{days}{_clock(window.start)}—{end}")
    return "，".join(parts)


def _clock(text: str) -> str:
    return text.removeprefix("0")


def _days_text(days: str) -> str:
    if days == "1234567":
        return "每天"
    names = [_DAYS[int(day) - 1] for day in days]
    if len(days) > 2 and days in "1234567":
        return f"周{names[0]}至周{names[-1]}"
    return "周" + "、".join(names)


def weighted(rng: Random, weights: Mapping[_T, float]) -> _T:
    """Draw one key by its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def some(rng: Random, pool: Sequence[_T], least: int, most: int) -> tuple[_T, ...]:
    """Draw ``least`` to ``most`` different items, as far as the pool goes, in random order."""
    return tuple(rng.sample(list(pool), min(len(pool), rng.randint(least, most))))
