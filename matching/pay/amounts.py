"""From the tokens of a pay text to the figures that are pay: which bound, which unit."""

import re
from dataclasses import dataclass, replace

from matching.pay.cleaning import DASH, GAP
from matching.pay.tokenizer import Amount, Per, Token, number_at, per_sign_at, tokens, word_at
from matching.pay.vocabulary import Unit, Word
from matching.text.numerals import CHINESE


@dataclass(frozen=True)
class Figure:
    """One figure of pay; ``low`` None is a ceiling (最高), ``high`` None an open end (以上)."""

    low: float | None
    high: float | None
    unit: Unit | None = None
    base: bool = False
    total: bool = False
    strong: bool = True

    @property
    def size(self) -> float:
        """The larger bound."""
        return self.high if self.high is not None else self.low or 0.0


_CLAUSE_END = re.compile(r"[,;。]")
_DASH = re.compile(DASH)
_BETWEEN = re.compile(r"[、,]")
_FILLER = re.compile(
    r"(?:左右|上下|不等|之间|大概|税[前后]|的|钱|整|\((?:税[前后]|含税|[^()]{0,6}包[^()]{0,6})\)|\))+"
)
_OPEN = re.compile(
    r"及?以上|往上|起步?(?![薪点])|打底|保底|起薪(?![:为约]?\d)|(?:无责任?)?底薪(?![:为约]?\d)|多(?![劳])|出头|\+(?=[)/每])"
)
_CEILING = re.compile(rf"以内|之内|以下|封顶(?!\d)|为?上限|不到(?![\d{CHINESE}])")
_TOTAL_WORD = re.compile(r"收入|综合|[入均赚]$")
_AFTER_LONE = re.compile(rf"$|[,;。)+{GAP}]|包|左右|以上")
_BARE_BEFORE = re.compile(r"(?:[过上]|超过|大?约|[>≥])$")
_VARIABLE = re.compile(r"提成|绩效|计件|佣|分红|抽成|加班|小费|业绩|返点|另[算计]")
_FIXED = re.compile(
    rf"[{GAP}\d{CHINESE}]|社保|[包吃住餐饭房话车]|[双单休]|补|津贴|[全满]勤|保险|公积金|福利|年终|节|工龄|交通|高温|奖金\d"
)
# How far behind 每天, 一件 and the like their money may stand.
_NEAR = 10


def figures(text: str) -> list[Figure]:
    """Return the figures of pay in a text from :func:`matching.pay.cleaning.clean`, in order.

    Figures that don't say by themselves that they are money are left out if others do.
    """
    reader = _Reader(text)
    found = reader.read() or reader.behind_plus or reader.commission
    strong = [figure for figure in found if figure.strong]
    large = [figure for figure in found if figure.size >= 1000]
    found = strong or large or (found if reader.begins_with_figure else [])
    return [
        replace(figure, unit=figure.unit or reader.hint) if figure.size < 1000 else figure
        for figure in found
    ]


class _Reader:
    """Walks the tokens once, with what the present clause has said so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.found: list[Figure] = []
        self.behind_plus: list[Figure] = []
        self.commission: list[Figure] = []
        # 日结, 150元: what the text as a whole is counted by, for figures that don't say.
        self.hint: Unit | None = None
        self.begins_with_figure = bool(self.tokens) and isinstance(self.tokens[0].what, Amount)
        self._new_clause()

    def _new_clause(self) -> None:
        self.mode = Word.PAY
        self.per: Token | None = None
        self.labelled = False
        self.figure_in_clause = False
        self.aside = False
        self._no_bounds()

    def _no_bounds(self) -> None:
        self.floor = self.ceiling = self.base = self.total = False

    def read(self) -> list[Figure]:
        """Return the figures that are pay."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if isinstance(token.what, Amount):
                at = self._figure(at)
                continue
            if isinstance(token.what, Per):
                self._see_per(token)
            elif isinstance(token.what, Word):
                self._see_word(token)
            else:
                self._see_sign(token.what)
            at += 1
        return self.found

    def _see_sign(self, sign: str) -> None:
        if sign in ("(", ")"):
            # 工龄工资(满1年50元,满2年100元): an extra goes on to the closing bracket.
            self.aside = sign == "(" and self.mode in (Word.EXTRA, Word.NO_PAY)
        elif _CLAUSE_END.match(sign) and not self.aside:
            self._new_clause()

    def _see_per(self, token: Token) -> None:
        self.per = token
        if isinstance(token.what, Per) and token.what.word:
            self.mode, self.labelled = Word.PAY, True
            if token.what.unit in (Unit.HOUR, Unit.DAY, Unit.PIECE):
                self.hint = self.hint or token.what.unit
            said = self.text[token.start : token.end]
            self.total = bool(_TOTAL_WORD.search(said))
            self.base = said.endswith("底薪")
            self.floor = said.endswith("保底")

    def _see_word(self, token: Token) -> None:
        word = token.what
        if word in (Word.PAY, Word.BASE, Word.TOTAL, Word.EQUALS):
            self.mode, self.labelled, self.figure_in_clause = Word.PAY, True, False
            if word in (Word.EQUALS, Word.BASE):
                self._no_bounds()
                self.per = None if word is Word.EQUALS else self.per
            self.base = self.base or word is Word.BASE
            self.total = self.total or word in (Word.TOTAL, Word.EQUALS)
        elif word in (Word.EXTRA, Word.NO_PAY):
            self.mode = Word.EXTRA if word is Word.EXTRA else Word.NO_PAY
            self._no_bounds()
        elif word is Word.FLOOR:
            self.floor = True
        elif word is Word.CEILING:
            self.ceiling = True
        elif word is Word.NO_LIMIT:
            self._open_last()
        elif word is Word.PLUS:
            self._see_plus(token)

    def _see_plus(self, token: Token) -> None:
        rest = re.split(r"[,;。=+]", self.text[token.end :], maxsplit=1)[0]
        is_open = _VARIABLE.search(rest) or not _FIXED.match(rest)
        if "算" in self.text[token.start : token.end]:
            is_open = True
        # An extra with a figure of its own (+奖金300) is no open end.
        with_figure = not _VARIABLE.search(rest) and re.search(r"\d", rest)
        begins = _CLAUSE_END.match(self.text, max(0, token.start - 1))
        if self.figure_in_clause and is_open and not with_figure:
            self._open_last()
        elif _VARIABLE.match(rest) and not with_figure and begins:
            self._open_last()  # 基本工资2100元，另加计件
        self.mode = Word.PLUS
        self.per = None
        self._no_bounds()

    def _open_last(self) -> None:
        if self.found and self.found[-1].low is not None:
            self.found[-1] = replace(self.found[-1], high=None)

    def _figure(self, at: int) -> int:
        """Read the amount or range at token ``at``; return the token behind it."""
        first = self.tokens[at]
        low, high, last = self._range(at)
        end, per, is_open, is_ceiling = self._behind(self.tokens[last].end, size=high)
        before = self._per_before(first)
        what = per or before
        if what is not None and what.unit is Unit.PIECE and what.word and high >= 1000:
            what = before = None  # 计件工资3000 is a month's
        amounts = [t.what for t in self.tokens[at : last + 1] if isinstance(t.what, Amount)]
        above = self.text[: first.start].endswith(("过", "上")) and amounts[0].number.bare
        is_open = is_open or above or any(amount.open_end for amount in amounts)
        marked = self.floor or self.ceiling or self.base or self.total
        strong = self.labelled or marked or what is not None or any(a.strong for a in amounts)
        next_at = self._token_from(end, last + 1)
        if not self._is_money(first, amounts, what, end):
            return next_at
        # Once a unit in front has been used, the next figure needs its own.
        if before is what:
            self.per = None
        times = what.count if what else 1.0
        figure = Figure(
            None if self.ceiling or is_ceiling else low / times,
            None if (self.floor or self.base or is_open) and not self.ceiling else high / times,
            what.unit if what else None,
            base=self.base,
            total=self.total,
            strong=strong,
        )
        self._keep(figure, self._mode_of(end, figure))
        self._no_bounds()
        return next_at

    def _keep(self, figure: Figure, mode: Word) -> None:
        if mode is Word.PAY:
            self.found.append(figure)
            self.figure_in_clause = True
        elif mode is Word.PLUS:
            self.behind_plus.append(figure)
        elif mode is Word.EXTRA and figure.unit is Unit.PIECE:
            self.commission.append(figure)

    def _mode_of(self, end: int, figure: Figure) -> Word:
        """Return what the figure is, by the words before it or right behind it (200全勤奖)."""
        if self.mode in (Word.EXTRA, Word.NO_PAY):
            return self.mode
        behind = word_at(self.text, end)
        if behind is None or behind.what not in (Word.EXTRA, Word.NO_PAY):
            return self.mode
        gap = re.compile(r"[:每月为]*").match(self.text, behind.end)
        follower = number_at(self.text, gap.end() if gap else behind.end)
        if follower is not None and isinstance(follower.what, Amount):
            return self.mode
        small = figure.size < 1000 and figure.unit in (None, Unit.MONTH) and not self.labelled
        return Word.EXTRA if small or self.mode is Word.PLUS else self.mode

    def _is_money(self, first: Token, amounts: list[Amount], what: Per | None, end: int) -> bool:
        before = self.text[max(0, first.start - 2) : first.start]
        if any(amount.number.bare for amount in amounts):
            return bool(_BARE_BEFORE.search(before)) or (
                amounts[0].strong and not before.endswith(("几", "数", "好"))
            )
        if what is not None or any(a.strong or not a.chinese for a in amounts):
            return True
        # A lone 二十 is money behind 工资 or as the whole text; the 一 of 一般 never is.
        ends_here = _AFTER_LONE.match(self.text, end) is not None
        return ends_here and (self.labelled or first.start == 0)

    def _range(self, at: int) -> tuple[float, float, int]:
        """Return the bounds and the last token of the amount or range at token ``at``."""
        left = self.tokens[at].what
        assert isinstance(left, Amount)  # noqa: S101 (narrowing; the caller has looked)
        if at + 2 < len(self.tokens):
            between, right = self.tokens[at + 1].what, self.tokens[at + 2].what
            if isinstance(between, str) and isinstance(right, Amount):
                if _DASH.fullmatch(between):
                    low, high = _lend(left, right)
                    return low, high, at + 2
                if _BETWEEN.fullmatch(between) and _counts_on(left, right):
                    low, high = _lend(left, right)
                    return low, high, at + 2
        return left.low, left.high, at

    def _behind(self, end: int, *, size: float) -> tuple[int, Per | None, bool, bool]:
        """Read what stands behind a figure: its unit, 以上, 封顶, 左右."""
        per: Per | None = None
        is_open = is_ceiling = False
        while True:
            if filler := _FILLER.match(self.text, end):
                end = filler.end()
            elif open_end := _OPEN.match(self.text, end):
                is_open, end = True, open_end.end()
            elif ceiling := _CEILING.match(self.text, end):
                is_ceiling, end = True, ceiling.end()
            elif per is None and (token := self._per_at(end)) and self._owns(token, size):
                per, end = token.what, token.end  # type: ignore[assignment]
            else:
                return end, per, is_open, is_ceiling

    def _per_at(self, at: int) -> Token | None:
        token = per_sign_at(self.text, at) or word_at(self.text, at) or number_at(self.text, at)
        return token if token is not None and isinstance(token.what, Per) else None

    def _owns(self, token: Token, size: float) -> bool:
        """Return whether the unit belongs to the figure before it, not to the one behind."""
        if self.text.startswith(("/", "元/"), token.start):
            return True
        behind = number_at(self.text, token.end + self.text.startswith((":", "约"), token.end))
        if behind is not None and self.per is not None:
            return False  # 一件三毛五一天150件
        if behind is None or not isinstance(behind.what, Amount):
            return True
        if self._per_at(behind.end) is not None:
            return True
        word = isinstance(token.what, Per) and token.what.word
        return not word and not self.labelled and size < 1000

    def _per_before(self, first: Token) -> Per | None:
        if self.per is None or first.start - self.per.end > _NEAR:
            return None
        return self.per.what if isinstance(self.per.what, Per) else None

    def _token_from(self, end: int, at: int) -> int:
        while at < len(self.tokens) and self.tokens[at].start < end:
            at += 1
        return at


def _counts_on(left: Amount, right: Amount) -> bool:
    """Return whether 3、4千 is meant: neighbours, the factor only behind the second."""
    return (
        left.number.is_plain
        and left.low * right.number.factor * right.scale + right.number.factor == (right.low)
    )


def _lend(left: Amount, right: Amount) -> tuple[float, float]:
    """Return the bounds of a range whose one end may lend 千, 万 or 毛 to the other (6-8千)."""
    times_left = times_right = 1.0
    if left.number.is_plain and not left.strong:
        factors = [right.number.factor * right.scale]
        if right.high >= 1000 and left.low < 100:
            factors.append(1000)  # 8-1.2万, 3-4500
        times_left = next((times for times in factors if left.low * times <= right.high), 1.0)
    elif right.number.is_plain and not right.strong and right.high < left.low:
        factor = left.number.factor * left.scale
        if right.high * factor >= left.low:
            times_right = factor
    ends = [end * times_left for end in (left.low, left.high)]
    ends += [end * times_right for end in (right.low, right.high)]
    return min(ends), max(ends)
