"""Which drawing stands for which work: one table of words for openings and for answers.

The drawings are symbols of ``static/icons.svg``, ``draw-`` before their names. What the table does
not know has no drawing; its word then stands alone, and large.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).resolve().parents[2] / "data" / "drawings.csv"


class Drawing(NamedTuple):
    """A drawing with its word; ``name`` is empty where there is none.

    ``turn`` says at which turn of the road of pictures it stands (:mod:`webapp.home.picture_road`),
    or that it is the answer of a question (``hours``, ``reach``).
    """

    name: str
    word: str
    turn: str
    words: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


OTHER = Drawing("", "别的活", "works")
_ANSWERS = ("hours", "reach")


@cache
def table() -> tuple[Drawing, ...]:
    """Return all drawings in the order in which they are looked through."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Drawing(
                row["drawing"],
                row["word"],
                row["turn"],
                tuple(filter(None, row["words"].split("|"))),
                tuple(filter(None, row["categories"].split("|"))),
            )
            for row in csv.DictReader(file)
        )


@cache
def named(name: str) -> Drawing:
    """Return a drawing by its name; ``KeyError`` if there is none."""
    return {one.name: one for one in table()}[name]


def of_work(title: str, category: str = "") -> Drawing:
    """Return what stands for work: by the last of its title's words, else by its category.

    >>> of_work("洗碗工").word, of_work("车间统计员", "制造").word, of_work("呼叫中心坐席").name
    ('做饭端菜', '厂里做工', '')
    """
    works = [one for one in table() if one.turn not in _ANSWERS]
    found = _latest(works, title.partition("（")[0]) or _latest(works, title)
    return found or next((one for one in works if category in one.categories), OTHER)


def of_answer(words: str) -> str:
    """Return the name of the drawing beside an answer, empty if there is none."""
    found = _latest(table(), words)
    return found.name if found else ""


def _latest(rows: Sequence[Drawing], text: str) -> Drawing | None:
    """Return the row whose word ends last: what somebody is stands at the end, 养老院的洗衣工."""
    ends = [
        (text.rfind(word) + len(word), -at, one)
        for at, one in enumerate(rows)
        for word in one.words
        if word in text
    ]
    return max(ends)[2] if ends else None
