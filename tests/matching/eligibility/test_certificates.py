"""Which certificates are the same, and which driving classes include which."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.eligibility.certificates import DRIVING_INCLUDES, canonical_form, holds

# One certificate a line; its spellings are parted by slashes.
_SPELLINGS = """
C1驾驶证/驾照C1/機動車駕駛證C1/c1 驾照/Ｃ１驾驶证/C1/C1证/小型汽车驾驶证/C1及以上驾照/C1照
C2驾驶证/小型自动挡汽车驾驶证/驾照C2/机动车驾驶证（准驾车型：C2）
B2驾驶证/大型货车驾驶证
D照/D驾驶证/驾驶证（D）
驾驶证/驾照/机动车驾驶证/駕照
健康证/健康证明/从业人员健康证/從業人員健康證明/健康证书/食品从业人员健康证/健康合格证/ 健康 证
电工证/电工操作证/电工作业证/電工證/电工资格证/电工证书/操作证（电工）/特种作业操作证（电工）/电工上岗证
低压电工证/低压电工作业证/电工证（低压）/特种作业操作证（低压电工作业）
高压电工证/高压电工作业证
焊工证/焊工操作证/焊工资格证书
叉车证/叉车操作证/叉车证书
保育员证/保育员资格证/保育员证书
中级育婴师证/育婴师证（中级）/育婴师证中级
高级育婴师证/育婴师证（高级）
B照/B驾照
"""
SAME = [line.split("/") for line in _SPELLINGS.strip().splitlines()]


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_spellings_of_one_certificate(names: list[str]) -> None:
    assert len({canonical_form(name) for name in names}) == 1
    for held in names:
        assert all(holds([held], asked) for asked in names)


def test_other_trades_and_classes_are_other_certificates() -> None:
    forms = [canonical_form(names[0]) for names in SAME]
    assert len(set(forms)) == len(forms)
    for one, other in combinations(SAME[5:], 2):
        assert not holds([one[0]], other[0])
        assert not holds([other[0]], one[0])


@pytest.mark.parametrize("asked", ["", "  ", "（）", "、"])
def test_nothing_asked_is_always_held(asked: str) -> None:
    assert holds([], asked)


@pytest.mark.parametrize("held", [[], [""], ["（）"]])
def test_nothing_held_is_not_enough(held: list[str]) -> None:
    assert not holds(held, "健康证")
    assert not holds(held, "驾照")


# Annex 准驾车型及代号 of 公安部令第162号, column 准予驾驶的其他准驾车型, entered by hand.
ANNEX = {
    "A1": "A3 B1 B2 C1 C2 C3 C4 M",
    "A2": "B1 B2 C1 C2 C3 C4 C6 M",
    "A3": "C1 C2 C3 C4",
    "B1": "C1 C2 C3 C4 M",
    "B2": "C1 C2 C3 C4 M",
    "C1": "C2 C3 C4",
    "C3": "C4",
    "D": "E F",
    "E": "F",
}


def test_a_higher_driving_class_includes_the_lower_ones() -> None:
    classes = [name.upper() for name in DRIVING_INCLUDES]
    assert len(classes) == 17
    for held in classes:
        included = {held, *ANNEX.get(held, "").split()}
        assert {c for c in classes if holds([f"{held}驾驶证"], f"驾照{c}")} == included


def test_what_a_class_includes_is_included_too() -> None:
    for included in DRIVING_INCLUDES.values():
        assert all(DRIVING_INCLUDES[name] <= included for name in included)


def test_licence_without_a_class() -> None:
    assert holds(["C2驾照"], "驾驶证")
    assert holds(["A1驾照"], "驾驶证")
    assert not holds(["E驾驶证"], "驾驶证")
    assert not holds(["驾驶证"], "C1驾照")


def test_several_at_once() -> None:
    assert holds(["健康证、C1驾照"], "健康证明")
    assert holds(["A1A2驾驶证"], "C6驾照")
    assert holds(["C2"], "C1或C2驾照")
    assert holds(["C2"], "C1/C2驾照")
    assert not holds(["C2"], "C1、健康证")
    assert holds(["C1", "健康证明"], "C1驾照、健康证")
    assert not holds(["A1驾驶证"], "A1A2驾驶证")
    assert holds(["A1驾驶证", "A2驾驶证"], "A1A2驾驶证")


@pytest.mark.slow
@given(st.lists(st.text(max_size=8), max_size=3), st.text(max_size=8))
def test_any_name_is_read(held: list[str], asked: str) -> None:
    assert holds([*held, asked], asked)
    assert holds(held, asked) == holds(held[::-1] * 2, f" {asked} ")
