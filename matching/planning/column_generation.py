"""What prices of openings point to: the pairs near each seeker's best, and those that do better.

Approximate prices choose the few pairs that matter; the exact prices of those are held against all
scored pairs, and the pairs that would do better are found (column generation).
"""

import numpy as np

from matching.planning.scored_pairs import CHUNK, ScoredPairs
from matching.utils.array_types import FloatArray

# Pairs a seeker gets added at a time.
_MAX_ADDED = 4


def near_optimal_pairs(scored: ScoredPairs, prices: FloatArray, each: int) -> ScoredPairs:
    """Return about ``each`` pairs a seeker on average, those nearest to their best at the prices.

    The best itself is always among them. Ties are broken at random but always alike, so that
    seekers who like the same openings equally do not all get the same few.
    """
    if len(scored.columns) <= each * scored.n_seekers:
        return scored
    noise = np.random.default_rng(0).random(CHUNK)
    found = []
    for first, last, which in scored.chunks():
        sizes = scored.sizes[first:last]
        has = sizes > 0
        count = each * int(has.sum())
        if count >= which.stop - which.start:
            found.append(np.arange(which.start, which.stop))
            continue
        gain = scored.steps[which] - prices[scored.columns[which]]
        gain += np.resize(noise, len(gain))
        begins = (scored.starts[first:last] - which.start)[has]
        slack = np.repeat(np.maximum.reduceat(gain, begins), sizes[has]) - gain
        found.append(np.flatnonzero(slack <= np.partition(slack, count)[count]) + which.start)
    return scored.at(np.concatenate(found))


def improving_pairs(
    scored: ScoredPairs, prices: FloatArray, worth: FloatArray
) -> tuple[FloatArray, ScoredPairs]:
    """Hold prices against all scored pairs.

    Returns what each seeker could gain at most, and the pairs that gain more than ``worth``, at
    most ``_MAX_ADDED`` a seeker.
    """
    most = np.array(worth)
    found = [np.zeros(0, dtype=np.int64)]
    for first, last, which in scored.chunks():
        more = scored.steps[which] - prices[scored.columns[which]]
        more -= np.repeat(worth[first:last], scored.sizes[first:last])
        over = np.flatnonzero(more > 0)
        if not len(over):
            continue
        owners = np.searchsorted(scored.starts, over + which.start, side="right") - 1
        order = np.lexsort((-more[over], owners))
        who, over = owners[order], over[order]
        rank = np.arange(len(who)) - np.searchsorted(who, who)
        most[who[rank == 0]] += more[over[rank == 0]]
        found.append(np.sort(over[rank < _MAX_ADDED]) + which.start)
    return most, scored.at(np.concatenate(found))
