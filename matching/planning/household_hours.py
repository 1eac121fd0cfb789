"""Allocation of households' free hours to piecework orders by linear programming.

Time flows from people, through their household, to orders; an order may use any hour before its
due date. The vectors of hours that households can work form a polymatroid, over which a sum of
increasing concave functions is maximal at a vector of maximal total (Federgruen and Groenevelt
1986). So with each tenth of a household's hours worth less than the one before, one linear
programme allocates as much work as possible, as evenly as possible. A second one keeps every
household's hours and maximises the scores.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from matching.utils.array_types import BoolArray, FloatArray, IntArray

# Parts of a household's hours, each worth less than the one before.
_PARTS = 10
# Tolerance of the linear programmes, in hours.
ROUNDING = 1e-6


@dataclass(frozen=True)
class HouseholdCapacity:
    """Hours of people and households, and due dates of orders.

    Parameters
    ----------
    owner : ndarray of shape (n_people,)
        Household of each person, 0 … n_households - 1, ascending.
    rate : ndarray of shape (n_people,)
        Free hours a week.
    room : ndarray of shape (n_households,)
        Hours a week of each household, at most the sum of its members'.
    able : ndarray of bool, shape (n_people, n_orders)
    weeks : ndarray of shape (n_orders,)
        Weeks until each order is due.
    """

    owner: IntArray
    rate: FloatArray
    room: FloatArray
    able: BoolArray
    weeks: FloatArray

    def fits(self, who: int, hours: Mapping[int, float]) -> bool:
        """Return whether a household can work the given hours on each order.

        By the minimum cut of the flow: no set of orders may need more than the hours before they
        are due. Checks 2 ** len(hours) sets.
        """
        people = np.flatnonzero(self.owner == who)
        orders = sorted(hours)
        for chosen in range(1, 2 ** len(orders)):
            some = [order for i, order in enumerate(orders) if chosen >> i & 1]
            if sum(hours[order] for order in some) > self._max_hours(who, people, some) + ROUNDING:
                return False
        return True

    def _max_hours(self, who: int, people: IntArray, orders: list[int]) -> float:
        """Return the hours a household can work on a set of orders."""
        until = (self.able[people][:, orders] * self.weeks[orders]).max(axis=1)
        total = begin = 0.0
        for end in np.unique(until[until > 0]).tolist():
            busy = float(self.rate[people[until >= end]].sum())
            total += (end - begin) * min(busy, float(self.room[who]))
            begin = end
        return total


def allocate_hours(
    families: HouseholdCapacity, wanted: FloatArray, score: FloatArray, ahead: BoolArray
) -> tuple[FloatArray, float]:
    """Return the hours of each household for each order, and their maximal sum.

    Parameters
    ----------
    families : Families
    wanted : ndarray of shape (n_orders,)
        Hours of work in each order.
    score : ndarray of shape (n_people, n_orders)
    ahead : ndarray of bool, shape (n_households,)
        Households whose hours are filled first.

    Returns
    -------
    hours : ndarray of shape (n_households, n_orders)
    """
    people, orders = np.nonzero(families.able)
    n_households, n_orders = len(families.room), len(wanted)
    hours = np.zeros((n_households, n_orders))
    if not len(people):
        return hours, 0.0
    whose = families.owner[people]
    within, limits = _hour_limits(families, people, orders)
    within = sparse.vstack([within, _sum_matrix(orders, n_orders)], format="csr")
    limits = np.concatenate([limits, wanted])
    of_household = _sum_matrix(whose, n_households)
    parts = _sum_matrix(np.repeat(np.arange(n_households), _PARTS), n_households)
    worth = 1.0 + ahead[:, None] + np.linspace(1, 0, _PARTS, endpoint=False)
    most = np.repeat(families.room * families.weeks.max() / _PARTS, _PARTS)
    found = _maximise(
        np.concatenate([np.zeros(len(people)), worth.ravel()]),
        A_ub=sparse.hstack([within, sparse.csr_array((len(limits), len(most)))], format="csr"),
        b_ub=limits,
        A_eq=sparse.hstack([of_household, -parts], format="csr"),
        b_eq=np.zeros(n_households),
        bounds=np.column_stack(
            [np.zeros(len(people) + len(most)), np.append(np.full(len(people), np.inf), most)]
        ),
    )[: len(people)]
    total = float(found.sum())
    suited = _maximise(
        score[people, orders],
        A_ub=sparse.vstack([within, -of_household], format="csr"),
        b_ub=np.concatenate([limits, ROUNDING - of_household @ found]),
    )
    np.add.at(hours, (whose, orders), suited)
    return hours, total


def _maximise(worth: FloatArray, **limits: Any) -> FloatArray:
    """Return the optimal solution of a linear programme."""
    solved: Any = linprog(-worth, method="highs", **limits)
    if not solved.success:
        raise RuntimeError(f"hours could not be shared: {solved.message}")
    found: FloatArray = solved.x
    return found


def _sum_matrix(owner: IntArray, count: int) -> sparse.csr_array:
    """Return the matrix that sums values by owner."""
    where = (owner, np.arange(len(owner)))
    return sparse.csr_array((np.ones(len(owner)), where), shape=(count, len(owner)))


def _hour_limits(
    families: HouseholdCapacity, people: IntArray, orders: IntArray
) -> tuple[sparse.csr_array, FloatArray]:
    """Return the constraints: hours of people and households up to each due date."""
    due = families.weeks[orders]
    blocks: list[sparse.csr_array] = []
    limits: list[FloatArray] = []
    for day in np.unique(due).tolist():
        early = sparse.diags_array((due <= day).astype(np.float64))
        for owner, rate in _limited_groups(families, people):
            blocks.append(sparse.csr_array(_sum_matrix(owner, len(rate)) @ early))
            limits.append(rate * day)
    return sparse.vstack(blocks, format="csr"), np.concatenate(limits)


def _limited_groups(
    families: HouseholdCapacity, people: IntArray
) -> Iterable[tuple[IntArray, FloatArray]]:
    return (people, families.rate), (families.owner[people], families.room)
