"""What was meant by letters and by characters that only sound right, among words that are there.

A query is short and its words mostly stand in some posting: pinyin, initials and wrong characters
are looked up by sound in titles, skills and descriptions and in the names of conditions.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from matching.skills.pinyin_decoder import default_decoder, split_letters
from matching.text.pinyin import char_sound, fold_syllable
from matching.text.tfidf import is_chinese

_RUN: Final = re.compile("[\u4e00-\u9fff]+")
_MAX_SPAN: Final = 6
_NAMED_COUNT: Final = 20  # a title or skill tells as much as so many descriptions


class Spelling:
    """Spans of Chinese text by their sound and by their initials.

    Parameters
    ----------
    named : iterable of str
        Titles, skills, conditions: what people look for by name.
    told : iterable of str
        Descriptions.
    """

    def __init__(self, named: Iterable[str], told: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for texts, weight in ((named, _NAMED_COUNT), (told, 1)):
            for text in texts:
                for span in _spans(text):
                    self._counts[span] += weight
        self._by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        for span, count in sorted(self._counts.items()):
            sounds = [char_sound(char) for char in span]
            self._by_sound[tuple(map(fold_syllable, sounds))].append(span)
            if count >= _NAMED_COUNT:
                self._by_initials["".join(sound[0] for sound in sounds)].append(span)

    def holds(self, text: str) -> bool:
        """Return whether a text stands as it is somewhere."""
        return text in self._counts

    def meant(self, word: str) -> str:
        """Return the word that was likely meant by one without spaces."""
        if self.holds(word):
            return word
        if word.isascii():
            if not word.isalpha():
                return word
            return self._of_letters(word)
        if is_chinese(word) and len(word) <= _MAX_SPAN:
            same = self._sounding_like([char_sound(char) for char in word], word)
            return same or word
        return word

    def _of_letters(self, word: str) -> str:
        syllables = split_letters(word)
        if len(syllables) > 1 or len(word) > 3:
            found = self._sounding_like(syllables) if syllables else None
            found = found or (default_decoder().decode(word) if len(syllables) > 1 else None)
            if found:
                return found
        named = self._by_initials.get(word)
        if named:
            return max(named, key=lambda span: (self._counts[span], span))
        return default_decoder().decode(word) or word

    def _sounding_like(self, syllables: Sequence[str], written: str = "") -> str | None:
        """Return the best span of these sounds; where it was written, one character is right."""
        spans = self._by_sound.get(tuple(map(fold_syllable, syllables)), [])
        kept = [span for span in spans if not written or set(span) & set(written)]

        def likely(span: str) -> tuple[int, int, str]:
            exact = sum(char_sound(c) == s for c, s in zip(span, syllables, strict=True))
            return exact, self._counts[span], span

        return max(kept, key=likely, default=None)


def _spans(text: str) -> Iterable[str]:
    for run in _RUN.findall(text):
        for size in range(1, min(len(run), _MAX_SPAN) + 1):
            for start in range(len(run) - size + 1):
                yield run[start : start + size]
