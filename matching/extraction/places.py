"""The words of the place where the work is."""

import re
from functools import cache

from matching.extraction.employers import divisions
from matching.extraction.message import as_written
from matching.extraction.terms import any_of, one_word, words_of

_LABEL = re.compile(
    r"(?:工作|上班|公司|单位|店铺|门店|面试|集合|厂|店|详细)?(?:地址|地点|厂址|店址"
    r"|位置|区域)(?:在|是|就在)?[:： ]?\s?(?P<place>[^,。;\n]{2,40})"
)
_AT_HOME = re.compile(r"居家办公|在家办公|在家做|在家工作|在屋头做|居家")
_BEFORE_NOT = re.compile(any_of("place_not_before"))


@cache
def _named() -> re.Pattern[str]:
    names = sorted({*divisions(), *words_of("place_name")}, key=len, reverse=True)
    far, tail, side = one_word("place_far"), one_word("place_tail"), any_of("place_side")
    return re.compile(
        rf"(?:(?:{far})(?:省|市)?(?:(?:{far})市?)?|(?:(?:{'|'.join(names)})(?:市|区|镇"
        rf"(?!上)|街道|乡(?!下|镇))?)+)"
        rf"(?:[一-龥A-Za-z\d]{{0,5}}?(?:{tail})){{0,3}}(?:{side}){{0,2}}"
    )


@cache
def _unnamed() -> re.Pattern[str]:
    tail, side = one_word("place_tail"), any_of("place_side")
    return re.compile(
        rf"(?P<place>[一-龥]{{1,5}}?(?:{tail})(?:[一-龥]{{0,3}}(?:{tail}))?"
        rf"(?:{side}){{0,2}}|(?:{tail})(?:{side}){{1,2}})"
    )


# Where a bus or a delivery goes is not where the work is.
_ON_THE_WAY = re.compile(r"[车送接][一-龥]{0,2}[到去往]|接送|每天")
_APPROACH = re.compile(r"^.*(?:就在|在|离|到|位于|靠近|去|挨到|从)(?=..)")


def named_places(text: str) -> list[str]:
    """Return the words of each place with a known name."""
    return [match[0] for match in _named().finditer(text)]


def place_ends(text: str) -> set[int]:
    """Return where the words of places with a known name end."""
    return {match.end() for match in _named().finditer(text)}


def places(text: str) -> list[str]:
    """Return the words of each place in a clean message, those with a known name first."""
    named = [
        match[0]
        for match in _named().finditer(text)
        if not _BEFORE_NOT.search(text[max(0, match.start() - 4) : match.start()])
    ]
    if named:
        return named
    return [
        _APPROACH.sub("", match["place"])
        for match in _unnamed().finditer(text)
        if not _ON_THE_WAY.search(match["place"])
    ]


def place_words(text: str, employer: str | None) -> str | None:
    """Return where the work is: the labelled place, else the first that is not the employer's."""
    for match in _LABEL.finditer(text):
        found = re.split(r"\s(?=(?:电话|联系|报名|咨询|TEL|\d{7}))|(?:电话|联系)", match["place"])[
            0
        ]
        if len(found.strip()) > 1:
            return as_written(re.sub(r"\(?\d{3,4}-?\d{4}.*$", "", found)) or None
    without = text.replace(employer, "·" * len(employer)) if employer else text
    for words in places(without):
        return as_written(words)
    home = _AT_HOME.search(text)
    return home[0] if home else None
