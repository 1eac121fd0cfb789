"""How well scores tell fitting openings from others, when staff stop at the first that fits.

Staff go down a person's list until something fits, so the last one decided on is the one
confirmed: in an order measure within lists any other order, even a random one, beats the order
that was shown. So a decision is compared with those of other people in the same turn (their
first decision, their second, …), where labels do not depend on when decisions stop.
"""

from typing import NamedTuple

import numpy as np

from matching.utils.array_types import FloatArray, IntArray

# Decisions of a person from this turn on, counted from 0, are compared together.
LAST_TURN = 4


class ToldApart(NamedTuple):
    """Each of shape (n_people,), NaN for who has no decision to compare.

    Attributes
    ----------
    shares : ndarray
        Of each person's decisions the mean share of comparisons in the right order, in 0–1.
    pseudo_values : ndarray
        Their mean is the area under the curve, the probability that a fitting opening has the
        higher score of two; 0.5 for scores that know nothing. They vary as that mean does,
        as if people were independent, which shares are not: each comparison is two people's.
    """

    shares: FloatArray
    pseudo_values: FloatArray


def told_apart(
    people: IntArray, turns: IntArray, labels: IntArray, scores: FloatArray, n_people: int
) -> ToldApart:
    """Compare decisions in the same turn.

    Parameters
    ----------
    people, turns, labels, scores : ndarray of shape (n_decisions,)
        Whose decision, the how manieth of that person from 0, 1 if it fits or 0, and the score,
        comparable between people.
    n_people : int

    References
    ----------
    DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two or more correlated
    receiver operating characteristic curves. Obuchowski (1997), Nonparametric analysis of
    clustered ROC curve data: several decisions of one person. van Elteren (1960), On the
    combination of independent two-sample tests of Wilcoxon: the weights of turns.
    """
    shares = np.full(len(people), np.nan)
    influences = np.zeros(len(people))
    area = total = 0.0
    levels = np.minimum(turns, LAST_TURN)
    for turn in np.unique(levels):
        fits = np.flatnonzero((levels == turn) & (labels == 1))
        others = np.flatnonzero((levels == turn) & (labels == 0))
        if not len(fits) or not len(others):
            continue
        ahead = scores[fits][:, None] - scores[others]
        right = (ahead > 0) + (ahead == 0) / 2
        shares[fits], shares[others] = right.mean(axis=1), right.mean(axis=0)
        weight = len(fits) * len(others) / (len(fits) + len(others))
        influences[fits] = weight * (shares[fits] - right.mean()) / len(fits)
        influences[others] = weight * (shares[others] - right.mean()) / len(others)
        area += weight * right.mean()
        total += weight
    known = ~np.isnan(shares)
    counts = np.bincount(people[known], minlength=n_people)
    sums = np.bincount(people[known], weights=shares[known], minlength=n_people)
    own = np.bincount(people, weights=influences, minlength=n_people)
    compared = counts > 0
    n = int(compared.sum())
    return ToldApart(
        np.where(compared, sums / np.maximum(counts, 1), np.nan),
        np.where(compared, (area + n * own) / (total or 1.0), np.nan),
    )
