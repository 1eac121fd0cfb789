"""The employer's name in a message, and the words of the place where the work is."""

import re
from functools import cache

from matching.extraction.message import as_written, clauses
from matching.extraction.terms import any_of, one_word, words_of
from matching.extraction.trades import known_pairs
from matching.utils.reference_tables import data_path, read_table, split_cell

_HAN = "一-龥A-Za-z0-9&·"
_LABEL = re.compile(
    r"(?:公司|单位|企业|用人单位|招聘单位|商家|店名|厂名|公司名称|单位名称)"
    r"(?:名称)?[:：]\s?(?P<name>[^,。;\n(]{2,24})"
)


_TIME = re.compile(r"[今明后昨]天|急|现在|需要|[做去来]")


@cache
def _named() -> re.Pattern[str]:
    kinds = one_word("employer_kind")
    return re.compile(
        rf"(?:(?<=[^{_HAN}])|^)(?P<name>[{_HAN}]{{2,14}}?(?:{kinds})+(?:总店|分店)?)"
        rf"(?=[^{_HAN}]|$|因|位于|旗下|为|(?:{any_of('offer_word')})|急|诚|直|长期|现"
        rf"|代|[一-龥]{{2,4}}店)"
    )


@cache
def _offer() -> re.Pattern[str]:
    return re.compile(any_of("offer_word"))


@cache
def _kinds() -> re.Pattern[str]:
    return re.compile(rf"(?:{one_word('employer_kind')})+$")


@cache
def _not() -> re.Pattern[str]:
    return re.compile(any_of("employer_not"))


@cache
def divisions() -> tuple[str, ...]:
    """Return the names of districts, streets and towns, with and without their kind."""
    found: set[str] = set()
    for row in read_table(data_path("places.csv")):
        path = row["path"].split("/")
        if (len(path) < 3 and len(path) != 2) or (len(path) > 2 and path[1] != "九龙坡区"):
            continue
        name = path[-1]
        found |= {name, *split_cell(row["aliases"])}
        short = re.sub(r"(?:街道|镇|乡|区)$", "", name)
        if len(short) > 1:
            found.add(short)
    return tuple(sorted(found, key=len, reverse=True))


@cache
def _place_names() -> str:
    names = {*divisions(), *words_of("place_name"), *words_of("place_far")}
    return "|".join(sorted(names, key=len, reverse=True))


def is_proper(name: str) -> bool:
    """Return whether a name is more than a kind of business in a place.

    A proper name has a pair of characters that no known word of work has.
    """
    if _TIME.search(name) or _not().search(name) or _offer().search(name):
        return False
    rest = _kinds().sub("", re.sub(rf"重庆市?|{_place_names()}", "", name))
    pairs = [rest[i : i + 2] for i in range(len(rest) - 1)]
    return any(pair not in known_pairs() for pair in pairs)


def employer(text: str) -> str | None:
    """Return the name of the employer; a kind of business alone (奶茶店) is none."""
    for match in _LABEL.finditer(text):
        if is_proper(match["name"]):
            return as_written(match["name"])
    for clause in clauses(text):
        for match in _named().finditer(clause.text):
            if is_proper(match["name"]):
                return as_written(match["name"])
    return None
