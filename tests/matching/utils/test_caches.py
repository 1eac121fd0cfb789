"""Caches compute what is not known, once while there is room."""

from typing import Any

import numpy as np

from matching.utils.caches import BoundedCache, RowCache


def test_rows_are_computed_once_while_there_is_room() -> None:
    asked: list[str] = []

    def compute(keys: Any) -> Any:
        asked.extend(keys)
        return [[len(key), 1] for key in keys]

    table = RowCache[str](2, np.int64, max_cells=6, compute=compute, batch_size=1)
    for keys in (["a", "bb", "a"], ["bb"], ["ccc"], ["a", "dddd"], ["a", "bb", "ccc", "eeeee"]):
        rows = table.rows(keys)
        assert table.table[rows].tolist() == [[len(key), 1] for key in keys]
    # Three rows have room: the fourth begins anew, and a question of four makes room for itself.
    assert asked == ["a", "bb", "ccc", "a", "dddd", "a", "bb", "ccc", "eeeee"]


def test_the_least_recently_used_value_is_dropped() -> None:
    computed: list[str] = []

    def ask(key: str) -> str:
        def compute() -> str:
            computed.append(key)
            return key * 2

        return cache.get(key, compute)

    cache = BoundedCache[str, str](6, len)
    assert [ask(key) for key in ("a", "b", "c", "a", "d")] == ["aa", "bb", "cc", "aa", "dd"]
    # "b" was used longest ago; a value larger than the cache is kept alone.
    assert [ask(key) for key in ("a", "c", "b")] == ["aa", "cc", "bb"]
    assert ask("long") == "longlong"
    assert len(cache) == 1
    assert computed == ["a", "b", "c", "d", "b", "long"]


def test_without_a_size_each_value_counts_one() -> None:
    cache = BoundedCache[int, int](2)
    assert [cache.get(key, lambda key=key: key) for key in (1, 2, 3)] == [1, 2, 3]
    assert len(cache) == 2
