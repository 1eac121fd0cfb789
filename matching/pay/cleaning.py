"""Ready a pay text for reading: one spelling, and no figures that are not about pay.

Hours, days off, headcounts, ages, dates, percentages, telephone numbers and the like are
replaced by a middle dot, so that the figures left over are money or what money is counted by.
"""

import re

from matching.text.normalise import normalise
from matching.text.numerals import CHINESE, plain_numerals

#: Stands for what was left out.
GAP = "·"
#: Joins the two ends of a range.
DASH = r"[-‐‑‒–—―─−~〜∼⁓至到]+"

# No pay text that people write is longer; a pasted novel is not read to its end.
_LONGEST = 4000
_ENUMERATED = re.compile(r"[①-⓿❶-➓㈠-㊿]")
_LIST_MARK = re.compile(
    r"(?m)^\s*\(?[1-9]\d?(?:[、)）](?=\s*(?:\D|\d{3}))|[,，](?=\s*[^\d\s])|[.．](?=\s*(?:[^\d\s]|\d{4})))"
)
_LINE_END = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_TAG = re.compile(r"<[^<>]{0,60}>")
_GROUPS = re.compile(r"(?<![\d.])(?:\d{1,2}(?:[, ']\d{3})+|\d{3}(?:[, ']000)+)(?![\d])")
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: \d){2,}(?![\d.])")
_SPACED_POINT = re.compile(r"(?<=\d) ?\. ?(?=\d)")
_NEW_FIGURE = re.compile(
    rf"(?<=[\d千万百kw元块]) (?=\d)"
    rf"|(?<=[{CHINESE}元块]) (?=[{CHINESE}]{{1,3}}个?(?:小时|钟头|天|人|名|岁|年|月|点))"
)
_ABOUT_ONE = re.compile(rf"(?<![{CHINESE}\d])(?=[百千万]把[块元])([百千万])把")  # 千把块
_UNIT_ASIDE = re.compile(r"\((?:单位:?)?((?:元|块|人民币)?/?每?(?:个?月|天|日|小时|年|件|个))\)")

# Lengths are bounded, so that no text takes longer than in proportion to its length.
_N = rf"(?:\d{{1,9}}(?:\.\d{{1,9}})?|[{CHINESE}半]{{1,9}})"
_NS = rf"{_N}(?:{DASH}{_N})?"
# More than one: 一天, 一小时, 1件 are what money is counted by, and so is the end of 一百二一天.
_MANY = (
    rf"(?:(?:[2-9]|\d\d{{1,8}})(?:\.\d{{1,9}})?|\d\.\d{{1,9}}"
    rf"|[{CHINESE}]{{0,8}}[零〇二两俩三四五六七八九十百千万]|十一|[一1]{DASH}{_N})"
)
_MANYS = rf"(?<![\d.{CHINESE}/每]){_MANY}(?:{DASH}{_MANY})?多?"

_NOISE = [
    # telephone and account numbers
    r"(?<![\d.])(?:0\d{2,3}-?)?\d{8,}(?:\.\d+)?|(?<!\d)1\d{2}-\d{4}-\d{4}(?!\d)",
    # dates
    r"(?:19|20)\d\d年(?!薪)(?:\d{1,2}月(?:\d{1,2}[日号])?|度|底|初)?",
    r"(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}",
    rf"{_N}月{_N}[日号]|(?:每月|次月|当月|月底)\d{{1,2}}[日号]",
    # times of day
    r"\d{1,2}:\d{2}",
    r"(?:上午|下午|早上|晚上|中午|早|晚)?(?<![\d.元块])\d{1,2}点(?:半|[0-5]\d分|[0-5]\d(?![\d.元块]))?",
    rf"[朝早]{_N}点?{DASH}?晚{_N}点?|[朝早]{_N}点?{DASH}?下午{_N}点?",
    # shares
    rf"{_N}%?{DASH}{_N}[%‰]|{_N}[%‰]|[百千]分之{_NS}",
    r"1[2-9]薪|[双二两三]倍?薪|[二两三四五\d]倍",
    # people
    rf"{_NS}(?:周)?岁(?:以[上下内]|左右)?",
    rf"(?:招聘?|需要?|缺|要)?{_NS}多?(?:人(?!民币)|名(?!额)|位)|(?:招聘?|需要?|缺){_NS}个|{_NS}个(?:人|名额|岗位)",
    r"\d{2,3}(?:cm|厘米|公分)|1\.\d{1,2}米|1米\d{1,2}",
    # years of experience, months of probation, days and hours of work
    rf"(?:满|第|实习|工作|签)\s*{_NS}年|{_NS}年(?:及?以上|以内)?[^,;。薪\d]{{0,5}}(?:经验|工作|驾龄)",
    rf"(?:试用期|实习期|试用|实习|培训期?|第|前|头)为?{_NS}个?月(?:内|后|以后)?",
    rf"{_MANYS}(?:年(?!薪)|个月|周(?!岁)|星期)(?:以上|以内|左右)?",
    rf"[做上干工作]{{1,2}}{_N}[天日]?休息?{_N}[天日]?",
    rf"(?<![/每])(?:每个?[月周]|[月周]|一个月|一周)?(?:单|双|排|轮|调)?休息?{_NS}[天日]",
    rf"(?<![/每])(?:每个?[月周]|[月周]|一个月|一周)?(?:工作|上班|出勤|上满|做满|干满|满|上|做){_NS}[天日]",
    rf"(?<![/每])(?:每个?[月周]|一周|周){_MANY}(?:{DASH}{_N})?[天日]",
    rf"{_MANYS}(?:天|工作日)(?:工作制|制)?",
    rf"(?<![/每\d])(?:每[天日班周]|一[天日]|[日周])?(?:平均)?(?:工作|上班|实行|上|做|干)?(?:时间|时长)?:?不?(?:超过|少于)?"
    rf"{_MANYS}个?(?:小时|钟头|h(?![a-z]))(?:工作制|制|白班|以内|以上|左右|工作|(?:/|每|一)(?:天|日|班))*",
    # shifts, meals, insurance
    rf"{_N}(?:班倒|班制|班运转|班轮)|五天制|(?:一[日天])?[一二两三四\d](?:顿饭?|餐(?!补))",
    rf"{_N}险(?:{_N}金)?",
    # places and ordinals
    rf"\d+(?:号线|号楼|号|楼|栋|幢|层|室|路|弄|座|单元|m2|平米|平方米|公里|km|届|期|强|类|级)|第{_N}",
]
_NOISE_RE = [re.compile(pattern) for pattern in _NOISE]
_DAY_RATE_BEFORE = re.compile(r"(?<!\d)\d{2,3}(?:元|块钱?)?$")
_PROBATION = re.compile("试用期?|实习期?")
_A_DAY = re.compile(r"^(?:每[天日]|一[天日])")


def _left_out(match: re.Match[str]) -> str:
    # 150元每天8小时: the day belongs to the money before it, the hours do not.
    if probation := _PROBATION.match(match.group()):
        return probation.group() + GAP
    day = _A_DAY.match(match.group())
    before = match.string[max(0, match.start() - 8) : match.start()]
    if day and _DAY_RATE_BEFORE.search(before):
        return day.group() + GAP
    return GAP


def spell(text: str) -> str:
    """Return ``text`` in one spelling, without spaces, grouped digits joined."""
    text = _LINE_END.sub("\n", text[:_LONGEST].replace("\0", " "))
    text = _LIST_MARK.sub("", _ENUMERATED.sub(";", text)).replace("\n", ";")
    text = _ABOUT_ONE.sub(r"一\1", plain_numerals(normalise(text)))
    text = _TAG.sub("", text)
    text = _SPACED_POINT.sub(".", text)
    text = _GROUPS.sub(lambda match: re.sub(r"[, ']", "", match.group()), text)
    text = _SPACED_DIGITS.sub(lambda match: match.group().replace(" ", ""), text)
    text = _NEW_FIGURE.sub(";", text).replace(" ", "")
    return _UNIT_ASIDE.sub(r"\1", text)


def clean(text: str) -> str:
    """Return :func:`spell` of ``text`` with the figures that are not pay left out.

    >>> clean("月薪 4,000 包吃住 8小时/天 招5人")
    '月薪4000包吃住··'
    """
    text = spell(text)
    text = re.sub(r"(?:/|每)(?:人|名|位)(?=/|每|一|$|[,;。])", "", text)
    for pattern in _NOISE_RE:
        text = pattern.sub(_left_out, text)
    return text
