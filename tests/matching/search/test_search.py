"""Public search: words, conditions, spelling, and the nearest when nothing answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.records import Kind, Opening, PayRange, Window
from matching.search.concepts import Evidence, age_concept, all_concepts, split_concepts
from matching.search.facts import FACTS
from matching.search.index import SearchIndex, index_openings, search_lines
from matching.search.meanings import WorkMeaning, opening_key, opening_meanings, version
from matching.search.postings import Posting
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
INDEX = index_openings(OPENINGS)


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


def test_reasons_keep_the_letters_of_the_posting() -> None:
    """The words are compared without case and width; what is quoted is as it was written."""
    postings = [
        opening("送货员", "每车20㎡。有B2驾照，（会用GPS）。", skills=["换LED灯"]),
        opening("ＫＴＶ保洁", "擦桌子。"),
    ]
    index = index_openings(postings)
    said = {
        query: {note.text for one in index.search(query).found if not one.near for note in one.why}
        for query in ("会驾驶", "led", "gps", "ktv")
    }
    assert said == {
        "会驾驶": {"要会开车：有B2驾照"},
        "led": {"这里要的有“换LED灯”"},
        "gps": {"写着“GPS”"},
        "ktv": {"名称里有“KTV”"},
    }


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
    ],
)
def test_words_are_found_however_they_are_written(query: str, first: str) -> None:
    assert INDEX.search(query).found[0].id == first


def test_several_words_narrow() -> None:
    assert answers("包吃住") > answers("包吃住 带宝宝") == {"育儿嫂"}
    assert answers("包吃住带宝宝") == {"育儿嫂"}
    assert answers("搬运 电工") == set()  # each answers one of the two


def test_the_nearest_are_marked_when_nothing_is_left() -> None:
    result = INDEX.search("日结 缝纫")
    assert result.near
    assert {"搬运工", "缝纫工"} <= {one.id for one in result.found[:2]}
    assert all(one.near for one in result.found)


def test_facts_of_the_record_answer_too() -> None:
    night = Opening(id="n", title="值守", hours=[Window(start="19:00", end="7:00")])
    day = Opening(id="d", title="值守", hours=[Window(start="8:00", end="17:00")])
    index = index_openings([night, day])
    assert [one.id for one in index.search("晚上做").found if not one.near] == ["n"]
    assert [one.id for one in index.search("不上夜班").found if not one.near] == ["d"]


def test_ages_are_read_and_compared() -> None:
    ((concept, words),), rest = split_concepts("五十五岁以上")
    assert (words, rest.strip()) == ("五十五岁以上", "")
    assert concept.code == age_concept(55).code

    def told(text: str, **more: object) -> Evidence | None:
        return concept.answer(Posting(opening("甲", text, **more)))

    assert told("六十岁以内都可以") == Evidence("55岁也要", sure=True)
    assert told("照顾八十多岁的老人") is None
    assert told("五十岁以内", demands=["standing"]) is None
    # Nothing is said of age: light work is likely to take anybody, heavy work is not.
    assert told("看门", demands=["standing"]) == Evidence("没写年龄上限", sure=False)
    assert told("搬货", demands=["lifting"]) is None


def test_what_is_only_likely_comes_after_what_is_said_and_says_so() -> None:
    found = INDEX.search("不要学历").found
    said = [one.id for one in found if "没写" not in one.why[0].text]
    assert set(said) == {"夜班保安", "缝纫工"}
    assert [one.id for one in found[:2]] == said
    assert {one.why[0].text for one in found[2:]} == {"没写要学历"}


def test_every_name_of_a_condition_asks_for_it() -> None:
    for concept in all_concepts():
        for name in concept.names:
            assert concept in [one.concept for one in split_concepts(name)[0]], name


def test_every_condition_can_be_asked_and_answered() -> None:
    codes = [concept.code for concept in all_concepts()]
    assert len(set(codes)) == len(codes)
    assert set(FACTS) <= set(codes)
    for concept in all_concepts():
        assert concept.asked is not None, concept.code
        assert not concept.asked.fullmatch(""), concept.code
        answerable = concept.told or concept.fact or concept.only
        assert answerable, concept.code


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("晚上做保洁", ["evenings"]),
        ("想找个包吃住的活路", ["board_and_lodging"]),
        ("日结 不上夜班", ["no_nights", "paid_daily"]),
        ("没得文化可以做的", ["no_schooling"]),
        ("一个月五千以上", ["pay_5000"]),
        ("工资三千左右", ["pay_3000"]),
        ("夜班补贴", ["night_allowance"]),  # of two that overlap the longer
        ("卖菜", []),
        ("35岁", []),
    ],
)
def test_conditions_are_found_among_other_words(query: str, codes: list[str]) -> None:
    assert [one.concept.code for one in split_concepts(query)[0]] == codes


def test_the_order_of_the_openings_does_not_matter() -> None:
    turned = index_openings(OPENINGS[::-1])
    for query in ("包吃住", "缝纫", "日结 缝纫", "guding"):
        assert turned.search(query) == INDEX.search(query)


WORDS = ["缝纫", "搬货", "育儿嫂", "电工", "包吃住", "日结", "夜班", "坐着做", "穿珠"]
#: Ways of writing one query, each with the plain one.
SPELLINGS = [
    ("縫紉工", "缝纫工"),
    ("fengrengong", "缝纫工"),
    ("feng ren gong", "缝纫工"),
    ("逢纫工", "缝纫工"),
    ("banyungong", "搬运工"),
    ("搬運工", "搬运工"),
    ("yu er sao", "育儿嫂"),
    ("yes", "育儿嫂"),
    ("chuanzhu", "串珠"),
    ("ri jie", "日结"),
    ("包喫住", "包吃住"),
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True), st.data())
@settings(max_examples=examples(30), deadline=None)
def test_order_and_repetition_of_words_change_nothing(
    words: list[str], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(words), max_size=3))
    turned = data.draw(st.permutations([*words, *again]))
    right = INDEX.search(" ".join(words))
    given_ = INDEX.search(" ".join(turned))
    assert [(one.id, one.score, one.near) for one in given_.found] == [
        (one.id, one.score, one.near) for one in right.found
    ]


@pytest.mark.parametrize(("written", "plain"), SPELLINGS)
def test_spelling_and_script_of_a_query_give_the_same_first(written: str, plain: str) -> None:
    assert INDEX.search(written).found[0].id == INDEX.search(plain).found[0].id


def test_usual_chinese_is_not_turned_into_what_only_sounds_so() -> None:
    assert INDEX.understand("卖菜").meant == "卖菜"
    assert INDEX.understand("qqqzzz").words == ["qqqzzz"]
    assert INDEX.search("qqqzzz").found == []


def test_meanings_are_kept_as_bytes_and_by_content() -> None:
    for one in opening_meanings(OPENINGS):
        again = WorkMeaning.from_bytes(one.to_bytes())
        assert again.to_bytes() == one.to_bytes()
        assert again.vector.tolist() == one.vector.tolist()
    with pytest.raises(ValueError, match="bytes where"):
        WorkMeaning.from_bytes(opening_meanings(OPENINGS[:1])[0].to_bytes() + b"1")
    first = OPENINGS[0]
    keys = {opening_key(one) for one in OPENINGS}
    assert len(keys) == len(OPENINGS)
    assert opening_key(first.model_copy(update={"id": "other", "capacity": 9})) == opening_key(
        first
    )
    assert opening_key(first.model_copy(update={"description": "别的"})) not in keys
    assert version() == version()


def test_without_meanings_words_and_facts_answer() -> None:
    index = SearchIndex([Posting(one) for one in OPENINGS], [None] * len(OPENINGS))
    assert [one.id for one in index.search("缝纫").found if not one.near] == ["缝纫工"]
    assert [one.id for one in index.search("日结").found if not one.near] == ["搬运工"]
    assert [one.id for one in index.search("看大门").found if not one.near] == []


def test_only_some_openings_may_count() -> None:
    found = INDEX.search("包吃住", among={"育儿嫂", "串珠"}).found
    assert [one.id for one in found if not one.near] == ["育儿嫂"]
    assert {one.id for one in found} <= {"育儿嫂", "串珠"}


@pytest.mark.slow
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
    assert index_openings([]).search("日结").found == []
