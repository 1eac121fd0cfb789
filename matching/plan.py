"""Assign a whole community at once: as many people as possible, then the best total score.

A community of one estate is one assignment problem, solved as a whole by the Hungarian method
with a prize for each person covered that outweighs all scores together. A larger one would not
fit in memory that way. There, coverage comes first, exactly: people are covered one after
another along augmenting paths (Kuhn 1955), those of the group that goes first before all
others. Nobody covered is ever uncovered by a later
path, and the sets of people that can be covered together form a matroid, so putting a group
first costs the community no place. Then a linear programme over the same openings finds the
greatest total score among all plans of that coverage. Its matrix is totally unimodular (rows
form a laminar family), so its corners are whole assignments. Pairs enter it by column
generation: few at first, and more only while one could still raise the total.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog

from matching.catalogue import IntArray
from matching.eligibility import EligibilityIndex
from matching.explain import reasons
from matching.features import Block
from matching.ranking import DECIMALS, PriorRanker, Ranker, in_order
from matching.records import Note, Opening, Seeker
from matching.retrieval import Retriever

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]

# Pairs of each seeker that the programme starts with, and gains at most in each round.
FIRST_PAIRS = 8
MORE_PAIRS = 8
BLOCK_SIZE = 128
# Seekers times places up to which the whole problem is solved at once (8 bytes each).
SMALL = 20_000_000
# A pair that promises less than this more is no better: scores have six decimals.
_TOLERANCE = 1e-8


class Assignment(NamedTuple):
    """What the plan gives one seeker; no opening when there is none left or allowed."""

    seeker: str
    opening: str | None
    score: float | None
    reasons: list[Note]


def cover(eligible: Mask, capacity: IntArray, order: Sequence[int]) -> IntArray:
    """Give as many seekers as possible a place, earlier ones in ``order`` first.

    Parameters
    ----------
    eligible : ndarray of bool of shape (n_seekers, n_openings)
    capacity : ndarray of int of shape (n_openings,)
    order : sequence of int
        Every seeker once.

    Returns
    -------
    ndarray of int of shape (n_seekers,)
        The opening of each seeker, -1 for none.
    """
    given = np.full(len(eligible), -1, dtype=np.int64)
    left = np.maximum(capacity, 0).astype(np.int64)
    holders: list[set[int]] = [set() for _ in left]
    # Openings no path can free any more: a search that failed has seen all that could change.
    alive = left > 0
    for seeker in order:
        came_from: dict[int, int] = {}
        unseen = alive.copy()
        waiting = deque([seeker])
        end = -1
        while waiting and end < 0:
            asking = waiting.popleft()
            for opening in np.flatnonzero(eligible[asking] & unseen).tolist():
                unseen[opening] = False
                came_from[opening] = asking
                if left[opening] > 0:
                    end = opening
                    break
                waiting.extend(sorted(holders[opening]))
        if end < 0:
            alive = unseen
            continue
        left[end] -= 1
        while end >= 0:
            mover = came_from[end]
            before = int(given[mover])
            given[mover] = end
            holders[end].add(mover)
            if before >= 0:
                holders[before].discard(mover)
            end = before
    return given


def assign(eligible: Mask, scores: Scores, capacity: IntArray, first: Mask) -> IntArray:
    """Return the best plan: coverage of ``first``, then of all, then the total score.

    Parameters
    ----------
    eligible : ndarray of bool of shape (n_seekers, n_openings)
    scores : ndarray of float of shape (n_seekers, n_openings)
        Read where eligible.
    capacity : ndarray of int of shape (n_openings,)
    first : ndarray of bool of shape (n_seekers,)
        Those whose coverage goes ahead.

    Returns
    -------
    ndarray of int of shape (n_seekers,)
        The opening of each seeker, -1 for none.
    """
    places = np.clip(capacity, 0, eligible.sum(axis=0))
    if len(eligible) * places.sum() <= SMALL:
        return _assign_at_once(eligible, scores, places, first)
    order = np.argsort(~first, kind="stable").tolist()
    given = cover(eligible, capacity, order)
    covered = given >= 0
    if not covered.any():
        return given
    worth = np.where(eligible & (capacity > 0), scores, -np.inf)
    chosen = np.zeros_like(eligible)
    chosen[np.flatnonzero(covered), given[covered]] = True
    _add_best(chosen, worth, FIRST_PAIRS)
    goals = np.array([covered.sum(), (covered & first).sum()], dtype=np.float64)
    while True:
        rows, columns = np.nonzero(chosen)
        found, prices = _solve(rows, columns, worth, capacity, first, goals)
        seeker_price, opening_price, all_price, first_price = prices
        gain = worth - seeker_price[:, None] - opening_price - all_price
        gain -= first_price * first[:, None]
        gain[chosen] = -np.inf
        if gain.max(initial=-np.inf) <= _TOLERANCE:
            break
        _add_best(chosen, np.where(gain > _TOLERANCE, gain, -np.inf), MORE_PAIRS)
    given = np.full(len(eligible), -1, dtype=np.int64)
    given[rows[found]] = columns[found]
    return given


def _assign_at_once(eligible: Mask, scores: Scores, places: IntArray, first: Mask) -> IntArray:
    """Return the best plan by the Hungarian method, each place of an opening a column."""
    given = np.full(len(eligible), -1, dtype=np.int64)
    columns = np.repeat(np.arange(len(places)), places)
    known = np.where(eligible, scores, 0)
    # Covering one more outweighs whatever the scores of all the others could lose by it.
    prize = len(eligible) * (known.max() - known.min()) + 1
    worth = known - known.min() + prize * (1 + first[:, None])
    rows, taken = linear_sum_assignment(np.where(eligible, worth, 0)[:, columns], maximize=True)
    kept = eligible[rows, columns[taken]]
    given[rows[kept]] = columns[taken[kept]]
    return given


def _add_best(chosen: Mask, worth: Scores, size: int) -> None:
    """Mark the ``size`` worthiest pairs of each seeker that are worth anything at all."""
    size = min(size, worth.shape[1])
    best = np.argsort(-worth, axis=1, kind="stable")[:, :size]
    rows = np.repeat(np.arange(len(worth)), size)
    possible = np.isfinite(worth[rows, best.ravel()])
    chosen[rows[possible], best.ravel()[possible]] = True


def _solve(
    rows: IntArray,
    columns: IntArray,
    worth: Scores,
    capacity: IntArray,
    first: Mask,
    goals: Scores,
) -> tuple[Mask, tuple[Scores, Scores, float, float]]:
    """Solve the programme over some pairs; return those taken and the price of each limit."""
    pairs = np.arange(len(rows))
    ones = np.ones(len(rows))
    n_seekers = len(worth)
    limits = sparse.csr_array(
        (
            np.concatenate([ones, ones]),
            (np.concatenate([rows, n_seekers + columns]), np.concatenate([pairs, pairs])),
        ),
        shape=(n_seekers + len(capacity), len(rows)),
    )
    upper = np.concatenate([np.ones(n_seekers), np.maximum(capacity, 0)])
    totals = sparse.csr_array(np.vstack([ones, first[rows].astype(np.float64)]))
    # Its type stubs do not know that it takes sparse matrices.
    solve: Any = linprog
    solved = solve(
        -worth[rows, columns],
        A_ub=limits,
        b_ub=upper,
        A_eq=totals,
        b_eq=goals,
        bounds=(0, 1),
        # The simplex method ends in a corner, which is a whole assignment.
        method="highs-ds",
    )
    if not solved.success:
        raise RuntimeError(f"the plan could not be solved: {solved.message}")
    price = -solved.ineqlin.marginals
    of_all, of_first = (-solved.eqlin.marginals).tolist()
    return solved.x > 0.5, (price[:n_seekers], price[n_seekers:], of_all, of_first)


def plan_community(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    *,
    first: str | None = None,
    ranker: Ranker | None = None,
) -> list[Assignment]:
    """Plan a community; one assignment a seeker, in the order of ``seekers``.

    No pair breaks a hard rule, no opening is given out beyond its capacity.

    Parameters
    ----------
    seekers : sequence of Seeker
    openings : sequence of Opening
        Their order does not matter.
    first : str, optional
        A word of ``Seeker.priority``: as many as possible of those who have it come first.
    ranker : Ranker, optional
        By default the prior.
    """
    if not seekers or not openings:
        return [Assignment(seeker.id, None, None, []) for seeker in seekers]
    chosen = ranker or PriorRanker()
    listed = in_order(openings)
    eligible = EligibilityIndex(listed).eligible_block(seekers)
    scores = _all_scores(seekers, Retriever(listed, chosen.space), chosen, eligible)
    capacity = np.array([opening.capacity for opening in listed], dtype=np.int64)
    ahead = np.array([first is not None and first in seeker.priority for seeker in seekers])
    given = assign(eligible, scores, capacity, ahead)
    return [
        Assignment(seeker.id, None, None, [])
        if column < 0
        else Assignment(
            seeker.id,
            listed[column].id,
            float(scores[row, column]),
            reasons(seeker, listed[column]),
        )
        for row, (seeker, column) in enumerate(zip(seekers, given.tolist(), strict=True))
    ]


def _all_scores(
    seekers: Sequence[Seeker], retriever: Retriever, ranker: Ranker, eligible: Mask
) -> Scores:
    scores = np.zeros(eligible.shape)
    for start in range(0, len(seekers), BLOCK_SIZE):
        block = Block(seekers[start : start + BLOCK_SIZE], retriever.catalogue)
        rows, columns = np.nonzero(eligible[start : start + BLOCK_SIZE])
        if len(rows):
            found = ranker.score(block, rows, columns)
            scores[start + rows, columns] = np.round(found.astype(np.float64), DECIMALS)
    return scores
