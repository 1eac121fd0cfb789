"""What a phrase wants and what it does not want any more.

「洗碗把手泡烂了，不洗了，帮着端菜行」 wants 端菜 and no longer 洗碗: 不洗了 speaks of what was said
just before. Conditions (不上夜班, 不住宿) and what somebody cannot do at all deny no trade.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_CLAUSE: Final = re.compile(r"[，,。；;！!？?、\n]+|但是|不过|可是|所以")
_DENIED: Final = re.compile(
    r"(?:再也|真|都|就|也|是)?(?:不想|不愿意?|不肯|不要|不再|不打算|不高兴)(?!要$)"
    r"|(?:^|[也都就再我是真]|现在|以后|后头)不(?:去)?[\u4e00-\u9fff]{1,5}了$"
    r"|(?:做|干|搞|弄|整|跑|搬|扛|站|熬)(?:不动|不来|不下去|伤了)|[\u4e00-\u9fff](?:怕|腻|够|厌|烦)了$"
    r"|受不了|遭不住"
    r"|怕(?:去)?[\u4e00-\u9fff]{1,6}了$"
)
# Denied, yet no trade: hours, lodging, weight, distance, dirt, how the last job ended.
_CONDITION: Final = re.compile(
    r"夜班|晚班|倒班|三班|两班|加班|熬夜|周末|出差|坐班|住宿|住店|重活|重的|太重|太远|远了|远的|远处|外地|麻烦"
    r"|不(?:太)?(?:好|行|方便|够|多|少|久|高|大)了$|走不开|拖欠|再拖|老板.{0,3}不要|都不要|人家.{0,4}不要|不要(?:我|钱|学历|经验|文化)"
    r"|不想(?:走远|跑远|闲)|不要紧|不要求"
)
_WISH: Final = re.compile(
    r"想(?!不)|愿意|希望|要找|找个|找份|可以|都行|得行|也行|还行|行不|就行|在行|会(?!不)|改做|换个|改行"
)
# A denial that names nothing itself is about what was said before it.
_ABOUT_BEFORE: Final = re.compile(
    r"(?:真的?|实在|就|再也|也|都|我)*不(?:想|去|再)?[\u4e00-\u9fff]{1,3}了|[\u4e00-\u9fff]不(?:动|来|下去)了?"
)


class Wish(NamedTuple):
    """What is wanted, and what is not wanted any more ("" where nothing is denied)."""

    wanted: str
    unwanted: str


@lru_cache(maxsize=32768)
def split_denial(phrase: str) -> Wish:
    """Part a phrase into what it wants and what it does not want any more.

    >>> split_denial("收银少了钱要赔，不干了，上上货还可以")
    Wish(wanted='上上货还可以', unwanted='收银少了钱要赔，不干了')
    >>> split_denial("做保洁，不上夜班")
    Wish(wanted='做保洁，不上夜班', unwanted='')
    """
    clauses = [part.strip() for part in _CLAUSE.split(phrase) if part.strip()]
    denied = [_is_denied(clause) for clause in clauses]
    if not any(denied):
        return Wish(phrase, "")
    for at, clause in enumerate(clauses):
        about_before = denied[at] and _ABOUT_BEFORE.fullmatch(clause) is not None
        # All told before 不做了 belongs to it, back to a wish or to an earlier denial's end.
        back = at - 1
        while about_before and back >= 0 and not denied[back] and not _WISH.search(clauses[back]):
            denied[back] = True
            back -= 1
    wanted = [clause for clause, no in zip(clauses, denied, strict=True) if not no]
    unwanted = [clause for clause, no in zip(clauses, denied, strict=True) if no]
    return Wish("，".join(wanted), "，".join(unwanted))


def _is_denied(clause: str) -> bool:
    return _DENIED.search(clause) is not None and _CONDITION.search(clause) is None
