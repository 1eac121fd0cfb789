"""Telling of many pairs at once: the same as of one, whatever is remembered or forgotten."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.explain import phrase_similarity_batch, reasons_batch
from matching.explain.phrase_similarity import reads_alike, same_skill, same_work
from matching.explain.phrase_similarity_batch import READS_ALIKE, SAME_SKILL, SAME_WORK, Likeness
from matching.explain.reasons import explain
from matching.explain.reasons_batch import Teller
from matching.records import Opening, Seeker
from matching.utils.ragged import as_lists, distinct, distinct_rows, first_of
from matching.utils.row_cache import RowTable
from tests.matching.strategies import RICH_OPENINGS, RICH_SEEKERS

DEEP = "重庆市/" + "/".join("abcdefghij")


def told_of(teller: Teller, seekers: list[Seeker]) -> Any:
    """All openings told to all seekers, with made-up scores."""
    n, m = len(seekers), len(teller.openings)
    columns = np.tile(np.arange(m), n)
    ends = np.arange(n + 1) * m
    return teller.tell(seekers, ends, columns, np.linspace(0.5, 1e-6, n * m))


@settings(max_examples=150, deadline=None)
@given(st.lists(RICH_SEEKERS, max_size=3), st.lists(RICH_OPENINGS, min_size=1, max_size=5))
@example(
    [Seeker(id="s", home=DEEP, skills=["", "开车"]), Seeker(id="t", home=DEEP + "/k")],
    [
        Opening(id="a", place=DEEP, skills=["电工", "刷漆", "焊工", "木工", "开车"]),
        Opening(id="b", place=DEEP + "/l", skills=["电工"], kind="course", teaches=["开车", "??"]),
        Opening(id="c", at_home=True, title="开车"),
    ],
)
def test_a_block_is_told_what_each_pair_is(seekers: list[Seeker], openings: list[Opening]) -> None:
    teller = Teller(openings)
    told = told_of(teller, seekers)
    for seeker, (name, ranking) in zip(seekers, teller.records(told), strict=True):
        assert name == seeker.id
        for opening, one in zip(openings, ranking, strict=True):
            said = explain(seeker, opening, [])
            assert (one.id, one.reasons, one.gaps) == (opening.id, said.reasons, said.gaps)
    for line, (name, ranking) in zip(teller.lines(told), teller.records(told), strict=True):
        expected = {"seeker": name, "ranking": [one.model_dump() for one in ranking]}
        assert json.loads(line) == expected


def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seekers = [Seeker(id=str(i), wanted=["做保洁"], min_pay=1000 + i) for i in range(4)]
    openings = [Opening(id=str(i), title="保洁员", pay={"text": f"{i}千元/月"}) for i in range(5)]
    teller = Teller(openings)
    whole = [teller.lines(told_of(teller, seekers)) for _ in range(2)]
    monkeypatch.setattr(reasons_batch, "_MOST", 3)
    few = Teller(openings)
    assert [few.lines(told_of(few, seekers)) for _ in range(2)] == whole


PHRASES = [
    "会踩缝纫机", "缝纫工", "踩缝纫机", "超市收银", "超市理货员", "有残疾证（二级）", "照顾残疾人",
    "普工", "电子厂普工", "进厂", "保洁", "保 洁", "Excel", "excel 表格", "part time", "", " ",
    "女",
]  # fmt: skip


@pytest.mark.parametrize("cells", [10**6, 1])
def test_tables_say_what_pairs_do(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setattr(phrase_similarity_batch, "_CELLS", cells)
    alike = Likeness(PHRASES[::2] + PHRASES[:3])
    for some in (PHRASES, PHRASES[5:], PHRASES[::-1]):
        for row, one in zip(alike.rows(some), some, strict=True):
            for other, column in alike.codes.items():
                flags = alike.table[row, column]
                assert bool(flags & SAME_WORK) == same_work(one, other), (one, other)
                assert bool(flags & SAME_SKILL) == same_skill(one, other), (one, other)
                assert bool(flags & READS_ALIKE) == reads_alike(one, other), (one, other)


def test_rows_are_computed_once_while_there_is_room() -> None:
    asked: list[str] = []

    def compute(keys: Any) -> Any:
        asked.extend(keys)
        return [[len(key), 1] for key in keys]

    table = RowTable[str](2, np.int64, cells=6, compute=compute, at_once=1)
    for keys in (["a", "bb", "a"], ["bb"], ["ccc"], ["a", "dddd"], ["a", "bb", "ccc", "eeeee"]):
        rows = table.rows(keys)
        assert table.table[rows].tolist() == [[len(key), 1] for key in keys]
    # Three rows have room: the fourth begins anew, and a question of four makes room for itself.
    assert asked == ["a", "bb", "ccc", "a", "dddd", "a", "bb", "ccc", "eeeee"]


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6), st.data())
def test_lists_of_owners(each: list[list[int]], data: st.DataObject) -> None:
    owners = data.draw(st.lists(st.integers(0, max(len(each) - 1, 0)), max_size=5 * bool(each)))
    lists = as_lists(each)
    whose, values = lists.of(np.array(owners, dtype=np.int64))
    expected = [(i, value) for i, owner in enumerate(owners) for value in each[owner]]
    assert list(zip(whose.tolist(), values.tolist(), strict=True)) == expected
    first = first_of(whose, values > 4, len(owners)).tolist()
    for i, at in enumerate(first):
        hits = [place for place, (owner, value) in enumerate(expected) if owner == i and value > 4]
        assert at == (hits[0] if hits else -1)


@given(st.integers(1, 4), st.sampled_from([2, 40, 2**40]), st.data())
def test_distinct_rows(width: int, most: int, data: st.DataObject) -> None:
    numbers = st.integers(-1, most - 1) if most < 2**20 else st.just(0)
    rows = data.draw(st.lists(st.lists(numbers, min_size=width, max_size=width), max_size=8))
    table = np.array(rows, dtype=np.int64).reshape(-1, width)
    first, which = distinct_rows(table, min(most, 1000))
    assert table[first][which].tolist() == rows
    assert len({tuple(row) for row in rows}) == len(first)
    keys = np.array([hash(tuple(row)) % most for row in rows], dtype=np.int64)
    first, which = distinct(keys)
    assert keys[first][which].tolist() == keys.tolist()
    assert sorted(keys[first].tolist()) == sorted(set(keys.tolist()))
