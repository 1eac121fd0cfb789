"""What a phrase means, before anything is compared: in Chinese, wanted and unwanted apart.

Pinyin and initials become likely Chinese, traditional characters and full-width letters their
simplified and plain forms, and a slip of sound (宝洁) the word that sounds so (保洁), where the
linker is surer of that.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from matching.skills.linker import SkillLinker
from matching.skills.pinyin_decoder import default_decoder
from matching.text.denial import split_denial
from matching.text.normalise import normalise, squeeze
from matching.text.protected_groups import is_group_label
from matching.text.segmentation import is_aside
from matching.text.tfidf import is_chinese

# How sure the linker must be of Chinese that letters were turned into: English is left alone.
_MIN_DECODED: Final = 0.5
_MAX_LETTERS: Final = 60
_SURELY_PINYIN: Final = 4  # syllables
_MAX_MENDED: Final = 14  # a longer phrase holds words enough to be understood as it is
_MIN_MENDED: Final = 0.6
_GAIN: Final = 0.1
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
    text = normalise(phrase)
    if is_group_label(text):
        return Meaning(phrase, "", phrase)
    if not is_chinese(text):
        decoded = chinese_of(text)
        if decoded is None:
            return Meaning(phrase, "", phrase)
        text = decoded
    wish = split_denial(mend_slips(text))
    return Meaning(wish.wanted, wish.unwanted, _work(wish.wanted))


def chinese_of(letters: str) -> str | None:
    """Return the Chinese that pinyin or initials were meant for; ``None`` for other letters."""
    plain = normalise(letters)
    if not plain.isascii() or len(plain) > _MAX_LETTERS or not squeeze(plain).isalpha():
        return None
    decoded = default_decoder().decode(plain)
    if decoded is None:
        decoded = default_decoder().expand(squeeze(plain))
    if decoded is None:
        return None
    # English does not come apart into so many syllables of pinyin.
    long = len(decoded) >= _SURELY_PINYIN and default_decoder().is_usual(decoded)
    return decoded if long or _confidence(decoded) >= _MIN_DECODED else None


def mend_slips(text: str) -> str:
    """Return a short Chinese phrase with what only sounds right mended, if the linker is surer.

    >>> mend_slips("宝洁"), mend_slips("保洁")
    ('保洁', '保洁')
    """
    if len(text) > _MAX_MENDED or default_decoder().is_usual(squeeze(text)):
        return text
    before = _confidence(text)
    if before >= _EXACT:
        return text
    parts = [default_decoder().correct(part) if is_chinese(part) else part for part in _runs(text)]
    mended = "".join(parts)
    return mended if _confidence(mended) >= max(before + _GAIN, _MIN_MENDED) else text


def _runs(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", text)


def _confidence(text: str) -> float:
    links = SkillLinker.default().link(text, top=1)
    return links[0].score if links else 0.0


def _work(text: str) -> str:
    clauses = [part for part in re.split("[，,]", text) if part]
    kept = [part for part in clauses if not is_aside(part)]
    return "，".join(kept) or text
