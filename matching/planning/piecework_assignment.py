"""Assign piecework orders to households by their members' free hours.

Several members may work on one order, so capacity is the household's free hours until the order is
due, not places. :mod:`matching.planning.household_hours` allocates the hours; here they are rounded
to whole packs of pieces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matching.eligibility.hours import hours_a_week
from matching.eligibility.index import EligibilityIndex
from matching.features.catalogue import Catalogue
from matching.features.pair_features import FeatureBlock
from matching.planning.household_hours import ROUNDING, HouseholdCapacity, allocate_hours
from matching.ranking.ranker import PriorRanker, Ranker
from matching.records import Opening, Seeker
from matching.utils.array_types import BoolArray, FloatArray, IntArray

# Most hours a week of one person: 国务院关于职工工作时间的规定 (1995), art. 3.
FULL_WEEK = 40.0
# Hours a week of a person whose free times are unknown: two a day.
UNKNOWN_HOURS = 14.0
# Orders of one household up to which left-over packs are given to it.
_MAX_ORDERS = 8


@dataclass(frozen=True)
class PieceworkOrder:
    """A piecework order.

    Parameters
    ----------
    opening : Opening
        For hard rules and scores; its capacity only matters when it is 0.
    pieces : int
        Pieces not yet assigned, 0 or more.
    hours_a_piece : float
        Hours for one piece, above 0, as measured in the timed trial.
    weeks : float
        Weeks until the pieces have to be back, above 0.
    pack : int, default=1
        Pieces are assigned in whole packs of this size; the last one may be smaller.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    opening: Opening
    pieces: int
    hours_a_piece: float
    weeks: float
    pack: int = 1

    def __post_init__(self) -> None:
        if self.pieces < 0 or self.pack < 1:
            raise ValueError("pieces must be 0 or more and pack 1 or more")
        if not (0 < self.hours_a_piece < np.inf and 0 < self.weeks < np.inf):
            raise ValueError("hours_a_piece and weeks must be above 0")


class PieceworkAssignment(NamedTuple):
    """A household's part of one order; ``members`` are those eligible for it."""

    order: str
    household: str
    members: tuple[str, ...]
    pieces: int
    hours: float
    hours_a_week: float


@dataclass(frozen=True)
class PieceworkPlan:
    """Assignments of orders to households.

    Attributes
    ----------
    assignments : list of Share
        By due date of the order, then by household.
    left : dict of str to int
        Unassigned pieces of each order.
    hours, hours_bound : float
        Hours of work assigned, and the upper bound; they differ by the rounding to packs.
    free : dict of str to float
        Hours a week of each household for any of the orders, less promised ones.
    """

    assignments: list[PieceworkAssignment]
    left: dict[str, int]
    hours: float
    hours_bound: float
    free: dict[str, float]


def household(seeker: Seeker) -> str:
    """Return the id of the household; a person without one is a household of their own."""
    return seeker.household or seeker.id


def free_hours(seeker: Seeker, *, unknown: float = UNKNOWN_HOURS) -> float:
    """Return the hours a week a person can work, at most ``FULL_WEEK``.

    >>> free_hours(Seeker(id="s", available=[{"days": "12345", "start": "09:00", "end": "11:00"}]))
    10.0
    """
    hours = unknown if seeker.available is None else hours_a_week(seeker.available)
    return min(hours, FULL_WEEK)


def assign_piecework(
    seekers: Sequence[Seeker],
    orders: Sequence[PieceworkOrder],
    *,
    first: str | None = None,
    promised: Mapping[str, float] | None = None,
    hours_when_unknown: float = UNKNOWN_HOURS,
    ranker: Ranker | None = None,
) -> PieceworkPlan:
    """Assign orders to the households of ``seekers``.

    Nobody works beyond their free hours, on an order they are not eligible for, or after it is
    due. The hours of work assigned are maximised first, then their evenness in proportion to free
    hours, then the scores.

    Parameters
    ----------
    seekers : sequence of Seeker
        Grouped by ``household``. Their order does not matter.
    orders : sequence of Order
        With distinct ids; their order does not matter.
    first : str, optional
        A group in ``Seeker.priority``: households with a member of it fill their hours before
        others, without reducing the total.
    promised : mapping of str to float, optional
        Hours a week of households that other piecework takes already.
    hours_when_unknown : float, default=UNKNOWN_HOURS
        Hours a week of a person whose free times are unknown.
    ranker : Ranker, optional
        By default the prior.

    Raises
    ------
    ValueError
        If two orders have the same id.
    """
    due = sorted(orders, key=lambda one: (one.weeks, one.opening.id))
    if len({one.opening.id for one in due}) < len(due):
        raise ValueError("two orders have the same id")
    if not seekers or not due:
        left = {one.opening.id: one.pieces for one in due}
        return PieceworkPlan([], left, 0.0, 0.0, {household(one): 0.0 for one in seekers})
    people = sorted(seekers, key=lambda one: (household(one), one.id))
    names = sorted({household(one) for one in people})
    capacity = _household_capacity(people, names, due, promised or {}, hours_when_unknown)
    ahead = np.zeros(len(names), dtype=np.bool_)
    ahead[capacity.owner[[first in one.priority for one in people]]] = True
    wanted = np.array([one.pieces * one.hours_a_piece for one in due])
    score = _scores(people, due, capacity.able, ranker or PriorRanker())
    hours, bound = allocate_hours(capacity, wanted, score, ahead)
    pieces = _round_to_packs(capacity, due, hours, ahead)
    assignments = [
        _assignment(people, names, capacity, due, row, column, int(pieces[row, column]))
        for column, row in zip(*np.nonzero(pieces.T), strict=True)
    ]
    return PieceworkPlan(
        assignments=assignments,
        left={
            one.opening.id: one.pieces - int(given)
            for one, given in zip(due, pieces.sum(axis=0), strict=True)
        },
        hours=sum(share.hours for share in assignments),
        hours_bound=bound,
        free=dict(zip(names, capacity.room.tolist(), strict=True)),
    )


def _household_capacity(
    people: Sequence[Seeker],
    names: Sequence[str],
    orders: Sequence[PieceworkOrder],
    promised: Mapping[str, float],
    unknown: float,
) -> HouseholdCapacity:
    number = {name: i for i, name in enumerate(names)}
    owner = np.array([number[household(one)] for one in people], dtype=np.int64)
    rate = np.array([free_hours(one, unknown=unknown) for one in people])
    able = EligibilityIndex([one.opening for one in orders]).eligible_block(people)
    able &= (rate > 0)[:, None]
    room = np.bincount(owner, rate * able.any(axis=1), minlength=len(names))
    taken = np.array([max(0.0, promised.get(name, 0.0)) for name in names])
    weeks = np.array([one.weeks for one in orders])
    return HouseholdCapacity(owner, rate, np.maximum(room - taken, 0.0), able, weeks)


def _scores(
    people: Sequence[Seeker], orders: Sequence[PieceworkOrder], able: BoolArray, ranker: Ranker
) -> FloatArray:
    rows, columns = np.nonzero(able)
    found = np.zeros(able.shape)
    if len(rows):
        block = FeatureBlock(people, Catalogue([one.opening for one in orders], ranker.space))
        found[rows, columns] = ranker.score(block, rows, columns)
    return found


def _round_to_packs(
    capacity: HouseholdCapacity,
    orders: Sequence[PieceworkOrder],
    hours: FloatArray,
    ahead: BoolArray,
) -> IntArray:
    """Return the pieces of each household and order, shape (n_households, n_orders).

    Hours are rounded down to packs; the rest goes pack by pack to the least busy household with
    hours left.
    """
    size = np.array([one.pack * one.hours_a_piece for one in orders])
    packs = np.floor((hours + ROUNDING) / size).astype(np.int64)
    pieces: IntArray = packs * np.array([one.pack for one in orders])
    for column, order in enumerate(orders):
        left = order.pieces - int(pieces[:, column].sum())
        open_to = set(capacity.owner[capacity.able[:, column]].tolist())
        while left > 0 and open_to:
            used = pieces @ np.array([one.hours_a_piece for one in orders])
            share = used / np.maximum(capacity.room, ROUNDING)
            # The priority group comes first here too.
            for who in sorted(open_to, key=lambda i: (not ahead[i], share[i], i)):
                more = min(order.pack, left)
                if more and _has_room(capacity, orders, pieces[who], who, column, more):
                    pieces[who, column] += more
                    left -= more
                else:
                    open_to.remove(who)
    return pieces


def _has_room(
    capacity: HouseholdCapacity,
    orders: Sequence[PieceworkOrder],
    pieces: IntArray,
    who: int,
    column: int,
    more: int,
) -> bool:
    asked = {i: pieces[i] * orders[i].hours_a_piece for i in np.flatnonzero(pieces).tolist()}
    asked[column] = asked.get(column, 0.0) + more * orders[column].hours_a_piece
    return len(asked) <= _MAX_ORDERS and capacity.fits(who, asked)


def _assignment(
    people: Sequence[Seeker],
    names: Sequence[str],
    capacity: HouseholdCapacity,
    orders: Sequence[PieceworkOrder],
    row: int,
    column: int,
    pieces: int,
) -> PieceworkAssignment:
    members = np.flatnonzero((capacity.owner == row) & capacity.able[:, column])
    order = orders[column]
    hours = pieces * order.hours_a_piece
    return PieceworkAssignment(
        order=order.opening.id,
        household=names[row],
        members=tuple(people[i].id for i in members.tolist()),
        pieces=pieces,
        hours=hours,
        hours_a_week=hours / order.weeks,
    )
