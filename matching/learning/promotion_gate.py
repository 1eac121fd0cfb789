"""When a newly trained ranker may replace the one in use: better by a test, and no less fair.

Both rankers are measured on the same held-back tasks, which neither was trained on. The new one
has to be better by more than chance explains, and must break no bound of fairness that the old
one keeps; else it stays a candidate, with its report.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from matching.evaluation.evaluate import Interval, bootstrap, paired_bootstrap
from matching.evaluation.fairness import Breach
from matching.records import Record

# How often a ranker that is no better would pass by luck, at most.
ALPHA = 0.05
# Held-back tasks in which something is to be told apart; fewer prove nothing.
MIN_TASKS = 30
RESAMPLES = 9999

Reason = Literal["better", "too_few", "not_better", "unfair"]


class Verdict(Record):
    """Whether a candidate replaces the current ranker, and why.

    Attributes
    ----------
    reason : 'better', 'too_few', 'not_better' or 'unfair'
        The first replaces the current one.
    n : int
        Held-back tasks compared.
    current, candidate : Interval or None
        Mean of the measure and its 95% bootstrap interval.
    gain : Interval or None
        The paired difference.
    p_value : float or None
        Chance of such a gain if the two were alike, in (0, 1].
    alpha : float
    breaches : list of Breach
        Bounds of fairness the candidate breaks.
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
    """Return the one-sided p-value that ours is better, in (0, 1].

    Signs of the differences, task by task, are flipped at random: a paired permutation test.

    Raises ``ValueError`` unless both are lists of one length, or if they are empty.

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
        A measure of each on the same held-back tasks, higher better; NaN where it is not defined.
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
