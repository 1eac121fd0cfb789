"""What holds for any text: no error, one spelling one answer, nothing that isn't said."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from matching.extraction.illegal_conditions import CODES
from matching.extraction.message import LONGEST, as_written, clean_message
from matching.extraction.residents import extract_resident
from matching.extraction.vacancies import extract_vacancies

TO_TRADITIONAL = OpenCC("s2t")
OFFERS = [
    "招保洁2名", "门卫1名", "理货员/收银员", "岗位：叉车工", "要个煮饭的", "急聘焊工三名",
    "2800一个月", "3k-4k", "一天180", "面议", "底薪2600+提成", "22元/小时", "计件0.5元一串",
    "早8晚6", "两班倒", "月休4天", "周末双休", "包吃住", "五险一金", "地址石桥铺正街12号",
    "蓝蒲物业", "西彭园区", "电话15200007788", "男女不限", "45岁以下", "押金300", "初中以上",
    "有健康证", "不收任何费用", "照顾80岁老人",
]  # fmt: skip
SAYINGS = [
    "我叫幸玉芝", "52岁", "女", "姓苟", "想找个保洁", "想进厂", "会踩缝纫机", "做饭都会",
    "以前卖过菜", "打包打了三年多", "提不得重", "耳朵背", "夜班不上", "近点的", "外地也去",
    "早上九点以后得空", "一个月两千多", "初中毕业", "有电工证", "电话15200007788", "73年的",
    "暂时不找", "啥子都行",
]  # fmt: skip
SIGNS = st.sampled_from(["，", "。", "\n", "；", "！"])


def messages(parts: list[str]) -> st.SearchStrategy[str]:
    """Return texts of some of the parts, each followed by a sign."""
    piece = st.tuples(st.sampled_from(parts), SIGNS).map("".join)
    return st.lists(piece, min_size=1, max_size=8).map("".join)


ANY = st.one_of(
    st.text(max_size=200),
    messages(OFFERS + SAYINGS),
    st.text("招聘找要个名人工证岁年元点一二十百千0123456789，。（）:/-~ \n", max_size=80),
)


def phrases(record: dict[str, Any]) -> list[str]:
    """Return all texts in a record that are copied from the message."""
    keys = ("title", "place_words", "employer", "name")
    lists = ("certificates", "welfare", "wanted", "skills")
    copied = [record[key] for key in keys if record.get(key)]
    return copied + [one for key in lists for one in record.get(key, [])]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(ANY)
@example("\ud800招保洁")
@example("招" * LONGEST)
@example("\0")
def test_no_text_is_an_error(text: str) -> None:
    openings = extract_vacancies(text)["openings"]
    assert all(set(one["illegal"]) <= set(CODES) for one in openings)
    assert isinstance(extract_resident(text)["looking"], bool)


@settings(deadline=None)
@given(messages(OFFERS))
def test_bounds_of_pay_are_in_order(text: str) -> None:
    for one in extract_vacancies(text)["openings"]:
        if one["pay_min"] is not None and one["pay_max"] is not None:
            assert 0 <= one["pay_min"] <= one["pay_max"]


@settings(deadline=None)
@given(messages(OFFERS))
def test_an_opening_says_only_what_the_message_says(text: str) -> None:
    said = as_written(clean_message(text))
    for one in extract_vacancies(text)["openings"]:
        assert all(phrase in said for phrase in phrases(one))
        number = one["contact_phone"]
        assert number is None or number in re.sub(r"\D", "", said)


@settings(deadline=None)
@given(messages(SAYINGS))
def test_a_person_is_only_what_the_paragraph_says(text: str) -> None:
    said = as_written(clean_message(text))
    assert all(phrase in said for phrase in phrases(extract_resident(text)))


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@pytest.mark.slow
@pytest.mark.parametrize("extract", [extract_vacancies, extract_resident])
@settings(deadline=None)
@given(text=messages(OFFERS + SAYINGS))
def test_width_script_and_blanks_change_nothing(extract: Any, text: str) -> None:
    expected = extract(text)
    assert extract(text.translate(WIDE)) == expected
    assert extract(TO_TRADITIONAL.convert(text)) == expected
    assert extract("  " + text.replace("\n", " \n\n ") + "\n 　") == expected
    assert extract(text.replace("\n", "\r\n")) == expected


@settings(deadline=None)
@given(messages(OFFERS))
def test_emoji_and_a_line_sent_twice_change_nothing(text: str) -> None:
    expected = extract_vacancies(text)
    assert extract_vacancies(f"📢 {text}\n{text}") == expected or "\n" in text
    assert extract_vacancies("@所有人 " + text) == expected


@pytest.mark.parametrize(
    "left_out",
    ["headcount", "pay_min", "pay_max", "pay_unit", "place_words", "employer", "contact_phone",
     "hours_words", "education", "certificates", "welfare", "illegal"],
)  # fmt: skip
def test_what_a_message_does_not_say_is_nothing(left_out: str) -> None:
    (one,) = extract_vacancies("招保洁")["openings"]
    assert one[left_out] in (None, [])


def test_what_a_person_does_not_say_is_nothing() -> None:
    person = extract_resident("你好")
    assert person.pop("looking") is True
    assert all(value in (None, []) for value in person.values())
