"""What the description in a list of vacancies says of the job of its row.

A description is written by somebody who has more room than a chat gives: headings, numbered
duties, several jobs in one cell. So a fact counts only where it is asked for or offered, and of
several jobs only what stands with the row's own.
"""

import re
from dataclasses import dataclass
from functools import cache

from matching.extraction import facts
from matching.extraction.message import Span, as_written, clauses, clean_message, sentences
from matching.extraction.numbers import COUNT, largest
from matching.extraction.phones import without_phones
from matching.extraction.terms import any_of
from matching.extraction.titles import Title, people
from matching.extraction.trades import is_trade, names_work

_MOST_SKILLS = 12
_LONGEST_SKILL = 24
# A heading of one job among several: 二、安管员若干, 仓管员:1名.
_HEADING = re.compile(
    r"(?m)(?:^[\s\W]{0,3}|(?<=[人名位][、,]))(?:(?:岗位|职位)?[一二三四五六七八九十\d]{1,2}[、.:)]\s?)?"
    r"(?:(?:岗位|职位|招聘)(?:名称)?[:：]\s?)?(?P<name>[一-龥A-Za-z/()]{2,14}?)[ :(,]{0,2}"
    rf"(?P<people>(?:{COUNT}|若干|数|多)\s?[名人位])"
    r"(?!的?团队|队伍|小组|间|次|/|一)"
)
# 夜班补贴8元: what is paid for a shift says nothing of when one works.
_EXTRA_PAY = re.compile(r"[夜晚中早]班[^,。;\n]{0,8}(?:津贴|补贴|补助)|加班费")
_LONE_HEADING = re.compile(
    r"(?m)^(?:[一二三四五六七八九十]{1,2}|\d{1,2})[、.]\s?(?P<name>[一-龥]{2,8}(?:[、/][一-龥]{2,6})?)\s?:?$"
)
_NO_JOB = re.compile(
    r"^(?:拟|共|急|现|大量)?(?:招聘?|需要?|聘)$|共计|人数|学历|年龄|要求|职责|待遇|福利|资格|条件|岗位$|职位$|内容|时间|地[点址]"
)
_WANTED = re.compile(
    rf"(?:招聘?人数|需求人数|拟?招聘?|人数|名额|需要?|急招)[:：]?\s?(?:约)?(?P<n>{COUNT})\s?[名人位]"
)


@dataclass(frozen=True)
class Described:
    """What a description says; ``None`` and empty where it doesn't, words as written.

    ``several`` when it is about more jobs than the row's.
    """

    education: str | None = None
    headcount: int | None = None
    hours_words: str | None = None
    certificates: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    several: bool = False


def read_description(title: str, text: str) -> Described:
    """Return what ``text`` says of the job called ``title``.

    >>> read_description("文员", "大专以上，会用表格软件，做五休二。招聘人数：2人").education
    'college'
    """
    message = clean_message(text)
    jobs = _jobs(message)
    own = [(n, one) for n, one in enumerate(jobs) if _same_job(one.text, clean_message(title))]
    others = len(jobs) > len(own) or len(own) > 1
    headcount = None
    if len(own) == 1:
        at, job = own[0]
        headcount = job.headcount
        end = jobs[at + 1].start if at + 1 < len(jobs) else len(message)
        message = message[: jobs[0].start] + message[job.start : end]
    elif others:
        # Nobody can tell which is the row's: what stands before them all is for all.
        message = message[: jobs[0].start]
    quiet = _without_other_times(without_phones(message))
    if headcount is None and not others and (wanted := _WANTED.search(quiet)):
        headcount = largest(wanted["n"])
    return Described(
        education=facts.education(_asked(quiet)),
        headcount=headcount,
        hours_words=facts.hours_words(_hours(quiet)),
        certificates=tuple(
            dict.fromkeys(words for _at, words in facts.certificates(_asked(quiet)))
        ),
        skills=_skills(quiet),
        several=others,
    )


def _jobs(message: str) -> list[Title]:
    found: dict[int, Title] = {}
    for match in (*_LONE_HEADING.finditer(message), *_HEADING.finditer(message)):
        start, name = match.start("name"), match["name"].strip("()/")
        count = match.groupdict().get("people")
        if _NO_JOB.search(name) or not (is_trade(name) or (count and names_work(name))):
            continue
        found[start] = Title(start, start + len(name), name, people(count or ""))
    return [found[start] for start in sorted(found)]


def _same_job(one: str, title: str) -> bool:
    """Whether a heading names the row's job: 接线客服 is 客服, 销售总监 is not 销售."""
    parts = [part for part in re.split(r"[^一-龥A-Za-z]+", title) if len(part) > 1]
    names = [part for part in re.split(r"[^一-龥A-Za-z]+", one) if len(part) > 1]
    return any(a.endswith(b) or b.endswith(a) for a in parts for b in names)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(any_of("preferred")),
        re.compile(any_of("other_time")),
        re.compile(any_of("skill_asked")),
        re.compile(any_of("skill_not")),
    )


def _asked(text: str) -> str:
    """Return a text without the clauses on what is only preferred."""
    preferred = _patterns()[0]
    kept = [clause.text for clause in clauses(text) if not preferred.search(clause.text)]
    return "\n".join(kept)


def _without_other_times(text: str) -> str:
    """Return a text without the lines on interviews and the like."""
    other = _patterns()[1]
    kept: list[str] = []
    dropped = False
    for sentence in sentences(text):
        # 面试时间&地点, and in the next line: 时间:周一至周五.
        dropped = bool(other.search(sentence.text)) or (
            dropped and sentence.text.strip().startswith("时间")
        )
        if not dropped:
            kept.append(sentence.text)
    return "\n".join(kept)


def _hours(text: str) -> list[Span]:
    paid = [clause for clause in clauses(text) if _EXTRA_PAY.search(clause.text)]
    return [
        span
        for span in facts.hours_spans(text)
        if not any(clause.holds(span.start) for clause in paid)
    ]


def _skills(text: str) -> tuple[str, ...]:
    preferred, _other, asked, not_one = _patterns()
    found: list[str] = []
    for clause in clauses(text):
        if preferred.search(clause.text):
            continue
        for match in (one for part in clause.text.split(" ") for one in asked.finditer(part)):
            words = next((part for part in match.groups() if part), "")
            words = as_written(words.strip(" 、:()"))
            if 1 < len(words) <= _LONGEST_SKILL and not not_one.search(words):
                found.append(words)
    return tuple(dict.fromkeys(found))[:_MOST_SKILLS]
