"""Phrases of people compared by meaning, and hours by the minute, for searches among them.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session

from webapp.engine.meanings import phrase_key, read_meanings

if TYPE_CHECKING:
    from matching.search.meanings import MeaningTable, WorkMeaning

# From these on two phrases speak of one kind of work.
_LINKED, _SAME_TRADE, _ALIKE = 0.45, 0.45, 0.72
_kept: dict[str, "WorkMeaning"] = {}
_MOST_KEPT = 20_000
_ALL_DAYS = "1234567"


def plain(phrase: str) -> str:
    """Return a phrase as it is compared: pinyin turned to Chinese, slips of sound mended."""
    from matching.skills.understanding import understand
    from matching.text.normalise import squeeze

    return squeeze(understand(phrase).wanted)


def squeezed(phrase: str) -> str:
    """Return a phrase in simplified characters without spaces and punctuation."""
    from matching.text.normalise import squeeze

    return squeeze(phrase)


def alike(session: Session, work: str, phrases: Collection[str]) -> dict[str, float]:
    """Return which phrases speak of some work, each with how surely, above 0 and at most 1.

    A phrase says its words, or means the like; the meanings of phrases are read as they are
    kept, and one that has none yet counts by its words alone.
    """
    from matching.search.meanings import phrase_meanings

    wanted = plain(work)
    if not wanted:
        return {}
    listed = tuple(sorted(set(phrases)))
    known = _read(session, listed)
    like = _table(listed, known).similarities(phrase_meanings([wanted])[0])
    found: dict[str, float] = {}
    for at, phrase in enumerate(listed):
        said = squeezed(phrase)
        if wanted in said or (len(said) > 1 and said in wanted):
            found[phrase] = 1.0
        elif (
            like["link"][at] >= _LINKED
            or like["trade"][at] >= _SAME_TRADE
            or like["meaning"][at] >= _ALIKE
        ):
            found[phrase] = min(0.99, max(float(values[at]) for values in like.values()))
    return found


def _read(session: Session, phrases: Sequence[str]) -> int:
    """Read the kept meanings of phrases, each once in a process; return how many there are."""
    keys = [_key(phrase) for phrase in phrases]
    unread = [key for key in keys if key not in _kept]
    if len(_kept) + len(unread) > _MOST_KEPT:
        _kept.clear()
        unread = keys
    if unread:
        _kept.update(read_meanings(session, unread))
    return sum(key in _kept for key in keys)


@lru_cache(maxsize=4)
def _table(phrases: tuple[str, ...], _known: int) -> "MeaningTable":
    """Return the meanings of phrases to compare with; put together anew when more are known."""
    from matching.search.meanings import MeaningTable

    return MeaningTable([_kept.get(_key(phrase)) for phrase in phrases])


@lru_cache(maxsize=_MOST_KEPT)
def _key(phrase: str) -> str:
    return phrase_key(phrase)


def free_days(available: Sequence[Mapping[str, str]], days: str, start: str, end: str) -> list[int]:
    """Return on which of the days (1 = Monday) free times hold from start to end."""
    free = _minutes(
        tuple((one.get("days", _ALL_DAYS), one["start"], one["end"]) for one in available)
    )
    asked = {int(day): _minutes(((day, start, end),)) for day in days}
    return [day for day, minutes in asked.items() if minutes & free == minutes]


@lru_cache(maxsize=8192)
def _minutes(windows: tuple[tuple[str, str, str], ...]) -> int:
    from matching.eligibility.hours import minute_mask
    from matching.records import Window

    return minute_mask(Window(days=days, start=start, end=end) for days, start, end in windows)
