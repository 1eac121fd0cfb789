"""Prices of openings and the pairs they point to: where an assignment begins and how it grows.

Approximate prices choose the few pairs that matter; the exact prices of those are held against all
scored pairs, and the pairs that would do better are found (column generation).
"""

import numpy as np

from matching.coverage import IntArray, Mask, Pairs
from matching.scored import CHUNK, Scored
from matching.transport import FloatArray, Market, smooth_prices

# Pairs a seeker gets added at a time.
_MORE = 4
# Temperatures in spans of the scores, steps, and pairs a seeker of the smoothed problems.
_COOLING = ((0.5, 0.1, 10, 2**30), (0.1, 0.03, 10, 64), (0.03, 0.005, 15, 24))


def near_best(scored: Scored, prices: FloatArray, each: int) -> Pairs:
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


def better(
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


def first_prices(
    scored: Scored, capacity: IntArray, full: Mask, optional: Mask, span: float
) -> FloatArray:
    """Return rough prices: first from the wide choice of few seekers, then from the best of many.

    While little is known of the prices any pair may matter, and few pairs of everybody would
    mislead; later only pairs near the best do.
    """
    prices = np.zeros(len(capacity))
    for hot, cold, count, each in _COOLING:
        width = min(each, max(1, -(-len(scored.columns) // scored.n_seekers)))
        share = max(1, width * scored.n_seekers // CHUNK)
        sample, drawn = _some(scored, share)
        pairs = near_best(sample, prices, each)
        steps, _ = sample.lookup(pairs, len(capacity))
        room: FloatArray = capacity.astype(np.float64) * (len(drawn) / scored.n_seekers)
        market = Market(pairs, steps, room, full, optional[drawn])
        prices = smooth_prices(market, prices, span * np.geomspace(hot, cold, count))
    return prices
