"""Positions are swapped with known chances, and how likely each is examined follows from them."""

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.learning.position_bias import (
    ETA,
    MIN_EXAMINATION,
    PositionCounts,
    estimate_examination,
    randomise_positions,
)


@settings(max_examples=40)
@given(n=st.integers(0, 12), key=st.text(max_size=8), swap_rate=st.floats(0, 1))
def test_at_most_the_first_changes_places(n: int, key: str, swap_rate: float) -> None:
    placed = randomise_positions(n, key, swap_rate)
    assert placed == randomise_positions(n, key, swap_rate)
    assert sorted(place.rank for place in placed) == list(range(1, n + 1))
    assert [place.position for place in placed] == list(range(1, n + 1))
    moved = [place for place in placed if place.rank != place.position]
    assert len(moved) in {0, 2}
    assert not moved or 1 in {place.rank for place in moved}
    assert all(0 <= place.propensity <= 1 for place in placed)


def test_propensities_are_what_happens() -> None:
    n, swap_rate, draws = 4, 0.6, 6000
    stood: Counter[tuple[int, int]] = Counter()
    told: dict[tuple[int, int], float] = {}
    for i in range(draws):
        for place in randomise_positions(n, str(i), swap_rate):
            stood[place.rank, place.position] += 1
            told[place.rank, place.position] = place.propensity
    for place, propensity in told.items():
        assert abs(stood[place] / draws - propensity) < 4 * np.sqrt(0.25 / draws)
    for rank in range(1, n + 1):  # each rank stands somewhere
        assert sum(p for (r, _), p in told.items() if r == rank) == pytest.approx(1)


def seen_by(true: list[float], people: int, swap_rate: float = 0.5) -> list[PositionCounts]:
    """Staff who look at position k with chance ``true[k]``; better ranks are decided on more."""
    draw = random.Random(4)
    shown: Counter[tuple[int, int, float]] = Counter()
    decided: Counter[tuple[int, int, float]] = Counter()
    for person in range(people):
        for place in randomise_positions(len(true), str(person), swap_rate):
            shown[place] += 1
            decided[place] += draw.random() < true[place.position - 1] * (0.9 - 0.1 * place.rank)
    return [PositionCounts(*place, shown[place], decided[place]) for place in shown]


@pytest.mark.slow
def test_where_people_look_is_found_from_the_random_slice() -> None:
    true = [1.0, 0.6, 0.5, 0.2]
    found = estimate_examination(seen_by(true, 6000))
    assert np.allclose([found.at(k) for k in range(1, 5)], true, atol=0.1)
    # By the ranking's own order alone, better ranks would pass for better places.
    fixed = estimate_examination(seen_by(true, 6000, swap_rate=0.0))
    assert [fixed.at(k) for k in range(1, 5)] == pytest.approx([k**-ETA for k in range(1, 5)])


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.floats(0.001, 1), st.integers(0, 50)),
        max_size=20,
    ),
    st.integers(1, 30),
)
def test_chances_never_rise_and_stay_within_bounds(rows: list, position: int) -> None:
    found = estimate_examination(PositionCounts(r, p, q, n, n // 2) for r, p, q, n in rows)
    chances = [found.at(k) for k in range(1, 12)]
    assert chances[0] == 1
    assert all(a >= b for a, b in pairwise(chances))
    assert MIN_EXAMINATION <= found.at(position) <= 1
    with pytest.raises(ValueError, match="from 1"):
        found.at(0)
