"""Exact solution of the transportation problem: the assignment with the highest total score.

Successive shortest paths with potentials (Ahuja, Magnanti and Orlin, *Network Flows*, 9.7–9.8),
many paths a phase: Dijkstra's distances make arcs tight, and a maximum flow over the tight arcs
augments along all of them. Approximate prices as a start leave few phases. Scores are integers,
which float64 adds without rounding: the solution is exact, and its prices prove it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from matching.planning.max_coverage import UNCONTESTED, Pairs
from matching.utils.array_types import BoolArray, FloatArray, Int8Array, IntArray


@dataclass(frozen=True)
class PlanConstraints:
    """Who must be placed and which openings filled, as maximum coverage requires.

    Parameters
    ----------
    capacity : ndarray of shape (n_openings,)
    optional : ndarray of bool, shape (n_seekers,)
        Seekers who may be left out; all others must be placed.
    seeker_part, opening_part : ndarray of int8, shape (n_seekers,), (n_openings,)
        As of :class:`matching.planning.max_coverage.Coverage`.
    """

    capacity: IntArray
    optional: BoolArray
    seeker_part: Int8Array
    opening_part: Int8Array

    @property
    def full(self) -> BoolArray:
        """Openings that must be filled."""
        return self.opening_part < UNCONTESTED

    @cached_property
    def left(self) -> FloatArray:
        """Number of seekers left out of each part."""
        seekers = np.bincount(self.seeker_part, minlength=UNCONTESTED + 1).astype(np.float64)
        left: FloatArray = seekers - np.bincount(self.opening_part, self.capacity, UNCONTESTED + 1)
        left[UNCONTESTED] = 0
        return left


@dataclass(frozen=True)
class TransportProblem:
    """A transportation problem over the pairs listed; every seeker has at least one.

    Parameters
    ----------
    pairs : Pairs
        Sorted by row; ``scores`` are theirs, whole numbers in float64.
    scores : ndarray of shape (n_pairs,)
    sides : Sides
    """

    pairs: Pairs
    scores: FloatArray
    sides: PlanConstraints

    @cached_property
    def starts(self) -> IntArray:
        """First pair of each seeker, and the number of pairs; shape (n_seekers + 1,)."""
        return np.searchsorted(self.pairs.rows, np.arange(len(self.sides.optional) + 1))

    def worth(self, prices: FloatArray) -> FloatArray:
        """Return what each seeker gains at the prices, shape (n_seekers,)."""
        gain = np.maximum.reduceat(self.scores - prices[self.pairs.columns], self.starts[:-1])
        return np.where(self.sides.optional, np.maximum(gain, 0), gain)


@dataclass
class State:
    """An assignment (opening of each seeker, -1 for none) and the dual prices of openings."""

    at: IntArray
    prices: FloatArray


class TransportSolver:
    """Solves one transportation problem, phase by phase.

    Nodes are seekers 0…n-1, openings n…n+m-1 and the ground, the sink of taken places and of
    seekers left out. One unit flows from each seeker to the ground.
    """

    def __init__(self, market: TransportProblem, state: State) -> None:
        self.market, self.sides = market, market.sides
        rows, columns = market.pairs
        n, m = len(self.sides.optional), len(self.sides.capacity)
        self.n, self.m = n, m
        self.ground = n + m
        self.full = self.sides.full
        self.prices = np.where(self.full, state.prices, np.maximum(state.prices, 0))
        self.worth = market.worth(self.prices)
        self._tight_start(state.at)
        # Arcs out of a seeker are stored in a fixed order: the pairs, then the one to the ground.
        self._pair_arc = np.arange(len(rows)) + rows
        self._out_arc = market.starts[1:] + np.arange(n)
        self._heads = np.empty(len(rows) + n, dtype=np.int64)
        self._heads[self._pair_arc] = n + columns
        self._heads[self._out_arc] = self.ground

    def _tight_start(self, at: IntArray) -> None:
        """Start from tight pairs: keep present ones and fill free places."""
        rows, columns = self.market.pairs
        tight = self.market.scores - self.prices[columns] == self.worth[rows]
        # Present pairs first, then in order.
        sits = tight & (at[rows] == columns)
        candidates = np.flatnonzero(tight)
        order = np.lexsort((columns[candidates], ~sits[candidates], rows[candidates]))
        candidates = candidates[order]
        _, one_each = np.unique(rows[candidates], return_index=True)
        candidates = candidates[one_each]
        order = np.lexsort((rows[candidates], ~sits[candidates], columns[candidates]))
        candidates = candidates[order]
        wanted = columns[candidates]
        rank = np.arange(len(wanted)) - np.searchsorted(wanted, wanted)
        seated = candidates[rank < self.sides.capacity[wanted]]
        self.at = np.full(self.n, -1, dtype=np.int64)
        self.at[rows[seated]] = columns[seated]
        self.out = self.sides.optional & (self.worth == 0) & (self.at < 0)
        load = self._load()
        self.drained = np.where(self.full | (self.prices > 0), self.sides.capacity, load)

    def _load(self) -> IntArray:
        return np.bincount(self.at[self.at >= 0], minlength=self.m)

    def excess(self) -> IntArray:
        """Return the excess of each node, below 0 for a deficit."""
        found = np.zeros(self.ground + 1, dtype=np.int64)
        found[: self.n] = (self.at < 0) & ~self.out
        found[self.n : self.ground] = self._load() - self.drained
        found[self.ground] = self.drained.sum() + self.out.sum() - self.n
        return found

    def _residual(self) -> sparse.csr_array:
        """Return the residual arcs with their reduced costs.

        A stored zero is an arc without cost; infinity is no arc.
        """
        market, n, m = self.market, self.n, self.m
        rows, columns = market.pairs
        cost = np.empty(len(self._heads))
        slack = self.worth[rows] + self.prices[columns] - market.scores
        # In order of seekers, as `placed` below: each sits at one of their pairs.
        sits = np.flatnonzero(self.at[rows] == columns)
        seat_cost = -slack[sits]
        slack[sits] = np.inf
        cost[self._pair_arc] = slack
        cost[self._out_arc] = np.where(self.sides.optional & ~self.out, self.worth, np.inf)
        placed = np.flatnonzero(self.at >= 0)
        draining = np.flatnonzero(~self.full & (self.drained < self.sides.capacity))
        pulling = np.flatnonzero(~self.full & (self.drained > 0))
        left_out = np.flatnonzero(self.out)
        tail = np.concatenate([self.at[placed], draining])
        order = np.argsort(tail, kind="stable")
        back = np.concatenate([placed, np.full(len(draining), self.ground)])[order]
        back_cost = np.concatenate([seat_cost, -self.prices[draining]])[order]
        ends = np.cumsum(np.bincount(tail, minlength=m)) + len(cost)
        heads = np.concatenate([self._heads, back, n + pulling, left_out])
        costs = np.concatenate([cost, back_cost, self.prices[pulling], -self.worth[left_out]])
        first = np.concatenate([market.starts + np.arange(n + 1), ends, [len(heads)]])
        return sparse.csr_array(
            (costs, heads.astype(np.int32), first.astype(np.int32)),
            shape=(self.ground + 1, self.ground + 1),
        )

    def step(self) -> bool:
        """Run one phase; return whether there was any excess left."""
        excess = self.excess()
        sources, sinks = np.flatnonzero(excess > 0), np.flatnonzero(excess < 0)
        if not len(sources):
            return False
        graph = self._residual()
        # Search from the smaller side: one run finds shortest paths to all of the other.
        if len(sources) <= len(sinks):
            far = csgraph.dijkstra(graph, indices=sources, min_only=True)
        else:
            far = csgraph.dijkstra(graph.T.tocsr(), indices=sinks, min_only=True)
        reached = np.isfinite(far)
        other = sinks if len(sources) <= len(sinks) else sources
        if not reached[other].any():
            raise ValueError("no plan fills every place that must be filled")
        far = np.where(reached, far, far[reached].max())
        if len(sources) > len(sinks):
            far = -far
        tails = np.repeat(np.arange(self.ground + 1), np.diff(graph.indptr))
        tight = np.flatnonzero(graph.data + far[tails] - far[graph.indices] == 0)
        shift = far - far[self.ground]
        self.worth = self.worth + shift[: self.n]
        self.prices = self.prices - shift[self.n : self.ground]
        self._move(tails[tight], graph.indices[tight].astype(np.int64), excess)
        return True

    def _move(self, tails: IntArray, heads: IntArray, excess: IntArray) -> None:
        """Augment by a maximum flow over the tight arcs."""
        n, ground = self.n, self.ground
        source, sink = ground + 1, ground + 2
        room = np.ones(len(tails), dtype=np.int64)
        drains = (tails >= n) & (heads == ground)
        room[drains] = (self.sides.capacity - self.drained)[tails[drains] - n]
        pulls = (tails == ground) & (heads >= n)
        room[pulls] = self.drained[heads[pulls] - n]
        over, under = np.flatnonzero(excess > 0), np.flatnonzero(excess < 0)
        graph = sparse.csr_array(
            (
                np.concatenate([room, excess[over], -excess[under]]).astype(np.int32),
                (
                    np.concatenate([tails, np.full(len(over), source), under]),
                    np.concatenate([heads, over, np.full(len(under), sink)]),
                ),
            ),
            shape=(ground + 3, ground + 3),
        )
        flow = csgraph.maximum_flow(graph, source, sink).flow.tocoo()
        moved = flow.data > 0
        a, b, units = flow.row[moved], flow.col[moved], flow.data[moved]
        is_opening = (a >= n) & (a < ground), (b >= n) & (b < ground)
        self.at[b[is_opening[0] & (b < n)]] = -1
        self.out[b[(a == ground) & (b < n)]] = False
        seated = (a < n) & is_opening[1]
        self.at[a[seated]] = b[seated] - n
        self.out[a[(a < n) & (b == ground)]] = True
        # Net flow: of two opposite arcs only one is positive.
        drained = is_opening[0] & (b == ground)
        self.drained[a[drained] - n] += units[drained]
        pulled = (a == ground) & is_opening[1]
        self.drained[b[pulled] - n] -= units[pulled]


def solve(market: TransportProblem, state: State) -> State:
    """Return the best assignment of a problem, with the prices that prove it.

    Parameters
    ----------
    market : Market
    state : State
        Start: any prices and any assignment; closer to the solution is faster.

    Raises
    ------
    ValueError
        If the constraints can't be met.
    """
    rows, columns = market.pairs
    sides = market.sides
    at, prices = np.full(len(state.at), -1, dtype=np.int64), np.array(state.prices)
    # Part by part: paths through the common ground would connect different parts.
    for part in range(UNCONTESTED + 1):
        inside, of = sides.seeker_part == part, sides.opening_part == part
        who, mine = np.flatnonzero(inside), inside[rows]
        if not len(who):
            prices[of] = 0
            continue
        own = PlanConstraints(
            np.where(of, sides.capacity, 0),
            sides.optional[who],
            sides.seeker_part[who],
            sides.opening_part,
        )
        pairs = Pairs(np.searchsorted(who, rows[mine]), columns[mine])
        transport = TransportSolver(
            TransportProblem(pairs, market.scores[mine], own), State(state.at[who], prices)
        )
        while transport.step():
            pass
        at[who] = transport.at
        prices[of] = transport.prices[of]
    return State(at, prices)
