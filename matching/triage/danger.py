"""Danger to life or limb in the words of a ticket, found by rules alone.

The table ``data/life_dangers.csv`` has for each sign how it is said and what only looks like it.
A danger that is over, denied, supposed or taught is none: 没有煤气味了, 万一起火, 消防演练.
A sign marked ``always`` stands even so: 怕他想不开 is as urgent as 他想不开.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from matching.text.normalise import normalise
from matching.utils.reference_tables import data_path, read_table

#: Characters of a text that are read: more than any form takes.
MAX_CHARS: Final = 5000
#: Characters beside a match in which the table's exceptions are looked for.
_BESIDE: Final = 12

#: Short names in the patterns of the table, each for the ways one thing is said.
_PARTS: Final = {
    "<gas>": "(?:煤气|燃气|天然气|瓦斯|液化气|气罐|气坛子|沼气)",
    "<person>": (
        "(?:人|老汉|老头|老太|婆婆|爷爷|公公|奶奶|外婆|外公|妈|爸|爹|大爷|大娘|嬢嬢|孃孃|老伴|老公|"
        "老婆|婆娘|女|儿子|娃|崽|孩子|小孩|妹|弟|哥|姐|孙|他|她)"
    ),
    "<child>": (
        "(?:娃儿?|娃娃|孩子|小孩儿?|细娃儿?|婴儿|幺儿|孙儿|孙女|孙子|宝宝|奶娃|崽崽|小朋友|"
        "[一二两三四五六七八九1-9]岁(?!数))"
    ),
    "<old>": (
        "(?:老人家?|老汉|老太|老头|婆婆|婆|爷爷|奶奶|外婆|外公|大爷|大娘|嬢嬢|孃孃|太婆|老妈|老爸)"
    ),
    "<machine>": (
        "(?:制氧机|呼吸机|吸氧机?|氧气[机瓶罐袋]?|吸痰[机器]|透析机|监护仪|起搏器|雾化机|保温箱|"
        "输液泵)"
    ),
    "<hung>": (
        "(?:外墙|墙砖|瓷砖|墙面砖|空调(?:外机|架)|外机|广告(?:牌|布|架)|招牌|灯箱|花盆|雨棚|遮阳棚|防盗网|防护网|"
        "玻璃|窗(?:子|户|扇|框)|树(?:子|枝|干|丫)?|吊灯|吊扇|吊顶|天花板|水泥块?|脚手架|路牌|电杆|杆杆|"
        "铁皮|石头|砖头?|保温层|水箱|晾衣架|幕墙)"
    ),
}  # fmt: skip
_SENTENCE_END: Final = re.compile(r"[。!?\n]")
#: Just before a sign: it is denied.
_DENIED: Final = re.compile(
    r"(?:没有?|没得|莫得|不是|并?未|无|没再|不再)(?:再)?(?:闻到?|发现|看到|听到|见到|得|啥子?|什么|任何|人)?$"
)
#: After a sign: it is over.
_OVER: Final = re.compile(
    r"^[^。!?]{0,16}?(?:没有了|没得了|都没了|散了|散完了|灭了|扑灭|(?:已经)?(?:都)?(?:修好|弄好|处理好|解决)了?|"
    r"找到了|(?:自己)?回来了|放出来了|救出来了|已经出来了|没(?:得)?事了|好了)"
)
#: Before a sign: it is only supposed, or was long ago.
_SUPPOSED: Final = re.compile(
    r"(?:万一|要是|如果|假如|防止|预防|避免|免得|以免|容易|引发|引起|会不会)[^。!?]{0,10}$"
)
_LONG_AGO: Final = re.compile(
    r"(?:去年|前年|上个?月|上半年|年前|那年|小时候|早年|个多?月前|上上?个?(?:星期|周|礼拜))[^。!?]{0,16}$"
)
#: Beside a sign: it is taught or practised.
_TAUGHT: Final = re.compile(
    r"演练|演习|培训|讲座|宣传|课程|上课|报名|知识|手册|怎么预防|学(?:一下|习|点)"
)


class Danger(NamedTuple):
    """A sign of danger in a text.

    Attributes
    ----------
    sign : str
        Code of the table.
    label : str
        What it is called on pages.
    words : str
        The words that say so, of the normalised text.
    lead : str
        Branch that leads.
    external : str
        The outside number that comes first.
    """

    sign: str
    label: str
    words: str
    lead: str
    external: str


class _Sign(NamedTuple):
    sign: str
    label: str
    lead: str
    external: str
    always: bool
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    never: re.Pattern[str] | None


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, words in _PARTS.items():
        pattern = pattern.replace(name, words)
    return re.compile(pattern)


@lru_cache(maxsize=1)
def _signs() -> tuple[_Sign, ...]:
    return tuple(
        _Sign(
            row["sign"],
            row["label"],
            row["lead"],
            row["external"],
            row["always"] == "yes",
            _compiled(row["pattern"]),
            _compiled(row["unless"]) if row["unless"] else None,
            _compiled(row["never"]) if row["never"] else None,
        )
        for row in read_table(data_path("life_dangers.csv"))
    )


def find_dangers(text: str) -> list[Danger]:
    """Return the signs of danger in a text, each once, in the order of the table.

    >>> [danger.words for danger in find_dangers("楼道头煤气味大得很")]
    ['煤气味']
    >>> find_dangers("昨天的煤气味没有了")
    []
    """
    plain = normalise(text[:MAX_CHARS]).replace(" ", "")
    found: list[Danger] = []
    for sign in _signs():
        if sign.never is not None and sign.never.search(plain):
            continue
        said = next(_standing(sign, plain), None)
        if said is not None:
            found.append(Danger(sign.sign, sign.label, said, sign.lead, sign.external))
    return found


def _standing(sign: _Sign, plain: str) -> Iterator[str]:
    """Yield the words of each match that nothing takes back."""
    for match in sign.pattern.finditer(plain):
        before, after = _beside(plain, match.start(), match.end())
        around = before[-_BESIDE:] + match[0] + after[:_BESIDE]
        if sign.unless is not None and sign.unless.search(around):
            continue
        if _DENIED.search(before) or _OVER.search(after):
            continue
        if not sign.always and (
            _SUPPOSED.search(before) or _LONG_AGO.search(before) or _TAUGHT.search(around)
        ):
            continue
        yield match[0]


def _beside(plain: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and behind in the same sentence, at most 40 characters."""
    before = _SENTENCE_END.split(plain[max(0, start - 40) : start])[-1]
    after = _SENTENCE_END.split(plain[end : end + 40], maxsplit=1)[0]
    return before, after
