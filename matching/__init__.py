"""Ranking of openings for people who look for work: records in, reasoned rankings out.

The names below are imported when first used, so that ``import matching`` costs nothing.

>>> from matching import rank, suggest
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.learning import MatchRanker
    from matching.ranking import PriorRanker, prior_version, rank
    from matching.suggesting import suggest

__version__ = "0.1.0"

_HOME = {
    "MatchRanker": "matching.learning",
    "PriorRanker": "matching.ranking",
    "prior_version": "matching.ranking",
    "rank": "matching.ranking",
    "suggest": "matching.suggesting",
}

__all__ = ["MatchRanker", "PriorRanker", "__version__", "prior_version", "rank", "suggest"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
