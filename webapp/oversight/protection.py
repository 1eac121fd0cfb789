"""Which counts are hidden, so that no count of 1 to 4 can be worked out from what is shown.

Hiding the small ones alone is not enough: a total less the other parts gives one back, and so
does this year's sum less last month's. So everything published is looked at together. Counts are
unknowns or known, relations are linear equations between them, and somebody who subtracts knows
no more than that every count is a whole number and not negative, and that what is hidden is not
0 (an empty cell is shown as 0). For a hidden count of 1 to 4 the least and the greatest value it
may still have are found exactly (integer programming): 0 or 1 must be possible, and so must 5 or
more. Where that fails, another count is hidden, the least needed first.

The solver is loaded when the first count is looked at: pages show figures that are stored.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.core.suppression import FEW

#: No count of a community comes near; an unknown without a bound reaches it.
MANY = 1_000_000
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Cell:
    """A count: ``value``, and whether it is published at all, hidden or not.

    ``guarded`` ones of 1 to 4 must stay unknown; ``keep`` says how much it matters to show it.
    ``fixed`` ones were published earlier, their ``hidden`` stands.
    """

    value: int
    published: bool = True
    guarded: bool = True
    keep: int = 1
    fixed: bool = False
    hidden: bool = False

    @property
    def is_small(self) -> bool:
        """Whether it must not be known."""
        return self.guarded and 0 < self.value < FEW


@dataclass
class Table:
    """All cells, and equations between them: each the cells with their factors, summing to 0."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    equations: list[dict[Key, int]] = field(default_factory=list)

    def equate(self, whole: Key, parts: Iterable[Key]) -> None:
        """State that ``whole`` is the sum of ``parts``."""
        equation = {whole: 1}
        for part in parts:
            equation[part] = equation.get(part, 0) - 1
        if sum(factor * self.cells[key].value for key, factor in equation.items()):
            raise ValueError(f"{whole} is not the sum of its parts")
        self.equations.append(equation)


def hidden_cells(table: Table) -> set[Key]:
    """Return which of the new cells are hidden: the small ones, and as few others as are needed."""
    hidden = {
        key
        for key, cell in table.cells.items()
        if not cell.published or (cell.hidden if cell.fixed else cell.is_small)
    }
    touching: dict[Key, list[int]] = defaultdict(list)
    for number, equation in enumerate(table.equations):
        for key in equation:
            touching[key].append(number)
    added: list[Key] = []
    new = [key for key, cell in table.cells.items() if not cell.fixed]
    waiting = _near(table, hidden, new, touching)
    while waiting:
        key = waiting[-1]
        if is_safe(table, hidden, key, touching):
            waiting.pop()
            continue
        more = _next_to_hide(table, hidden, key, touching)
        if more is None:
            raise ValueError(f"{key} can be worked out from what was published earlier")
        hidden.add(more)
        added.append(more)
    for key in sorted(added, key=lambda one: -table.cells[one].keep):
        without = hidden - {key}
        if all(
            is_safe(table, without, one, touching) for one in _near(table, without, [key], touching)
        ):
            hidden = without
    return {key for key in hidden if table.cells[key].published and not table.cells[key].fixed}


def is_safe(
    table: Table, hidden: set[Key], key: Key, touching: Mapping[Key, Sequence[int]] | None = None
) -> bool:
    """Whether a small count could be next to nothing and could be no small one."""
    if touching is None:
        touching = {one: range(len(table.equations)) for one in table.cells}
    component = _Component(table, hidden, key, touching)

    def not_empty(one: Key) -> int:
        return int(table.cells[one].published and table.cells[one].value > 0)

    return (
        component.reach(key, not_empty, most=True) >= FEW
        and component.reach(key, lambda _one: 0, most=False) == 0
    )


def _near(
    table: Table,
    hidden: set[Key],
    cells: Iterable[Key],
    touching: Mapping[Key, Sequence[int]],
) -> list[Key]:
    """Return the small cells of which what is known of some cells could tell anything."""
    near = set(cells)
    waiting = list(near)
    while waiting:
        for number in touching[waiting.pop()]:
            for other in table.equations[number]:
                if other not in near and other in hidden:
                    near.add(other)
                    waiting.append(other)
    return sorted((key for key in near if table.cells[key].is_small), key=repr)


def _next_to_hide(
    table: Table, hidden: set[Key], key: Key, touching: Mapping[Key, Sequence[int]]
) -> Key | None:
    """Return the shown cell nearest to one that can be worked out, the least needed first."""
    seen, ring = {key}, [key]
    while ring:
        around = {
            other for one in ring for number in touching[one] for other in table.equations[number]
        } - seen
        free = [one for one in around if one not in hidden and not table.cells[one].fixed]
        if free:
            # An empty cell only where there is nothing else: what is hidden looks like a number.
            return min(
                free,
                key=lambda one: (
                    table.cells[one].value == 0,
                    table.cells[one].keep,
                    table.cells[one].value,
                    one,
                ),
            )
        seen |= around
        ring = [one for one in around if one in hidden]
    return None


class _Component:
    """The unknowns that hang together with one, and the equations between them."""

    def __init__(
        self, table: Table, hidden: set[Key], key: Key, touching: Mapping[Key, Sequence[int]]
    ) -> None:
        import numpy as np
        from scipy.optimize import LinearConstraint
        from scipy.sparse import lil_array

        self.unknown: dict[Key, int] = {key: 0}
        waiting, numbers = [key], set()
        while waiting:
            for number in touching[waiting.pop()]:
                if number not in numbers:
                    numbers.add(number)
                    for other in table.equations[number]:
                        if other in hidden and other not in self.unknown:
                            self.unknown[other] = len(self.unknown)
                            waiting.append(other)
        matrix = lil_array((len(numbers), len(self.unknown)))
        right = np.zeros(len(numbers))
        for row, number in enumerate(sorted(numbers)):
            for one, factor in table.equations[number].items():
                if one in self.unknown:
                    matrix[row, self.unknown[one]] += factor
                else:
                    right[row] -= factor * table.cells[one].value
        self._constraint = LinearConstraint(matrix.tocsr(), right, right) if numbers else None

    def reach(self, key: Key, least: Callable[[Key], int], *, most: bool) -> int:
        """Return the greatest or the least value a count may have, each at least ``least``."""
        import numpy as np
        from scipy.optimize import Bounds, milp

        aim = np.zeros(len(self.unknown))
        aim[self.unknown[key]] = -1 if most else 1
        low = np.array([least(one) for one in self.unknown], dtype=float)
        found = milp(
            aim,
            integrality=np.ones(len(aim), dtype=int),
            bounds=Bounds(low, MANY),
            constraints=() if self._constraint is None else self._constraint,
        )
        if found.x is None:
            raise ValueError(f"no counts fit what is published: {found.message}")
        return round(float(found.x[self.unknown[key]]))
