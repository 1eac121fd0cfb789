"""What a phrase means, before anything is compared: in Chinese, wanted and unwanted apart.

Pinyin and initials become likely Chinese, traditional characters and full-width letters their
simplified and plain forms, and a slip of sound (宝洁) the word that sounds so (保洁), where the
linker is surer of that.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import orjson

from matching.skills.pinyin_decoder import default_decoder
from matching.skills.remembered_links import link_remembered
from matching.skills.version import tables_version
from matching.text.denial import split_denial
from matching.text.normalise import normalise, squeeze
from matching.text.protected_groups import is_group_label
from matching.text.segmentation import is_aside
from matching.text.tfidf import is_chinese
from matching.utils.stored_cache import Stored, StoredCache

# How sure the linker must be of Chinese that letters were turned into: English is left alone.
_MIN_DECODED: Final = 0.5
_MAX_LETTERS: Final = 60
_SURELY_PINYIN: Final = 4  # syllables
_MAX_MENDED: Final = 14  # a longer phrase holds words enough to be understood as it is
_MIN_MENDED: Final = 0.6
_GAIN: Final = 0.1
_MAX_REMEMBERED: Final = 131072
_EXACT: Final = 0.95  # said so nearly to the letter that nothing is to be mended


class Meaning(NamedTuple):
    """A phrase understood.

    Attributes
    ----------
    wanted : str
        What is said or wished, in simplified characters; the phrase as it stands if not Chinese.
    unwanted : str
        What is not wanted any more; "" if nothing.
    work : str
        ``wanted`` without what is said of health, pay, hours and household, unless nothing is
        left: what the meaning is asked of.
    """

    wanted: str
    unwanted: str
    work: str


@lru_cache(maxsize=65536)
def understand(phrase: str) -> Meaning:
    """Return what a phrase means; a phrase that is neither Chinese nor pinyin is left as it is.

    >>> understand("yuesao").wanted
    '月嫂'
    """
    return understand_many([phrase])[0]


def understand_many(phrases: Iterable[str]) -> list[Meaning]:
    """Return :func:`understand` of every phrase, several times faster for many new ones."""
    return _remembered.get(list(phrases))


def _work_out(phrases: Sequence[str]) -> list[Meaning]:
    texts = {phrase: normalise(phrase) for phrase in phrases}
    asked = [phrase for phrase in phrases if not is_group_label(texts[phrase])]
    chinese = {phrase: texts[phrase] for phrase in asked if is_chinese(texts[phrase])}
    spelled = [phrase for phrase in asked if phrase not in chinese]
    decoded = _chinese_of([texts[phrase] for phrase in spelled])
    chinese |= {one: text for one, text in zip(spelled, decoded, strict=True) if text is not None}
    mended = dict(zip(chinese, _mend_slips(list(chinese.values())), strict=True))
    return [
        _meaning(mended[phrase]) if phrase in mended else Meaning(phrase, "", phrase)
        for phrase in phrases
    ]


def _meaning(text: str) -> Meaning:
    wish = split_denial(text)
    return Meaning(wish.wanted, wish.unwanted, _work(wish.wanted))


_remembered: StoredCache[Meaning] = StoredCache(
    _MAX_REMEMBERED,
    _work_out,
    Stored(
        "meaning",
        tables_version,
        lambda one: orjson.dumps(tuple(one)),
        lambda raw: Meaning(*orjson.loads(raw)),
    ),
)


def _chinese_of(texts: Sequence[str]) -> list[str | None]:
    """Return the Chinese that pinyin or initials were meant for; ``None`` for other letters."""
    found = [_decode(text) for text in texts]
    # English does not come apart into so many syllables of pinyin.
    unsure = [one for one in found if one is not None and not _is_long_and_usual(one)]
    sure = dict(zip(unsure, _confidences(unsure), strict=True))
    return [None if one is None or sure.get(one, 1.0) < _MIN_DECODED else one for one in found]


def _decode(plain: str) -> str | None:
    if not plain.isascii() or len(plain) > _MAX_LETTERS or not squeeze(plain).isalpha():
        return None
    decoded = default_decoder().decode(plain)
    return default_decoder().expand(squeeze(plain)) if decoded is None else decoded


def _is_long_and_usual(decoded: str) -> bool:
    return len(decoded) >= _SURELY_PINYIN and default_decoder().is_usual(decoded)


def _mend_slips(texts: Sequence[str]) -> list[str]:
    """Return short Chinese phrases with what only sounds right mended, if the linker is surer.

    >>> _mend_slips(["宝洁", "保洁"])
    ['保洁', '保洁']
    """
    short = [
        text
        for text in dict.fromkeys(texts)
        if len(text) <= _MAX_MENDED and not default_decoder().is_usual(squeeze(text))
    ]
    before = dict(zip(short, _confidences(short), strict=True))
    mended = {text: _corrected(text) for text in short if before[text] < _EXACT}
    after = dict(zip(mended, _confidences(list(mended.values())), strict=True))
    for text in list(mended):
        if after[text] < max(before[text] + _GAIN, _MIN_MENDED):
            del mended[text]
    return [mended.get(text, text) for text in texts]


def _corrected(text: str) -> str:
    parts = [default_decoder().correct(part) if is_chinese(part) else part for part in _runs(text)]
    return "".join(parts)


def _runs(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", text)


def _confidences(texts: Sequence[str]) -> list[float]:
    return [links[0].score if links else 0.0 for links in link_remembered(texts)]


def _work(text: str) -> str:
    clauses = [part for part in re.split("[，,]", text) if part]
    kept = [part for part in clauses if not is_aside(part)]
    return "，".join(kept) or text
