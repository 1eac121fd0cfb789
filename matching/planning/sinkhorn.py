"""Approximate dual prices of openings by Sinkhorn iterations, the start of the exact solution.

Entropic optimal transport: at temperature T a seeker takes an opening with weight
exp((score - price) / T); prices are updated until loads match capacities, while T falls (Cuturi,
*Sinkhorn Distances*, NeurIPS 2013; Peyré and Cuturi, *Computational Optimal Transport*, ch. 4).
While prices are inaccurate any pair may matter: the first steps use all pairs of a sample of
seekers, a new one each step. The later ones use near-optimal pairs of all seekers.
"""

import numpy as np

from matching.planning.column_generation import near_optimal_pairs
from matching.planning.max_coverage import UNCONTESTED
from matching.planning.min_cost_flow import PlanConstraints
from matching.planning.scored_pairs import ScoredPairs
from matching.utils.array_types import AnyArray, FloatArray, IntArray

# Samples at most, and pairs of one at least.
_SAMPLES, _SAMPLE = 32, 2**15
# Temperatures, relative to the range of scores, and steps: on samples, then on near-optimal pairs.
_SAMPLED = ((0.5, 0.05, 8), (0.05, 0.01, 24))
_NEAR = ((32, 0.01, 0.003, 16), (24, 0.003, 0.0005, 24))
# Limit of a price update, in temperatures, and damping.
_STRIDE = 2.0
_RATE = 0.8


class _Rows:
    """Pairs of some seekers, ready for steps at any prices."""

    def __init__(self, scored: ScoredPairs, sides: PlanConstraints, who: IntArray) -> None:
        self.columns = scored.columns
        self.steps = scored.steps.astype(np.float32)
        self.sizes = scored.sizes
        self.begins = scored.starts[:-1]
        self.sides = sides
        self.optional = sides.optional[who]
        self.part = sides.seeker_part[who]
        share = len(who) / len(sides.optional)
        self.room = sides.capacity * share
        self.left = sides.left * share

    def moved(self, prices: FloatArray, temperature: float) -> FloatArray:
        """Return the prices after one step."""
        sides = self.sides
        wish = self.steps - prices.astype(np.float32)[self.columns]
        wish *= np.float32(1 / temperature)
        top = np.maximum.reduceat(wish, self.begins)
        top = np.where(self.optional, np.maximum(top, 0), top)
        wish -= np.repeat(top, self.sizes)
        weight = np.exp(wish, out=wish)
        out = np.exp(-np.maximum(top, 0)) * self.optional
        total = np.add.reduceat(weight, self.begins) + out
        weight *= np.repeat(1 / total, self.sizes)
        load = np.bincount(self.columns, weight, len(prices))
        left = np.bincount(self.part, out / total, UNCONTESTED + 1)
        move = _ratio(load, self.room)
        # Leaving a seeker out has a price too. Prices are relative to it, so the others move.
        move -= _ratio(left, self.left)[sides.opening_part]
        prices = prices + _RATE * temperature * move
        return np.where(sides.full, prices, np.maximum(prices, 0))


def _ratio(load: AnyArray, room: AnyArray) -> FloatArray:
    """Return the logarithm of load over room, within bounds; 0 where there is no room."""
    some = room > 0
    found = np.log(np.maximum(load, 1e-9) / np.where(some, room, 1))
    bounded: FloatArray = np.where(some, np.clip(found, -_STRIDE, _STRIDE), 0.0)
    return bounded


def sinkhorn_duals(
    scored: ScoredPairs, sides: PlanConstraints, span: float
) -> tuple[FloatArray, ScoredPairs]:
    """Return approximate prices, shape (n_openings,), and the near-optimal pairs.

    Every seeker must have a scored pair. A step is O(n_pairs / ``_SAMPLES``) or O(n_seekers).
    """
    n = scored.n_seekers
    prices = np.zeros(len(sides.capacity))
    temperatures = np.concatenate([span * np.geomspace(*some) for some in _SAMPLED])
    parts = min(_SAMPLES, max(1, len(scored.columns) // _SAMPLE))
    samples = np.array_split(np.random.default_rng(0).permutation(n), parts)
    rows = [_Rows(scored, sides, np.arange(n))] if parts == 1 else []
    for turn, temperature in enumerate(temperatures.tolist()):
        who = np.sort(samples[turn % parts])
        some = rows[0] if rows else _Rows(scored.of(who), sides, who)
        prices = some.moved(prices, temperature)
    for each, hot, cold, count in _NEAR:
        scored = near_optimal_pairs(scored, prices, each)
        near = _Rows(scored, sides, np.arange(n))
        for temperature in (span * np.geomspace(hot, cold, count)).tolist():
            prices = near.moved(prices, temperature)
    return prices, scored
