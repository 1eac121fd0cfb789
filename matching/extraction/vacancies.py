"""From a pasted message to its openings: which jobs, and which facts belong to which."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from matching.extraction import facts
from matching.extraction.employers import employer
from matching.extraction.illegal_conditions import CODES, conditions
from matching.extraction.message import Span, as_written, clauses, clean_message
from matching.extraction.phones import phones, without_phones
from matching.extraction.places import place_words
from matching.extraction.terms import any_of
from matching.extraction.titles import Title, find_titles, headcount_elsewhere, without_people
from matching.extraction.trades import is_noun, known
from matching.extraction.wages import read_pay
from matching.pay.parser import Pay

# Jobs with no more than this between them are named side by side.
_SIDE_BY_SIDE = 4
# A clause that speaks of a job names it in its first characters.
_HEAD = 14


@dataclass
class Scope:
    """The stretches of a message that speak of one job alone, or of some jobs and not others."""

    title: Title
    own: list[Span] = field(default_factory=list)

    def holds(self, at: int) -> bool:
        return any(span.holds(at) for span in self.own)


_STOP = re.compile(r"[。;!?\n]")
_CLAUSE_BEGIN = re.compile(r"(?:^|(?<=[,。;!?\n ]))(?=[^,。;!?\n ])")
_CLAUSE_END = re.compile(r"[,。;!?\n ]")
_OFFERED = re.compile(any_of("offer_word"))


def _scopes(text: str, titles: list[Title], *, listed: bool) -> list[Scope]:
    """Return the stretches each job has for itself; one job alone has the whole message."""
    if len(titles) == 1:
        return [Scope(titles[0], [Span(0, len(text), text)])]
    scopes = []
    for one, following in zip_longest(titles, titles[1:]):
        end = _item_end(text, one, following, listed=listed)
        # 招女洗头工: the sex asked for stands before the title.
        start = one.start - text.startswith(("男", "女"), max(0, one.start - 1))
        scopes.append(Scope(one, [Span(start, end, text[start:end])]))
    _share_gaps(scopes, text)
    _mentions(scopes, text)
    return scopes


def _item_end(text: str, title: Title, following: Title | None, *, listed: bool) -> int:
    """Return where what is said of one job behind its title ends.

    In a list that is the line, or where the next job begins; after the last job of a sentence
    only the clauses with its pay belong to it, the rest (包吃住) is for all.
    """
    stop = (re.compile(r"\n") if listed else _STOP).search(text, title.end)
    end = stop.start() if stop else len(text)
    if following is not None and title.end <= following.start < end:
        return following.start
    if listed:
        return end
    last = title.end
    for clause in clauses(text[title.end : end]):
        alone = not clause.text.strip() or clause.start == 0
        if not alone and not read_pay(clause.text).is_known:
            break
        last = title.end + clause.end
    return last


def _share_gaps(scopes: list[Scope], text: str) -> None:
    """Let jobs named side by side (理货员/收银员) share what is said of the last of them."""
    for index in range(len(scopes) - 2, -1, -1):
        scope, following = scopes[index], scopes[index + 1]
        between = text[scope.title.end : following.title.start]
        if len(between) < _SIDE_BY_SIDE and not re.search(r"[\d\n]", between):
            scope.own.extend(following.own)


def _mentions(scopes: list[Scope], text: str) -> None:
    """Give a later clause that begins with jobs (仓管保洁白班) to them, to its sentence's end."""
    begins = [match.start() for match in _CLAUSE_BEGIN.finditer(text)]
    first = max(scope.title.end for scope in scopes)
    groups: list[tuple[int, list[Scope]]] = []
    for at in begins:
        head = text[at : at + _HEAD]
        named = [scope for scope in scopes if _called(scope.title.text, _STOP.split(head)[0])]
        if at >= first and named:
            groups.append((at, named if len(named) < len(scopes) else []))
    for index, (begin, named) in enumerate(groups):
        stop = _STOP.search(text, begin)
        end = stop.start() if stop else len(text)
        if index + 1 < len(groups):
            end = min(end, groups[index + 1][0])
        first_clause = _CLAUSE_END.search(text, begin)
        if first_clause and read_pay(text[begin : first_clause.start()]).is_known:
            # 厨师4500 保育员2800 都要健康证: behind the pay comes what is for all.
            end = min(end, first_clause.start())
        for scope in scopes:
            # What was taken for the last job's own may speak of another.
            scope.own = [_before(span, begin, text) for span in scope.own if span.start < begin]
        for scope in named:
            scope.own.append(Span(begin, end, text[begin:end]))


def _before(span: Span, at: int, text: str) -> Span:
    return span if span.end <= at else Span(span.start, at, text[span.start : at])


def _called(title: str, head: str) -> bool:
    """Return whether a clause names the job first, or the known name it ends with (操作员)."""
    head = re.split(r"[,、: ]", head)[0]
    endings = (title[at:] for at in range(1, len(title) - 1))
    return title in head or any(
        end in head and (end in known() or (len(end) > 2 and is_noun(end))) for end in endings
    )


def _pay_of(scope: Scope, text: str, shared: str) -> Pay:
    own = read_pay("\n".join(_behind_people(scope.title, span.text) for span in scope.own))
    if own.is_known or (len(scope.own) == 1 and len(scope.own[0].text) == len(text)):
        return own
    return read_pay(shared)


def _behind_people(title: Title, text: str) -> str:
    """Leave the number of people out: the 个 of 墩子1个 is no unit of pay."""
    return without_people(text[len(title.text) :]) if text.startswith(title.text) else text


def _shared(text: str, scopes: list[Scope]) -> str:
    """Return what belongs to no job alone."""
    taken = [False] * len(text)
    for scope in scopes:
        for span in scope.own:
            taken[span.start : span.end] = [True] * (span.end - span.start)
    return "".join(
        " " if gone and char != "\n" else char for char, gone in zip(text, taken, strict=True)
    )


def extract_vacancies(text: str) -> dict[str, list[dict[str, Any]]]:
    """Return the openings of a pasted message, as the ``extract vacancies`` command writes them.

    Never raises; what the message doesn't say is None or an empty list.

    >>> found = extract_vacancies("招保洁2名，2800/月，双休，电话15200007788")["openings"][0]
    >>> found["title"], found["headcount"], found["pay_min"], found["hours_words"]
    ('保洁', 2, 2800.0, '双休')
    """
    message = clean_message(text)
    titles, listed = find_titles(message)
    if not titles:
        if not (_OFFERED.search(message) and read_pay(message).is_known):
            return {"openings": []}
        titles = [Title(0, 0, "")]
    scopes = _scopes(message, titles, listed=listed)
    shared = _shared(message, scopes) if len(scopes) > 1 else message
    quiet = without_phones(message)
    name = employer(message)
    numbers = phones(message)
    common = {
        "place_words": place_words(quiet, name),
        "employer": name,
        "contact_phone": numbers[0] if numbers else None,
    }
    hours = facts.hours_spans(quiet)
    held, given, illegal = facts.certificates(quiet), facts.welfare(quiet), conditions(quiet)
    openings = []
    for scope in scopes:
        alone = len(scopes) == 1
        own_text = "\n".join(span.text for span in scope.own)

        def concerns(at: int, scope: Scope = scope, alone: bool = alone) -> bool:
            return alone or scope.holds(at) or not any(other.holds(at) for other in scopes)

        pay = _pay_of(scope, message, shared)
        own_hours = [span for span in hours if scope.holds(span.start)]
        codes = {code for at, code in illegal if concerns(at)}
        openings.append(
            {
                "title": as_written(scope.title.text) or None,
                "headcount": scope.title.headcount
                or (headcount_elsewhere(quiet) if alone else None),
                "pay_min": pay.min,
                "pay_max": pay.max,
                "pay_unit": pay.unit.value if pay.unit else None,
                **common,
                "hours_words": facts.hours_words(
                    own_hours or [span for span in hours if concerns(span.start)]
                ),
                "education": facts.education(own_text) or facts.education(shared),
                "certificates": list(dict.fromkeys(words for at, words in held if concerns(at))),
                "welfare": list(dict.fromkeys(words for at, words in given if concerns(at))),
                "illegal": [code for code in CODES if code in codes],
            }
        )
    return {"openings": openings}
