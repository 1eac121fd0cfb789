"""Ranking of openings for people who look for work: records in, reasoned rankings out.

The names below are imported when first used, so that ``import matching`` costs nothing.

>>> from matching import rank, suggest
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.learning.match_ranker import MatchRanker
    from matching.ranking.batch import suggest
    from matching.ranking.ranker import PriorRanker, prior_version, rank


_HOME = {
    "MatchRanker": "matching.learning.match_ranker",
    "PriorRanker": "matching.ranking.ranker",
    "prior_version": "matching.ranking.ranker",
    "rank": "matching.ranking.ranker",
    "suggest": "matching.ranking.batch",
}

__all__ = ["MatchRanker", "PriorRanker", "__version__", "prior_version", "rank", "suggest"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
