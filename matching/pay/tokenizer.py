"""Cut a cleaned pay text into tokens: amounts, what they are counted by, and words that matter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from matching.pay.cleaning import DASH
from matching.pay.vocabulary import (
    PER_SIGN,
    PER_WORD,
    SLASH_HOUR,
    SLASH_PIECE,
    UNIT,
    WORD,
    Unit,
    Word,
)
from matching.text.numerals import CHINESE, RUN, Number, read_number


@dataclass(frozen=True)
class Amount:
    """One figure of money, or a spoken range (两三千).

    ``strong`` means that the figure itself says it is money: a currency or 千, 万.
    """

    low: float
    high: float
    number: Number
    scale: float = 1.0
    strong: bool = False
    open_end: bool = False
    chinese: bool = False


@dataclass(frozen=True)
class Per:
    """``count`` units: /天, 一件, 每百双. ``word`` marks a name of pay, 时薪 or 日结."""

    unit: Unit
    count: float = 1.0
    slash: bool = False
    word: bool = False


@dataclass(frozen=True)
class Token:
    """``what`` at ``start``–``end`` of the text; a str is a stretch that matters to nothing."""

    what: Amount | Per | Word | str
    start: int
    end: int


_DIGIT = rf"[\d{CHINESE}]"
# No digit follows, unless it begins the next word (三块五一个).
_ENDED = rf"(?:(?=[一1][^\d{CHINESE}])|(?!{_DIGIT}))"
_ONE_OF = rf"[一1][^\d{CHINESE}分钱,;。)/·]"
_FIGURE = re.compile(RUN)
_SIGN = re.compile(r"¥|rmb|人民币(?=\d)|(?<=\d)¥")
_MORE = re.compile(r"([多余几])|来")
_MIDDLE = re.compile(
    r"(以上|起)(?=[元块/])|(?:左右|上下)(?=[元块/])|(\+)(?=[元块/每])|(多|余)(?=[元块])"
)
_YUAN = re.compile(r"元人民币|人民币|元钱|块钱|元|圆|块|¥|rmb|cny|yuan")
_SMALL = re.compile(
    rf"(毛|角)钱?|(厘)(?!米)钱?|(分)(?:钱|(?={_DIGIT}?(?:/|每|[一1]|个|$|[,;。(])))"
)
# 三块五: a lone digit behind 块 is tenths, unless it counts something (3元8个).
_TENTHS = re.compile(
    rf"({_DIGIT}){_ENDED}(?:[毛角](?:(?!{_ONE_OF})({_DIGIT}){_ENDED}分?)?钱?|(?=$|[,;。/()的起每左以·]|钱|[一1]))"
    rf"|(\d\d)(?=$|[,;。/()每]|[一1]\D)|(半)(?!天|小时|个|年|月)"
)
_HUNDREDTHS = re.compile(rf"({_DIGIT})(?!\.){_ENDED}分?钱?")
_SHORTEST_PAY = {Unit.HOUR: 10, Unit.DAY: 50, Unit.WEEK: 100, Unit.MONTH: 500, Unit.YEAR: 5000}


def _unit_at(text: str, at: int, *, slash: bool) -> tuple[Unit, float, int] | None:
    """Return the unit at ``at``, how many of it (12 in a dozen) and where it ends."""
    if slash and (hour := SLASH_HOUR.match(text, at)):
        return Unit.HOUR, 1, hour.end()
    if slash and (piece := SLASH_PIECE.match(text, at)):
        return Unit.PIECE, 1, piece.end()
    match = UNIT.match(text, at)
    if not match or match.lastgroup is None:
        return None
    name = match.lastgroup
    unit = Unit.PIECE if name in ("DOZEN", "OTHER") else Unit[name]
    return unit, 12 if name == "DOZEN" else 1, match.end()


def per_sign_at(text: str, at: int) -> Token | None:
    """Return what stands behind a slash or 每, with its count: /天, 每百双, /2小时."""
    sign = PER_SIGN.match(text, at)
    if not sign:
        return None
    begin, count = sign.end(), 1.0
    half = text.startswith("半", begin)
    run = _FIGURE.match(text, begin)
    if half:
        count, begin = 0.5, begin + 1
    elif run and (number := read_number(run.group())) and number.high > 0:
        count, begin = number.high, run.end()
    found = _unit_at(text, begin, slash=True)
    if not found:
        return None
    unit, times, end = found
    return Token(Per(unit, count * times, slash=True), at, end)


def _small_change(text: str, at: int) -> tuple[float, int]:
    """Return the tenths and hundredths behind 块 (三块五毛二) and where they end."""
    match = _TENTHS.match(text, at)
    if not match:
        return 0.0, at
    tenth, hundredth, two, half = match.groups()
    if half:
        return 0.5, match.end()
    if two:
        return int(two) / 100, match.end()
    return _digit(tenth) / 10 + _digit(hundredth) / 100, match.end()


def _digit(char: str | None) -> float:
    number = read_number(char) if char else None
    return number.low if number else 0.0


def _bare_unit(text: str, run: str, end: int) -> tuple[Unit, float, int] | None:
    """Return the unit that the number counts, as in 一天 or 100个, if it does."""
    found = _unit_at(text, end, slash=False)
    if not found or "." in run:
        return None
    unit, times, unit_end = found
    number = read_number(run)
    if number is None or number.high <= 0:
        return None
    if unit is not Unit.PIECE and number.high != 1:
        return None
    other = UNIT.match(text, end)
    if number.high >= 1000 and not number.bare and other and other.lastgroup == "OTHER":
        return None
    return unit, number.high * times, unit_end


def _ends_in_unit(text: str, run: str, end: int) -> bool:
    """Return whether the last 一 of 一百二一天 belongs to the unit behind it."""
    if len(run) < 2 or run[-1] != "一":
        return False
    found, number = _unit_at(text, end, slash=False), read_number(run[:-1])
    if not found or number is None:
        return False
    return number.low >= _SHORTEST_PAY.get(found[0], 0) and number.low > 10


def number_at(text: str, at: int) -> Token | None:
    """Return the amount, or the count with its unit, that begins at ``at``."""
    sign = _SIGN.match(text, at)
    match = _FIGURE.match(text, sign.end() if sign else at)
    if not match:
        return _half_unit(text, at)
    run, end = match.group(), match.end()
    if not sign:
        if counted := _bare_unit(text, run, end):
            if not _ends_in_unit(text, run, end):
                return Token(Per(counted[0], counted[1]), at, counted[2])
            run, end = run[:-1], end - 1
        elif _ends_in_unit(text, run, end):
            run, end = run[:-1], end - 1
    number = read_number(run)
    if number is None:
        return Token(text[at:end], at, end)
    return _amount(text, at, end, number, run, signed=sign is not None)


def _half_unit(text: str, at: int) -> Token | None:
    if text.startswith("半", at) and (found := _unit_at(text, at + 1, slash=False)):
        return Token(Per(found[0], 0.5 * found[1]), at, found[2])
    return None


def _amount(text: str, at: int, end: int, number: Number, run: str, *, signed: bool) -> Token:
    """Read currency, small change and openness behind a number."""
    low, high, scale, open_end, strong = number.low, number.high, 1.0, False, signed
    if more := _MORE.match(text, end):
        open_end, end = more.group(1) is not None, more.end()
        if (big := re.compile("[百千万]").match(text, end)) and (unit := read_number(big.group())):
            low, high, end = low * unit.high, high * unit.high, big.end()
            number = Number(low, high, int(unit.high))
    if middle := _MIDDLE.match(text, end):
        open_end, end = open_end or any(middle.groups()), middle.end()
    if yuan := _YUAN.match(text, end):
        strong, end = True, yuan.end()
        if high < 100:
            change, end = _small_change(text, end)
            low, high = low + change, high + change
    elif small := _SMALL.match(text, end):
        strong, end = True, small.end()
        scale = 0.1 if small.group(1) else 0.001 if small.group(2) else 0.01
        low, high = low * scale, high * scale
        rest = _HUNDREDTHS.match(text, end)
        if rest and not _bare_unit(text, rest.group(1), rest.end(1)):
            change = _digit(rest.group(1)) * scale / 10
            low, high, end = low + change, high + change, rest.end()
    strong = strong or (number.factor >= 100 and not number.bare)
    chinese = not any(char.isdigit() and char not in CHINESE for char in run)
    return Token(Amount(low, high, number, scale, strong, open_end, chinese), at, end)


def word_at(text: str, at: int) -> Token | None:
    match = PER_WORD.match(text, at)
    if match and match.lastgroup:
        return Token(Per(Unit[match.lastgroup], word=True), at, match.end())
    match = WORD.match(text, at)
    if match and match.lastgroup:
        return Token(Word[match.lastgroup], at, match.end())
    return None


_LETTER = re.compile(r"[a-z]+|[,;。]+|.", re.DOTALL)
_DASH = re.compile(DASH)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text from :func:`matching.pay.cleaning.clean`, from left to right."""
    at = 0
    while at < len(text):
        token = per_sign_at(text, at) or word_at(text, at) or number_at(text, at)
        if token is None:
            match = _DASH.match(text, at) or _LETTER.match(text, at)
            end = match.end() if match else at + 1
            # C1, A4: a figure stuck to a letter is no money.
            if match and match.group().isascii() and match.group().isalpha():
                stuck = re.compile(r"\d*").match(text, end)
                end = stuck.end() if stuck else end
            token = Token(text[at:end], at, end)
        yield token
        at = max(token.end, at + 1)
