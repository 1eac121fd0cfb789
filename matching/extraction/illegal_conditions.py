"""Conditions an opening may not ask for, by the codes of ``data/lint_rules.csv``.

The table's expressions find them in the words of a posting; the rows ``illegal`` of
``data/extraction_terms.csv`` add how the same is said in chats (男的, 50内, 残疾人莫来), and
``illegal_not`` what looks like one and is none (男女不限, 不收押金, 老人82岁).
"""

import re
from functools import cache

from matching.extraction.message import Span, sentences
from matching.extraction.terms import any_of, coded
from matching.text.numerals import read_number
from matching.utils.reference_tables import data_path, read_table

#: In the order in which they are given.
CODES = (
    "sex", "age", "fee", "deposit", "marriage", "hukou", "disease", "id_retention", "disability",
    "ethnicity",
)  # fmt: skip
_SPOKEN_AGE = re.compile(
    r"(?<![一二三四五六七八九百千点])[一二三四五六七]?十[一二三四五六七八九]?"
    r"(?=周?岁|[到至-]|以[下内]|之间|内)"
)
# 「不收押金」 promises what the law asks for; 「不退押金」 and 「无故离职扣…」 do not.
_DENIED = re.compile(r"(?:不(?!退)|无(?!故)|免(?!责)|没|严禁|禁止|谢绝|取消|莫得|未)[^,。;]{0,8}$")
_DENIABLE = {"fee", "deposit", "id_retention"}
_WAIVED = re.compile(
    r"^[^,。;]{0,6}(?:不收|不交|不用|全免|免收|没有|报销|公司[出承]|单位[出承]|我们出"
    r"|厂里出|老板出)"
)
# The table's row on illness also finds those that have no code among the conditions.
_INFECTIOUS = re.compile(r"乙肝|两对半|三阳|艾滋|携带|传染|肝炎|结核|肝功")


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    shipped = tuple(
        (row["code"], re.compile(row["pattern"]))
        for row in read_table(data_path("lint_rules.csv"))
        if row["code"] in CODES
    )
    return shipped + coded("illegal")


@cache
def _innocent() -> re.Pattern[str]:
    return re.compile(any_of("illegal_not"))


def _figures(found: re.Match[str]) -> str:
    number = read_number(found[0])
    # The same length, so that positions stay those of the message.
    return found[0] if number is None else f"{int(number.low):>{len(found[0])}d}"


def conditions(text: str) -> list[tuple[int, str]]:
    """Return position and code of every condition in a clean message."""
    found: list[tuple[int, str]] = []
    for sentence in sentences(text):
        found += _in_sentence(sentence)
    return sorted(found)


def _in_sentence(sentence: Span) -> list[tuple[int, str]]:
    said = _SPOKEN_AGE.sub(_figures, sentence.text)
    said = _innocent().sub(lambda match: "·" * len(match[0]), said)
    return [
        (sentence.start + match.end() - 1, code)
        for code, pattern in _rules()
        for match in pattern.finditer(said)
        if match[0].strip() and _holds(code, said, match)
    ]


def _holds(code: str, said: str, match: re.Match[str]) -> bool:
    if code == "disease":
        return bool(_INFECTIOUS.search(match[0]))
    if code in _DENIABLE:
        denied = _DENIED.search(said[: match.start()]) or _WAIVED.match(said[match.end() :])
        return not denied
    return True
