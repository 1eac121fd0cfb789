"""Turn pinyin into the Chinese that was likely meant.

A noisy channel: the characters are what was meant, the letters what came out. How likely one
character follows two others is counted in the names, ways of saying and sentences of ``data/``;
what is confused with what by ear, :mod:`matching.text.pinyin_spelling` tells. Letters that are no
syllables are tried as slips of the thumb, and then as initials.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise
from string import ascii_lowercase
from typing import Final

from matching.skills.taxonomy import read_entries
from matching.skills.work_classifier import training_texts
from matching.text.normalise import squeeze_all
from matching.text.pinyin import char_sounds, initial_letters, split_pinyin
from matching.text.pinyin_spelling import spellings

# Shares of what follows two characters, one, or none; the last goes by how common it is.
_SHARES: Final = (0.6, 0.32, 0.08)
_BEAM: Final = 48  # ways to read the letters so far that are followed up
_BEAM_WRITTEN: Final = 8  # the same where all was written, and little is to be mended
_MAX_CANDIDATES: Final = 40  # characters tried of one sound, the commonest
_OTHER_READING: Final = 1.0  # cost of a sound a character has beside its usual one
_MAX_CHARS: Final = 24
_MAX_INITIALS: Final = 6
_WRITTEN: Final = 4.5  # cost of another character than the one that was written
_NAMES_COUNT: Final = 3  # a way of saying tells more than the words around it in a sentence

# Costs of a slip of the thumb, in natural log.
_SWAPPED: Final = 5.0
_DROPPED: Final = 7.0
_SHORTEST_MENDED: Final = 4  # letters; a shorter word with a slip could be anything
_SURELY_PINYIN: Final = 4  # syllables; no English word comes apart into so many
_MOST_MENDED: Final = 8  # ways to put a word right that are looked at
_VOWELS: Final = frozenset("aeiouv")

# The ways to read letters: by the place where each ends, (where it starts, characters, cost).
Lattice = Sequence[Sequence[tuple[int, str, float]]]


class PinyinDecoder:
    """Decodes pinyin by the texts it was built from.

    Parameters
    ----------
    texts : iterable of str
        What people say, which tells how likely one character follows others.
    names : iterable of str
        What initials may stand for.
    """

    def __init__(self, texts: Iterable[str], names: Iterable[str]) -> None:
        # How often each one, two and three characters stand together; a text begins with a space.
        self._counts: Counter[str] = Counter()
        for text in squeeze_all(texts):
            line = f" {text}"
            self._counts.update(text)
            self._counts.update(map("".join, pairwise(line)))
            self._counts.update(line[at : at + 3] for at in range(len(line) - 2))
            self._counts[" "] += 1
        singles = {char: count for char, count in self._counts.items() if len(char) == 1}
        self._total = sum(singles.values())
        self._by_sound: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for char, _ in sorted(singles.items(), key=lambda one: (-one[1], one[0])):
            for place, sound in enumerate(char_sounds(char)):
                self._by_sound[sound].append((char, _OTHER_READING if place else 0.0))
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        for name in sorted(set(squeeze_all(names))):
            if 1 < len(name) <= _MAX_INITIALS:
                self._by_initials[initial_letters(name)].append(name)

    def decode(self, letters: str) -> str | None:
        """Return the likeliest Chinese of pinyin, initials or both, ``None`` for other letters.

        >>> default_decoder().decode("chaoshi lihuo"), default_decoder().decode("fwy")
        ('超市理货', '服务员')
        """
        words = letters.split()
        spelled = [self._spelled(word) for word in words]
        if all(spelled):
            found = self._best_way(_chained([self._lattice(word) for word in spelled]))
            return found[1] if found and 1 < len(found[1]) <= _MAX_CHARS else None
        parts = [
            self._decoded(word) if word else self.expand(given)
            for word, given in zip(spelled, words, strict=True)
        ]
        return "".join(part for part in parts if part) if all(parts) else None

    def _spelled(self, word: str) -> str:
        """Return the pinyin that was meant by a word of letters, "" if it is none.

        What reads as something that nobody says may have a slip of the thumb in it.
        """
        plain = self._best_way(self._lattice(word))
        if plain and self.is_usual(plain[1]):
            return word
        ways = [(plain[0], word)] if plain else []
        for one, cost in _mended(word):
            way = self._best_way(self._lattice(one))
            # A short word with a slip could be English: baker, with a letter left out.
            long = plain is None and way is not None and len(way[1]) >= _SURELY_PINYIN
            if way and (long or self.is_usual(way[1])):
                ways.append((way[0] - cost, one))
        return max(ways, default=(0.0, ""))[1]

    def _decoded(self, word: str) -> str | None:
        found = self._best_way(self._lattice(word))
        return found[1] if found else None

    def expand(self, letters: str) -> str | None:
        """Return the likeliest name that initials stand for, ``None`` if no name has them."""
        names = self._by_initials.get(letters, [])
        return max(names, key=lambda name: (self._log_likelihood(name), name)) if names else None

    def correct(self, text: str) -> str:
        """Return a squeezed Chinese text with characters that sound right, but are wrong, mended.

        >>> default_decoder().correct("缝刃工")
        '缝纫工'
        """
        lattice = [
            [
                (at, char, 0.0),
                *((at, one, _WRITTEN + cost) for one, cost in self._sounding_like(char)),
            ]
            for at, char in enumerate(text)
        ]
        found = self._best_way(lattice, _BEAM_WRITTEN)
        return found[1] if found else text

    def is_usual(self, text: str) -> bool:
        """Return whether every two neighbours of a squeezed text follow each other somewhere.

        >>> default_decoder().is_usual("缝纫工"), default_decoder().is_usual("缝刃工")
        (True, False)
        """
        return all("".join(pair) in self._counts for pair in pairwise(text))

    def _lattice(self, word: str) -> Lattice:
        """Return the ways to read a word of pinyin; empty lists at the end if there is none."""
        return [
            [
                (one.start, char, one.cost + cost)
                for one in ending
                for char, cost in self._by_sound.get(one.syllable, [])[:_MAX_CANDIDATES]
            ]
            for ending in spellings(word)
        ]

    def _sounding_like(self, char: str) -> Iterator[tuple[str, float]]:
        """Yield the characters that sound like one, each with what it costs to mistake them."""
        for sound in char_sounds(char)[:1]:
            for one in spellings(sound)[-1]:
                if one.start == 0:
                    for other, cost in self._by_sound.get(one.syllable, [])[:_MAX_CANDIDATES]:
                        yield other, one.cost + cost

    def _best_way(self, lattice: Lattice, beam: int = _BEAM) -> tuple[float, str] | None:
        """Return the best way through a lattice, by the Viterbi algorithm with a beam."""
        # The last two characters → the best score and what was read so far.
        reached: list[dict[str, tuple[float, str]]] = [{" ": (0.0, "")}]
        for ending in lattice:
            best: dict[str, tuple[float, str]] = {}
            for start, char, cost in ending:
                for last, (score, said) in reached[start].items():
                    found = (score + self._log_odds(last, char) - cost, said + char)
                    state = (last + char)[-2:]
                    if state not in best or found > best[state]:
                        best[state] = found
            kept = nlargest(beam, best.items(), key=lambda one: one[1])
            reached.append(dict(kept))
        return max(reached[-1].values(), default=None)

    def _log_odds(self, last: str, char: str) -> float:
        """Return the log of how likely a character follows the last one or two."""
        counts = self._counts
        one, two = last[-1:], last if len(last) > 1 else ""
        likely = _SHARES[2] * (counts[char] + 0.1) / self._total
        if counts[one]:
            likely += _SHARES[1] * counts[one + char] / counts[one]
        if two and counts[two]:
            likely += _SHARES[0] * counts[two + char] / counts[two]
        return math.log(likely)

    def _log_likelihood(self, text: str) -> float:
        line = f" {text}"
        return sum(
            self._log_odds(line[max(0, at - 2) : at], line[at]) for at in range(1, len(line))
        )


def _chained(lattices: Sequence[Lattice]) -> Lattice:
    """Return one lattice of several words: no syllable goes across from one to the next."""
    found: list[list[tuple[int, str, float]]] = []
    for lattice in lattices:
        before = len(found)
        found += [[(before + at, char, cost) for at, char, cost in one] for one in lattice]
    return found


def split_letters(word: str) -> tuple[str, ...]:
    """Return the syllables of pinyin, as few as can be; none where one would have no vowel."""
    parts = split_pinyin(word)
    return parts if all(_VOWELS & set(part) for part in parts) else ()


def _mended(word: str) -> list[tuple[str, float]]:
    """Return the pinyin that a slip of the thumb may have made this of, each with its cost.

    Two neighbours struck in the wrong order, or a letter left out; the first letter is right.
    Those of the fewest syllables come first.
    """
    if len(word) < _SHORTEST_MENDED:
        return []
    costs: dict[str, float] = {}
    for at in range(1, len(word)):
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        costs[swapped] = _SWAPPED
        for letter in ascii_lowercase:
            costs.setdefault(word[:at] + letter + word[at:], _DROPPED)
    costs.pop(word, None)
    read = [(len(split_letters(one)), cost, one) for one, cost in costs.items()]
    return [(one, cost) for count, cost, one in sorted(read) if count][:_MOST_MENDED]


@lru_cache(maxsize=1)
def default_decoder() -> PinyinDecoder:
    """Return the decoder over the tables of ``data/``, built once."""
    ways = [form for entry in read_entries() if entry.prior == 1.0 for form in entry.forms]
    return PinyinDecoder([*training_texts().texts, *ways * _NAMES_COUNT], ways)
