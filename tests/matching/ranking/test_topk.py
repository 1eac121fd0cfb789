"""Exact retrieval under the hard rules, against scoring every pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matching.eligibility.index import EligibilityIndex
from matching.eligibility.rules import is_eligible
from matching.ranking import topk
from matching.ranking.topk import TopKSearch, top_k
from matching.records import Opening, Seeker
from tests.depth import examples
from tests.matching.strategies import OPENINGS, SEEKERS


@settings(max_examples=examples(100))
@given(
    st.lists(SEEKERS, max_size=6),
    st.lists(OPENINGS, min_size=1, max_size=12),
    st.integers(1, 5),
    st.integers(0, 99),
)
@pytest.mark.slow
def test_the_best_eligible_are_found(
    seekers: list[Seeker], openings: list[Opening], size: int, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    # Whole numbers: many scores are tied or nothing at all.
    queries = draw.integers(0, 2, (len(seekers), 3)).astype(np.float32)
    vectors = draw.integers(0, 2, (len(openings), 3)).astype(np.float32)
    index = EligibilityIndex(openings)
    search = TopKSearch(sparse.csr_array(vectors), index)
    found = search.search(seekers, sparse.csr_array(queries), size)
    expected = []
    for row, seeker in enumerate(seekers):
        scores = vectors @ queries[row]
        fits = [i for i, opening in enumerate(openings) if is_eligible(seeker, opening)]
        fits.sort(key=lambda i: (-scores[i], i))
        expected += [(row, i, float(scores[i])) for i in fits[:size]]
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected
    # The same as sums of rows: here one for each term, the vectors themselves.
    sums = search.search_weighted_rows(seekers, sparse.csr_array(queries), vectors.T.copy(), size)
    assert list(zip(*(part.tolist() for part in sums), strict=True)) == expected


def test_blocks_and_forgotten_parts_change_nothing(monkeypatch) -> None:
    draw = np.random.default_rng(1)
    openings = [Opening(id=str(i), place=f"重庆/{i % 3}区/{i % 5}街") for i in range(60)]
    seekers = [
        Seeker(
            id=str(i), home=f"重庆/{i % 3}区/{i % 5}街", reach=["district", "city", "home"][i % 3]
        )
        for i in range(40)
    ]
    vectors = sparse.random_array((60, 20), density=0.3, rng=draw, dtype=np.float32).tocsr()
    queries = sparse.random_array((40, 20), density=0.3, rng=draw, dtype=np.float32).tocsr()
    index = EligibilityIndex(openings)
    whole = TopKSearch(vectors, index).search(seekers, queries, 4)
    monkeypatch.setattr(topk, "_MAX_CELLS", 50)
    monkeypatch.setattr(topk, "_MAX_CACHED_NONZEROS", 10)
    small = TopKSearch(vectors, index).search(seekers, queries, 4)
    for one, other in zip(whole, small, strict=True):
        assert np.array_equal(one, other)


def test_ties_at_the_edge_go_to_the_first() -> None:
    found = top_k(np.array([[1, 3, 1, 1, -np.inf], [-np.inf] * 5], dtype=np.float32), 2)
    assert (found.rows.tolist(), found.columns.tolist()) == ([0, 0], [1, 0])
