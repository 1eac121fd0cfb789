"""Plan a community whose families share piecework: places for people, then hours for households."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.eligibility.index import EligibilityIndex
from matching.explain.reasons import reasons
from matching.features.catalogue import Catalogue
from matching.features.pair_features import Block
from matching.planning.piecework_sharing import Order, Share, share_piecework
from matching.planning.planner import Assignment, make_plan
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker
from matching.records import Note, Opening, Seeker
from matching.utils.array_types import BoolArray


class HouseholdAssignment(NamedTuple):
    """What the plan gives one seeker; ``pieces`` and ``hours_a_week`` are their household's."""

    seeker: str
    opening: str | None
    score: float | None
    reasons: list[Note]
    pieces: int | None = None
    hours_a_week: float | None = None


def plan_households(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    orders: Sequence[Order],
    *,
    first: str | None = None,
    ranker: Ranker | None = None,
) -> list[HouseholdAssignment]:
    """Plan a community: one opening a seeker, and piecework shared by those left without.

    As many as possible are placed in ``openings``: of two who want one place, whoever could do no
    piecework, unless ``first`` names a group to go ahead. Those left share the orders by their
    families' free hours (:func:`matching.planning.piecework_sharing.share_piecework`); of several
    orders in a family each member is told the one of most hours among those they may do.

    Returns
    -------
    list of HouseholdAssignment
        One a seeker, in their order.
    """
    chosen = ranker or PriorRanker()
    ahead: str | BoolArray | None = first
    if first is None and orders:
        able: BoolArray = EligibilityIndex([o.opening for o in orders]).eligible_block(seekers)
        ahead = np.logical_not(able.any(axis=1))
    placed = make_plan(seekers, openings, first=ahead, ranker=chosen).assignments
    rest = [s for s, one in zip(seekers, placed, strict=True) if one.opening is None]
    shares = share_piecework(rest, orders, first=first, ranker=chosen).shares
    mine: dict[str, Share] = {}
    for share in sorted(shares, key=lambda one: (one.hours, one.order)):
        mine.update(dict.fromkeys(share.members, share))
    scores = _scores(rest, orders, mine, chosen)
    named = {order.opening.id: order.opening for order in orders}
    return [
        _assigned(seeker, one, mine.get(seeker.id), scores.get(seeker.id), named)
        for seeker, one in zip(seekers, placed, strict=True)
    ]


def _assigned(
    seeker: Seeker,
    place: Assignment,
    share: Share | None,
    score: float | None,
    orders: dict[str, Opening],
) -> HouseholdAssignment:
    if share is None:
        return HouseholdAssignment(*place)
    told = reasons(seeker, orders[share.order])
    return HouseholdAssignment(
        seeker.id, share.order, score, told, share.pieces, round(share.hours_a_week, 2)
    )


def _scores(
    people: Sequence[Seeker], orders: Sequence[Order], mine: dict[str, Share], ranker: Ranker
) -> dict[str, float]:
    """Return the score of the order each of those who share was given."""
    sharing = [one for one in people if one.id in mine]
    if not sharing:
        return {}
    number = {order.opening.id: i for i, order in enumerate(orders)}
    block = Block(sharing, Catalogue([order.opening for order in orders], ranker.space))
    columns = np.array([number[mine[one.id].order] for one in sharing])
    scores = ranker.score(block, np.arange(len(sharing)), columns).astype(np.float64)
    rounded = np.round(scores, DECIMALS).tolist()
    return dict(zip([one.id for one in sharing], rounded, strict=True))
