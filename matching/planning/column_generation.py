"""Column generation: select pairs by their reduced cost at given prices of openings.

Approximate prices select the few pairs to solve on; the exact prices of that solution are checked
against all scored pairs for ones that improve it.
"""

import numpy as np

from matching.planning.scored_pairs import CHUNK, ScoredPairs
from matching.utils.array_types import FloatArray

# Pairs added for a seeker at a time.
_MAX_ADDED = 4


def near_optimal_pairs(scored: ScoredPairs, prices: FloatArray, each: int) -> ScoredPairs:
    """Return about ``each`` pairs a seeker on average, those with the least reduced cost.

    Every seeker's best pair is among them. Ties are broken by reproducible noise, so that seekers
    with equal scores do not all get the same few openings.
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
    """Return the best gain of each seeker at the prices, and the pairs that improve on ``worth``.

    Parameters
    ----------
    scored : ScoredPairs
    prices : ndarray of shape (n_openings,)
    worth : ndarray of shape (n_seekers,)
        Each seeker's present gain: score less price.

    Returns
    -------
    gain : ndarray of shape (n_seekers,)
    pairs : ScoredPairs
        At most ``_MAX_ADDED`` a seeker.
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
