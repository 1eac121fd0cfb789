"""What a clerk has to ask back: what the matter needs and the text doesn't say."""

import re
from typing import Final

from matching.triage.matters import Matter
from matching.triage.places import place_of
from matching.triage.plain import in_plain_words

_MOST: Final = 4
_TIME: Final = re.compile(
    r"\d+\s*(?:号|月|点|天|年)|今天|昨天|前天|明天|上午|下午|早上|晚上|中午|刚才|[一二三四五六七八九十两几]"
    r"(?:点|天|个?月|年|个?星期|周)|每天|天天|周[一二三四五六日末]|星期"
)
_MONEY: Final = re.compile(r"\d+\s*(?:块|元|万|千|百)|[一二三四五六七八九十两几]+(?:块|百|千|万)")
_FIRM: Final = re.compile(r"(?:店|厂|公司|餐馆|饭店|超市|工地|中介|酒店|幼儿园|火锅|平台)")
_AGE: Final = re.compile(r"\d+\s*岁|[一二三四五六七八九十]+岁|\d0后|[小初高]\S{0,2}[一二三四五六]")
# What a question of the table is about, and what in a text answers it.
_ANSWERED: Final = (
    (re.compile(r"什么时候|哪天|哪一天|几点|时间|多久|几天|哪几个小时|哪个月|哪些天|改到"), _TIME),
    (re.compile(r"多少|金额|欠多少|差多少|转了"), _MONEY),
    (re.compile(r"单位名称|哪家"), _FIRM),
    (re.compile(r"几岁|年龄|年纪|几年级"), _AGE),
)
_WHERE: Final = re.compile(r"^(?:哪栋|几楼|哪一户|住哪栋|住几栋|哪里)$")
_IN_A_HOME: Final = re.compile(r"哪一户|住哪栋")
# The office has to find a person's own papers.
_OWN_PAPERS: Final = re.compile(r"哪一期|哪一批|哪个月|银行卡|哪个岗位|编号|哪一年|哪天体检|姓名")
_NAMED: Final = re.compile(r"我叫|我姓|姓名|本人[\u4e00-\u9fff]{2,3}[,，]")


def ask_back(text: str, matter: Matter, kind: str, urgency: str) -> list[str]:
    """Return what has to be asked, most needed first, at most four."""
    if kind == "thanks" or (kind == "question" and urgency == "question" and not matter.private):
        return []
    plain = in_plain_words(text)
    asked: list[str] = []
    if any(_WHERE.match(question) for question in matter.ask):
        asked += _where(text, at_home=any(map(_IN_A_HOME.search, matter.ask)))
    if matter.private and any(map(_OWN_PAPERS.search, matter.ask)) and not _NAMED.search(plain):
        asked.append("姓名")
    asked += [
        question
        for question in matter.ask
        if not _WHERE.match(question)
        and not any(about.search(question) and said.search(plain) for about, said in _ANSWERED)
    ]
    return list(dict.fromkeys(asked))[:_MOST]


def _where(text: str, *, at_home: bool) -> list[str]:
    place = place_of(text)
    if place.building is None:
        return ["哪栋几单元"] + (["门牌号"] if at_home and place.flat is None else [])
    if at_home:
        return [] if place.flat is not None else ["门牌号"]
    return [] if place.unit is not None or place.flat is not None else ["几单元"]
