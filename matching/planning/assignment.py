"""Assignment of seekers to openings: maximum coverage first, then the maximum total score.

1. Maximum coverage over all eligible pairs (:mod:`matching.planning.max_coverage`) decides who
   must be placed and which openings must be filled, and splits the problem into independent
   parts. So no large weights are needed to put coverage before score.
2. Approximate duals (:mod:`matching.planning.sinkhorn`) select few pairs, on which the problem is
   solved exactly (:mod:`matching.planning.min_cost_flow`).
3. The exact duals are checked against all scored pairs; improving pairs are added and the problem
   is solved again, until there are none (:mod:`matching.planning.column_generation`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.planning.column_generation import improving_pairs, near_optimal_pairs
from matching.planning.max_coverage import UNCONTESTED, Coverage, Eligible, Pairs, maximum_coverage
from matching.planning.min_cost_flow import PlanConstraints, State, TransportProblem, solve
from matching.planning.scored_pairs import ScoredPairs, quantise_scores
from matching.planning.sinkhorn import sinkhorn_duals
from matching.utils.array_types import BoolArray, FloatArray, IntArray, RealArray

# Pairs a seeker at first, and once the prices are nearly right.
_INITIAL_PAIRS, _REFINED_PAIRS = 16, 8
# Scores are rounded to so many grains, coarse ones first, and exact in the end.
_GRAIN_COUNTS = (500, 50)
# Growth in pairs that makes another round with the same grain worthwhile.
_MIN_GROWTH = 0.05

Score = Callable[[IntArray, IntArray], RealArray]


@dataclass(frozen=True)
class AssignmentSolution:
    """An assignment and its proven bound.

    Attributes
    ----------
    at : ndarray of shape (n_seekers,)
        Opening of each seeker, -1 for none.
    steps : ndarray of shape (n_seekers,)
        Score of each placement in whole steps, 0 for none.
    coverage : Coverage
    bound : float
        Upper bound of the total over the scored pairs, at the same coverage.
    """

    at: IntArray
    steps: FloatArray
    coverage: Coverage
    bound: float


def _assigned_pairs(at: IntArray) -> Pairs:
    seated = np.flatnonzero(at >= 0)
    return Pairs(seated, at[seated])


def _solve_scored(
    scored: ScoredPairs, sides: PlanConstraints, start: IntArray, tolerance: float
) -> tuple[IntArray, float]:
    """Return the best openings of seekers who each have a scored pair, and the proven bound.

    Scores are first rounded to coarse grains: ties let many seekers move in one phase, and the
    resulting prices are the start for finer grains (cost scaling).
    """
    span = max(float(np.ptp(scored.steps)), 1.0)
    prices, near = sinkhorn_duals(scored, sides, span)
    typical = min(span, float(np.abs(near.steps).mean()))
    counts = np.array([2 / tolerance] if tolerance else _GRAIN_COUNTS)
    grains = [1.0, *(g for g in np.rint(typical / counts).tolist() if g > 1)]
    grain = grains.pop()
    state, bound = State(start, prices), np.inf
    near = near_optimal_pairs(near, prices, _INITIAL_PAIRS).union(
        scored.intersection(_assigned_pairs(start))
    )
    while True:
        market = TransportProblem(near.pairs, np.rint(near.steps / grain), sides)
        state = solve(market, State(state.at, np.rint(state.prices / grain)))
        state.prices = state.prices * grain
        held = near.intersection(_assigned_pairs(state.at))
        gain = np.zeros(scored.n_seekers)
        gain[state.at >= 0] = held.steps - state.prices[held.columns]
        most, more = improving_pairs(
            scored, state.prices, np.where(sides.optional, np.maximum(gain, 0), gain)
        )
        # Weak duality: seekers' best gains plus the value of all places bound the total.
        paid = np.where(sides.full, state.prices, np.maximum(state.prices, 0))
        bound = min(bound, float(most.sum() + (sides.capacity * paid).sum()))
        if bound - held.steps.sum() <= tolerance * abs(bound):
            return state.at, bound
        known = len(near.columns)
        near = near.union(more)
        added = len(near.columns) - known
        # Rounded scores need no exact optimum: repeat a grain only if many pairs were added.
        if grain > 1 and added <= _MIN_GROWTH * known:
            grain = grains.pop()
            near = near_optimal_pairs(near, state.prices, _REFINED_PAIRS).union(held)
        elif not added:
            raise RuntimeError("the prices of the best plan do not prove it")


def _add_pairs(scored: ScoredPairs, extra: Pairs, score: Score) -> ScoredPairs:
    """Return the scored pairs with missing ones added and scored."""
    _, known = scored.find(extra)
    if known.all():
        return scored
    new = Pairs(extra.rows[~known], extra.columns[~known])
    return scored.union(ScoredPairs.from_pairs(new, quantise_scores(score(*new)), scored.n_seekers))


def assign(
    scored: ScoredPairs,
    capacity: IntArray,
    eligible: Eligible,
    score: Score,
    *,
    first: BoolArray | None = None,
    tolerance: float = 0.0,
) -> AssignmentSolution:
    """Place as many seekers as possible, ``first`` before others, then maximise the total score.

    Parameters
    ----------
    scored : Scored
        Eligible pairs with scores: all of them, or the best of each seeker.
    capacity : ndarray of shape (n_openings,)
    eligible : callable
        BoolArray of eligible pairs: (rows, columns) -> bool (len(rows), len(columns)).
    score : callable
        Scores of pairs that coverage needs and ``scored`` lacks: (rows, columns) -> (n_pairs,).
    first : ndarray of bool, shape (n_seekers,), optional
    tolerance : float, default=0
        Relative distance to the proven bound at which to stop; 0 goes on to the best plan over
        the scored pairs.

    Notes
    -----
    The time goes into a few dozen shortest-path phases, O(P log P) each, over P pairs: 8 to
    16 a seeker and those that pricing adds.
    """
    n = scored.n_seekers
    capacity = np.clip(capacity, 0, n)
    widest = maximum_coverage(eligible, capacity, scored.sample_pairs(_INITIAL_PAIRS), n, first)
    scored = _add_pairs(scored, _assigned_pairs(widest.at), score)
    # Pairs across parts are in no widest plan; a seeker left without pairs stays out.
    own = np.repeat(widest.seeker_part, scored.sizes) == widest.opening_part[scored.columns]
    own &= (capacity > 0)[scored.columns]
    within = scored if own.all() else scored.filter(own)
    someone = np.flatnonzero(within.sizes)
    within = ScoredPairs(
        np.append(within.starts[someone], within.starts[-1]), within.columns, within.steps
    )
    optional = widest.seeker_part < UNCONTESTED
    if first is not None:
        optional &= ~(first & (widest.seeker_part == 1))
    at = np.full(n, -1, dtype=np.int64)
    bound = 0.0
    if len(someone):
        sides = PlanConstraints(
            capacity, optional[someone], widest.seeker_part[someone], widest.opening_part
        )
        at[someone], bound = _solve_scored(within, sides, widest.at[someone], tolerance)
    steps = np.zeros(n)
    steps[at >= 0] = scored.intersection(_assigned_pairs(at)).steps
    return AssignmentSolution(at, steps, widest, bound)
