"""Share piecework among households by the hours their members have free.

Several adults of one family may sit at one order, so what counts is the family's joined free hours
until each order is due, never places. :mod:`matching.planning.household_hours` decides how many
hours go where; here they become whole packs of pieces.
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
# Hours a week of a person who has not said when they are free: two a day.
UNKNOWN_HOURS = 14.0
# Orders one household is given at a time when packs left over are dealt out.
_MAX_ORDERS = 8


@dataclass(frozen=True)
class PieceworkOrder:
    """Piecework to be given out.

    Parameters
    ----------
    opening : Opening
        What the hard rules and scores are asked of; its capacity counts only as full or not.
    pieces : int
        Pieces still to be given out, 0 or more.
    hours_a_piece : float
        Hours one piece takes, above 0, as the timed trial says.
    weeks : float
        Weeks until the pieces have to be back, above 0.
    pack : int, default=1
        Pieces are given out in whole packs of so many; the last one may be smaller.

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
    """What one family is given of one order; ``members`` are those who may do it."""

    order: str
    household: str
    members: tuple[str, ...]
    pieces: int
    hours: float
    hours_a_week: float


@dataclass(frozen=True)
class PieceworkPlan:
    """How orders are shared.

    Attributes
    ----------
    assignments : list of Share
        By order, the one due first first, then by household.
    left : dict of str to int
        Pieces of each order that nobody has hours for.
    hours, hours_bound : float
        Hours of work given out, and what no sharing can exceed; whole packs keep them apart.
    free : dict of str to float
        Hours a week each family has for any of the orders, less what it has promised.
    """

    assignments: list[PieceworkAssignment]
    left: dict[str, int]
    hours: float
    hours_bound: float
    free: dict[str, float]


def household(seeker: Seeker) -> str:
    """Return the household's id; a person without one is a household alone."""
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
    """Share orders among the households of ``seekers``.

    Nobody works beyond their free hours, on an order that breaks a hard rule for them, or after
    it is due. First as many hours of work as can be are given out, then as evenly as can be in
    proportion to free hours, then to those it suits best.

    Parameters
    ----------
    seekers : sequence of Seeker
        All who may work; ``household`` joins them. Their order does not matter.
    orders : sequence of Order
        With distinct ids; their order does not matter.
    first : str, optional
        A word of ``Seeker.priority``: households with a member who has it fill their hours
        before others, which takes no hour from the whole.
    promised : mapping of str to float, optional
        Hours a week that households have promised to other piecework already.
    hours_when_unknown : float, default=UNKNOWN_HOURS
        Hours a week of a person who has not said when they are free.
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
    """Return pieces of each household and order: hours rounded down to packs, then the rest dealt
    out one pack at a time to whoever has hours, the least busy first."""
    size = np.array([one.pack * one.hours_a_piece for one in orders])
    packs = np.floor((hours + ROUNDING) / size).astype(np.int64)
    pieces: IntArray = packs * np.array([one.pack for one in orders])
    for column, order in enumerate(orders):
        left = order.pieces - int(pieces[:, column].sum())
        open_to = set(capacity.owner[capacity.able[:, column]].tolist())
        while left > 0 and open_to:
            used = pieces @ np.array([one.hours_a_piece for one in orders])
            share = used / np.maximum(capacity.room, ROUNDING)
            # Of those equally busy the group that goes first is first here too.
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
