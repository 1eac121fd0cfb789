"""Pay in a pasted message, read by :mod:`matching.pay` once what only looks like pay is gone."""

import re

from matching.extraction.phones import without_phones
from matching.pay.parser import Pay, parse_pay

_NO_PAY = re.compile(
    r"男\d\d岁?、?女\d\d|[一二两三四五六七八九十\d]{1,2}(?:遍|回|栋楼|层楼|道工序|个单元)|\d{1,2}[-~—–到]\d{1,2}点"
)
_HEIGHT = re.compile(
    r"身高\D{0,4}[\d.]{3,4}(?:cm|厘米|公分|米)?(?:以上)?|身高[^,。;\n\d]{0,6}"
    r"|[一1]米[五六七八5-8]\d?(?:以上)?"
)
# 一天能送100桶: what one can do is not what one is paid.
_OUTPUT = re.compile(
    r"(?:(?:[一每]个?(?:天|小时|月|晚上?))[一-龥]{0,3}[跑送做卖装打串穿粘缝]"
    r"|(?:[一每]个?(?:天|小时|月|晚上?))?(?:大概|大约|能|可以?|最多"
    r"|至少){1,3})[一-龥]{0,3}\d+多?(?:桶|件|单|串|条|箱|袋|套|个|双|趟|份)(?:左右"
    r"|以上)?"
)
# 2600包两顿: the 包 of board is no unit of pay.
_BOARD = re.compile(
    r"[包管](?:[一两二三四1-4][顿餐]饭?|吃住|吃|住宿?|[早中午晚夜]+[餐饭宵]|[早中午晚]饭?|工作餐)"
)
# A fixed extra leaves the upper bound as it is.
_FIXED_EXTRA = re.compile(r"(?<=\d)\s?\+\s?[一-龥]{1,4}(?:补贴|补助|津贴|餐补|社保|五险)")
_FAST_AND_SLOW = re.compile(r"(?:手|干得|做得)[快慢].{1,16}(?:手|干得|做得)[快慢]")
_AND_MORE = re.compile(r"(?<=[百千万])多")


def read_pay(text: str) -> Pay:
    """Return the pay a clean message or a part of it names.

    >>> read_pay("做得快的七八千,做得慢的四千多").max
    8000.0
    """
    text = _BOARD.sub(",", _FIXED_EXTRA.sub("", without_phones(text)))
    for pattern in (_NO_PAY, _HEIGHT, _OUTPUT):
        text = pattern.sub(" ", text)
    if _FAST_AND_SLOW.search(text):
        text = _AND_MORE.sub("", text)
    return parse_pay(text)
