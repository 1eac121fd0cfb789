"""What a person has worked as, and for how many years."""

import re
from functools import cache
from typing import Any

from matching.extraction.message import as_written
from matching.extraction.numbers import smallest
from matching.extraction.person import clause_spans
from matching.extraction.places import named_places
from matching.extraction.terms import any_of, one_word
from matching.extraction.trades import is_noun, is_trade
from matching.text.numerals import CHINESE

# What stands behind the years and is still the job (当了两年生活老师).
_SHORT = 7
_YEARS = (
    rf"(?P<n>大半|半|\d{{1,2}}(?:[-~到]\d{{1,2}})?|[{CHINESE}]{{1,4}}|好几|几|十几|十多"
    rf"|二十几|二十多)"
)
_DURATION = re.compile(
    rf"(?P<verb>(?![一二两三四五六七八九十百半几])[一-龥])?(?:了|过)?(?:差不多|将近|快"
    rf"|整整|有|大概|起码)?(?:(?<![\d])(?!"
    rf"(?:一|1)个月){_YEARS}(?:来|多)?(?P<unit>年(?!级)|个月)(?:多|半)?|(?P<life>一辈子"
    rf"|大半辈子))(?:的|了)?"
)
_LEAD = re.compile(
    r"^(?:我|他|她|我们|本人|自己|也|都|还|又|就|是|主要|一直|男人|老公|爱人|工作是|在|(?:跟"
    r"|给|帮)(?:到|人家?|别人|着)|到|去|了|过)+"
)
_VERB = re.compile(r"^(?:是)?(?:做过|干过|当过|搞过|做|干|当|搞|从事|是|弄)(?=[一-龥A-Za-z]{2})")
_TAIL = re.compile(r"(?:的|了|过|呢|嘛|哈|亏|那种|工作|经验|经历|活路|有|来|也|都|就)+$")
_SIDE = re.compile(r"^(?:那边|这边|那头|里头|这里|那里|上|里|一带|市|区|厂里)?")
_SOMEWHERE = re.compile(r"^[一-龥]{2,4}(?:那边|这边|那头|那一片|那一带)(?=..)")
_AND_LATER = re.compile(r"(?:跟到|跟着)(.+?)的(?:班组|队伍|师傅|老板).*")
_PAST_VERB = re.compile(
    r"^(?:也|还|又|我|曾)?(?P<where>在?[一-龥]{0,6}?)(?P<verb>[打做当干搞开卖跑教带修种送守炒])过"
    r"(?P<what>(?![一二两三四五六七八九十几好])[一-龥、和]{1,12}?)(?:的|嘛)?$"
)
_NEXT_VERB = re.compile(r"(?<=[一-龥]{2})(?=[做当干卖开跑修]过)")
_AT_WORK = re.compile(r"^(?:我|也|还)?(?:在?[一-龥]{0,6})?[做当干搞跑卖开守]")
_BY_TRADE = re.compile(r"^(?:退休|下岗)的?(?P<had>[一-龥]{2,5})$|^(?P<trade>[一-龥]{2,5})出身$")
_PRESENT = re.compile(
    r"^(?:现在|目前|平时|就)?在(?P<what>[一-龥A-Za-z\d]{4,14})的$|^"
    r"(?P<trade>[跑开守扫][一-龥]{1,3})的$"
)


@cache
def _past() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_word('past_word')})+")


@cache
def _not() -> re.Pattern[str]:
    return re.compile(any_of("experience_not"))


def is_past(clause: str) -> bool:
    """Return whether a clause speaks of former work."""
    if _past().search(clause) or _PAST_VERB.match(clause):
        return True
    duration = _DURATION.search(clause)
    return bool(duration and not _not().search(clause))


def experience(text: str) -> list[dict[str, Any]]:
    """Return title and years of each job a clean paragraph tells of, in its order."""
    found: list[dict[str, Any]] = []
    # 月嫂，有证，做了八年: how long goes with the trade named before it.
    before = ""
    for span in clause_spans(text):
        for part in _NEXT_VERB.split(span.text):
            duration = _duration(part)
            if duration and len(part) <= len(duration[0]) and not _past().search(part):
                if found and found[-1]["years"] is None:
                    found[-1]["years"] = _years(duration)
                elif title := _title(before):
                    found.append({"title": as_written(title), "years": _years(duration)})
                continue
            if is_noun(part) or (_AT_WORK.match(part) and not re.search("[想找]", part)):
                before = part
            found += [
                {"title": as_written(title), "years": _years(duration)}
                for title in _titles(part, duration)
                if title and not _not().search(title)
            ]
    return _merged(found)


def _duration(clause: str) -> re.Match[str] | None:
    """Return how long a clause says somebody worked; other spans of time are none."""
    past = _past().search(clause)
    duration = _DURATION.search(_past().sub(lambda match: "·" * len(match[0]), clause))
    if duration is None or _not().search(clause[: duration.end()]):
        return None
    verb = duration["verb"] or ""
    works = (
        past
        or duration["life"]
        or re.search(r"[了过]", duration[0][:3])
        or verb in "做干当搞修洗扫学卖开跑种"
        or _AT_WORK.match(clause)
        or is_noun(clause[duration.end() :])
        or "经验" in clause
    )
    return duration if works else None


def _titles(clause: str, duration: re.Match[str] | None) -> list[str]:
    """Return the jobs a clause names as former or present ones."""
    past, by_trade = _past().search(clause), _BY_TRADE.match(clause)
    rest = _past().sub("", _without(clause, duration))
    if by_trade and is_noun(by_trade["had"] or by_trade["trade"]):
        return [by_trade["had"] or by_trade["trade"]]
    if did := _PAST_VERB.match(rest):
        where = _title(did["where"]) if len(did["where"]) > 1 else ""
        jobs = [one for one in re.split("[、和]", did["what"]) if one]
        return [where + (job if is_noun(job) else did["verb"] + job) for job in jobs]
    if past or duration:
        return [_title(rest)]
    if present := _PRESENT.match(clause):
        title = _title(present["what"] or present["trade"])
        return [title] if is_trade(title) else []
    return []


def _without(clause: str, duration: re.Match[str] | None) -> str:
    """Leave out how long: 洗碗洗了六年 is 洗碗, 修了八年电脑 is 修电脑."""
    if duration is None:
        return clause
    before, behind = clause[: duration.start()], clause[duration.end() :]
    verb = duration["verb"] or ""
    behind = re.sub(r"^(?:的)?(?:工龄|经验|多)?", "", behind)
    keep = "" if verb in before or verb in "有做干当学搞了过近快满" else verb
    return before + keep + (behind if len(behind) <= _SHORT else "")


def _years(duration: re.Match[str] | None) -> float | None:
    if duration is None or duration["life"] or not duration["n"]:
        return None
    said = duration["n"]
    few = {"好几": None, "几": None, "十几": 10.0, "十多": 10.0, "二十几": 20.0, "二十多": 20.0}
    count = few[said] if said in few else smallest(said)
    if count is None:
        return None
    if duration["unit"] == "个月":
        return round(count / 12, 1) or None
    return count if count < 70 else None


def _title(words: str) -> str:
    if group := _AND_LATER.search(words):
        words = group[1]
    for _round in range(3):
        words = _SOMEWHERE.sub("", _LEAD.sub("", words.strip()))
        for place in named_places(words):
            if words.startswith(place) and len(words) > len(place) + 1:
                words = _SIDE.sub("", words[len(place) :])
        words = _VERB.sub("", words)
    words = re.sub(r"^(?:农村|老家|乡下|外头|外地|屋头)(?=..)", "", words)
    words = re.sub(r"(?<=[一-龥])(?P<v>[做干当跑])(?P=v)?$", "", words)
    words = _VERB.sub("", _LEAD.sub("", words))
    words = _TAIL.sub("", words)
    return words if 2 <= len(words) <= 14 else ""


def _merged(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for one in found:
        same = next(
            (k for k in kept if one["title"] in k["title"] or k["title"] in one["title"]), None
        )
        if same is None:
            kept.append(one)
        elif same["years"] is None:
            same["years"] = one["years"]
    return kept
