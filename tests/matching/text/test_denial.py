"""What is not wanted any more is parted from what is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.denial import split_denial


@pytest.mark.parametrize(
    ("phrase", "wanted", "unwanted"),
    [
        ("保洁做伤了，不想做保洁，找个看门的", "找个看门的", "保洁做伤了，不想做保洁"),
        ("以前开货车，不跑了，愿意守仓库", "愿意守仓库", "以前开货车，不跑了"),
        ("带娃带怕了，煮饭可以", "煮饭可以", "带娃带怕了"),
        ("找煮饭的活，不想带娃", "找煮饭的活", "不想带娃"),
        ("工地搬不动了", "", "工地搬不动了"),
    ],
)
def test_denied_and_wanted(phrase: str, wanted: str, unwanted: str) -> None:
    assert split_denial(phrase) == (wanted, unwanted)


@pytest.mark.parametrize(
    "phrase",
    [
        "做保洁，不上夜班",
        "缝纫，不想走远",
        "不怕脏不怕累",
        "腰不好了，坐着做的",
        "厂子倒闭了，找个活",
        "水管关不住了我去修",
        "",
    ],
)
def test_conditions_and_mishaps_deny_no_work(phrase: str) -> None:
    assert split_denial(phrase) == (phrase, "")


@given(st.text("不想做了干洗碗保洁，。 找可以", max_size=30))
def test_nothing_is_made_up(phrase: str) -> None:
    wish = split_denial(phrase)
    assert set(wish.wanted + wish.unwanted) <= set(phrase) | {"，"}
