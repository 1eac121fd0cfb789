"""Guides to small trades: ``data/guides/*.toml``, written by hand and read at start.

Amounts are whole yuan, or fen where the name says so. All of them are examples, and every page
says so with the day on which they were written; none is a price list.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import yuan

FOLDER = Path(__file__).resolve().parents[2] / "data" / "guides"
_FEN = 100


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A range in yuan."""

    low: int
    high: int

    @property
    def words(self) -> str:
        """The range as people read it: 「600–1,200 元」."""
        low, high = yuan(self.low * _FEN), yuan(self.high * _FEN)
        return _("%(low)s–%(high)s 元", low=low, high=high)


@dataclass(frozen=True, kw_only=True)
class Cost(Amount):
    """What one thing costs to begin with."""

    what: str


@dataclass(frozen=True)
class Reckoning:
    """A day in figures: what it costs whether or not anything is sold, and what one piece brings.

    ``many`` is what is sold on a good day, ``verb`` and ``unit`` how one says it: 卖 80 斤.
    """

    daily: str
    daily_yuan: int
    one: str
    one_fen: int
    verb: str
    unit: str
    many: int

    @property
    def break_even(self) -> int:
        """The least number of pieces that covers the day's costs."""
        return -(-self.daily_yuan * _FEN // self.one_fen)

    @property
    def left_fen(self) -> int:
        """What is left of a good day, in fen."""
        return self.many * self.one_fen - self.daily_yuan * _FEN

    @property
    def words(self) -> str:
        """The sum as a sentence."""
        return _(
            "%(daily)s一天约 %(cost)s 元，%(one)s赚 %(each)s 元。"
            "%(verb)s %(least)d %(unit)s才保本；%(verb)s %(many)d %(unit)s，剩 %(left)s 元。",
            daily=self.daily,
            cost=yuan(self.daily_yuan * _FEN),
            one=self.one,
            each=yuan(self.one_fen),
            verb=self.verb,
            unit=self.unit,
            least=self.break_even,
            many=self.many,
            left=yuan(self.left_fen),
        )


@dataclass(frozen=True)
class Loss:
    """One way in which people lose money, and what to do instead."""

    how: str
    instead: str


@dataclass(frozen=True)
class Paper:
    """A licence or other paper, and where one asks for it."""

    name: str
    where: str


@dataclass(frozen=True)
class Guide:
    """How to begin one small trade; ``number`` is its place in the list, ``slug`` its address.

    ``called`` are the words by which people ask for it, ``ask`` the trades of members who know
    about it, ``rules`` what must be kept where people could come to harm.
    """

    slug: str
    number: int
    written: date
    title: str
    sentence: str
    called: list[str]
    fits: str
    rises: str
    steps: list[str]
    first_week: list[str]
    costs: list[Cost]
    day_left: Amount
    reckoning: Reckoning
    losses: list[Loss]
    papers: list[Paper]
    help: list[str]
    ask: list[str]
    rules: list[str]

    @property
    def to_begin(self) -> Amount:
        """What it takes to open, all costs together."""
        low, high = sum(one.low for one in self.costs), sum(one.high for one in self.costs)
        return Amount(low=low, high=high)

    @property
    def text(self) -> str:
        """All that the page says, for searches."""
        papers = [one.name for one in self.papers]
        return "。".join([self.sentence, self.fits, *self.steps, *self.first_week, *papers])


@cache
def guides() -> dict[str, Guide]:
    """Return slug → guide, in the order of the list."""
    read = (_read(path) for path in FOLDER.glob("*.toml"))
    return {one.slug: one for one in sorted(read, key=lambda one: one.number)}


def _read(path: Path) -> Guide:
    with path.open("rb") as file:
        row: dict[str, Any] = tomllib.load(file)
    return Guide(
        slug=path.stem,
        number=row.pop("order"),
        costs=[Cost(**one) for one in row.pop("costs")],
        day_left=Amount(**row.pop("day_left")),
        reckoning=Reckoning(**row.pop("reckoning")),
        losses=[Loss(**one) for one in row.pop("lose")],
        papers=[Paper(**one) for one in row.pop("papers")],
        rules=row.pop("rules", []),
        **row,
    )
