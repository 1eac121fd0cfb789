"""Assign a whole community from scored pairs: widest coverage, then the highest total score.

Coverage is settled first, on all eligible pairs (:mod:`matching.coverage`). It splits the problem
into parts that no widest plan connects, and says who must be placed and which openings filled, so
that no large weights are needed. The scores are then decided on few pairs (:mod:`matching
.transport`), chosen by approximate prices; the exact prices of that market are held against every
scored pair, and pairs that would do better are added until none is left (column generation).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.coverage import Coverage, Eligible, IntArray, Mask, Pairs, cover, merged
from matching.prices import better, near_best
from matching.scored import STEPS, Scored, as_steps
from matching.smoothing import Sides, first_prices
from matching.transport import FloatArray, Market, State, solve

__all__ = ["STEPS", "Assignment", "Scored", "as_steps", "assign"]

# Pairs a seeker begins with.
_BEGIN = 16
# Scores are taken in so many grains, the last first, then exactly.
_GRAINS = (1000, 100)
# Share of better pairs found outside that makes another coarse round worth it.
_WORTH_A_ROUND = 0.05

Score = Callable[[IntArray, IntArray], NDArray[np.floating]]


@dataclass(frozen=True)
class Assignment:
    """Who goes where, and how good that is known to be.

    Attributes
    ----------
    at : ndarray of shape (n_seekers,)
        Opening of each seeker, -1 for none.
    steps : ndarray of shape (n_seekers,)
        Score of each placement in whole steps, 0 for none.
    coverage : Coverage
    bound_steps : float
        No plan as wide over the scored pairs has a higher total.
    """

    at: IntArray
    steps: FloatArray
    coverage: Coverage
    bound_steps: float


def _bound(
    scored: Scored, state: State, gain: FloatArray, sides: Sides
) -> tuple[float, IntArray, IntArray]:
    """Return what no plan can exceed, by weak duality, and the pairs better than those held."""
    most, rows, columns = better(scored, state.prices, gain)
    paid = np.where(sides.full, state.prices, np.maximum(state.prices, 0))
    return float(most.sum() + (sides.capacity * paid).sum()), rows, columns


def _held_and_near(near: Scored, state: State) -> Pairs:
    """Return the places held and the pairs near each seeker's best."""
    seated = np.flatnonzero(state.at >= 0)
    begin = near_best(near, state.prices, _BEGIN).pairs
    return merged(begin, seated, state.at[seated], len(state.prices))


def _best_within(
    scored: Scored, sides: Sides, start: IntArray, tolerance: float
) -> tuple[IntArray, float]:
    """Return the best places of seekers who each have a scored pair, and the proven bound.

    Scores are first taken in coarse grains: ties let many move in one phase, and the prices
    found are where finer grains begin (cost scaling).
    """
    capacity, optional, full = sides.capacity, sides.optional, sides.full
    m = len(capacity)
    span = max(float(np.ptp(scored.steps)), 1.0)
    prices, near = first_prices(scored, sides, span)
    state = State(start, prices)
    bound = np.inf
    grains = [1.0, *(g for g in np.rint(span / np.array(_GRAINS)).tolist() if g > 1)]
    grain = grains.pop()
    pairs = _held_and_near(near, state)
    while True:
        steps, _ = scored.lookup(pairs)
        market = Market(pairs, np.rint(steps / grain), capacity, full, optional)
        state, _ = solve(market, State(state.at, np.rint(state.prices / grain)))
        state.prices = state.prices * grain
        seated = np.flatnonzero(state.at >= 0)
        value = scored.lookup(Pairs(seated, state.at[seated]))[0]
        gain = np.zeros(len(optional))
        gain[seated] = value - state.prices[state.at[seated]]
        gain = np.where(optional, np.maximum(gain, 0), gain)
        proven, rows, columns = _bound(scored, state, gain, sides)
        bound = min(bound, proven)
        if bound - value.sum() <= tolerance * abs(bound):
            return state.at, bound
        more = merged(pairs, rows, columns, m)
        added = len(more.rows) - len(pairs.rows)
        # Within a grain scores are alike: only many better pairs are worth another round of it.
        if grain > 1 and added <= _WORTH_A_ROUND * len(pairs.rows):
            grain = grains.pop()
        elif not added:
            raise RuntimeError("the prices of the best plan do not prove it")
        pairs = more


def _with_pairs(scored: Scored, extra: Pairs, score: Score) -> Scored:
    """Return the scored pairs with others, scored now, unless they are among them already."""
    _, known = scored.lookup(extra)
    if known.all():
        return scored
    rows, columns = extra.rows[~known], extra.columns[~known]
    position = scored.starts[rows + 1]
    # Where a seeker's new pair belongs among the old ones.
    for i, (row, column) in enumerate(zip(rows, columns, strict=True)):
        mine = slice(scored.starts[row], scored.starts[row + 1])
        position[i] = mine.start + np.searchsorted(scored.columns[mine], column)
    added = np.bincount(rows, minlength=scored.n_seekers)
    return Scored(
        scored.starts + np.concatenate([[0], np.cumsum(added)]),
        np.insert(scored.columns, position, columns.astype(np.int32)),
        np.insert(scored.steps, position, as_steps(score(rows, columns))),
    )


def assign(
    scored: Scored,
    capacity: IntArray,
    eligible: Eligible,
    score: Score,
    *,
    first: Mask | None = None,
    tolerance: float = 0.0,
) -> Assignment:
    """Place as many seekers as can be, ``first`` before others, then for the highest total.

    Parameters
    ----------
    scored : Scored
        Eligible pairs with scores: all of them, or the best of each seeker.
    capacity : ndarray of shape (n_openings,)
    eligible : callable
        Rows of the mask of all eligible pairs: (rows,) -> bool (len(rows), n_openings).
    score : callable
        Scores of pairs that coverage needs and ``scored`` lacks: (rows, columns) -> (n_pairs,).
    first : ndarray of bool, shape (n_seekers,), optional
    tolerance : float, default=0
        Relative distance to the proven bound at which to stop; 0 goes on to the best plan over
        the scored pairs.

    Notes
    -----
    The time goes into a few dozen shortest-path phases, O(P log P) each, over P pairs: about
    8 a seeker and those that pricing adds.
    """
    n, m = scored.n_seekers, len(capacity)
    capacity = np.clip(capacity, 0, n)
    begin = near_best(scored, np.zeros(m), _BEGIN).pairs
    widest = cover(eligible, capacity, begin, n, first)
    needed = np.flatnonzero(widest.at >= 0)
    scored = _with_pairs(scored, Pairs(needed, widest.at[needed]), score)
    # Pairs across parts are in no widest plan; a seeker left without pairs stays out.
    own = np.repeat(widest.seeker_part, scored.sizes) == widest.opening_part[scored.columns]
    own &= (capacity > 0)[scored.columns]
    within = scored if own.all() else scored.only(own)
    someone = np.flatnonzero(np.diff(within.starts) > 0)
    starts = np.append(within.starts[someone], within.starts[-1])
    within = Scored(starts, within.columns, within.steps)
    optional = widest.seeker_part < 2
    if first is not None:
        optional &= ~(first & (widest.seeker_part == 1))
    at = np.full(n, -1, dtype=np.int64)
    bound = 0.0
    if len(someone):
        at[someone], bound = _best_within(
            within,
            Sides(capacity, optional[someone], widest.seeker_part[someone], widest.opening_part),
            widest.at[someone],
            tolerance,
        )
    placed = np.flatnonzero(at >= 0)
    steps = np.zeros(n)
    steps[placed] = scored.lookup(Pairs(placed, at[placed]))[0]
    return Assignment(at, steps, widest, bound)
