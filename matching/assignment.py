"""Assign a whole community from scored pairs: widest coverage, then the highest total score.

Coverage is settled first, on all eligible pairs (:mod:`matching.coverage`). It splits the problem
into parts that no widest plan connects, and says who must be placed and which openings filled, so
that no large weights are needed. The scores are then decided on few pairs (:mod:`matching
.transport`), chosen by approximate prices; the exact prices of that market are held against every
scored pair, and pairs that would do better are added until none is left (column generation).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.coverage import Coverage, Eligible, IntArray, Mask, Pairs, cover, merged
from matching.transport import FloatArray, Market, State, smooth_prices, solve

# Scores count in whole steps of this size, as they are told.
STEPS = 10**6
# Pairs a seeker begins with, and gets added at a time.
_BEGIN, _MORE = 8, 4
# Temperatures in spans of the scores, steps, and pairs a seeker of the smoothed problems.
_COOLING = ((0.5, 0.1, 10, 2**30), (0.1, 0.03, 10, 64), (0.03, 0.005, 15, 24))
# Scores are taken in so many grains, the last first, then exactly.
_GRAINS = (1000, 100)
# Share of better pairs found outside that makes another coarse round worth it.
_WORTH_A_ROUND = 0.05
# Pairs that rough prices are drawn from.
_SAMPLE = 2**20
# Pairs looked at together.
_CHUNK = 2**20

Score = Callable[[IntArray, IntArray], NDArray[np.floating]]


@dataclass(frozen=True)
class Scored:
    """Scored eligible pairs, seeker by seeker, columns rising.

    Parameters
    ----------
    starts : ndarray of shape (n_seekers + 1,)
    columns : ndarray of int32, shape (n_pairs,)
    steps : ndarray of float64, shape (n_pairs,)
        Scores in whole steps.
    """

    starts: IntArray
    columns: NDArray[np.int32]
    steps: FloatArray

    @property
    def n_seekers(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> IntArray:
        return np.repeat(np.arange(self.n_seekers), np.diff(self.starts))

    def chunks(self) -> Iterator[tuple[int, int, slice]]:
        """Yield first and last seeker of runs of about ``_CHUNK`` pairs, with their pairs."""
        first = 0
        while first < self.n_seekers:
            end = np.searchsorted(self.starts, self.starts[first] + _CHUNK, side="right") - 1
            last = max(first + 1, int(end))
            yield first, last, slice(int(self.starts[first]), int(self.starts[last]))
            first = last

    def lookup(self, pairs: Pairs, n_openings: int) -> tuple[FloatArray, Mask]:
        """Return the steps of pairs (0 where not scored), and which are scored."""
        if not len(self.columns):
            return np.zeros(len(pairs.rows)), np.zeros(len(pairs.rows), dtype=np.bool_)
        at = np.empty(len(pairs.rows), dtype=np.int64)
        bounds = np.searchsorted(pairs.rows, np.arange(self.n_seekers + 1))
        for first, last, which in self.chunks():
            mine = slice(bounds[first], bounds[last])
            keys = self._keys(first, last, which, n_openings)
            wanted = (pairs.rows[mine] - first) * n_openings + pairs.columns[mine]
            at[mine] = which.start + np.searchsorted(keys, wanted)
        at = np.minimum(at, len(self.columns) - 1)
        known = (self.columns[at] == pairs.columns) & (at >= self.starts[pairs.rows])
        known &= at < self.starts[pairs.rows + 1]
        return np.where(known, self.steps[at], 0.0), known

    def _keys(self, first: int, last: int, which: slice, n_openings: int) -> IntArray:
        rows = np.repeat(np.arange(last - first), np.diff(self.starts[first : last + 1]))
        return rows * n_openings + self.columns[which]

    def only(self, kept: Mask) -> "Scored":
        """Return the pairs kept."""
        ends = np.concatenate([[0], np.cumsum(kept)])
        return Scored(ends[self.starts], self.columns[kept], self.steps[kept])


def as_steps(scores: NDArray[np.floating]) -> FloatArray:
    """Return scores as whole steps; NaN and infinity are refused with a ValueError."""
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    return np.rint(scores.astype(np.float64) * STEPS)


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


def _near_best(scored: Scored, prices: FloatArray, each: int) -> Pairs:
    """Return about ``each`` pairs a seeker on average, those nearest to their best at the prices.

    The best itself is always among them. Ties are broken at random but always alike, so that
    seekers who like the same openings equally do not all get the same few.
    """
    noise = np.random.default_rng(0)
    spread = max(1.0, 0.02 * float(np.ptp(scored.steps))) if len(scored.steps) else 1.0
    found: list[tuple[IntArray, IntArray]] = []
    for first, last, which in scored.chunks():
        sizes = np.diff(scored.starts[first : last + 1])
        if which.start == which.stop:
            continue
        gain = scored.steps[which] - prices[scored.columns[which]]
        gain += noise.random(len(gain), dtype=np.float32) * spread
        has = sizes > 0
        begins = (scored.starts[first:last] - which.start)[has]
        slack = np.repeat(np.maximum.reduceat(gain, begins), sizes[has]) - gain
        count = each * int(has.sum())
        if count < len(slack):
            near = np.flatnonzero(slack <= np.partition(slack, count)[count])
        else:
            near = np.arange(len(slack))
        owners = np.repeat(np.arange(first, last), sizes)
        found.append((owners[near], scored.columns[which][near].astype(np.int64)))
    if not found:
        return Pairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    rows, columns = (np.concatenate(part) for part in zip(*found, strict=True))
    return Pairs(rows, columns)


def _better(
    scored: Scored, prices: FloatArray, worth: FloatArray
) -> tuple[FloatArray, IntArray, IntArray]:
    """Hold prices against all scored pairs.

    Returns what each seeker could gain at most, and the pairs that gain more than ``worth``, at
    most ``_MORE`` a seeker.
    """
    most = np.array(worth)
    rows: list[IntArray] = []
    columns: list[IntArray] = []
    for first, last, which in scored.chunks():
        owners = np.repeat(np.arange(first, last), np.diff(scored.starts[first : last + 1]))
        more = scored.steps[which] - prices[scored.columns[which]] - worth[owners]
        over = np.flatnonzero(more > 0)
        if not len(over):
            continue
        order = over[np.lexsort((-more[over], owners[over]))]
        who = owners[order]
        rank = np.arange(len(who)) - np.searchsorted(who, who)
        most[who[rank == 0]] += more[order[rank == 0]]
        rows.append(who[rank < _MORE])
        columns.append(scored.columns[which][order[rank < _MORE]].astype(np.int64))
    if not rows:
        return most, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return most, np.concatenate(rows), np.concatenate(columns)


def _some(scored: Scored, share: int) -> tuple[Scored, IntArray]:
    """Return one seeker in ``share``, drawn always alike, and who they are."""
    if share <= 1:
        return scored, np.arange(scored.n_seekers)
    drawn = np.sort(np.random.default_rng(0).permutation(scored.n_seekers)[::share])
    which = np.concatenate([np.arange(scored.starts[i], scored.starts[i + 1]) for i in drawn])
    sizes = np.diff(scored.starts)[drawn]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return Scored(starts, scored.columns[which], scored.steps[which]), drawn


def _first_prices(
    scored: Scored, capacity: IntArray, full: Mask, optional: Mask, span: float
) -> FloatArray:
    """Return rough prices: first from the wide choice of few seekers, then from the best of many.

    While little is known of the prices any pair may matter, and few pairs of everybody would
    mislead; later only pairs near the best do.
    """
    prices = np.zeros(len(capacity))
    for hot, cold, count, each in _COOLING:
        width = min(each, max(1, -(-len(scored.columns) // scored.n_seekers)))
        share = max(1, width * scored.n_seekers // _SAMPLE)
        sample, drawn = _some(scored, share)
        pairs = _near_best(sample, prices, each)
        steps, _ = sample.lookup(pairs, len(capacity))
        room: FloatArray = capacity.astype(np.float64) * (len(drawn) / scored.n_seekers)
        market = Market(pairs, steps, room, full, optional[drawn])
        prices = smooth_prices(market, prices, span * np.geomspace(hot, cold, count))
    return prices


def _bound(
    scored: Scored,
    state: State,
    gain: FloatArray,
    capacity: IntArray,
    full: Mask,
) -> tuple[float, IntArray, IntArray]:
    """Return what no plan can exceed, by weak duality, and the pairs better than those held."""
    most, rows, columns = _better(scored, state.prices, gain)
    paid = np.where(full, state.prices, np.maximum(state.prices, 0))
    return float(most.sum() + (capacity * paid).sum()), rows, columns


def _held_and_near(scored: Scored, state: State, n_openings: int) -> Pairs:
    """Return the places held and the pairs near each seeker's best."""
    near = _near_best(scored, state.prices, _BEGIN)
    seated = np.flatnonzero(state.at >= 0)
    return merged(near, seated, state.at[seated], n_openings)


def _best_within(
    scored: Scored,
    capacity: IntArray,
    full: Mask,
    optional: Mask,
    start: IntArray,
    tolerance: float,
) -> tuple[IntArray, float]:
    """Return the best places of seekers who each have a scored pair, and the proven bound.

    Scores are first taken in coarse grains: ties let many move in one phase, and the prices
    found are where finer grains begin (cost scaling).
    """
    m = len(capacity)
    span = max(float(np.ptp(scored.steps)), 1.0)
    state = State(start, _first_prices(scored, capacity, full, optional, span))
    bound = np.inf
    grains = [1.0, *(g for g in np.rint(span / np.array(_GRAINS)).tolist() if g > 1)]
    grain = grains.pop()
    pairs = _held_and_near(scored, state, m)
    while True:
        steps, _ = scored.lookup(pairs, m)
        market = Market(pairs, np.rint(steps / grain), capacity, full, optional)
        state, _ = solve(market, State(state.at, np.rint(state.prices / grain)))
        state.prices = state.prices * grain
        seated = np.flatnonzero(state.at >= 0)
        value = scored.lookup(Pairs(seated, state.at[seated]), m)[0]
        gain = np.zeros(len(optional))
        gain[seated] = value - state.prices[state.at[seated]]
        gain = np.where(optional, np.maximum(gain, 0), gain)
        proven, rows, columns = _bound(scored, state, gain, capacity, full)
        bound = min(bound, proven)
        if bound - value.sum() <= tolerance * abs(bound):
            return state.at, bound
        more = merged(pairs, rows, columns, m)
        added = len(more.rows) - len(pairs.rows)
        # Within a grain scores are alike: only many better pairs are worth another round of it.
        if grain > 1 and added <= _WORTH_A_ROUND * len(pairs.rows):
            grain = grains.pop()
            more = merged(more, *_held_and_near(scored, state, m), m)
        elif not added:
            raise RuntimeError("the prices of the best plan do not prove it")
        pairs = more


def _with_pairs(scored: Scored, extra: Pairs, score: Score, n_openings: int) -> Scored:
    """Return the scored pairs with others, scored now, unless they are among them already."""
    _, known = scored.lookup(extra, n_openings)
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
    begin = _near_best(scored, np.zeros(m), _BEGIN)
    widest = cover(eligible, capacity, begin, n, first)
    needed = np.flatnonzero(widest.at >= 0)
    scored = _with_pairs(scored, Pairs(needed, widest.at[needed]), score, m)
    # Pairs across parts are in no widest plan; a seeker left without pairs stays out.
    own = widest.seeker_part[scored.rows] == widest.opening_part[scored.columns]
    within = scored.only(own)
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
            capacity,
            widest.opening_part < 2,
            optional[someone],
            widest.at[someone],
            tolerance,
        )
    placed = np.flatnonzero(at >= 0)
    steps = np.zeros(n)
    steps[placed] = scored.lookup(Pairs(placed, at[placed]), m)[0]
    return Assignment(at, steps, widest, bound)
