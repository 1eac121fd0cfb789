"""Ragged arrays and distinct rows, against plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.utils.ragged import as_ragged, first_hit, unique_index, unique_rows


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6), st.data())
def test_lists_of_owners(each: list[list[int]], data: st.DataObject) -> None:
    owners = data.draw(st.lists(st.integers(0, max(len(each) - 1, 0)), max_size=5 * bool(each)))
    lists = as_ragged(each)
    whose, values = lists.gather(np.array(owners, dtype=np.int64))
    expected = [(i, value) for i, owner in enumerate(owners) for value in each[owner]]
    assert list(zip(whose.tolist(), values.tolist(), strict=True)) == expected
    first = first_hit(whose, values > 4, len(owners)).tolist()
    for i, at in enumerate(first):
        hits = [place for place, (owner, value) in enumerate(expected) if owner == i and value > 4]
        assert at == (hits[0] if hits else -1)


@given(st.integers(1, 4), st.sampled_from([2, 40, 2**40]), st.data())
def test_distinct_rows(width: int, most: int, data: st.DataObject) -> None:
    numbers = st.integers(-1, most - 1) if most < 2**20 else st.just(0)
    rows = data.draw(st.lists(st.lists(numbers, min_size=width, max_size=width), max_size=8))
    table = np.array(rows, dtype=np.int64).reshape(-1, width)
    first, which = unique_rows(table, min(most, 1000))
    assert table[first][which].tolist() == rows
    assert len({tuple(row) for row in rows}) == len(first)
    keys = np.array([hash(tuple(row)) % most for row in rows], dtype=np.int64)
    first, which = unique_index(keys)
    assert keys[first][which].tolist() == keys.tolist()
    assert sorted(keys[first].tolist()) == sorted(set(keys.tolist()))
