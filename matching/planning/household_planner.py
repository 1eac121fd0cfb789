"""Plan a community with piecework: openings for people, then orders for households."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.eligibility.index import EligibilityIndex
from matching.explain.reasons import reasons
from matching.features.catalogue import Catalogue
from matching.features.pair_features import FeatureBlock
from matching.planning.piecework_assignment import (
    PieceworkAssignment,
    PieceworkOrder,
    assign_piecework,
)
from matching.planning.planner import Placement, make_plan
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker
from matching.records import Note, Opening, Seeker
from matching.utils.array_types import BoolArray


class HouseholdPlacement(NamedTuple):
    """The placement of one seeker; ``pieces`` and ``hours_a_week`` are their household's."""

    seeker: str
    opening: str | None
    score: float | None
    reasons: list[Note]
    pieces: int | None = None
    hours_a_week: float | None = None


def plan_households(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    orders: Sequence[PieceworkOrder],
    *,
    first: str | None = None,
    ranker: Ranker | None = None,
) -> list[HouseholdPlacement]:
    """Plan a community: one opening a seeker, and piecework shared by those left without.

    As many seekers as possible are placed in ``openings``; those who could do no piecework go
    first, unless ``first`` names another group. The rest do piecework by their households' free
    hours (:func:`matching.planning.piecework_assignment.assign_piecework`). When a household has
    several orders, each member's placement is the one of most hours they are eligible for.

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
    placed = make_plan(seekers, openings, first=ahead, ranker=chosen).placements
    rest = [s for s, one in zip(seekers, placed, strict=True) if one.opening is None]
    assignments = assign_piecework(rest, orders, first=first, ranker=chosen).assignments
    mine: dict[str, PieceworkAssignment] = {}
    for assigned in sorted(assignments, key=lambda one: (one.hours, one.order)):
        mine.update(dict.fromkeys(assigned.members, assigned))
    scores = _scores(rest, orders, mine, chosen)
    named = {order.opening.id: order.opening for order in orders}
    return [
        _household_placement(seeker, one, mine.get(seeker.id), scores.get(seeker.id), named)
        for seeker, one in zip(seekers, placed, strict=True)
    ]


def _household_placement(
    seeker: Seeker,
    place: Placement,
    assigned: PieceworkAssignment | None,
    score: float | None,
    orders: dict[str, Opening],
) -> HouseholdPlacement:
    if assigned is None:
        return HouseholdPlacement(*place)
    notes = reasons(seeker, orders[assigned.order])
    return HouseholdPlacement(
        seeker.id, assigned.order, score, notes, assigned.pieces, round(assigned.hours_a_week, 2)
    )


def _scores(
    people: Sequence[Seeker],
    orders: Sequence[PieceworkOrder],
    mine: dict[str, PieceworkAssignment],
    ranker: Ranker,
) -> dict[str, float]:
    """Return the score of each seeker with piecework and their order, by seeker id."""
    sharing = [one for one in people if one.id in mine]
    if not sharing:
        return {}
    number = {order.opening.id: i for i, order in enumerate(orders)}
    block = FeatureBlock(sharing, Catalogue([order.opening for order in orders], ranker.space))
    columns = np.array([number[mine[one.id].order] for one in sharing])
    scores = ranker.score(block, np.arange(len(sharing)), columns).astype(np.float64)
    rounded = np.round(scores, DECIMALS).tolist()
    return dict(zip([one.id for one in sharing], rounded, strict=True))
