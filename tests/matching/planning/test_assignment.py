"""Whole-community assignment against brute force, dense assignment and maximum flow."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csgraph

from matching.planning.assignment import assign
from matching.planning.max_coverage import Pairs, maximum_coverage
from matching.planning.min_cost_flow import PlanConstraints
from matching.planning.scored_pairs import SCORE_SCALE, ScoredPairs, quantise_scores
from matching.planning.sinkhorn import sinkhorn_duals
from tests.depth import examples


def scored(eligible: np.ndarray, scores: np.ndarray) -> ScoredPairs:
    rows, columns = np.nonzero(eligible)
    starts = np.searchsorted(rows, np.arange(len(eligible) + 1))
    return ScoredPairs(starts, columns.astype(np.int32), quantise_scores(scores[rows, columns]))


def solved(eligible, scores, capacity, first=None, pairs=None, **options):
    return assign(
        scored(eligible, scores) if pairs is None else pairs,
        capacity,
        lambda rows, columns: eligible[np.ix_(rows, columns)],
        lambda rows, columns: scores[rows, columns],
        first=first,
        **options,
    )


def allowed(at, eligible, capacity) -> bool:
    rows = np.flatnonzero(np.array(at) >= 0)
    columns = np.array(at)[rows]
    used = np.bincount(columns, minlength=len(capacity))
    return bool(eligible[rows, columns].all() and (used <= np.maximum(capacity, 0)).all())


def value(at, scores, first) -> tuple[int, int, float]:
    rows = np.flatnonzero(np.array(at) >= 0)
    total = float(np.sum(scores[rows, np.array(at)[rows]]))
    return int(first[rows].sum()), len(rows), round(total, 6)


@st.composite
def communities(draw: st.DrawFn):
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    return (
        draw(arrays(bool, (n, m))),
        draw(arrays(int, (n, m), elements=st.integers(-9, 9))) / 10,
        draw(arrays(np.int64, m, elements=st.integers(0, 3))),
        draw(arrays(bool, n)),
    )


def random_community(seed: int, n: int, m: int, density: float, places: float):
    draw = np.random.default_rng(seed)
    eligible = draw.random((n, m)) < density * draw.random(n)[:, None] * 2
    scores = draw.normal(size=(n, m)) + 2 * draw.random(m)
    scores = (1 / (1 + np.exp(-scores))).round(6)
    return eligible, scores, draw.poisson(places * n / m, m).astype(np.int64), draw.random(n) < 0.2


@pytest.mark.slow
@settings(max_examples=examples(200))
@given(communities())
def test_no_possible_plan_is_better(community) -> None:
    eligible, scores, capacity, first = community
    found = solved(eligible, scores, capacity, first)
    every = product(range(-1, eligible.shape[1]), repeat=len(eligible))
    best = max(value(at, scores, first) for at in every if allowed(at, eligible, capacity))
    assert allowed(found.at, eligible, capacity)
    assert value(found.at, scores, first) == best
    widest = found.coverage
    assert (widest.group_placed, widest.placed) == best[:2]
    assert (widest.group_bound, widest.bound) == best[:2]
    assert found.bound == found.steps.sum() == round(best[2] * SCORE_SCALE)


@pytest.mark.parametrize(
    ("density", "places", "grouped"),
    [(0.05, 1.0, False), (0.3, 0.6, True), (0.3, 1.5, True), (1.0, 1.0, False)],
)
def test_total_is_that_of_dense_assignment(density: float, places: float, grouped: bool) -> None:
    eligible, scores, capacity, group = random_community(3, 150, 40, density, places)
    first = group if grouped else np.zeros(150, dtype=bool)
    found = solved(eligible, scores, capacity, first)
    each = np.repeat(np.arange(40), capacity)
    worth = np.where(eligible, 1e3 + 1e3 * first[:, None] + scores, 0)[:, each]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    at = np.full(150, -1)
    kept = worth[rows, columns] > 0
    at[rows[kept]] = each[columns[kept]]
    assert allowed(found.at, eligible, capacity)
    assert value(found.at, scores, first) == value(at, scores, first)
    assert found.bound == found.steps.sum()


@pytest.mark.parametrize(("density", "places"), [(0.01, 1.0), (0.05, 0.9), (0.2, 1.0)])
def test_coverage_is_the_maximum_flow(density: float, places: float) -> None:
    """From one pair a seeker, so that the pairs needed have to be found."""
    n, m = 600, 120
    eligible, _, capacity, first = random_community(5, n, m, density, places)
    begin = np.flatnonzero(eligible.any(axis=1))
    pairs = Pairs(begin, eligible[begin].argmax(axis=1))
    found = maximum_coverage(
        lambda rows, columns: eligible[np.ix_(rows, columns)], capacity, pairs, n, first
    )
    assert allowed(found.at, eligible, capacity)

    def flow(who: np.ndarray) -> int:
        rows, columns = np.nonzero(eligible & who[:, None])
        room = np.concatenate([np.ones(len(rows)), np.ones(n), capacity]).astype(np.int32)
        tail = np.concatenate([rows, np.full(n, n + m), n + np.arange(m)])
        head = np.concatenate([n + columns, np.arange(n), np.full(m, n + m + 1)])
        graph = sparse.csr_array((room, (tail, head)), shape=(n + m + 2, n + m + 2))
        return int(csgraph.maximum_flow(graph, n + m, n + m + 1).flow_value)

    assert found.placed == found.bound == flow(np.ones(n, dtype=bool))
    assert found.group_placed == found.group_bound == flow(first)


def test_few_openings_are_looked_at() -> None:
    """While many have room a few serve nearly everybody; a full look is for the contested alone."""
    n, m = 2_000, 1_500
    eligible, _, capacity, _ = random_community(6, n, m, 0.3, 1.2)
    looked = []

    def eligible_of(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        looked.append(len(rows) * len(columns))
        return eligible[np.ix_(rows, columns)]

    none = np.zeros(0, dtype=np.int64)
    found = maximum_coverage(eligible_of, capacity, Pairs(none, none), n)
    assert found.placed == found.bound
    assert max(looked) < n * m / 2
    assert sum(looked) < n * m


def test_pairs_coverage_needs_are_scored_when_they_were_left_out() -> None:
    """Everybody likes the first opening best; those nobody lists are needed all the same."""
    eligible = np.ones((6, 3), dtype=bool)
    scores = np.tile([0.9, 0.5, 0.1], (6, 1)) + np.arange(6)[:, None] / 100
    best_only = np.zeros_like(eligible)
    best_only[:, 0] = True
    found = solved(eligible, scores, np.array([2, 2, 2]), pairs=scored(best_only, scores))
    assert found.coverage.placed == 6
    assert np.bincount(found.at).tolist() == [2, 2, 2]
    assert np.allclose(found.steps / SCORE_SCALE, scores[np.arange(6), found.at])


def test_equal_scores_and_large_capacities() -> None:
    n = 300
    found = solved(np.ones((n, 2), dtype=bool), np.full((n, 2), 0.5), np.array([10**12, 1]))
    assert (found.at >= 0).all()
    assert found.steps.sum() == found.bound == n * SCORE_SCALE / 2


def test_a_tolerance_is_kept_and_the_bound_holds() -> None:
    eligible, scores, capacity, _ = random_community(7, 400, 60, 0.5, 1.0)
    exact = solved(eligible, scores, capacity)
    near = solved(eligible, scores, capacity, tolerance=0.01)
    assert near.coverage.placed == exact.coverage.placed == (near.at >= 0).sum()
    assert near.steps.sum() <= exact.steps.sum() <= near.bound
    assert near.bound - near.steps.sum() <= 0.01 * near.bound


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(communities(), st.sampled_from([0.001, 0.05, 0.5]))
def test_the_bound_holds_for_every_plan_whatever_the_tolerance(community, tolerance) -> None:
    eligible, scores, capacity, first = community
    exact = solved(eligible, scores, capacity, first)
    near = solved(eligible, scores, capacity, first, tolerance=tolerance)
    assert allowed(near.at, eligible, capacity)
    assert value(near.at, scores, first)[:2] == value(exact.at, scores, first)[:2]
    assert near.steps.sum() <= exact.steps.sum() <= near.bound
    assert near.bound - near.steps.sum() <= tolerance * abs(near.bound)


@pytest.mark.parametrize("places", [0.5, 0.8, 1.2, 2.0])
def test_first_prices_are_near_the_best_ones(places: float) -> None:
    """By weak duality their bound exceeds the best total; not by much, or few pairs mislead."""
    _, scores, capacity, _ = random_community(11, 400, 60, 0.5, places)
    eligible = np.random.default_rng(11).random(scores.shape) < 0.5
    found = solved(eligible, scores, capacity)
    pairs, widest = scored(eligible, scores), found.coverage
    assert len(set(widest.seeker_part)) == 1
    optional = widest.seeker_part < 2
    sides = PlanConstraints(capacity, optional, widest.seeker_part, widest.opening_part)
    prices, near = sinkhorn_duals(pairs, sides, float(np.ptp(pairs.steps)))
    assert len(near.columns) < len(pairs.columns)
    worth = np.where(eligible, np.rint(scores * SCORE_SCALE) - prices, -np.inf).max(axis=1)
    bound = np.where(optional, np.maximum(worth, 0), worth).sum() + (capacity * prices).sum()
    assert found.steps.sum() <= bound + 1
    assert bound <= 1.01 * found.steps.sum()


def test_nobody_and_nothing() -> None:
    for n, m in [(0, 0), (3, 0), (0, 3), (3, 3)]:
        nothing = np.zeros((n, m), dtype=bool)
        found = solved(nothing, np.zeros((n, m)), np.ones(m, dtype=np.int64))
        assert found.at.tolist() == [-1] * n
        assert found.coverage.placed == found.coverage.bound == 0


def test_scores_must_be_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        quantise_scores(np.array([0.5, np.nan]))
