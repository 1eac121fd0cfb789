"""What staff type to find people, read as conditions."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.depth import examples
from webapp.caseload.queries.people_words import Asked, Condition, read_conditions, without


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """Words in the default language."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def read(text: str) -> list[tuple[str, object]]:
    return [(one.condition.value, one.value) for one in read_conditions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会缝纫", [("skill", "缝纫")]),
        ("做过保安的", [("skill", "保安")]),
        ("想做保洁", [("wish", "保洁")]),
        ("桂芳", [("words", "桂芳")]),
        ("13812345678", [("phone", "13812345678")]),
        ("12", [("words", "12")]),
        ("3栋2单元501", [("address", "3栋2单元-501")]),
        ("十二栋", [("building", (12, 12, 12))]),
        ("1栋旁边", [("building", (1, 1, 3))]),
        ("五十岁以上", [("age", (50, 130))]),
        ("40岁以下", [("age", (0, 40))]),
        ("三十多岁", [("age", (30, 39))]),
        ("30到40岁", [("age", (30, 40))]),
        ("50岁左右", [("age", (47, 53))]),
        ("星期天下午", [("free", ("7", (("14:00", "17:00"),)))]),
        ("周末有空", [("free", ("67", (("09:00", "11:30"), ("14:00", "17:00"))))]),
        ("持叉车证", [("certificate", "叉车证")]),
        ("低保户", [("withheld", None)]),
        ("会手语的聋哑人", [("withheld", None)]),
        ("，、 ", []),
    ],
)
def test_each_way_of_saying_is_one_condition(text: str, expected: list[object]) -> None:
    assert read(text) == expected


def test_words_without_spaces_are_taken_apart() -> None:
    kinds = [one.condition for one in read_conditions("9栋附近上午有空会做饭的")]
    assert sorted(kinds) == sorted([Condition.BUILDING, Condition.FREE, Condition.SKILL])


PARTS = ["会缝纫", "上午有空", "9栋附近", "50岁以上", "桂芳", "想做保洁", "有健康证", "残疾"]


@pytest.mark.slow
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5), st.randoms())
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_order_and_repetition_change_nothing(parts: list[str], random: object) -> None:
    def conditions(words: list[str]) -> set[Asked]:
        return set(read_conditions("、".join(words)))

    turned = sorted(parts * 2, key=lambda _part: random.random())  # type: ignore[attr-defined]
    assert conditions(turned) == conditions(parts)


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5, unique=True), st.data())
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_condition_taken_away_leaves_the_others(parts: list[str], data: st.DataObject) -> None:
    asked = read_conditions(" ".join(parts))
    gone = data.draw(st.sampled_from(asked))
    assert read_conditions(without(" ".join(parts), gone)) == [one for one in asked if one != gone]


@given(st.text(max_size=60))
@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read(text: str) -> None:
    for one in read_conditions(text):
        assert one.typed
        assert one.label
