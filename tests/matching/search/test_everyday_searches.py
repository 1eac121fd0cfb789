"""Everyday searches of residents among the demo's openings, labelled by reading the postings."""

import pytest

from matching.search.index import index_openings
from tests.bench.searches import TUNED, demo_openings, ndcg, read_searches

LEAST = 0.85  # mean nDCG@10 of the half that search was made with; .91 when written


@pytest.mark.slow
def test_everyday_searches_find_what_is_there() -> None:
    index = index_openings(demo_openings())
    searches = [one for one in read_searches() if one.half == TUNED]
    gains = []
    for one in searches:
        result = index.search(one.query, 10)
        assert result.found, one.query
        assert result.near >= (not one.right), one.query
        if one.right:
            gains.append(ndcg([found.id for found in result.found], one.right))
    assert sum(gains) / len(gains) >= LEAST
