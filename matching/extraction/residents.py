"""From a paragraph typed at the counter to one person's fields."""

import re
from typing import Any

from matching.extraction import person
from matching.extraction.experience import experience, is_past
from matching.extraction.facts import certificate_mentions
from matching.extraction.message import Span, as_written, clean_message
from matching.extraction.phones import phones, without_phones
from matching.extraction.terms import any_of, coded
from matching.extraction.wishes import skills, wanted
from matching.pay.parser import parse_pay
from matching.records import PayUnit

_REACH = ("home", "estate", "street", "district", "city", "anywhere")
_NO_WAGE = re.compile(
    r"本钱|退休金|低保|房租|租金|赔|欠|还贷|贷款|两个人|两口子|存款|学费|每单|一单"
    r"|一件|养老金|失业金|社保|补贴了"
)
# How to be reached says nothing of where one would work.
_MESSENGER = re.compile(r"带个?信|喊我|喊一声|找我")
_LEAST_WAGE, _MOST_WAGE = 500, 50_000


def limits(text: str) -> list[str]:
    """Return the codes of the abilities a paragraph says are missing."""
    said = re.sub(any_of("limits_not"), lambda match: "·" * len(match[0]), text)
    return list(dict.fromkeys(code for code, pattern in coded("limits") if pattern.search(said)))


def reach(text: str) -> str | None:
    """Return how far the person would go: the widest that is said, home where they can't leave."""
    found: set[str] = set()
    for clause in person.clause_spans(text):
        if is_past(clause.text) or _MESSENGER.search(clause.text):
            continue
        said = re.sub(any_of("reach_not"), "·", clause.text)
        found |= {code for code, pattern in coded("reach") if pattern.search(said)}
    if "home" in found:
        return "home"
    if "street" in found and "estate" in found:
        found.discard("street")
    if "district" in found and "street" in found and "华岩" in text:
        found.discard("street")
    return max(found, key=_REACH.index, default=None)


def hours(text: str) -> str | None:
    """Return the clauses on when, how long and which shifts; neighbours stay together."""
    time, other, lead = (
        re.compile(any_of(k)) for k in ("hours_clause", "hours_clause_not", "hours_lead")
    )
    runs: list[Span] = []
    for span in person.clause_spans(text):
        if not time.search(span.text) or other.search(span.text):
            continue
        if runs and span.start - runs[-1].end <= 2:
            runs[-1] = Span(runs[-1].start, span.end, text[runs[-1].start : span.end])
        else:
            runs.append(span)
    words = [as_written(lead.sub("", run.text)) for run in runs]
    return " | ".join(dict.fromkeys(word for word in words if word)) or None


def min_pay_month(text: str) -> float | None:
    """Return the least a month would have to bring, in yuan."""
    for clause in person.clause_spans(without_phones(text)):
        if _NO_WAGE.search(clause.text) or is_past(clause.text):
            continue
        pay = parse_pay(clause.text)
        if (
            pay.min is not None
            and pay.unit is PayUnit.MONTH
            and _LEAST_WAGE <= pay.min <= _MOST_WAGE
        ):
            return pay.min
    return None


def certificates(text: str) -> list[str]:
    """Return the names of certificates held and valid."""
    missing = re.compile(any_of("person_certificate_not"))
    held = [
        one.name
        for one in certificate_mentions(text)
        if not missing.search(one.before + one.name + one.behind)
    ]
    return list(dict.fromkeys(held))


def extract_remark(text: str) -> dict[str, Any]:
    """Return what a short remark beside somebody's name says of what they can do and where.

    The fields are those of :func:`extract_resident` that need no whole paragraph; a remark of
    few words costs a fraction of it.
    """
    message = clean_message(text)
    quiet = without_phones(message)
    return {
        "certificates": certificates(quiet),
        "limits": limits(quiet),
        "reach": reach(quiet),
        "min_pay_month": min_pay_month(quiet),
        "education": person.education(quiet),
    }


def extract_resident(text: str) -> dict[str, Any]:
    """Return one person's fields, as the ``extract residents`` command writes them.

    Never raises; what the paragraph doesn't say is None or an empty list.

    >>> found = extract_resident("我叫吴桂兰，女，52岁，想做保洁，附近最好，提不得重")
    >>> found["name"], found["age"], found["wanted"], found["limits"], found["reach"]
    ('吴桂兰', 52, ['保洁'], ['lifting'], 'street')
    """
    message = clean_message(text)
    quiet = without_phones(message)
    numbers = phones(message)
    looking = not re.search(any_of("not_looking"), quiet)
    return {
        "name": person.name(quiet),
        "age": person.age(quiet),
        "birth_year": person.birth_year(quiet),
        "sex": person.sex(quiet),
        "phone": numbers[0] if numbers else None,
        "wanted": wanted(quiet) if looking else [],
        "skills": skills(quiet),
        "certificates": certificates(quiet),
        "limits": limits(quiet),
        "reach": reach(quiet) if looking else None,
        "hours": hours(quiet) if looking else None,
        "min_pay_month": min_pay_month(quiet),
        "education": person.education(quiet),
        "experience": experience(quiet),
        "looking": looking,
    }
