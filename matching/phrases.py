"""Cut what a person says about their work into pieces that can be looked up, and spell them.

「我以前在厂头踩过缝纫机，后头带娃儿就没做了」 holds two pieces, of which the first says more.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT

from .text import normalise, squeeze

MAX_CHARS = 300  # a longer text is a document, not a phrase; its beginning says what it is

_CUT = re.compile(
    r"[^\w\s]+|还有|以及|后来|后头|后面|但是|不过|因为|所以|然后|或者|之前|以前|从前|平时|另外|顺便|现在|目前|主要"
)
# Words around the matter: who, how long, that it is wished for. Longest first where they overlap.
_FILLER = re.compile(
    r"\d+(?:\.\d+)?(?:多)?(?:年|个月|岁|元|块|千|万|k)|[一二两三四五六七八九十几半多]+(?:来)?年(?:多)?"
    r"|[一二两三四五六七八九十几半\d]+(?:十|百|千)?(?:来|多)?(?:个|头|只|条|台|层|栋|辆|点|些|份|家|点点|岁多|岁)"
    r"|我男人|我老公|我老婆|我妈|我爸|我老汉儿?|客人|顾客|本人|我们|别人|人家|屋头|老家|我是|我|想要|想找|想做|想学|想当|想干|希望|要找|找个|找份|找一份|找点|求职|应聘"
    r"|从事过|从事|做过|干过|当过|搞过|学过|上过|比较|特别|非常|有点|一点|有过|经验|经历|丰富|熟练|熟悉|擅长"
    r"|能够|可以|晓得|愿意|喜欢|急聘|急招|诚聘|诚招|高薪|招聘|招收|长期|大量|若干|数名|包吃住|包吃|包住"
    r"|无责任底薪|无责底薪|底薪|高?提成|奖金|周末双休|双休|五险一金|社保|月薪|工资|待遇"
    r"|相关|方面|之类|工作|活路|的活儿|的活|工种|岗位|职位|一直|都在|就是|啥子|哪种|那种|这种|那些|这些|帮忙"
    r"|给人|替人|帮人|给别人|上班|下班|每天|天天|整天|早上|晚上|白天|自己|家里|在家|都会"
)
_PARTICLE = re.compile(r"[过了着的嘛呢哦啊哟哈呀噻吧咯]")
_DENIAL = re.compile(
    r"不会|不懂|不想|不愿|不能|不敢|不要|没学过|没做过|没干过|没得|没有|没会"
    r"|做不了|干不了|做不来|搞不来|整不来|弄不来|不得行"
)
_LATIN = re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[a-z]+|\d+|.")

# Sounds that speakers of south-western Mandarin, or a hurried thumb, do not tell apart.
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
def fold(syllable: str) -> str:
    """Return the syllable with the sounds that are often confused made one.

    >>> fold("zhang") == fold("zan"), fold("niu") == fold("liu")
    (True, True)
    """
    for pattern, replacement in _FOLDS:
        syllable = pattern.sub(replacement, syllable)
    return syllable


def _char_sound(char: str) -> str:
    # One reading a character, without context: a homophone typed in another context must agree.
    reading = _first_reading(ord(char))
    return fold(_toneless(reading)) if reading else char


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


def units(text: str) -> list[str]:
    """Return the characters of a squeezed text, a run of letters or of digits being one.

    >>> units("开cnc")
    ['开', 'cnc']
    """
    return _TOKEN.findall(text)


@lru_cache(maxsize=32768)
def _token_sounds(token: str) -> tuple[str, ...]:
    if _LATIN.fullmatch(token):
        return tuple(fold(part) for part in split_pinyin(token) or (token,))
    return (_char_sound(token) if len(token) == 1 else token,)


def sounds(text: str) -> list[str]:
    """Return the folded syllables of a squeezed text; letters are read as pinyin where possible.

    >>> sounds("报jie")
    ['bao', 'jie']
    """
    return [part for token in units(text) for part in _token_sounds(token)]


def is_denied(piece: str) -> bool:
    """Return whether the piece says that somebody can not, or will not, do what it names."""
    return _DENIAL.search(piece) is not None


@lru_cache(maxsize=32768)
def plain(piece: str) -> str:
    """Return a squeezed piece without particles, unless hardly anything would be left.

    >>> plain("踩过缝纫机的")
    '踩缝纫机'
    """
    rest = _PARTICLE.sub("", piece)
    return rest if len(rest) > 1 else piece


@lru_cache(maxsize=32768)
def bare(piece: str) -> str:
    """Return a squeezed piece without the words around the matter, or itself if none is left.

    >>> bare("我想找保洁的工作")
    '保洁'
    """
    rest = _FILLER.sub("", piece)
    return plain(rest if len(rest) > 1 else piece)


def pieces(phrase: str) -> list[str]:
    """Return the parts of ``phrase`` to look up, squeezed, in the order said, without repeats.

    The first is the whole; single characters spaced out (保 洁) are joined, not parted.
    """
    text = normalise(phrase[:MAX_CHARS])
    whole = squeeze(text)
    if not whole:
        return []
    parts = [part for part in _CUT.split(text) if part.strip()]
    split: list[str] = [whole]
    for part in parts:
        words = part.split()
        apart = len(words) > 1 and min(map(len, words)) > 1 and not part.isascii()
        split.extend(squeeze(word) for word in (words if apart else [part]))
    return [piece for piece in dict.fromkeys(split) if len(piece) > 1 or piece == whole]
