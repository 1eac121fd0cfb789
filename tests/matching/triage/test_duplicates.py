"""One matter is found again in other words; what only reads alike is kept apart."""

from datetime import UTC, datetime, timedelta

import pytest

from matching.triage.duplicates import Reported, likely_duplicates
from matching.triage.places import Place, place_of

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def one_matter(text: str, other: str, *, place: str = "", other_place: str = "") -> bool:
    return bool(likely_duplicates(text, place, None, [Reported("1", other, other_place)]))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("7栋停水到现在都没来", "7栋今天早上停水了，好久来水"),
        ("26栋停水了，天黑就停起的", "我们26栋好久来水，锅儿都洗不成"),
        ("4栋2单元楼道垃圾臭得很", "4栋2单元那堆垃圾没人收，臭死了"),
        ("6栋楼下烧起来了，冒烟", "6栋底下着火了，烟子大得很"),
        ("姓雷的老板欠我们班组工资", "雷老板拖欠工资，我们几个都没拿到"),
        ("手工活交了一千三百二十个，账上少记了", "我交的是1320个手工活，账上少记了"),
    ],
)
def test_the_same_in_other_words(text: str, other: str) -> None:
    assert one_matter(text, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("8栋停水了", "7栋停水了"),
        ("3栋电梯停了，爬不动", "3栋电梯里头关了人，快来"),
        ("停电了，我妈的制氧机停了，5栋", "5栋停电了，好久来电"),
        ("5栋停电了，好久来电", "停电了，我妈的制氧机停了，5栋"),
        ("9栋厨房下水慢，有空来看", "9栋厕所堵了，粪水漫出来"),
        ("姓雷的老板欠我工资", "姓唐的老板欠我工资"),
        ("3栋1单元吵得很，楼上拖板凳", "3栋2单元吵得很，楼上拖板凳"),
        ("想找个工作", "想找份工作"),
    ],
)
def test_what_reads_alike_and_is_another(text: str, other: str) -> None:
    assert not one_matter(text, other)


def test_the_place_that_was_given_counts() -> None:
    text = "停水了，一滴都没得"
    assert one_matter(text, text, place="3栋1单元", other_place="3栋1单元")
    assert not one_matter(text, text, place="3栋1单元", other_place="4栋1单元")


def test_the_same_trouble_a_season_later_is_another() -> None:
    text = "3栋停水了"
    soon, late = (Reported("1", text, "", NOW - timedelta(days=days)) for days in (2, 60))
    assert likely_duplicates(text, "", NOW, [soon])
    assert not likely_duplicates(text, "", NOW, [late])


def test_the_likeliest_comes_first_with_the_reason() -> None:
    others = [Reported("a", "3栋停水了"), Reported("b", "3栋2单元停水了，水龙头没水")]
    found = likely_duplicates("3栋2单元没得水，停水了", "", None, others)
    assert [one.id for one in found] == ["b", "a"]
    assert found[0].why[0] == "都在3栋2单元"
    assert likely_duplicates("3栋停水", "", None, []) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("十三栋二单元6楼", Place(13, 2, 6)),
        ("12栋1单元9-3停水", Place(12, 1, 9, "9-3")),
        ("7号楼", Place(7)),
        ("楼上吵", Place()),
        ("负一楼车库", Place()),
    ],
)
def test_places(text: str, place: Place) -> None:
    assert place_of(text) == place


def test_who_hears_a_noise_lives_below_who_makes_it() -> None:
    above, below = place_of("3栋1单元9-2"), place_of("3栋1单元8-2")
    assert above.contradicts(below)
    assert not above.contradicts(below, next_floor=True)
