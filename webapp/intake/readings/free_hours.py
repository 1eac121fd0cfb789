"""When somebody is free, by one tap: a few usual stretches of the week, or the hours as said."""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from webapp.core.formatting import hours_words
from webapp.imports.readers.hours import read_hours

Windows = list[dict[str, str]]


def _every_day(start: str, end: str) -> Windows:
    return [{"days": "1234567", "start": start, "end": end}]


#: Key → words and windows; no windows for any hour.
USUAL: dict[str, tuple[Any, Windows]] = {
    "always": (_("随时都行"), []),
    "day": (_("白天，8 点到 18 点"), _every_day("08:00", "18:00")),
    "morning": (_("上午，8 点到 12 点"), _every_day("08:00", "12:00")),
    "afternoon": (_("下午，13 点到 18 点"), _every_day("13:00", "18:00")),
    "evening": (_("晚上，18 点到 22 点"), _every_day("18:00", "22:00")),
    "school": (
        _("接送娃儿之间，周一到周五 9 点到 16 点"),
        [{"days": "12345", "start": "09:00", "end": "16:00"}],
    ),
}
_MOST = 4  # as many windows as the form of a file shows
_CHILD = re.compile(r"(?:接|送)[^，,。；;]{0,4}(?:娃|孙|孩|学|幺儿|女儿|儿子)")
_DAY = re.compile(r"白天|白班|不上夜班|夜班不|不熬夜|正常班")
_EVENING = re.compile(r"(?:晚上|夜里|晚班|夜班)(?!不|没|要|莫)")
_PARTS = (("morning", re.compile(r"上午|早上|早晨")), ("afternoon", re.compile(r"下午")))
_ALWAYS = re.compile(r"随时|随便|都有空|都可以|都行|全天|不限")


@dataclass(frozen=True)
class FreeHours:
    """What was read: a key of :func:`windows_of` (empty when unclear), and the words themselves.

    ``exact`` hours were said in figures.
    """

    key: str
    words: str
    exact: bool = False


def choose(words: str) -> FreeHours:
    """Return the stretch that words on one's hours mean; any hour when nothing is said.

    >>> choose("下午四点要接孙孙").key, choose("晚上做").key, choose("周一至周五 9点-15点").exact
    ('school', 'evening', True)
    """
    if not words:
        return FreeHours("always", "")
    windows = read_hours(words)
    if windows and len(windows) <= _MOST:
        return FreeHours(json.dumps(windows, sort_keys=True), words, exact=True)
    if _CHILD.search(words):
        return FreeHours("school", words)
    if _DAY.search(words):
        return FreeHours("day", words)
    parts = [key for key, sign in _PARTS if sign.search(words)]
    if _EVENING.search(words):
        return FreeHours("" if parts else "evening", words)
    if parts:
        return FreeHours(parts[0] if len(parts) == 1 else "day", words)
    return FreeHours("always" if windows == [] or _ALWAYS.search(words) else "", words)


def choices(read: str) -> list[tuple[str, str]]:
    """Return the stretches to choose from; the hours ``read`` in figures first, if they were."""
    usual = [(key, str(words)) for key, (words, _windows) in USUAL.items()]
    if not read or read in USUAL:
        return usual
    return [(read, gettext("照说的：%(hours)s", hours=hours_words(json.loads(read)))), *usual]


def windows_of(key: str) -> Windows:
    """Return the windows of a key that :func:`choices` offered."""
    windows: Windows = USUAL[key][1] if key in USUAL else json.loads(key)
    return [dict(window) for window in windows]
