"""Normalisation of text (width, script, case, spaces), and pinyin for search by sound."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

_TO_SIMPLIFIED = OpenCC("t2s")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+")
_NOT_WORD_IN_LINE = re.compile(r"(?:[^\w\n]|_)+")


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """Return ``text`` in NFKC, simplified characters, lower case, single spaces.

    >>> normalise("　電工 (ＡＢＣ)  ")
    '电工 (abc)'
    """
    return _unify(text).casefold()


def as_written(said: str, text: str) -> str:
    """Return normalised words in the letters that ``text`` has them in.

    >>> as_written("b2驾照", "要有Ｂ2驾照")
    'B2驾照'
    """
    found = re.search(re.escape(said), _unify(text), re.IGNORECASE)
    return said if found is None else found[0]


def _unify(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text)
    if not wide.isascii():
        wide = _TO_SIMPLIFIED.convert(wide)
    return _SPACE.sub(" ", wide).strip()


@lru_cache(maxsize=65536)
def squeeze(text: str) -> str:
    """Return :func:`normalise` of ``text`` with spaces and punctuation left out.

    >>> squeeze("保洁员（白班）")
    '保洁员白班'
    """
    return _NOT_WORD.sub("", normalise(text)).replace("_", "")


def squeeze_all(texts: Iterable[str]) -> list[str]:
    """Return :func:`squeeze` of every text, faster for thousands of them.

    >>> squeeze_all(["電工 (ABC)", "保洁员（白班）"])
    ['电工abc', '保洁员白班']
    """
    lines = "\n".join([text.replace("\n", " ") for text in texts] + [""])
    wide = _TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", lines))
    return _NOT_WORD_IN_LINE.sub("", wide.casefold()).split("\n")[:-1]


@lru_cache(maxsize=65536)
def pinyin(text: str) -> str:
    """Return the toneless pinyin of ``text``, syllables parted by spaces.

    >>> pinyin("保洁")
    'bao jie'
    """
    return _SPACE.sub(" ", " ".join(lazy_pinyin(normalise(text), errors=lambda other: other)))


@lru_cache(maxsize=65536)
def initials(text: str) -> str:
    """Return the first letters of the pinyin, as people type them on a phone.

    >>> initials("保洁")
    'bj'
    """
    letters = lazy_pinyin(normalise(text), style=Style.FIRST_LETTER, errors=lambda other: other)
    return "".join(letters).replace(" ", "")


def ngrams(text: str, sizes: tuple[int, ...] = (1, 2)) -> list[str]:
    """Return the character n-grams of the squeezed text, in order, repeats kept.

    >>> ngrams("保洁员")
    ['保', '洁', '员', '保洁', '洁员']
    """
    chars = squeeze(text)
    return [chars[i : i + n] for n in sizes for i in range(len(chars) - n + 1)]
