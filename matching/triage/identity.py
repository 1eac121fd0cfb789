"""What ties two reports to one occurrence where no place does: numbers and names."""

import re
from typing import Final, NamedTuple

from matching.text.normalise import normalise

_DIGIT: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_FACTOR: Final = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_SPOKEN: Final = re.compile(
    r"[一二两三四五六七八九][零一二两三四五六七八九十百千万]*[十百千万][零一二三四五六七八九]*"
)
_FIGURES: Final = re.compile(r"(?<![\d.\-])\d{2,7}(?![\d.\-]|栋|单元|幢|号楼|楼|点)")
_NAME: Final = re.compile(
    r"姓([\u4e00-\u9fff])的?|([\u4e00-\u9fff])(?:老板|经理|工头|师傅|老师|队长|主任|律师)"
)
# Before 老板 and 老师 stand other words than names too.
_NO_NAME: Final = frozenset("的个是大女男新旧老他她我你们那这和跟找问喊叫对说给被遭小各位名包")


class Identity(NamedTuple):
    """Numbers of two digits and more, and surnames."""

    numbers: frozenset[int]
    names: frozenset[str]

    def shared_with(self, other: "Identity") -> list[str]:
        """Return what both say, in words."""
        numbers = [str(number) for number in sorted(self.numbers & other.numbers)]
        return numbers + [f"姓{name}的" for name in sorted(self.names & other.names)]


def identity_of(text: str) -> Identity:
    """Return the numbers and surnames of a text; flats, floors and hours are no such numbers.

    >>> identity_of("发了2450张，姓龚的班长").numbers
    frozenset({2450})
    >>> sorted(identity_of("两千四百五写成了两千五百四").numbers)
    [2450, 2540]
    """
    plain = normalise(text)
    numbers = {int(found[0]) for found in _FIGURES.finditer(plain)}
    for found in _SPOKEN.finditer(plain):
        after = plain[found.end() : found.end() + 2]
        if not re.match(r"栋|单元|幢|号楼|楼|点|层", after):
            numbers.add(_spoken(found[0]))
    names = {name for found in _NAME.finditer(plain) for name in found.groups() if name}
    return Identity(frozenset(n for n in numbers if n > 10), frozenset(names - _NO_NAME))


def _spoken(words: str) -> int:
    """Return a spoken number; 两千四百五 is 2450, as people shorten it.

    >>> [_spoken(words) for words in ("五十二", "两千四百五", "三万一", "三百零五")]
    [52, 2450, 31000, 305]
    """
    total, digit, factor = 0, 0, 1
    zero = False
    for char in words:
        if char in _FACTOR:
            factor = _FACTOR[char]
            total += max(digit, 1) * factor
            digit, zero = 0, False
        elif char == "零":
            zero = True
        else:
            digit = _DIGIT[char]
    return total + digit * (1 if zero or factor == 10 else factor // 10)
