"""The plan beside scipy's dense assignment, and its proofs in larger communities."""

import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csgraph

from matching.eligibility.index import EligibilityIndex
from matching.planning.assignment import AssignmentSolution, assign
from matching.planning.max_coverage import Pairs, maximum_coverage
from matching.planning.scored_pairs import ScoredPairs, quantise_scores
from tests.bench import communities
from tests.bench.timing import alone, by_turns, show

QUICK = ((2_000, 300, 0.0),)
LARGE = ((2_000, 300, 0.0), (20_000, 5_000, 1e-3))
DENSITY = 0.2
# Seekers, openings, and capacities as multiples of those made up: places for 3 in 4, and for all.
COVERED = ((20_000, 5_000, 1.0), (100_000, 20_000, 1.0), (100_000, 20_000, 1.6))
BLOCK_SIZE = 512
# Scipy's flow over all pairs took 56 bytes a pair: 20 GiB for the 360 million of the largest.
MOST_CELLS = 10**8


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
        self.scored = ScoredPairs(
            starts, columns.astype(np.int32), quantise_scores(1 / (1 + np.exp(-raw)))
        )

    def assign(self, tolerance: float) -> AssignmentSolution:
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
        columns = self.scored.columns
        return _maximum_flow(self.scored.starts, columns, self.capacity)


def _maximum_flow(
    starts: NDArray[np.int64], columns: NDArray[np.int32], capacity: NDArray[np.int64]
) -> int:
    """Return how many can be placed, from the pairs of each seeker (see ``ScoredPairs``).

    The graph's rows are seekers, openings, source and sink; it is made without a copy, for there
    may be hundreds of millions of pairs.
    """
    n, m = len(starts) - 1, len(capacity)
    ends = starts[-1] + np.concatenate([np.arange(1, m + 1), [m + n, m + n]])
    heads = np.empty(ends[-1], dtype=np.int32)
    heads[: starts[-1]] = columns
    heads[: starts[-1]] += n
    heads[starts[-1] : starts[-1] + m] = n + m + 1
    heads[starts[-1] + m :] = np.arange(n)
    room = np.ones(len(heads), dtype=np.int32)
    room[starts[-1] : starts[-1] + m] = capacity
    first = np.concatenate([starts, ends]).astype(np.int32)
    graph = sparse.csr_array((room, heads, first), shape=(n + m + 2, n + m + 2))
    return int(csgraph.maximum_flow(graph, n + m, n + m + 1).flow_value)


class Community:
    """Made-up records, asked block by block who may do what."""

    def __init__(self, n: int, m: int, places: float) -> None:
        self.seekers = communities.seekers(n)
        openings = communities.openings(m)
        self.index = EligibilityIndex(openings)
        capacity = np.array([opening.capacity for opening in openings])
        self.capacity = np.rint(capacity * places).astype(np.int64)

    def eligible(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.bool_]:
        return self.index.eligible_block([self.seekers[i] for i in rows.tolist()], columns)

    def all_pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the eligible pairs of each seeker: first of each, and columns."""
        sizes, columns = [], []
        for first in range(0, len(self.seekers), BLOCK_SIZE):
            mask = self.index.eligible_block(self.seekers[first : first + BLOCK_SIZE])
            sizes.append(mask.sum(axis=1))
            columns.append((np.flatnonzero(mask) % mask.shape[1]).astype(np.int32))
        return np.concatenate([[0], np.cumsum(np.concatenate(sizes))]), np.concatenate(columns)


def _cover(n: int, m: int, places: float, told: str, peer: bool) -> None:
    """Write down how many are placed, and the processor seconds of the solving alone."""
    community = Community(n, m, places)
    start = time.process_time()
    if peer:
        found = [_maximum_flow(*community.all_pairs(), community.capacity)] * 2
    else:
        none = np.zeros(0, dtype=np.int64)
        widest = maximum_coverage(community.eligible, community.capacity, Pairs(none, none), n)
        found = [widest.placed, widest.bound]
    spent = time.process_time() - start
    Path(told).write_text(f"{spent} {found[0]} {found[1]}")


def coverage() -> None:
    """Print how long the widest plan takes by itself, beside scipy's flow over all pairs."""
    for n, m, places in COVERED:
        print(f"\nCoverage, {n:,} x {m:,}, {places:.1f} of the places")
        print(f"  {'':44}{'CPU s':>9}{'MiB':>9}{'placed':>9}{'bound':>9}")
        for name, peer in (("plan", False), ("scipy, maximum flow", True)):
            if peer and n * m > MOST_CELLS:
                print(f"  {name:44} not run: takes about 20 GiB")
                continue
            with tempfile.TemporaryDirectory() as folder:
                told = Path(folder) / "told"
                _, memory = alone(_cover, n, m, places, str(told), peer)
                spent, placed, bound = told.read_text().split()
            print(f"  {name:44}{float(spent):9.2f}{memory:9.0f}{placed:>9}{bound:>9}")


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
        gap = (found.bound - found.steps.sum()) / found.bound
        placed, bound = found.coverage.placed, found.coverage.bound
        flow = town.flow()
        print(f"  placed {placed:,}, bound {bound:,}, maximum flow {flow:,}; gap at most {gap:.5%}")
    if large:
        coverage()
