"""Small whole numbers as people write them beside jobs and people: 4, 十五, 三四, 1-2."""

import re

from matching.text.numerals import CHINESE, read_number

#: A number of people, or a range of it.
COUNT = rf"(?:\d{{1,3}}(?:[-~至到]\d{{1,3}})?|[{CHINESE}]{{1,4}}(?:[-~至到][{CHINESE}]{{1,4}})?)"
_DASH = re.compile(r"[-~至到]")


def largest(text: str) -> int | None:
    """Return the number, of a range the larger end; None where it is none.

    >>> largest("1-2"), largest("三四"), largest("十五")
    (2, 4, 15)
    """
    found = [read_number(part) for part in _DASH.split(text)]
    highs = [int(one.high) for one in found if one is not None]
    return max(highs, default=None)


def smallest(text: str) -> float | None:
    """Return the number, of a range the smaller end; 半 is a half; None where it is none."""
    if text.startswith(("半", "大半")):
        return 0.5
    lows = [one.low for one in map(read_number, _DASH.split(text)) if one is not None]
    return min(lows, default=None)
