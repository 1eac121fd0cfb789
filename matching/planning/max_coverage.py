"""Maximum coverage: place as many seekers as possible, a group first, with a proof of optimality.

A matching of seekers to openings under capacity is grown along augmenting paths over few pairs.
The seekers left out, and all who can be reached from them on alternating paths, only have full
openings. If no eligible pair leads out of this set, it is a minimum cut and no more seekers can be
placed (König). Otherwise the pairs that lead out are added and the matching grows on.

Placing a group first does not reduce coverage: augmenting keeps every placed seeker placed (the
sets of seekers that can be covered are the independent sets of a transversal matroid).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from matching.utils.array_types import BoolArray, Int8Array, IntArray

# Which of some openings each of some seekers may take: bool (len(rows), len(columns)).
Eligible = Callable[[IntArray, IntArray], BoolArray]

# Seekers checked together.
BLOCK_SIZE = 512
# Openings with room that are tried before all others, and pairs added for a seeker at a time.
_DIRECT_OPENINGS = 256
_MAX_ADDED = 4
# The part of seekers and openings without shortage.
UNCONTESTED = 2


class Pairs(NamedTuple):
    """Pairs of seekers and openings, sorted by row, then column; each once."""

    rows: IntArray
    columns: IntArray


@dataclass(frozen=True)
class Coverage:
    """A maximum matching.

    Attributes
    ----------
    at : ndarray of shape (n_seekers,)
        Opening of each seeker, -1 for none.
    pairs : Pairs
        The eligible pairs it was found on.
    placed, bound : int
        Seekers placed, and the cut as an upper bound; equal when ``placed`` is maximal.
    group_placed, group_bound : int
        The same within the group that goes first; 0 without one.
    seeker_part, opening_part : ndarray of shape (n_seekers,), (n_openings,)
        0 for the shortage within the group, 1 for that among all, 2 elsewhere. No maximum
        matching has a pair across parts; in 0 and 1 all openings are full, in 2 every seeker
        is placed.
    """

    at: IntArray
    pairs: Pairs
    placed: int
    bound: int
    group_placed: int
    group_bound: int
    seeker_part: Int8Array
    opening_part: Int8Array


def merge_pairs(pairs: Pairs, rows: IntArray, columns: IntArray, n_openings: int) -> Pairs:
    """Return the pairs with others added."""
    width = max(n_openings, 1)
    keys = np.concatenate([pairs.rows * width + pairs.columns, rows * width + columns])
    keys.sort()
    # Quicker than np.unique on keys that are nearly sorted.
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return Pairs(keys // width, keys % width)


def _augment(pairs: Pairs, capacity: IntArray, at: IntArray, who: BoolArray) -> IntArray:
    """Return the matching augmented as far as the pairs allow; placed seekers stay placed."""
    n, m = len(at), len(capacity)
    source, sink = n + m, n + m + 1
    held = at[pairs.rows] == pairs.columns
    placed = np.flatnonzero(at >= 0)
    waiting = np.flatnonzero((at < 0) & who)
    left = capacity - np.bincount(at[placed], minlength=m)
    roomy = np.flatnonzero(left > 0)
    useful = ~held & (who | (at >= 0))[pairs.rows]
    tail = [pairs.rows[useful], n + at[placed], np.full(len(waiting), source), n + roomy]
    head = [n + pairs.columns[useful], placed, waiting, np.full(len(roomy), sink)]
    room = np.concatenate([np.ones(sum(map(len, tail[:3])), dtype=np.int64), left[roomy]])
    graph = sparse.csr_array(
        (room.astype(np.int32), (np.concatenate(tail), np.concatenate(head))),
        shape=(n + m + 2, n + m + 2),
    )
    flow = csgraph.maximum_flow(graph, source, sink).flow.tocoo()
    taken = (flow.data > 0) & (flow.row < n) & (flow.col >= n) & (flow.col < source)
    grown = at.copy()
    grown[flow.row[taken]] = flow.col[taken] - n
    return grown


def _reachable(
    pairs: Pairs, at: IntArray, n_openings: int, waiting: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Return the seekers and openings on alternating paths from waiting seekers."""
    n, m = len(at), n_openings
    free = at[pairs.rows] != pairs.columns
    placed = np.flatnonzero(at >= 0)
    start = np.flatnonzero(waiting)
    tail = np.concatenate([pairs.rows[free], n + at[placed], np.full(len(start), n + m)])
    head = np.concatenate([n + pairs.columns[free], placed, start])
    graph = sparse.csr_array(
        (np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(n + m + 1, n + m + 1)
    )
    seen = np.zeros(n + m + 1, dtype=np.bool_)
    seen[csgraph.breadth_first_order(graph, n + m, return_predecessors=False)] = True
    return seen[:n], seen[n : n + m]


def _sample_row(mask: BoolArray, turn: int) -> tuple[IntArray, IntArray]:
    """Return the positions of true values, at most ``_MAX_ADDED`` a row, evenly spaced."""
    sizes = mask.sum(axis=1)
    who = np.flatnonzero(sizes)
    sizes = sizes[who]
    begins = np.cumsum(sizes) - sizes
    start = ((who + turn) * 7919 % sizes)[:, None]
    apart = np.maximum(1, sizes // _MAX_ADDED)[:, None] * np.arange(_MAX_ADDED)
    kept = np.arange(_MAX_ADDED) < sizes[:, None]
    at = (begins[:, None] + (start + apart) % sizes[:, None])[kept]
    return np.repeat(who, np.minimum(sizes, _MAX_ADDED)), (np.flatnonzero(mask) % mask.shape[1])[at]


def _augmenting_pairs(
    eligible: Eligible, rows: IntArray, closed: BoolArray, roomy: BoolArray
) -> Pairs:
    """Return a few eligible pairs of each seeker with openings that are not closed, unsorted.

    Openings with room come first; while many have room, a few of them, other ones for each block
    of seekers, are enough for nearly everybody.
    """
    out = np.random.default_rng(0).permutation(np.flatnonzero(~closed))
    direct = out[roomy[out]]
    found = [(np.zeros(0, dtype=np.int64),) * 2]
    for first in range(0, len(rows), BLOCK_SIZE):
        some = rows[first : first + BLOCK_SIZE]
        few = (
            np.take(direct, np.arange(first, first + _DIRECT_OPENINGS), mode="wrap")
            if len(direct)
            else out
        )
        for columns in (few, direct, out):
            if len(columns) and len(some):
                mask = eligible(some, columns)
                who, which = _sample_row(mask, first)
                found.append((some[who], columns[which]))
                some = some[~mask.any(axis=1)]
    return Pairs(*(np.concatenate(part) for part in zip(*found, strict=True)))


def maximum_coverage(
    eligible: Eligible,
    capacity: IntArray,
    pairs: Pairs,
    n_seekers: int,
    first: BoolArray | None = None,
) -> Coverage:
    """Place as many seekers as possible, those of ``first`` before others.

    Parameters
    ----------
    eligible : callable
        Some rows and columns of the mask of eligible pairs.
    capacity : ndarray of shape (n_openings,)
        Places, 0 or more.
    pairs : Pairs
        Eligible pairs to begin with; the better they are spread, the fewer rounds.
    n_seekers : int
    first : ndarray of shape (n_seekers,), optional

    Notes
    -----
    Each round is one maximum flow (Dinic) over the pairs so far, O(sqrt(V) E) on such graphs,
    and one check of the rows of reachable seekers: memory is bounded by the pairs and
    ``BLOCK_SIZE`` rows.
    """
    m = len(capacity)
    at = np.full(n_seekers, -1, dtype=np.int64)
    everyone = np.ones(n_seekers, dtype=np.bool_)
    bounds = [0, 0]
    seeker_part = np.full(n_seekers, UNCONTESTED, dtype=np.int8)
    opening_part = np.full(m, UNCONTESTED, dtype=np.int8)
    stages = [(0, first), (1, everyone)] if first is not None and first.any() else [(1, everyone)]
    for part, who in stages:
        while True:
            at = _augment(pairs, capacity, at, who)
            waiting = (at < 0) & who
            seekers, openings = _reachable(pairs, at, m, waiting)
            roomy = np.bincount(at[at >= 0], minlength=m) < capacity
            closed = openings | (capacity == 0)
            out = _augmenting_pairs(eligible, np.flatnonzero(seekers), closed, roomy)
            if not len(out.rows):
                break
            pairs = merge_pairs(pairs, *out, m)
        bounds[part] = int((who & ~seekers).sum() + capacity[openings].sum())
        seeker_part[seekers & (seeker_part == UNCONTESTED)] = part
        opening_part[openings & (opening_part == UNCONTESTED)] = part
    return Coverage(
        at=at,
        pairs=pairs,
        placed=int((at >= 0).sum()),
        bound=bounds[1],
        group_placed=0 if first is None else int((at[first] >= 0).sum()),
        group_bound=bounds[0],
        seeker_part=seeker_part,
        opening_part=opening_part,
    )
