"""The plan beside scipy's dense assignment, and its proofs in larger communities."""

import time
from functools import partial

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csgraph

from matching.assignment import Assignment, Scored, as_steps, assign
from tests.bench.timing import by_turns, show

QUICK = ((2_000, 300, 0.0),)
LARGE = ((2_000, 300, 0.0), (20_000, 5_000, 1e-3))
DENSITY = 0.2


class Town:
    """Random eligible pairs and scores; some openings are liked by all."""

    def __init__(self, n: int, m: int) -> None:
        draw = np.random.default_rng(0)
        capacity = draw.choice([1, 1, 2, 3, 5, 10], m).astype(np.float64)
        self.capacity = np.maximum(1, np.rint(capacity * n / capacity.sum())).astype(np.int64)
        self.eligible = draw.random((n, m), dtype=np.float32) < DENSITY
        rows, columns = np.nonzero(self.eligible)
        liked = draw.normal(size=m).astype(np.float32)
        raw = draw.normal(size=len(rows)).astype(np.float32) + liked[columns]
        starts = np.searchsorted(rows, np.arange(n + 1))
        self.scored = Scored(starts, columns.astype(np.int32), as_steps(1 / (1 + np.exp(-raw))))

    def assign(self, tolerance: float) -> Assignment:
        def score(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
            raise AssertionError(f"all pairs are scored, {len(rows)} and {len(columns)} were asked")

        eligible = self.eligible
        return assign(
            self.scored,
            self.capacity,
            lambda a, b: eligible[np.ix_(a, b)],
            score,
            tolerance=tolerance,
        )

    def dense(self) -> float:
        """Assign with a column for each place; return the total in steps."""
        each = np.repeat(np.arange(len(self.capacity)), self.capacity)
        worth = np.zeros(self.eligible.shape)
        worth[self.scored.rows, self.scored.columns] = self.scored.steps + 1e9
        rows, columns = linear_sum_assignment(worth[:, each], maximize=True)
        found = worth[rows, each[columns]]
        return float((found[found > 0] - 1e9).sum())

    def flow(self) -> int:
        """Return the maximum flow over all eligible pairs, by scipy."""
        n, m = self.eligible.shape
        rows, columns = self.scored.rows, self.scored.columns
        room = np.concatenate([np.ones(len(rows) + n), self.capacity]).astype(np.int32)
        tail = np.concatenate([rows, np.full(n, n + m), n + np.arange(m)])
        head = np.concatenate([n + columns, np.arange(n), np.full(m, n + m + 1)])
        graph = sparse.csr_array((room, (tail, head)), shape=(n + m + 2, n + m + 2))
        return int(csgraph.maximum_flow(graph, n + m, n + m + 1).flow_value)


def main(*, large: bool = False) -> None:
    """Print the tables of the plan."""
    for n, m, tolerance in LARGE if large else QUICK:
        town = Town(n, m)
        start = time.process_time()
        found = town.assign(tolerance)
        spent = time.process_time() - start
        title = f"Plan, {n:,} x {m:,}, {len(town.scored.columns):,} scored pairs"
        if n * m <= 10**6:
            runs = {"plan": partial(town.assign, tolerance), "scipy, dense": town.dense}
            show(title, by_turns(runs, 5), "scipy, dense")
            print(f"  totals {found.steps.sum():.0f} and {town.dense():.0f} steps")
        else:
            print(f"\n{title}\n  {'plan':44}{spent:9.2f} CPU s")
        gap = (found.bound_steps - found.steps.sum()) / found.bound_steps
        placed, bound = found.coverage.placed, found.coverage.bound
        flow = town.flow()
        print(f"  placed {placed:,}, bound {bound:,}, maximum flow {flow:,}; gap at most {gap:.5%}")
