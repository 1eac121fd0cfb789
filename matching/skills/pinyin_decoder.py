"""Turn pinyin into the Chinese that was likely meant.

A hidden Markov model: the characters are the hidden states, the syllables what is heard. How
likely one character follows another is counted in the names, ways of saying and sentences of
``data/``; a syllable that only agrees once confused sounds are made one (z for zh, l for n) costs
something. Letters that are no syllables are tried as slips of the thumb, and then as initials.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from matching.skills.taxonomy import read_entries
from matching.skills.work_classifier import training_texts
from matching.text.normalise import squeeze_all
from matching.text.pinyin import char_sound, fold_syllable, initial_letters, split_pinyin

_CONFUSED: Final = 1.5  # cost of a syllable that is alike once folded, in natural log
_BIGRAM_SHARE: Final = 0.9  # the rest goes by how common a character is
_MAX_CANDIDATES: Final = 40  # characters tried of one sound, the commonest
_MAX_SYLLABLES: Final = 24
_MAX_INITIALS: Final = 6
_SHORTEST_MENDED: Final = 3
_WRITTEN: Final = 4.5  # cost of another character than the one that was written
_NAMES_COUNT: Final = 3  # a way of saying tells more than the words around it in a sentence
_VOWELS: Final = frozenset("aeiouv")


class PinyinDecoder:
    """Decodes pinyin by the texts it was built from.

    Parameters
    ----------
    texts : iterable of str
        What people say, which tells how likely one character follows another.
    names : iterable of str
        What initials may stand for.
    """

    def __init__(self, texts: Iterable[str], names: Iterable[str]) -> None:
        self._single: Counter[str] = Counter()
        self._pair: Counter[tuple[str, str]] = Counter()
        for text in squeeze_all(texts):
            self._single.update(text)
            self._pair.update(zip(" " + text, text, strict=False))
        self._before: Counter[str] = Counter()
        for (first, _), count in self._pair.items():
            self._before[first] += count
        total = sum(self._single.values())
        common = {char: (count + 0.1) / total for char, count in self._single.items()}
        self._strange = 0.1 / total
        # Log odds of a character after one it never followed, and after each it did follow.
        self._odds = {char: self._logged(0.0, share) for char, share in common.items()}
        self._odds_after: dict[str, dict[str, float]] = defaultdict(dict)
        for (last, char), count in self._pair.items():
            seen = count / self._before[last]
            self._odds_after[char][last] = self._logged(seen, common[char])
        self._by_sound: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for char, _ in sorted(self._single.items(), key=lambda one: (-one[1], one[0])):
            heard = char_sound(char)
            if heard != char:
                self._by_sound[fold_syllable(heard)].append((char, heard))
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
        spelled = [word if split_letters(word) else _mend(word) for word in words]
        if all(spelled):
            heard = [part for word in spelled for part in split_letters(word)]
            return self._likeliest(heard) if 1 < len(heard) <= _MAX_SYLLABLES else None
        parts = [
            self._likeliest(split_letters(word)) if word else self.expand(given)
            for word, given in zip(spelled, words, strict=True)
        ]
        return "".join(part for part in parts if part) if all(parts) else None

    def expand(self, letters: str) -> str | None:
        """Return the likeliest name that initials stand for, ``None`` if no name has them."""
        names = self._by_initials.get(letters, [])
        return max(names, key=lambda name: (self._log_likelihood(name), name)) if names else None

    def correct(self, text: str) -> str:
        """Return a squeezed Chinese text with characters that sound right, but are wrong, mended.

        >>> default_decoder().correct("缝刃工")
        '缝纫工'
        """
        options = [[(char, 0.0), *self._sounding_like(char_sound(char), _WRITTEN)] for char in text]
        return self._path(options) or text

    def is_usual(self, text: str) -> bool:
        """Return whether every two neighbours of a squeezed text follow each other somewhere.

        >>> default_decoder().is_usual("缝纫工"), default_decoder().is_usual("缝刃工")
        (True, False)
        """
        return all(pair in self._pair for pair in pairwise(text))

    def _likeliest(self, heard: Sequence[str]) -> str | None:
        return self._path([self._sounding_like(syllable, 0.0) for syllable in heard])

    def _sounding_like(self, syllable: str, cost: float) -> list[tuple[str, float]]:
        """Return the commonest characters of a sound, each with what it costs to choose it."""
        return [
            (char, cost + (0.0 if sound == syllable else _CONFUSED))
            for char, sound in self._by_sound.get(fold_syllable(syllable), [])[:_MAX_CANDIDATES]
        ]

    def _path(self, options: Sequence[Sequence[tuple[str, float]]]) -> str | None:
        """Return the best choice of one option at each place, by the Viterbi algorithm."""
        best: dict[str, tuple[float, str]] = {" ": (0.0, "")}
        for places in options:
            reached: dict[str, tuple[float, str]] = {}
            # Of all that never stood before a character the likeliest is enough.
            ranked = sorted(((score, said, last) for last, (score, said) in best.items()))[::-1]
            for char, cost in places:
                after, odds = self._odds_after.get(char, {}), self._odds_of(char)
                tried = [
                    (s + after[last] - cost, said) for s, said, last in ranked if last in after
                ]
                other = next(((s, said) for s, said, last in ranked if last not in after), None)
                if other is not None:
                    tried.append((other[0] + odds - cost, other[1]))
                score, said = max(tried)
                found = score, said + char
                reached[char] = max(found, reached.get(char, found))
            if not reached:
                return None
            best = reached
        return max(best.values())[1]

    @staticmethod
    def _logged(seen: float, common: float) -> float:
        return math.log(_BIGRAM_SHARE * seen + (1 - _BIGRAM_SHARE) * common)

    def _odds_of(self, char: str) -> float:
        odds = self._odds.get(char)
        return self._logged(0.0, self._strange) if odds is None else odds

    def _log_odds(self, last: str, char: str) -> float:
        after = self._odds_after.get(char)
        return self._odds_of(char) if after is None else after.get(last, self._odds_of(char))

    def _log_likelihood(self, text: str) -> float:
        return sum(self._log_odds(*pair) for pair in zip(" " + text, text, strict=False))


def split_letters(word: str) -> tuple[str, ...]:
    """Return the syllables of pinyin; none where one would have no vowel."""
    parts = split_pinyin(word)
    return parts if all(_VOWELS & set(part) for part in parts) else ()


def _mend(word: str) -> str:
    """Return the letters with two neighbours that were struck in the wrong order put right.

    Of several ways the one with the fewest syllables; "" if none makes pinyin.
    """
    swapped = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)
    )
    spelled = [one for one in swapped if len(word) > _SHORTEST_MENDED and split_letters(one)]
    return min(spelled, key=lambda one: (len(split_letters(one)), one), default="")


@lru_cache(maxsize=1)
def default_decoder() -> PinyinDecoder:
    """Return the decoder over the tables of ``data/``, built once."""
    ways = [form for entry in read_entries() if entry.prior == 1.0 for form in entry.forms]
    return PinyinDecoder([*training_texts().texts, *ways * _NAMES_COUNT], ways)
