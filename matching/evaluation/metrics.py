"""Ranking metrics of a task, and exposure metrics of a batch of rankings.

Ranking metrics take labels (0 or 1) and scores of one task. With tied scores a metric is its
expectation over all orders of the ties. A metric is NaN where it is undefined.
"""

from collections.abc import Iterable, Sequence
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from matching.utils.array_types import IntArray


def _sorted_ties(labels: ArrayLike, scores: ArrayLike) -> list[tuple[int, int]]:
    """Return (size, positives) of each group of equal scores, best first."""
    y = np.asarray(labels, dtype=np.int64)
    s = np.asarray(scores, dtype=np.float64)
    if y.shape != s.shape or y.ndim != 1:
        raise ValueError(f"labels and scores must be two lists of one length: {y.shape}, {s.shape}")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("labels must be 0 or 1")
    if np.isnan(s).any():
        raise ValueError("scores must not be NaN")
    _, group = np.unique(-s, return_inverse=True)
    sizes = np.bincount(group)
    return [(int(n), int(p)) for n, p in zip(sizes, np.bincount(group, weights=y), strict=True)]


def ndcg(labels: ArrayLike, scores: ArrayLike, k: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first ``k``, in 0–1.

    Parameters
    ----------
    labels : array-like of shape (n_openings,)
        1 for the openings chosen, 0 for the others.
    scores : array-like of shape (n_openings,)
        Higher is better.
    k : int, default=10

    Returns
    -------
    float
        Gain 1, discount ``log2(rank + 1)``, divided by the gain of the best order. NaN without
        any positive label.

    References
    ----------
    Järvelin and Kekäläinen (2002), Cumulated gain-based evaluation of IR techniques. Ties as in
    McSherry and Najork (2008), Computing information retrieval performance measures efficiently
    in the presence of tied scores.

    Examples
    --------
    >>> ndcg([0, 1, 0], [0.9, 0.5, 0.1]).__round__(4)
    0.6309
    """
    groups = _sorted_ties(labels, scores)
    positives = sum(p for _, p in groups)
    if not positives:
        return float("nan")
    total = sum(n for n, _ in groups)
    discounts = np.zeros(total)
    discounts[: min(k, total)] = 1 / np.log2(np.arange(2, min(k, total) + 2))
    gain, start = 0.0, 0
    for size, hits in groups:
        gain += hits / size * discounts[start : start + size].sum()
        start += size
    return float(gain / discounts[:positives].sum())


def recall(labels: ArrayLike, scores: ArrayLike, k: int = 10) -> float:
    """Return the share of the positives found among the first ``k``, in 0–1; NaN without any.

    Examples
    --------
    >>> recall([1, 0, 1], [0.9, 0.5, 0.1], k=2)
    0.5
    """
    groups = _sorted_ties(labels, scores)
    positives = sum(p for _, p in groups)
    if not positives:
        return float("nan")
    found, left = 0.0, k
    for size, hits in groups:
        found += hits * min(size, left) / size
        left -= min(size, left)
    return found / positives


def reciprocal_rank(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return 1 / rank of the first positive, in 0–1; NaN without any positive label.

    The mean over tasks is the MRR.

    Examples
    --------
    >>> reciprocal_rank([0, 1, 0], [0.9, 0.5, 0.1])
    0.5
    """
    before = 0
    for size, hits in _sorted_ties(labels, scores):
        if hits:
            orders = comb(size, hits)
            # The first of the hits stands at place i of the tie in comb(size - i, hits - 1) orders.
            return sum(
                comb(size - i, hits - 1) / orders / (before + i) for i in range(1, size - hits + 2)
            )
        before += size
    return float("nan")


def auc(labels: ArrayLike, scores: ArrayLike) -> float:
    """Return the share of (positive, negative) pairs in the right order, ties counting half.

    In 0–1, 0.5 is chance; NaN unless both labels occur.

    Examples
    --------
    >>> auc([0, 1, 0], [0.9, 0.5, 0.1])
    0.5
    """
    groups = _sorted_ties(labels, scores)
    positives = sum(p for _, p in groups)
    negatives = sum(n for n, _ in groups) - positives
    if not positives or not negatives:
        return float("nan")
    right, below = 0.0, negatives
    for size, hits in groups:
        tied = size - hits
        below -= tied
        right += hits * (below + tied / 2)
    return right / (positives * negatives)


def coverage(rankings: Iterable[Sequence[str]], n_openings: int) -> float:
    """Return the share of the catalogue that appears in any ranking, in 0–1.

    Raises ``ValueError`` for an empty catalogue.
    """
    if n_openings < 1:
        raise ValueError("an empty catalogue has no coverage")
    return len({name for ranking in rankings for name in ranking}) / n_openings


def exposure(rankings: Iterable[Sequence[str]], openings: Sequence[str]) -> IntArray:
    """Return how many rankings each opening appears in, shape (n_openings,)."""
    place = {name: i for i, name in enumerate(openings)}
    counts = np.zeros(len(openings), dtype=np.int64)
    for ranking in rankings:
        for name in set(ranking):
            counts[place[name]] += 1
    return counts


def gini(counts: ArrayLike) -> float:
    """Return the Gini coefficient of how appearances are spread: 0 = evenly, near 1 = on one.

    NaN when nothing appears. Source: Gini (1912), in the form
    ``sum((2 i - n - 1) x_i) / (n sum(x))`` over sorted ``x``.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 4])
    (0.0, 0.75)
    """
    x = np.sort(np.asarray(counts, dtype=np.float64))
    if x.size == 0 or x.sum() == 0:
        return float("nan")
    ranks = np.arange(1, x.size + 1)
    return float(((2 * ranks - x.size - 1) * x).sum() / (x.size * x.sum()))


def largest_share(counts: ArrayLike) -> float:
    """Return the share of all appearances that the most shown opening takes, in 0–1."""
    x = np.asarray(counts, dtype=np.float64)
    return float(x.max() / x.sum()) if x.size and x.sum() else float("nan")
