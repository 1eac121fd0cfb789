"""Pasted messages made ready: one spelling, no decoration, phrases with their usual signs."""

import pytest

from matching.extraction.message import as_written, clauses, clean_message
from matching.extraction.phones import phones, without_phones


@pytest.mark.parametrize(
    ("pasted", "clean"),
    [
        ("招ＰＡ保潔２名！", "招PA保洁2名!"),
        ("🔥🔥招保安\n\n\n🔥🔥招保安", "招保安"),
        ("@所有人 厂里招人[玫瑰]", "厂里招人"),
        ("门卫　　一名\t白班", "门卫 一名 白班"),
        ("招工\n————————\n焊工", "招工\n焊工"),
    ],
)
def test_a_message_is_brought_to_one_spelling(pasted: str, clean: str) -> None:
    assert clean_message(pasted) == clean


def test_phrases_get_chinese_signs_back() -> None:
    assert as_written("早班(6:00-14:00),单休;") == "早班（6:00-14:00），单休"


def test_clauses_know_where_they_stand() -> None:
    text = "招保安,两班倒。包住"
    assert [text[one.start : one.end] for one in clauses(text)] == ["招保安", "两班倒", "包住"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话 152-0000-7788 微信同号", ["15200007788"]),
        ("1520000 7788", ["15200007788"]),
        ("+86 152 0000 7788", ["15200007788"]),
        ("(023) 6800 1122", ["02368001122"]),
        ("座机6800 1122,手机15200007788", ["68001122", "15200007788"]),
        ("4000-5000", []),
        ("工资4000 5000", []),
        ("群号:15200007788", []),
    ],
)
def test_phone_numbers(text: str, found: list[str]) -> None:
    assert phones(text) == found


def test_numbers_are_blanked_out_in_place() -> None:
    text = "打15200007788找我"
    assert without_phones(text) == "打" + " " * 11 + "找我"
