"""The promotion gate: whether a newly trained ranker may replace the one in use.

Both are evaluated on the same held-out tasks. The candidate must be significantly better and must
not break a fairness bound that the current one keeps.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from matching.evaluation.evaluate import Interval, bootstrap, paired_bootstrap
from matching.evaluation.fairness import Breach
from matching.records import Record

# Significance level: how often a ranker that is no better passes by chance. The portal asks each
# week anew: in a year without anything to learn at most 52 * ALPHA, one in twenty, sees a switch
# (Bonferroni).
ALPHA = 0.001
# Held-out tasks with a defined measure; a comparison on fewer is not conclusive.
MIN_TASKS = 30
RESAMPLES = 9999

Reason = Literal["better", "too_few", "not_better", "unfair"]


class Verdict(Record):
    """Whether a candidate replaces the current ranker, and why.

    Attributes
    ----------
    reason : 'better', 'too_few', 'not_better' or 'unfair'
        With 'better' the candidate replaces the current ranker.
    n : int
        Held-out tasks compared.
    current, candidate : Interval or None
        Mean of the measure and its 95% bootstrap interval.
    gain : Interval or None
        The paired difference.
    p_value : float or None
        Probability of such a gain if both were equally good, in (0, 1].
    alpha : float
    breaches : list of Breach
        Fairness bounds that the candidate breaks.
    """

    reason: Reason
    n: int
    current: Interval | None = None
    candidate: Interval | None = None
    gain: Interval | None = None
    p_value: float | None = None
    alpha: float = ALPHA
    breaches: list[Breach] = []

    @property
    def promotes(self) -> bool:
        """Whether the candidate replaces the current ranker."""
        return self.reason == "better"


def permutation_p_value(ours: ArrayLike, theirs: ArrayLike, seed: int = 0) -> float:
    """Return the p-value of a one-sided paired permutation test, in (0, 1].

    Parameters
    ----------
    ours, theirs : array-like of shape (n_tasks,)
        The alternative is that ours is better.

    Raises
    ------
    ValueError
        If they are empty or differ in length.

    References
    ----------
    Smucker, Allan and Carterette (2007), A comparison of statistical significance tests for
    information retrieval evaluation.
    """
    from scipy.stats import permutation_test

    difference = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    if difference.ndim != 1 or not difference.size:
        raise ValueError("both must be measured on the same tasks, at least one")
    if difference.size == 1 or not difference.any():
        return 1.0
    found = permutation_test(
        (difference,),
        lambda values, axis: values.mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        alternative="greater",
        batch=500,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def decide(
    candidate: ArrayLike,
    current: ArrayLike,
    *,
    breaches: Sequence[Breach] = (),
    alpha: float = ALPHA,
    min_tasks: int = MIN_TASKS,
    seed: int = 0,
) -> Verdict:
    """Decide between two rankers.

    Parameters
    ----------
    candidate, current : array-like of shape (n_tasks,)
        A measure of each on the same held-out tasks, higher is better; NaN where undefined.
    breaches : sequence of Breach
        What :func:`matching.evaluation.fairness.breaches` finds of the candidate beside the current
        one.
    alpha : float, default=ALPHA
    min_tasks : int, default=LEAST_TASKS
    """
    ours, theirs = np.asarray(candidate, dtype=float), np.asarray(current, dtype=float)
    if ours.shape != theirs.shape or ours.ndim != 1:
        raise ValueError("both must be measured on the same tasks")
    known = ~(np.isnan(ours) | np.isnan(theirs))
    ours, theirs = ours[known], theirs[known]
    if len(ours) < max(min_tasks, 1):
        return Verdict(reason="too_few", n=len(ours), alpha=alpha, breaches=list(breaches))
    p_value = permutation_p_value(ours, theirs, seed)
    reason: Reason = "better"
    if p_value >= alpha:
        reason = "not_better"
    elif breaches:
        reason = "unfair"
    return Verdict(
        reason=reason,
        n=len(ours),
        current=bootstrap(theirs, seed),
        candidate=bootstrap(ours, seed),
        gain=paired_bootstrap(ours, theirs, seed),
        p_value=p_value,
        alpha=alpha,
        breaches=list(breaches),
    )
