"""Which syllables may have been meant by the letters that were typed, and at what cost.

Sounds that are one in south-western Mandarin or often mistyped (z for zh, l for n, in for ing) are
cheap to confuse.
"""

import re
from collections import defaultdict
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from matching.text.pinyin import known_syllables

CONFUSED: Final = 1.5  # cost in natural log: how much less likely than the right spelling
_LONGEST: Final = 7  # letters of a syllable
_VOWELS: Final = frozenset("aeiouv")
_CONSONANT: Final = re.compile(r"^[zcs](?!h)|^[zcs]h|^[ln]")
_OTHER_CONSONANT: Final = {
    "z": "zh", "c": "ch", "s": "sh", "zh": "z", "ch": "c", "sh": "s", "l": "n", "n": "l",
}  # fmt: skip
_OTHER_WHOLE: Final = {"hu": "fu", "fu": "hu"}


class Spelling(NamedTuple):
    """Letters read as a syllable: letters ``start`` to ``end`` of a word, and what that costs."""

    start: int
    end: int
    syllable: str
    cost: float


def _confusions(syllable: str) -> set[str]:
    """Return the syllable and all that is confused with it."""
    starts = {syllable}
    found = _CONSONANT.match(syllable)
    if found:
        starts.add(_OTHER_CONSONANT[found[0]] + syllable[found.end() :])
    if syllable in _OTHER_WHOLE:
        starts.add(_OTHER_WHOLE[syllable])
    ends = set(starts)
    for one in starts:
        if one.endswith(("ang", "eng", "ing")):
            ends.add(one[:-1])
        elif one.endswith(("an", "en", "in")):
            ends.add(one + "g")
    return ends


@lru_cache(maxsize=1)
def _readings() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return typed letters → the syllables they may mean, each with its cost."""
    costs: dict[str, dict[str, float]] = defaultdict(dict)
    for syllable in sorted(known_syllables()):
        # An o alone is a sigh; in what people type it is a letter too many.
        if _VOWELS & set(syllable) and syllable != "o":
            for typed in _confusions(syllable):
                costs[typed][syllable] = 0.0 if typed == syllable else CONFUSED
    return {typed: tuple(sorted(found.items())) for typed, found in costs.items()}


def spellings(word: str) -> list[list[Spelling]]:
    """Return the ways to read a word of letters, those that end behind each letter.

    Only readings that are part of a reading of the whole word; all lists are empty if there is
    none.

    >>> [one.syllable for one in spellings("sao")[-1]]
    ['sao', 'shao']
    """
    known = _readings()
    ends: list[list[Spelling]] = [[] for _ in range(len(word) + 1)]
    reached = {0}
    for end, length in product(range(1, len(word) + 1), range(1, _LONGEST + 1)):
        start = end - length
        if start in reached:
            for syllable, cost in known.get(word[start:end], ()):
                ends[end].append(Spelling(start, end, syllable, cost))
                reached.add(end)
    needed = {len(word)}
    for end in range(len(word), 0, -1):
        ends[end] = ends[end] if end in needed else []
        needed |= {one.start for one in ends[end]}
    return ends[1:]
