"""What was meant by letters and by characters that only sound right, among words that are there.

A query is short and its words mostly are the name of some work: pinyin, initials and wrong
characters are looked up by sound in titles, skills and the names of conditions; other pinyin is
turned into the likeliest Chinese.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from rapidfuzz import fuzz, process

from matching.skills.pinyin_decoder import default_decoder, split_letters
from matching.text.pinyin import char_sound, fold_syllable
from matching.text.pinyin_spelling import spellings
from matching.text.tfidf import is_chinese

_RUN: Final = re.compile("[\u4e00-\u9fff]+")
_MAX_SPAN: Final = 6
_LEAST_LETTERS, _LIKE_PINYIN = 5, 84.0  # percent of letters in common


class Spelling:
    """Spans of names by their sound and by their initials.

    Parameters
    ----------
    names : iterable of str
        Titles, skills, conditions: what people look for by name.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for text in names:
            self._counts.update(_spans(text))
        self._by_sound: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        for span in sorted(self._counts):
            sounds = [char_sound(char) for char in span]
            self._by_sound[tuple(map(fold_syllable, sounds))].append(span)
            self._by_initials["".join(sound[0] for sound in sounds)].append(span)

    def holds(self, text: str) -> bool:
        """Return whether a text stands as it is in some name."""
        return text in self._counts

    def meant(self, word: str) -> str:
        """Return the word that was likely meant by one without spaces.

        Chinese that is usual stands as it was written, whether or not there is such work.
        """
        if self.holds(word):
            return word
        if word.isascii():
            return self._of_letters(word) if word.isalpha() else word
        if not is_chinese(word) or len(word) > _MAX_SPAN or default_decoder().is_usual(word):
            return word
        return self._sounding_like([char_sound(char) for char in word], word) or word

    def _of_letters(self, word: str) -> str:
        syllables = split_letters(word)
        if len(syllables) > 1 or len(word) > 3:
            found = self._sounding_like(syllables) if syllables else None
            if not spellings(word)[-1]:  # no pinyin as it stands: rather a slip in a name
                found = found or self._with_a_slip(word)
            found = found or (default_decoder().decode(word) if len(syllables) > 1 else None)
            if found:
                return found
        named = self._by_initials.get(word)
        if named:
            return max(named, key=lambda span: (self._counts[span], span))
        return default_decoder().decode(word) or self._with_a_slip(word) or word

    def _with_a_slip(self, letters: str) -> str | None:
        """Return the commonest span whose pinyin differs from ``letters`` by about one letter."""
        if len(letters) < _LEAST_LETTERS:
            return None
        found = process.extract(
            letters, self._pinyin, scorer=fuzz.ratio, score_cutoff=_LIKE_PINYIN, limit=None
        )
        spans = [(score, self._counts[span], span) for _, score, span in found]
        return max(spans)[2] if spans else None

    @cached_property
    def _pinyin(self) -> dict[str, str]:
        """The spans of two and more characters, and the letters of each."""
        return {
            span: "".join(map(char_sound, span)) for span in sorted(self._counts) if len(span) > 1
        }

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
