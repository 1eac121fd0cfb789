"""Read numbers as people write them: 四千五, 1万2, 3.5k, 两三千, 十七八, 二五零零.

Text has to be normalised first (:func:`matching.text.normalise`) and passed through
:func:`plain_numerals`.
"""

import re
from dataclasses import dataclass

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
}
_FACTORS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 10**8}
_BANKER = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")

CHINESE = "零〇一二两俩三四五六七八九十百千万亿"
#: A run of figures; a letter k or w only behind a figure and before no other letter.
RUN = rf"(?:\d+(?:\.\d+)?|[{CHINESE}]|(?<=[\d{CHINESE}])[kw](?![a-z]))+"
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")
# Longer figures are telephone or account numbers.
_MOST_DIGITS = 12


def plain_numerals(text: str) -> str:
    """Return ``text`` with the banker's numerals 壹贰叁 in their plain form."""
    return text.translate(_BANKER)


@dataclass(frozen=True)
class Number:
    """A number or a spoken range (两三千).

    ``factor`` is the largest of 百, 千, 万 in it, 1 if there is none, so that 6-8千 can lend it;
    ``bare`` says that no digit stands before the factor (百件, 上万).
    """

    low: float
    high: float
    factor: int = 1
    bare: bool = False

    @property
    def is_plain(self) -> bool:
        return self.factor == 1


def _spoken(digits: list[int]) -> tuple[int, int] | None:
    """Read Chinese digits side by side: 三四 is a range, 二五零零 a number."""
    if len(digits) == 2 and (digits[1] == digits[0] + 1 > 1 or digits == [3, 5]):
        return digits[0], digits[1]
    if not digits or len(digits) > _MOST_DIGITS:
        return None
    value = int("".join(map(str, digits)))
    return value, value


def _pending(arabic: float | None, digits: list[int]) -> tuple[float, float] | None:
    if arabic is not None:
        return None if digits else (arabic, arabic)
    return _spoken(digits)


def read_number(run: str) -> Number | None:
    """Read one :data:`RUN`; None when it is no number.

    >>> read_number("四千五")
    Number(low=4500, high=4500, factor=1000, bare=False)
    >>> read_number("两三百").high
    300
    """
    if not run or len(run) > 2 * _MOST_DIGITS:
        return None
    total_low = total_high = low = high = 0.0
    arabic: float | None = None
    digits: list[int] = []
    smallest, largest, after_zero, bare = 0, 1, False, False
    for part in _TOKEN.findall(run):
        if part in _DIGITS:
            if part in "零〇" and not digits and smallest:
                after_zero = True
            else:
                digits.append(_DIGITS[part])
        elif part in _FACTORS:
            factor = _FACTORS[part]
            value = _pending(arabic, digits)
            if value is None:
                if arabic is not None or digits:
                    return None
                bare = bare or (factor > 10 and not smallest)
                value = (1, 1) if factor == 10 or not smallest else (0, 0)
            if factor >= 10_000:
                total_low, total_high = (
                    (total_low + low + value[0]) * factor,
                    (total_high + high + value[1]) * factor,
                )
                low = high = 0.0
            else:
                low, high = low + value[0] * factor, high + value[1] * factor
            arabic, digits, smallest, after_zero = None, [], factor, False
            largest = max(largest, factor if factor >= 100 else 1)
        elif arabic is not None or digits or len(part) > _MOST_DIGITS:
            return None
        else:
            arabic = float(part)
    rest = _pending(arabic, digits)
    if rest is None and (arabic is not None or digits):
        return None
    if rest is not None:
        # 四千五 is 4500, but 四千零五 and 4千500 mean what they say.
        short = smallest and not after_zero and rest[1] < 10
        scale = smallest / 10 if short else 1
        low, high = low + rest[0] * scale, high + rest[1] * scale
    return Number(_whole(total_low + low), _whole(total_high + high), largest, bare)


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
