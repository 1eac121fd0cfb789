"""Place paths and reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.eligibility.places import shared_depth, split_path, within_reach
from matching.records import Reach

HOME = "重庆市/九龙坡区/华岩镇/华龙家园"


@pytest.mark.parametrize(
    "path",
    [
        HOME,
        "重庆市／九龙坡区／华岩镇／华龙家园",
        " 重庆市 / 九龙坡区 / 华岩镇 / 华龙家园 / ",
        "/重庆市//九龙坡区/华岩镇/华龙家园",
        "重庆/九龙坡/华岩街道/华龙家园社区",
        "重慶市/九龍坡區/華岩鎮/華龍家園",
        "重庆市-九龙坡区-华岩镇-华龙家园",
        "重庆市 - 九龙坡区 - 华岩镇 - 华龙家园",
        "重 庆市/九龙坡 区/华岩镇/华龙 家园",
    ],
)
def test_spellings_of_one_path(path: str) -> None:
    assert split_path(path) == split_path(HOME)
    assert shared_depth(path, HOME) == 4


def test_names_that_stay_apart() -> None:
    assert split_path("重庆市/南岸区/南坪街道") != split_path("重庆市/南岸区/南坪镇")
    assert split_path("NC/Winston-Salem") == ("nc", "winston-salem")
    assert split_path("忠县") == ("忠县",)


@pytest.mark.parametrize("path", [None, "", " ", "/", "／ /", "///"])
def test_no_place(path: str | None) -> None:
    assert split_path(path) == ()
    assert shared_depth(path, HOME) == 0
    assert within_reach(HOME, Reach.STREET, path) is None
    assert within_reach(path, Reach.STREET, HOME) is None
    assert within_reach(path, Reach.ANYWHERE, path) is True
    assert within_reach(path, Reach.HOME, path) is False
    assert within_reach(path, None, HOME) is None


@pytest.mark.parametrize(
    ("place", "nearest"),
    [
        (HOME, Reach.ESTATE),
        ("重庆市/九龙坡区/华岩镇/华龙家园/3栋", Reach.ESTATE),
        ("重庆市/九龙坡区/华岩镇", Reach.ESTATE),  # agrees as far as both name it
        ("重庆市", Reach.ESTATE),
        ("重庆市/九龙坡区/华岩镇/别的小区", Reach.STREET),
        ("重庆市/九龙坡区/杨家坪街道/华龙家园", Reach.DISTRICT),
        ("重庆市/渝北区/华岩镇/华龙家园", Reach.CITY),
        ("四川省/成都市", Reach.ANYWHERE),
        ("九龙坡区/华岩镇", Reach.ANYWHERE),  # compared from its broad end, whatever it is
    ],
)
def test_nearest_reach(place: str, nearest: Reach) -> None:
    order = [r for r in Reach if r is not Reach.HOME]
    reached = [within_reach(HOME, reach, place) for reach in order]
    assert reached == [order.index(reach) >= order.index(nearest) for reach in order]
    assert within_reach(HOME, Reach.HOME, place) is False


def test_paths_of_another_shape() -> None:
    assert within_reach("CA/Palo Alto", Reach.CITY, "CA/San Jose") is True
    assert within_reach("CA/Palo Alto", Reach.DISTRICT, "CA/San Jose") is False
    assert within_reach("CA/Palo Alto", Reach.ESTATE, "ca / palo alto") is True


_PATHS = st.lists(st.sampled_from(["重庆市", "九龙坡", "a", "b c", ""]), max_size=5).map("/".join)


@given(_PATHS, _PATHS, st.sampled_from(Reach))
def test_reach_is_mutual_and_grows(a: str, b: str, reach: Reach) -> None:
    assert within_reach(a, reach, b) == within_reach(b, reach, a)
    assert shared_depth(a, b) == shared_depth(b, a) <= min(len(split_path(a)), len(split_path(b)))
    wider = list(Reach)[list(Reach).index(reach) :]
    if within_reach(a, reach, b):
        assert all(within_reach(a, more, b) for more in wider)


@given(st.text())
def test_any_text_is_split(path: str) -> None:
    assert all(split_path(path))
