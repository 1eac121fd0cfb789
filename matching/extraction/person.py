"""Who a paragraph is about: name, age, birth year, sex, schooling."""

import re
from functools import cache

from matching.extraction.message import Span, clauses
from matching.extraction.terms import any_of, coded, one_word
from matching.extraction.trades import known_pairs
from matching.text.numerals import read_number

#: From the least schooling to the most.
LEVELS = ("none", "primary", "junior_high", "senior_high", "vocational", "college", "bachelor")
_YOUNGEST, _OLDEST = 14, 95
_TENS = r"(?:[一二三四五六七八九]?十[一二三四五六七八九]?)"
_AGE = re.compile(
    rf"(?<![快近满约\d])(?P<age>\d{{2}}|{_TENS})(?:周岁|岁)(?!(?:的)?(?:老人|婆婆|妈|娃"
    rf"|孙|儿子|女儿|以))"
    rf"|(?:今年|年龄|年纪|满)[:：]?(?P<this>\d{{2}}|{_TENS})(?![\d年月多几来个天块元千百点])"
    rf"|^(?:我|本人|他|她)?(?:屋|家|们|屋头)?(?:妈|爸|老汉儿?|儿子|女儿|幺儿|爱人)?"
    rf"(?:今年|都|才|有|也)?"
    rf"(?P<alone>\d{{2}}|{_TENS})(?:了|整)?$"
    rf"|^(?:我|我叫)?[一-龥]{{0,4}}?\s?(?P<woman>\d{{2}})(?:岁)?[男女](?:的|性|生)?$"
    rf"|^[男女](?:的|性)?\s?(?P<man>\d{{2}}|{_TENS})(?:岁)?$"
)
_OTHER = re.compile(
    r"^[^我]{0,3}(?:老公|男人|婆婆|妈妈?|老妈|爸|老汉儿?|儿子|老伴|孙孙|孙女|外孙"
    r"|娃儿?|老人|老婆|爱人|小的|最小|老大|老二|老三|公公|父亲|母亲|奶奶|爷爷)"
)
_BIRTH = re.compile(
    r"(?<!\d)(?:(19[3-9]\d|20[01]\d)年?(?:\d{1,2}月)?(?:\d{1,2}[日号])?(?:出?生|的"
    r"(?!时|考))|([3-9]\d|0\d)年(?:的(?!时|考)|生|出生))"
)
_MALE = re.compile(
    r"小伙(?:子|儿|)|男(?=方|生|同志|性|的|$|[,。; \d])(?!的(?:不|莫|也))|(?<=\d)男|(?<=岁)男"
)
_FEMALE = re.compile(r"女(?=生|同志|性|的|方|$|[,。; \d])|(?<=\d)女(?!儿)|女娃儿|妹儿")
_CHILD = re.compile(
    r"(?:娃儿?|孙孙|孙女|孙子|孩子|儿子|女儿|小的)[^,。;]{0,8}(?:读|上|念|送|接|在)"
    r"|(?:送|接)(?:娃|孙|孩)|(?:读|上)(?:小学|初中|高中|大学)(?:的|了)?(?:娃|孙)"
)


def _number(text: str) -> int | None:
    found = read_number(text)
    return int(found.low) if found is not None else None


def age(text: str) -> int | None:
    """Return the age in years as said in figures or words; never from a year of birth."""
    for clause in _pieces(text):
        match = _AGE.search(clause)
        if match is None or _OTHER.match(clause):
            continue
        years = _number(next(group for group in match.groups() if group))
        if years is not None and _YOUNGEST <= years <= _OLDEST:
            return years
    return None


def _pieces(text: str) -> list[str]:
    """Return the clauses, those with blanks in them cut again."""
    pieces = []
    for clause in clauses(text):
        pieces += [part for part in clause.text.replace("、", " ").split(" ") if part]
    return pieces


def birth_year(text: str) -> int | None:
    """Return the year of birth where said, a year of two digits as the last that is past."""
    match = _BIRTH.search(text)
    if match is None:
        return None
    if match[1]:
        return int(match[1])
    short = int(match[2])
    return 2000 + short if short < 10 else 1900 + short


def sex(text: str) -> str | None:
    """Return male or female where the person is called so, whichever is said first."""
    found = [
        (match.start(), code)
        for code, pattern in (("male", _MALE), ("female", _FEMALE))
        for match in pattern.finditer(text)
    ]
    return min(found)[1] if found else None


def education(text: str) -> str | None:
    """Return the highest level finished; one begun and left counts as the level below."""
    best: str | None = None
    unfinished = re.compile(any_of("unfinished"))
    for clause in clauses(text):
        if _CHILD.search(clause.text):
            continue
        for code, pattern in coded("person_education"):
            match = pattern.search(clause.text)
            if match is None:
                continue
            level = LEVELS.index(code)
            if unfinished.match(clause.text[match.end() :].lstrip()[:12]) or unfinished.search(
                clause.text[match.end() : match.end() + 8]
            ):
                level = {"senior_high": 2, "vocational": 2, "college": 3, "bachelor": 3}.get(
                    code, max(0, level - 1)
                )
            if best is None or level > LEVELS.index(best):
                best = LEVELS[level]
            break
    return best


@cache
def _surname() -> str:
    return one_word("surname")


@cache
def _names() -> tuple[re.Pattern[str], ...]:
    full = rf"(?:{_surname()})[一-龥]{{1,2}}"
    called = (
        rf"(?:小|老|阿)(?:{_surname()})|(?:{_surname()})(?:嬢嬢|孃孃|师傅|大姐|阿姨|姐|哥"
        rf"|大爷|婆婆|大哥|叔|大叔|老师傅)"
    )
    said = (
        r"(?:我|他|她|本人|女儿|儿子|幺儿|大名|人)?(?:名字|姓名|名)(?:叫|是|就是)?[:： ]?"
        r"|(?:我|他|她|女儿|儿子|媳妇|老公|男人|幺儿|老汉|妈|爸|就|本人)?叫(?:做)?|登记"
        r"(?:的是)?(?:男方|女方|人)?[:：]|(?:我|他|她)是(?=[一-龥]{2,3}(?:[,。; ]|$))"
        r"|本人(?=[一-龥]{2,3}(?:[,。; ]|$))|(?:男方"
        r"|女方)[:：]?"
    )
    end = r"(?=[,。;\s\d(]|$|[男女](?:$|[,。;\s])|就是|今年|电话|住|的?$)"
    return (
        re.compile(rf"(?:{said})(?P<name>{full}){end}"),
        re.compile(
            rf"(?:我|本人|他|她)?姓(?P<name>{_surname()})(?![一-龥])|(?:叫我|喊我|喊)"
            rf"(?P<call>{called}|小[一-龥](?=[,。; ]|$))"
        ),
        re.compile(
            rf"(?:^|[,。;!?\s]|栋的?|室的?|单元的?|楼的?|号的?|我是|联系人[:：]?)"
            rf"(?P<name>{full}){end}"
        ),
        re.compile(rf"(?:^|[,。;\s]|我是)(?P<name>{called})(?=[,。;\s]|$|说|的|家)"),
    )


def name(text: str) -> str | None:
    """Return the name as given: a full one, a surname (姓王) or a form of address (小陈)."""
    sure, surname, alone, address = _names()
    if match := sure.search(text):
        return match["name"]
    for match in alone.finditer(text):
        if not _is_word(match["name"]):
            return match["name"]
    if match := surname.search(text) or address.search(text):
        return next(group for group in match.groups() if group)
    return None


def _is_word(text: str) -> bool:
    """Return whether what begins like a surname is common words (高中毕业, 包装)."""
    pairs = [text[i : i + 2] for i in range(len(text) - 1)]
    return all(pair in known_pairs() for pair in pairs) or bool(re.search(any_of("name_not"), text))


def clause_spans(text: str) -> list[Span]:
    """Return clauses cut at blanks too, as a person's paragraph often has no commas."""
    found = []
    for clause in clauses(text):
        at = clause.start
        for part in clause.text.split(" "):
            if part:
                found.append(Span(at, at + len(part), part))
            at += len(part) + 1
    return found
