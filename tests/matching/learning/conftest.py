"""A learned ranker, fitted once for all tests of a process."""

import pytest

from matching.learning.match_ranker import MatchRanker
from tests.matching.learnable_tasks import made_up


@pytest.fixture(scope="session")
def fitted() -> MatchRanker:
    return MatchRanker(trees=40).fit(*made_up(120))
