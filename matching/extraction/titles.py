"""Where a message names the jobs it offers, with how many people each wants."""

import re
from dataclasses import dataclass, replace
from functools import cache

from matching.extraction.message import clauses
from matching.extraction.numbers import COUNT, largest
from matching.extraction.places import place_ends
from matching.extraction.terms import any_of, one_word
from matching.extraction.trades import (
    find_known,
    find_nouns,
    is_noun,
    is_trade,
    names_work,
    split_trades,
)

_MANY = r"若干|数|多|几|不限"
_PEOPLE = (
    rf"(?:各|共|共计|约)?(?:(?P<n>{COUNT})\s?[多来]?(?:名(?!额?以)|个(?!月(?!嫂)|小时"
    rf"|钟(?![点表])|人?间|单元"
    rf"|班|工[作日])|位|人(?!间|民|次|份|均|一|工|轮))(?:人|工人)?|(?:{_MANY})(?:名|人|个"
    rf"|位))"
)
_PEOPLE_RE = re.compile(_PEOPLE)
_MONEY = r"\d+(?:\.\d+)?\s?(?:[-~—–至到]+\s?\d+(?:\.\d+)?)?\s?(?:[kK千万]|元|块|/|\+|起|左右|以上)?"
_OFFER_INSIDE = re.compile(r"^.*(?:招聘|诚聘|急聘|招)(?=..)")
_RELATIVE = re.compile(r"[一-龥]{3,}的(?=[一-龥]{2,5}$)")
_NAME = r"[一-龥A-Za-z](?:[一-龥A-Za-z+/、和及与]|\d\d岁){0,30}"
_BOUND = r"[,。;!?\n:()【】\[\]<>《》~|&*#\d“”\"'—]"
_LABEL = re.compile(
    r"(?:招聘|招工|用工|需求|急招|所招)?(?:岗位|职位|工种|职务|岗|手工订单|手工活?"
    r"|订单|零活)(?:名称|需求|[一二三四五六七八\d])?[:：]\s?(?P<rest>[^,。;\n]+)"
)
_ITEM = re.compile(
    rf"^[\s\W\d]{{0,4}}?(?:[1-9一二三四五六七八九][、.)])?\s*(?:招聘?|诚聘|急招|急聘"
    rf"|需要?|聘|岗位[一二三四五\d]?)?[:：!】\])]*\s*"
    rf"(?P<before>{_PEOPLE.replace('?P<n>', '?P<n1>')})?\s?(?P<name>{_NAME}(?:\([^()\d]{{1,8}}\))?)"
    rf"(?:,(?:男女不限|性别不限|不限|男|女)(?=,))?[ :,(—-]*(?:(?=[xX×*]\s?\d{{1,2}}(?:$|[,。;\n]))"
    rf"|(?P<people>{_PEOPLE.replace('?P<n>', '?P<n2>')})|(?=(?:工资|月薪"
    rf"|底薪|薪资|待遇|综合|日薪|时薪|保底|每天|一天|每月|一个月)?[:约]?\s?(?:{_MONEY}"
    rf"|[一二两三四五六七八九]千|面议)))"
)
_OFFER = re.compile(
    rf"(?:{any_of('offer_word')})(?P<gap>[:：\s]*(?:一下|一哈|以下|如下|下列|长期|兼职"
    rf"(?=[一-龥]{{2,}}\d)|熟练的?|熟手|优秀|有经验的?|能干的?|勤快的?|会"
    rf"(?=[一-龥]{{2}}))*[:：\s]*)"
    rf"(?P<people>{_PEOPLE}|个(?=[一-龥]))?[:：]?(?:能|会(?![计议展所员])|来|可以|人"
    rf"(?![事力员]))?的?(?P<name>"
    rf"(?:[一-龥A-Za-z+/、和及与]|\d\d岁){{1,30}}(?: (?=[一-龥]{{2,5}}(?: |$"
    rf"|\n))[一-龥]+){{0,6}})"
)


@dataclass(frozen=True)
class Title:
    """A job named at ``start``–``end`` of a message; ``headcount`` None where not said there."""

    start: int
    end: int
    text: str
    headcount: int | None = None


@cache
def _cut_before() -> re.Pattern[str]:
    return re.compile(any_of("title_cut_before"))


@cache
def _cut_behind() -> re.Pattern[str]:
    return re.compile(any_of("title_cut_behind"))


@cache
def _no_title() -> re.Pattern[str]:
    return re.compile(any_of("title_not"))


_BARE_COUNT = re.compile(r"\s?(?:[:*×xX]\s?)?(\d{1,2})(?=$|[(,。;\n])")


def _count_behind(text: str, end: int) -> int | None:
    """Return the number right behind a title: 2名, (2名), *2, :1."""
    if behind := _BEHIND.match(text, end):
        return people(behind[0])
    bare = _BARE_COUNT.match(text, end)
    return int(bare[1]) or None if bare else None


def people(text: str) -> int | None:
    """Return how many people a piece of text asks for; None for 若干 and where none is named."""
    found = _PEOPLE_RE.search(text)
    if text == "个":
        return 1
    return largest(found["n"]) if found and found["n"] else None


def trim(name: str) -> tuple[int, str]:
    """Return a name without urgency, number and 的, and by how much its beginning moved."""
    moved = 0
    while (before := _cut_before().match(name)) and before.end() < len(name):
        moved += before.end()
        name = name[before.end() :]
    while (behind := _cut_behind().search(name)) and behind.start() > 0:
        name = name[: behind.start()]
    for inside in (_OFFER_INSIDE, _RELATIVE):
        if (before := inside.match(name)) and is_noun(name[before.end() :]):
            moved += before.end()
            name = name[before.end() :]
    return moved, name.strip("、/和及与+ ")


def _title(start: int, name: str, headcount: int | None) -> Title | None:
    moved, text = trim(name)
    if len(text) < 2 or _no_title().fullmatch(text):
        return None
    return Title(start + moved, start + moved + len(text), text, headcount)


_SIDE_BY_SIDE = re.compile(rf"[/、和][一-龥]{{0,5}}?(?:{one_word('trade_head')})(?:员|工)?")
_BEHIND = re.compile(rf"\s?[:(]?\s?{_PEOPLE}")


def _with_people(name: str) -> tuple[str, str | None]:
    """Part a name from the number of people in words behind it (洗碗工一名)."""
    number = _PEOPLE_RE.search(name)
    return (name[: number.start()], number[0]) if number and number.start() > 1 else (name, None)


def _items(text: str) -> list[Title]:
    """Return the jobs of lines that are a list of jobs with numbers or pay."""
    found, at = [], 0
    for line in text.split("\n"):
        match = _ITEM.match(line)
        if match:
            name, number = _with_people(match["name"])
            number = number or match["people"] or match["before"]
            one = _title(at + match.start("name"), name, people(number or ""))
            if one and (is_trade(one.text) or number):
                found.append(one)
        at += len(line) + 1
    return found


def _labelled(text: str) -> list[Title]:
    found = []
    for match in _LABEL.finditer(text):
        rest = match["rest"]
        number = _PEOPLE_RE.search(rest)
        name = rest[: number.start()] if number and number.start() else rest
        one = _title(match.start("rest"), re.split(r"[(\d]", name)[0], people(rest))
        if one:
            found.append(one)
    return found


def _offered(text: str, *, weak: bool = False) -> list[Title]:
    """Return the jobs behind 招, 找, 请, 要个 and the like; weak ones are no known trade."""
    found: list[Title] = []
    at = 0
    while match := _OFFER.search(text, at):
        at = max(match.end("gap"), match.start() + 1)
        name, start = match["name"], match.start("name")
        headcount = people(match["people"] or "")
        end = match.end("name")
        short, number = _with_people(name)
        if number:
            headcount = headcount or people(number)
            end, name = start + len(short) + len(number), short
        elif not match["people"] and (behind := _BEHIND.match(text, end)):
            headcount, end = people(behind[0]), behind.end()
        one = _title(start, name, headcount)
        counted = headcount is not None and bool(match["people"])
        if one and (is_trade(one.text) or (weak and counted)):
            found.append(one)
            at = max(at, one.end)
    return found


def _continued(text: str, found: list[Title]) -> list[Title]:
    """Return jobs named after an offered one with a number of their own (…,保洁1名)."""
    pattern = re.compile(
        rf"(?<=[,。;、!?: \n)】/])(?:另外?|还|同时|再)?(?:招|要|需)?"
        rf"(?P<name>[一-龥A-Za-z]{{2,10}})\s?(?:(?P<people>{_PEOPLE})|(?=\d{{2,5}}"
        rf"(?:-\d{{2,5}})?(?:元|块)?(?:/|一天|每天|一个?月)))"
    )
    more = []
    for match in pattern.finditer(text):
        one = _title(match.start("name"), match["name"], people(match["people"] or ""))
        if (
            one
            and (names_work(one.text) if match["people"] else is_noun(one.text))
            and all(one.end <= t.start or one.start >= t.end for t in found)
        ):
            more.append(one)
    return more


def _anywhere(text: str) -> list[Title]:
    """Return the first phrase that names a trade, whatever stands before it."""
    found: list[Title] = []
    ends = place_ends(text)
    for start, end in find_nouns(text):
        left = start
        while (
            left > 0
            and start - left < 6
            and left not in ends
            and re.match(r"[一-龥A-Za-z]", text[left - 1])
        ):
            left -= 1
        while side := _SIDE_BY_SIDE.match(text, end):
            end = side.end()
        behind = _BEHIND.match(text, end)
        one = _title(left, text[left:end], people(behind[0]) if behind else None)
        if one and is_trade(one.text):
            found.append(one)
    if found:
        # 【保洁】 at the head says less than 开荒保洁 further on.
        fuller = [one for one in found[1:] if one.text.endswith(found[0].text)]
        return [max([found[0], *fuller], key=lambda one: len(one.text))]
    for clause in re.finditer(r"[一-龥A-Za-z]+", text):
        for start, end in find_known(clause[0].lower()):
            one = _title(clause.start() + start, clause[0][start:end], None)
            if one:
                return [one]
    return []


def _apart(title: Title, text: str) -> list[Title]:
    """Part several trades; with 各1名 behind them tasks are jobs of their own too."""
    each = "各" in text[title.end : title.end + 2]
    parts = re.split("[、和/]", title.text) if each else split_trades(title.text)
    found, at = [], title.start
    for part in parts:
        start = title.start + title.text.find(part, at - title.start)
        found.append(replace(title, start=start, end=start + len(part), text=part))
        at = start + len(part)
    return found


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short in long or (long.endswith(short[-2:]) and set(short) <= set(long))


def find_titles(text: str) -> tuple[list[Title], bool]:
    """Return the jobs a clean message offers, in its order, and whether they are list items.

    >>> [one.text for one in find_titles("招保安2名,保洁1名")[0]]
    ['保安', '保洁']
    """
    items = [part for one in _items(text) for part in _apart(one, text)]
    if len(items) > 1:
        return _counted(text, items), True
    found = _labelled(text)
    if len(found) > 1:
        return _counted(text, [part for one in found for part in _apart(one, text)]), True
    if not found:
        offered = _offered(text)
        found = offered or items
        found = sorted(found + _continued(text, found), key=lambda one: one.start)
    if not found:
        found = _offered(text, weak=True) or _anywhere(text)
    return _counted(text, [part for one in found for part in _apart(one, text)]), False


def _counted(text: str, titles: list[Title]) -> list[Title]:
    """Return the titles once each, with the numbers of people that stand right behind them."""
    return _distinct(
        [
            one if one.headcount else replace(one, headcount=_count_behind(text, one.end))
            for one in titles
        ]
    )


def _distinct(titles: list[Title]) -> list[Title]:
    kept: list[Title] = []
    for one in titles:
        for index, other in enumerate(kept):
            if _alike(one.text, other.text):
                if other.headcount is None and one.headcount is not None:
                    kept[index] = replace(other, headcount=one.headcount)
                break
        else:
            kept.append(one)
    return kept


def headcount_elsewhere(text: str) -> int | None:
    """Return the number of people asked for apart from a title (要6个人, 来8个)."""
    for match in re.finditer(rf"(?:{one_word('count_word')})\s?[:：]?\s?{_PEOPLE}", text):
        if match["n"]:
            return largest(match["n"])
    for clause in clauses(text):
        alone = re.fullmatch(rf"\s?{_PEOPLE}\s?", clause.text)
        if alone and alone["n"]:
            return largest(alone["n"])
    return None


def without_people(text: str) -> str:
    """Return a text without the number of people at its beginning."""
    found = _BEHIND.match(text)
    return text[found.end() :] if found else text
