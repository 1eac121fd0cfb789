"""Measures against independent implementations and by hand."""

from itertools import pairwise, permutations
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score, roc_auc_score

from matching.evaluation import metrics
from tests.depth import examples

labelled = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=2, max_size=12
).filter(lambda rows: 0 < sum(label for label, _ in rows) < len(rows))


@given(labelled, st.integers(1, 12))
def test_ndcg_is_that_of_scikit_learn(rows: list[tuple[int, int]], k: int) -> None:
    y, s = zip(*rows, strict=True)
    assert metrics.ndcg(y, s, k) == pytest.approx(ndcg_score([y], [s], k=k))


@given(labelled)
def test_auc_is_that_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    y, s = zip(*rows, strict=True)
    assert metrics.auc(y, s) == pytest.approx(roc_auc_score(y, s))


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=6))
def test_reciprocal_rank_is_the_mean_over_all_orders_of_ties(rows: list[tuple[int, int]]) -> None:
    y, s = zip(*rows, strict=True)
    if not any(y):
        assert np.isnan(metrics.reciprocal_rank(y, s))
        return
    found = [
        1 / (1 + [y[i] for i in order].index(1))
        for order in permutations(range(len(y)))
        if all(s[a] >= s[b] for a, b in pairwise(order))
    ]
    assert metrics.reciprocal_rank(y, s) == pytest.approx(mean(found))


def test_undefined_and_wrong_input() -> None:
    assert np.isnan(metrics.ndcg([0, 0], [1, 2]))
    assert np.isnan(metrics.auc([1, 1], [1, 2]))
    for y, s in (([0, 1], [1.0]), ([0, 2], [1, 2]), ([0, 1], [1, float("nan")])):
        with pytest.raises(ValueError):
            metrics.ndcg(y, s)


@settings(max_examples=examples(40))
@given(st.lists(st.integers(0, 9), min_size=1, max_size=9).filter(any))
def test_gini_is_half_the_mean_difference_over_the_mean(counts: list[int]) -> None:
    difference = mean(abs(a - b) for a in counts for b in counts)
    assert metrics.gini(counts) == pytest.approx(difference / (2 * mean(counts)))


def test_spread_over_a_catalogue() -> None:
    rankings = [["a", "b"], ["a"], ["a", "c"]]
    assert metrics.coverage(rankings, 4) == 0.75
    counts = metrics.exposure(rankings, ["a", "b", "c", "d"])
    assert counts.tolist() == [3, 1, 1, 0]
    assert metrics.largest_share(counts) == 0.6
    assert np.isnan(metrics.gini([0, 0]))
    with pytest.raises(ValueError, match="empty"):
        metrics.coverage([], 0)
