"""Phrases of people compared by meaning, and hours by the minute, for searches among them.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import Session

from webapp.engine.meanings import phrase_key, read_meanings

if TYPE_CHECKING:
    from matching.search.meanings import WorkMeaning

# From these on two phrases speak of one kind of work.
_LINKED, _SAME_TRADE, _ALIKE = 0.45, 0.45, 0.72
_kept: dict[str, "WorkMeaning"] = {}
_MOST_KEPT = 20_000


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
    from matching.search.meanings import MeaningTable, phrase_meanings

    wanted = plain(work)
    if not wanted:
        return {}
    listed = sorted(set(phrases))
    known = _meanings(session, listed)
    table = MeaningTable([known.get(phrase) for phrase in listed])
    like = table.similarities(phrase_meanings([wanted])[0])
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


def _meanings(session: Session, phrases: Sequence[str]) -> Mapping[str, "WorkMeaning"]:
    """Return the kept meanings of phrases; each is read once in a process."""
    keys = {phrase: _key(phrase) for phrase in phrases}
    unread = [key for key in keys.values() if key not in _kept]
    if len(_kept) + len(unread) > _MOST_KEPT:
        _kept.clear()
        unread = list(keys.values())
    if unread:
        _kept.update(read_meanings(session, unread))
    return {phrase: _kept[key] for phrase, key in keys.items() if key in _kept}


@lru_cache(maxsize=_MOST_KEPT)
def _key(phrase: str) -> str:
    return phrase_key(phrase)


def free_days(available: Sequence[Mapping[str, str]], days: str, start: str, end: str) -> list[int]:
    """Return on which of the days (1 = Monday) free times hold from start to end."""
    from matching.eligibility.hours import minute_mask
    from matching.records import Window

    free = minute_mask(Window.model_validate(one) for one in available)
    found = []
    for day in days:
        asked = minute_mask([Window(days=day, start=start, end=end)])
        if asked & free == asked:
            found.append(int(day))
    return found
