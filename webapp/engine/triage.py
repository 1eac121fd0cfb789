"""What is suggested for tickets: words in, plain values out; a person decides.

Nothing of the library is imported before it is needed, so that web workers stay light.
:func:`dangers` is rules alone, a fraction of a millisecond, for the moment a ticket is filed;
:func:`suggest` reads meanings (half a second when it is first called, milliseconds after).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TicketSuggestion:
    """What is suggested for a ticket; values as in the library's command.

    ``branch`` and ``also`` are short names of branches (富民), ``missing`` what to ask back,
    ``external`` the outside number or office that comes first, ``dangers`` the words that tell of
    danger.
    """

    branch: str
    also: tuple[str, ...]
    urgency: str
    kind: str
    missing: tuple[str, ...]
    external: str | None
    private: bool
    about_staff: bool
    dangers: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """A ticket that was filed before."""

    id: int
    words: str
    place_words: str
    when: datetime


@dataclass(frozen=True)
class LikelyDuplicate:
    """An earlier ticket that may be the same matter; ``why`` in words."""

    id: int
    score: float
    why: tuple[str, ...]


def dangers(text: str) -> tuple[str, ...]:
    """Return the words of a text that tell of danger to life or limb, by rules alone."""
    from matching.triage.danger import find_dangers

    return tuple(danger.words for danger in find_dangers(text))


def suggest(text: str, place_words: str = "") -> TicketSuggestion:
    """Return what is suggested for a ticket."""
    from matching.triage.suggest import suggest as suggest_all

    found = suggest_all([f"{place_words} {text}" if place_words else text])[0]
    return TicketSuggestion(
        branch=found.branch,
        also=tuple(found.also),
        urgency=found.urgency,
        kind=found.kind,
        missing=tuple(found.missing),
        external=found.external,
        private=found.private,
        about_staff=found.about_staff,
        dangers=tuple(danger.words or danger.label for danger in found.dangers),
    )


def likely_duplicates(
    text: str, place_words: str, when: datetime, others: Sequence[Earlier]
) -> list[LikelyDuplicate]:
    """Return the earlier tickets that may be the same matter, likeliest first."""
    from matching.triage.duplicates import Reported
    from matching.triage.duplicates import likely_duplicates as find

    reported = [Reported(str(one.id), one.words, one.place_words, one.when) for one in others]
    return [
        LikelyDuplicate(int(one.id), one.score, tuple(one.why))
        for one in find(text, place_words, when, reported)
    ]
