"""Randomised positions of suggestions, and the position bias estimated from them.

The first position is looked at most, whatever stands there; a ranker trained on decisions alone
would learn its own order. So for a small share of lists the first suggestion is swapped with a
random other one. The probability of each position is logged as a propensity; decisions weighted
by its inverse show how likely each position is examined.

References
----------
Joachims, Swaminathan and Schnabel (2017), Unbiased learning-to-rank with biased feedback: swaps
with the first place. Agarwal, Zaitsev, Wang, Li, Najork and Joachims (2019), Estimating position
bias without intrusive interventions: decisions weighted by the inverse of the propensity.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matching.utils.array_types import FloatArray

# Without observations a position is examined 1 / position**ETA as often as the first (Joachims
# 2017).
ETA = 1.0
# Effective observations of a position that weigh as much as the formula above.
PRIOR_OBSERVATIONS = 50.0
# Lower bound of the probability that a position is examined, relative to the first.
MIN_EXAMINATION = 0.01


class DisplaySlot(NamedTuple):
    """The position at which one suggestion is shown.

    Attributes
    ----------
    rank : int
        From 1, in the ranking's own order.
    position : int
        From 1, as shown.
    propensity : float
        Probability that this rank is shown at this position, in 0–1.
    """

    rank: int
    position: int
    propensity: float


class PositionCounts(NamedTuple):
    """Suggestions of one rank shown at one position: how many, and how many were decided on."""

    rank: int
    position: int
    propensity: float
    shown: int
    decided: int


class Examination(NamedTuple):
    """Probability that each position is examined, relative to the first.

    Attributes
    ----------
    chances : tuple of float
        From position 1 on. Further positions follow ``1 / position**ETA``.
    observed : tuple of float
        Effective number of observations behind each.
    """

    chances: tuple[float, ...] = ()
    observed: tuple[float, ...] = ()

    def at(self, position: int | None) -> float:
        """Return the probability at a position, in (0, 1]; 1 for ``None``, what was not in a list.

        Raises ``ValueError`` for a position below 1.
        """
        if position is None:
            return 1.0
        if position < 1:
            raise ValueError(f"positions count from 1, got {position}")
        if position <= len(self.chances):
            return self.chances[position - 1]
        beyond = max(_prior_examination(position), MIN_EXAMINATION)
        return min(beyond, self.chances[-1]) if self.chances else beyond


def randomise_positions(n: int, key: str, swap_rate: float) -> list[DisplaySlot]:
    """Return the slots of ``n`` suggestions, by position; in some lists the first is swapped.

    Parameters
    ----------
    n : int
        Number of suggestions, 0 or more.
    key : str
        Seed: the same key gives the same slots. Contains whom and when they are for.
    swap_rate : float
        Share of lists, in 0–1, that take part in the experiment. Of these, half have the first
        suggestion swapped with a random other one.

    Examples
    --------
    >>> [slot.rank for slot in randomise_positions(3, "7", swap_rate=0.0)]
    [1, 2, 3]
    """
    if not 0 <= swap_rate <= 1:
        raise ValueError(f"swap_rate must be in 0–1, got {swap_rate}")
    if n < 2:
        return [DisplaySlot(1, 1, 1.0)][:n]
    draw = np.random.default_rng(list(hashlib.blake2b(key.encode(), digest_size=16).digest()))
    takes_part, swapped = draw.random() < swap_rate, draw.random() < 0.5
    other = int(draw.integers(2, n + 1))
    ranks = list(range(1, n + 1))
    if takes_part and swapped:
        ranks[0], ranks[other - 1] = other, 1
    swap_probability = swap_rate / (2 * (n - 1))

    def propensity(rank: int, position: int) -> float:
        if rank != position:
            return swap_probability
        return 1 - swap_rate / 2 if rank == 1 else 1 - swap_probability

    return [DisplaySlot(rank, at, propensity(rank, at)) for at, rank in enumerate(ranks, start=1)]


def estimate_examination(counts: Iterable[PositionCounts]) -> Examination:
    """Estimate how likely each position is examined.

    Parameters
    ----------
    counts : iterable of PositionCounts
        Of all suggestions shown, decided on or not.

    Returns
    -------
    Examination
        Up to the last position seen, not increasing, 1 for the first. With few observations
        the estimates shrink towards ``1 / position**ETA``.
    """
    from scipy.optimize import isotonic_regression

    rows = [row for row in counts if row.shown > 0]
    if not rows:
        return Examination()
    table = np.array(rows, dtype=np.float64)
    last = int(table[:, 1].max())
    chances, observed = [1.0], [float("inf")]
    for position in range(2, last + 1):
        first = _decision_rate(table, position, 1)
        here = _decision_rate(table, position, position)
        weight = min(first[1], here[1])
        expected = _prior_examination(position)
        if first[0] > 0:
            belief = weight / (weight + PRIOR_OBSERVATIONS)
            expected = belief * min(here[0] / first[0], 1.0) + (1 - belief) * expected
        chances.append(expected)
        observed.append(weight)
    level = isotonic_regression(
        chances, weights=[PRIOR_OBSERVATIONS + min(n, 1e6) for n in observed], increasing=False
    ).x.clip(MIN_EXAMINATION, 1.0)
    level[0] = 1.0
    return Examination(tuple(map(float, level)), tuple(observed))


def _prior_examination(position: int) -> float:
    """Return the probability that a position is examined, without any observations."""
    return float(position**-ETA)


def _decision_rate(table: FloatArray, other: int, position: int) -> tuple[float, float]:
    """Return the rate of decisions at a position, and the effective number of observations.

    Counts the suggestions that are swapped between the first position and ``other``, weighted by
    the inverse of their propensities: so weighted, both positions have the same mixture of ranks.
    """
    rank, at, propensity, shown, decided = table.T
    mine = (at == position) & np.isin(rank, (1, other))
    # With one rank only, the two positions show different suggestions and can't be compared.
    if len(set(rank[mine])) < 2:
        return 0.0, 0.0
    weight = 1 / propensity[mine]
    total = float((weight * shown[mine]).sum())
    size = total**2 / float((weight**2 * shown[mine]).sum())
    return float((weight * decided[mine]).sum()) / total, size
