"""Pinyin: syllables of characters and of Latin letters, with regional confusions folded."""

import re
import unicodedata
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT

_LATIN = re.compile(r"[a-z]+")


_TOKEN = re.compile(r"[a-z]+|\d+|.")


# Sounds that are one in south-western Mandarin or often mistyped.
_FOLDS = (
    (re.compile(r"^(z|c|s)h"), r"\1"),
    (re.compile(r"^n(?=[aeiouv])"), "l"),
    (re.compile(r"^hu$"), "fu"),
    (re.compile(r"(a|e|i)ng$"), r"\1n"),
)


_TONES = dict.fromkeys((0x300, 0x301, 0x304, 0x30C))  # combining grave, acute, macron, caron


def _toneless(reading: str) -> str:
    apart = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return unicodedata.normalize("NFC", apart.translate(_TONES))


def _first_reading(point: int) -> str | None:
    readings = PINYIN_DICT.get(point)
    return readings.split(",", 1)[0] if readings else None


@lru_cache(maxsize=1)
def known_syllables() -> frozenset[str]:
    """Return all toneless pinyin syllables that a character can have."""
    readings = {_first_reading(point) for point in range(0x4E00, 0x9FA6)}
    return frozenset(_toneless(reading) for reading in readings if reading)


@lru_cache(maxsize=32768)
def fold_syllable(syllable: str) -> str:
    """Return the syllable with often confused sounds folded into one.

    >>> fold_syllable("zhang") == fold_syllable("zan"), fold_syllable("niu") == fold_syllable("liu")
    (True, True)
    """
    for pattern, replacement in _FOLDS:
        syllable = pattern.sub(replacement, syllable)
    return syllable


def char_sound(char: str) -> str:
    """Return the toneless syllable of a character, or what is given where it has none."""
    # One reading a character, without context: a homophone typed in another context must agree.
    reading = _first_reading(ord(char))
    return _toneless(reading) if reading else char


def char_sounds(char: str) -> tuple[str, ...]:
    """Return all toneless syllables of a character, the usual one first.

    >>> char_sounds("重")[:2]
    ('zhong', 'chong')
    """
    readings = PINYIN_DICT.get(ord(char))
    return tuple(dict.fromkeys(map(_toneless, readings.split(",")))) if readings else ()


@lru_cache(maxsize=8192)
def split_pinyin(letters: str) -> tuple[str, ...]:
    """Return the syllables of pinyin typed without spaces, or nothing if it is none.

    >>> split_pinyin("baojie"), split_pinyin("cnc")
    (('bao', 'jie'), ())
    """
    reached: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        found: tuple[str, ...] | None = None
        for start in range(max(0, end - 6), end):
            before = reached[start]
            syllable = letters[start:end]
            fewer = before is not None and (found is None or len(before) + 1 < len(found))
            if before is not None and fewer and syllable in known_syllables():
                found = (*before, syllable)
        reached[end] = found
    return reached[-1] or ()


def char_units(text: str) -> list[str]:
    """Return the units of a squeezed text: characters, and runs of letters or of digits.

    >>> char_units("开cnc")
    ['开', 'cnc']
    """
    return _TOKEN.findall(text)


@lru_cache(maxsize=32768)
def _token_readings(token: str) -> tuple[str, ...]:
    if _LATIN.fullmatch(token):
        return split_pinyin(token) or (token,)
    return (char_sound(token) if len(token) == 1 else token,)


def syllables(text: str) -> list[str]:
    """Return the syllables of a squeezed text; letters are read as pinyin where possible.

    >>> syllables("质检"), folded_syllables("质检")
    (['zhi', 'jian'], ['zi', 'jian'])
    """
    return [part for token in char_units(text) for part in _token_readings(token)]


def folded_syllables(text: str) -> list[str]:
    """Return :func:`syllables`, each folded.

    >>> folded_syllables("报jie")
    ['bao', 'jie']
    """
    return [fold_syllable(part) for part in syllables(text)]


def initial_letters(text: str) -> str:
    """Return the first letter of each syllable of a squeezed text, as people type on a phone.

    >>> initial_letters("保洁员")
    'bjy'
    """
    return "".join(syllable[:1] for syllable in syllables(text))
