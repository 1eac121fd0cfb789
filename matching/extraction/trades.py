"""Names of trades in running text: which words name a job, and where they begin and end.

Known are the names and ways of saying of ``data/skills.csv``, the titles of
``data/occupations.csv``, and what ends in a trade's last word (-员, -工, -师傅, -嬢嬢).
"""

import re
from functools import cache

from matching.extraction.terms import any_of, one_word
from matching.text.normalise import squeeze, squeeze_all
from matching.utils.reference_tables import data_path, read_table, split_cell

_LONGEST = 10
_WORKPLACES = ("食堂", "店", "厂", "院", "超市", "馆", "公司", "园")
_RANKS = {"助理", "主管", "经理", "学徒", "学徒工", "组长", "班长", "主任", "师傅"}
_HAN = "[一-龥]"


@cache
def known() -> frozenset[str]:
    """Return every squeezed name of a trade or skill of two characters or more."""
    names: list[str] = []
    for row in read_table(data_path("skills.csv")):
        names += [row["name"], *split_cell(row["variants"])]
    for row in read_table(data_path("occupations.csv")):
        if row["level"] == "4":
            names += [row["name"], *split_cell(row["aliases"])]
    return frozenset(name for name in squeeze_all(names) if 1 < len(name) <= _LONGEST)


@cache
def known_pairs() -> frozenset[str]:
    """Return all pairs of neighbouring characters of known names: words, not proper names."""
    return frozenset(name[i : i + 2] for name in known() for i in range(len(name) - 1))


@cache
def _head() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_word('trade_head')})[员工]?(?:若干|数名|多名)?$")


@cache
def _noun() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_word('trade_head')})+[员工]?(?![作人会程地种])")


@cache
def _not_trade() -> re.Pattern[str]:
    return re.compile(any_of("trade_not"))


def is_noun(phrase: str) -> bool:
    """Return whether a phrase ends in the last word of a trade (理货员, 墩子).

    >>> is_noun("打磨工"), is_noun("摘柑子")
    (True, False)
    """
    return bool(_head().search(phrase)) and not _not_trade().fullmatch(phrase)


def is_trade(phrase: str) -> bool:
    """Return whether a phrase is or holds the name of a trade or task."""
    plain = squeeze(phrase)
    if len(plain) < 2 or _not_trade().fullmatch(phrase):
        return False
    return plain in known() or is_noun(phrase) or bool(find_known(plain))


def names_work(phrase: str) -> bool:
    """Return whether a person's own words name a trade or a task, 做饭 and 打扫 too."""
    plain = squeeze(phrase)
    if len(plain) < 2:
        return False
    named = plain in known() or _head().search(phrase) or _task().match(phrase)
    return bool(named or find_known(plain))


@cache
def _task() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_word('task_verb')})(?:个|下|点)?[一-龥]")


def split_known(phrase: str) -> list[str]:
    """Return the known names a phrase is made of, or the phrase (守工地煮饭 is two tasks)."""
    plain = squeeze(phrase)
    spans = find_known(plain)
    names = [plain[start:end] for start, end in spans]
    # 会计助理 and 食堂帮厨 are one: the last word is a rank, the first a workplace.
    one = not names or names[-1] in _RANKS or names[0].endswith(_WORKPLACES)
    several = not one and len(names) > 1 and "".join(names) == plain
    return names if several else [phrase]


def find_known(plain: str) -> list[tuple[int, int]]:
    """Return start and end of the known names in a squeezed text, longest first, none twice."""
    names, found, at = known(), [], 0
    while at < len(plain) - 1:
        for length in range(min(_LONGEST, len(plain) - at), 1, -1):
            if plain[at : at + length] in names and not _not_trade().fullmatch(
                plain[at : at + length]
            ):
                found.append((at, at + length))
                at += length
                break
        else:
            at += 1
    return found


def find_nouns(text: str) -> list[tuple[int, int]]:
    """Return start and end of each trade's last word in a text."""
    return [found.span() for found in _noun().finditer(text)]


_JOINT = re.compile(r"[、/和或及与 ]|以及|兼(?!职)")


def split_trades(phrase: str) -> list[str]:
    """Return the trades of a phrase that names several, else the phrase alone.

    Two nouns are two trades, two tasks are one that does both.

    >>> split_trades("理货员/收银员"), split_trades("打磨工切割工"), split_trades("收碗、擦桌子")
    (['理货员', '收银员'], ['打磨工', '切割工'], ['收碗、擦桌子'])
    """
    parts = [part for part in _JOINT.split(phrase) if part]
    if len(parts) > 1 and all(is_noun(part) or squeeze(part) in known() for part in parts):
        nouns = [part for part in parts if is_noun(part)]
        if len(nouns) == len(parts) or len(nouns) > 1:
            return parts
    if len(parts) == 1:
        ends = [end for _start, end in find_nouns(phrase)]
        inner = [end for end in ends if end < len(phrase)]
        for end in inner:
            left, right = phrase[:end], phrase[end:]
            two = len(left) > 1 and len(right) > 2 and is_noun(left) and is_noun(right)
            if two and not known().isdisjoint((squeeze(left), squeeze(right))):
                return [left, *split_trades(right)]
    return [phrase]
