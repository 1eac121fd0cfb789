"""Which tickets may be one matter: the same place, the same trouble, the same occurrence.

One piece of work must settle both. So a danger to life inside an outage that was reported already
is none, nor is a slow sink beside a blocked drain, nor the same trouble of another employer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from matching.text.sentence_vectors import sentence_vectors
from matching.triage.classifier import MAX_CHARS
from matching.triage.danger import find_dangers
from matching.triage.identity import Identity, identity_of
from matching.triage.places import Place, place_of
from matching.triage.plain import in_plain_words
from matching.triage.signs import signs_of

#: Two reports of one occurrence lie no further apart.
NO_FURTHER_APART: Final = timedelta(days=30)
DANGER_NO_FURTHER_APART: Final = timedelta(days=2)
# Least cosine of meanings: at one place, and where only names or numbers tie two reports.
_ALIKE: Final = 0.4
_ALIKE_AT_NO_PLACE: Final = 0.45
# Two outages of one kind in one building are mostly one, in whatever words.
_ALIKE_OUTAGES: Final = 0.25
_MOST: Final = 5
_OF_EMPLOYERS: Final = frozenset({"employer", "owed", "injury"})
# Said of who makes the noise, not of who hears it: the other side of one quarrel.
_OTHER_SIDE: Final = "own_group"


class Reported(NamedTuple):
    """A ticket that was reported before; ``place`` in words, "" if it is not known."""

    id: str
    text: str
    place: str = ""
    when: datetime | None = None


@dataclass(frozen=True)
class LikelyDuplicate:
    """An earlier ticket that may be the same matter, with the words that say why."""

    id: str
    score: float
    why: list[str]


class _Read(NamedTuple):
    """What is compared of a ticket."""

    place: Place
    signs: frozenset[str]
    troubles: frozenset[str]
    dangers: frozenset[str]
    identity: Identity


def likely_duplicates(
    text: str, place: str, when: datetime | None, others: Sequence[Reported]
) -> list[LikelyDuplicate]:
    """Return the earlier tickets that may be the same matter, likeliest first, at most five.

    Parameters
    ----------
    text, place : str
        Of the new ticket; what ``place`` says goes before what the text says.
    when : datetime or None
        When it was reported.
    others : sequence of Reported
        The tickets to compare with.
    """
    own = _read(text, place)
    possible = [
        (other, read)
        for other in others
        if _near_in_time(when, other.when, danger=bool(own.dangers))
        and _may_be_one(own, read := _read(other.text, other.place))
    ]
    if not possible:
        return []
    meanings = sentence_vectors(
        [in_plain_words(one[:MAX_CHARS]) for one in (text, *(other.text for other, _ in possible))]
    )
    cosines = meanings[1:] @ meanings[0]
    found = [
        LikelyDuplicate(other.id, round(score, 3), why)
        for (other, read), cosine in zip(possible, cosines, strict=True)
        for score, why in [_compare(own, read, float(cosine))]
        if score > 0
    ]
    return sorted(found, key=lambda one: (-one.score, one.id))[:_MOST]


@lru_cache(maxsize=4096)
def _read(text: str, place: str) -> _Read:
    """Return what is compared; the place that was given goes before the text's."""
    short = text[:MAX_CHARS]
    signs = signs_of(short)
    said, given = place_of(short), place_of(place)
    whole = said._replace(**{part: at for part, at in given._asdict().items() if at is not None})
    return _Read(
        whole,
        signs,
        frozenset(sign for sign in signs if sign.startswith("on_") or sign in _OF_EMPLOYERS),
        frozenset(danger.sign for danger in find_dangers(short)),
        identity_of(short),
    )


def _near_in_time(one: datetime | None, other: datetime | None, *, danger: bool) -> bool:
    if one is None or other is None:
        return True
    return abs(one - other) <= (DANGER_NO_FURTHER_APART if danger else NO_FURTHER_APART)


def _may_be_one(own: _Read, other: _Read) -> bool:
    if bool(own.dangers) != bool(other.dangers) or (
        own.dangers and not own.dangers & other.dangers
    ):
        return False
    if (_OTHER_SIDE in own.signs) != (_OTHER_SIDE in other.signs):
        return False
    if _is_outage(own) != _is_outage(other) and not own.dangers:
        return False
    return not own.place.contradicts(
        other.place, next_floor="on_noise" in own.signs and "on_noise" in other.signs
    )


def _is_outage(read: _Read) -> bool:
    return "out" in read.signs and "not_out" not in read.signs


def _compare(own: _Read, other: _Read, cosine: float) -> tuple[float, list[str]]:
    """Return how likely two tickets are one, 0 if they are not, and why."""
    shared = own.place.shares(other.place)
    troubles = own.troubles & other.troubles
    same_danger = own.dangers & other.dangers
    alike = len(troubles) / max(1, len(own.troubles | other.troubles))
    tied = own.identity.shared_with(other.identity)
    why = [f"都在{own.place.in_words(other.place)}"] if shared else []
    why += [f"都说到{words}" for words in tied]
    outages = _is_outage(own) and _is_outage(other)
    least = _ALIKE_OUTAGES if outages else _ALIKE
    if shared and (same_danger or troubles) and cosine >= least:
        why.append("说的是一样的事")
        return cosine + 0.2 * shared + 0.3 * alike + 0.2 * len(tied), why
    if not shared and (len(tied) > 1 or (tied and troubles)) and cosine >= _ALIKE_AT_NO_PLACE:
        why.append("说的是一样的事")
        return cosine + 0.2 * len(tied) + 0.2 * alike, why
    return 0.0, []
