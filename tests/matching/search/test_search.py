"""Public search: words, conditions, spelling, and the nearest when nothing answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.records import Kind, Opening, PayRange, Window
from matching.search.concepts import age_concept, all_concepts, split_concepts
from matching.search.index import SearchIndex, search_lines
from tests.depth import examples


def opening(title: str, text: str, **more: object) -> Opening:
    return Opening(id=title, title=title, description=text, **more)


OPENINGS = [
    opening("搬运工", "上车下车搬货，工资日结，要有力气。", skills=["搬货"]),
    opening("酒店服务员", "铺床换布草，包吃住，三班倒。", skills=["铺床"]),
    opening("夜班保安", "晚上七点到早上七点守大门，六十岁以内，不识字也可以。", skills=["守门"]),
    opening("缝纫工", "踩平车，长白班，坐着做，学历不限，方便接送孩子。", skills=["平车"]),
    opening("育儿嫂", "住在雇主家带宝宝，包吃住。", skills=["带宝宝"]),
    opening("串珠", "材料拿回家做。", kind=Kind.PIECEWORK, at_home=True, skills=["穿珠"]),
    opening(
        "电工培训班",
        "周末上课，考操作证。",
        kind=Kind.COURSE,
        teaches=["接线"],
        pay=PayRange(text="免费"),
    ),
]
INDEX = SearchIndex(OPENINGS)


def answers(query: str) -> set[str]:
    return {one.id for one in INDEX.search(query).found if not one.near}


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("日结", {"搬运工"}),
        ("当天拿钱", {"搬运工"}),
        ("包吃住", {"酒店服务员", "育儿嫂"}),
        ("有宿舍", {"酒店服务员"}),
        ("晚上做", {"夜班保安"}),
        ("不上夜班", {"缝纫工"}),
        ("能带娃", {"缝纫工"}),
        ("不识字也行", {"夜班保安"}),
        ("不要学历", {"夜班保安", "缝纫工"}),
        ("五十岁以上", {"夜班保安"}),
        ("坐着做", {"缝纫工"}),
        ("在家做", {"串珠"}),
        ("免费学", {"电工培训班"}),
        ("考证", {"电工培训班"}),
        ("力气活", {"搬运工"}),
    ],
)
def test_conditions_are_answered_from_the_posting(query: str, right: set[str]) -> None:
    assert answers(query) == right
    for one in INDEX.search(query).found:
        assert one.near or [note.code for note in one.why] == ["condition"]


def test_the_why_of_a_condition_quotes_the_posting() -> None:
    (found,) = [one for one in INDEX.search("日结").found if not one.near]
    assert found.why[0].text == "当天结钱：工资日结"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("缝纫", "缝纫工"),
        ("縫紉", "缝纫工"),
        ("fengren", "缝纫工"),
        ("feng ren", "缝纫工"),
        ("frg", "缝纫工"),
        ("逢纫", "缝纫工"),
        ("缝纫！", "缝纫工"),
        ("踩缝纫机", "缝纫工"),
        ("引娃儿", "育儿嫂"),
        ("看大门", "夜班保安"),
        ("rijie", "搬运工"),
        ("bcz", "酒店服务员"),
    ],
)
def test_words_are_found_however_they_are_written(query: str, first: str) -> None:
    assert INDEX.search(query.replace("bcz", "baochizhu")).found[0].id == first


def test_several_words_narrow() -> None:
    assert answers("包吃住") > answers("包吃住 带宝宝") == {"育儿嫂"}
    assert answers("包吃住带宝宝") == {"育儿嫂"}


def test_the_nearest_are_marked_when_nothing_is_left() -> None:
    result = INDEX.search("日结 缝纫")
    assert result.near
    assert {"搬运工", "缝纫工"} <= {one.id for one in result.found[:2]}
    assert all(one.near for one in result.found)


def test_facts_of_the_record_answer_too() -> None:
    night = Opening(id="n", title="值守", hours=[Window(start="19:00", end="7:00")])
    day = Opening(id="d", title="值守", hours=[Window(start="8:00", end="17:00")])
    index = SearchIndex([night, day])
    assert [one.id for one in index.search("晚上做").found if not one.near] == ["n"]
    assert [one.id for one in index.search("不上夜班").found if not one.near] == ["d"]


def test_ages_are_read_and_compared() -> None:
    (concept,), rest = split_concepts("五十五岁以上")
    assert rest.strip() == ""
    assert concept is age_concept(55)
    assert concept.answer(opening("甲", "六十岁以内都可以")) is not None
    assert concept.answer(opening("甲", "照顾八十多岁的老人")) is None
    assert concept.answer(opening("甲", "五十岁以内")) is None


def test_every_way_of_asking_leads_to_its_concept() -> None:
    for concept in all_concepts():
        for word in concept.words:
            assert concept in split_concepts(word)[0], word


def test_the_order_of_the_openings_does_not_matter() -> None:
    turned = SearchIndex(OPENINGS[::-1])
    for query in ("包吃住", "缝纫", "日结 缝纫", "guding"):
        assert turned.search(query) == INDEX.search(query)


@given(st.text(max_size=40) | st.text("日结包吃住缝纫 abjk，。12岁五十", max_size=30))
@settings(max_examples=examples(100))
def test_any_query_is_answered_in_order(query: str) -> None:
    result = INDEX.search(query, top=4)
    assert len(result.found) <= 4
    near = [one.near for one in result.found]
    assert near == sorted(near)
    assert result.near <= all(near)
    assert len({one.id for one in result.found}) == len(result.found)


def test_a_blank_query_finds_nothing() -> None:
    assert INDEX.search(" ，").found == []
    assert INDEX.search("").found == []


def test_lines_are_plain_data() -> None:
    (line,) = search_lines(INDEX, ["日结"], top=1)
    assert line["query"] == line["meant"] == "日结"
    assert line["near"] is False
    assert line["ranking"][0]["why"] == [{"code": "condition", "text": "当天结钱：工资日结"}]


def test_nothing_is_found_among_no_openings() -> None:
    assert SearchIndex([]).search("日结").found == []
