"""A small share of suggestions in random order, and what it tells of where people look.

What stands first is looked at most, whatever it is worth; a ranker that learns from decisions
alone would learn its own order. So for a small share of seekers the first suggestion changes
places with a random other one. The chance of every arrangement is known and logged as a
propensity, and from how decisions fall at each place, weighted by it, follows how likely a
place is examined at all.

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

# Without observations, a place is examined 1 / place**ETA as often as the first (Joachims 2017).
ETA = 1.0
# Observations (effective ones) of a place that weigh as much as the formula above.
PRIOR_OBSERVATIONS = 50.0
# No place is taken to be examined less often than this.
MIN_EXAMINATION = 0.01


class DisplaySlot(NamedTuple):
    """Where one suggestion is shown.

    ``rank`` is its place in the ranking's own order and ``position`` where it stands, both from
    1; ``propensity`` is the chance, over all arrangements, that this rank stands here.
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
    """How likely each position is examined, from 1 on, relative to the first.

    ``observed`` tells on how many (effective) observations each rests; what is not observed
    follows ``1 / position**ETA``.
    """

    chances: tuple[float, ...] = ()
    observed: tuple[float, ...] = ()

    def at(self, position: int | None) -> float:
        """Return the chance at a position, in (0, 1]; 1 for what was found without a list."""
        if position is None:
            return 1.0
        if position < 1:
            raise ValueError(f"positions count from 1, got {position}")
        if position <= len(self.chances):
            return self.chances[position - 1]
        beyond = max(_prior_examination(position), MIN_EXAMINATION)
        return min(beyond, self.chances[-1]) if self.chances else beyond


def randomise_positions(n: int, key: str, swap_rate: float) -> list[DisplaySlot]:
    """Return the places of ``n`` suggestions, by position.

    Parameters
    ----------
    n : int
        How many there are, 0 or more.
    key : str
        Whom and when they are for: the same key gives the same arrangement.
    swap_rate : float, default=SHARE
        Chance, in 0–1, that the list takes part; then it is drawn with which other place the
        first one is compared, and in half of the cases the two are exchanged.

    Examples
    --------
    >>> [place.rank for place in randomise_positions(3, "7", swap_rate=0.0)]
    [1, 2, 3]
    """
    if not 0 <= swap_rate <= 1:
        raise ValueError(f"share must be in 0–1, got {swap_rate}")
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
    counts : iterable of Sightings
        All suggestions that were put before people, those not decided on too.

    Returns
    -------
    Examination
        Up to the last position seen, never rising, the first being 1. Each is drawn towards
        ``1 / position**ETA`` as far as observations are few.
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
    """Return how likely a position is examined as long as nothing is observed."""
    return float(position**-ETA)


def _decision_rate(table: FloatArray, other: int, position: int) -> tuple[float, float]:
    """Return the rate of decisions at a position, and the effective number of observations.

    Of the suggestions that the arrangement exchanges between the first and ``other`` place,
    each weighted by the inverse of its propensity, so that the same mixture of ranks stands at
    both.
    """
    rank, at, propensity, shown, decided = table.T
    mine = (at == position) & np.isin(rank, (1, other))
    # Where only one rank was ever seen, the positions hold different suggestions: no comparison.
    if len(set(rank[mine])) < 2:
        return 0.0, 0.0
    weight = 1 / propensity[mine]
    total = float((weight * shown[mine]).sum())
    size = total**2 / float((weight**2 * shown[mine]).sum())
    return float((weight * decided[mine]).sum()) / total, size
