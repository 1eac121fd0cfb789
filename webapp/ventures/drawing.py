"""A plan of stalls, written in words, as boxes for a drawing.

A line is a row, parted by spaces; the stall it is about stands in brackets:
``大门 C10 C11 [C12] C13``. A single ``.`` leaves a place empty.
"""

from dataclasses import dataclass

_MOST_ROWS, _MOST_IN_A_ROW = 6, 8


@dataclass(frozen=True)
class Box:
    """One stall of the plan: where it stands, counted from 0, and whether it is the one."""

    row: int
    column: int
    words: str
    own: bool


@dataclass(frozen=True)
class StallPlan:
    """A whole plan; ``words`` says it to those who cannot see it."""

    boxes: list[Box]
    rows: int
    columns: int

    @property
    def words(self) -> str:
        """The plan row by row."""
        lines = [
            "、".join(
                ("这里：" if box.own else "") + box.words for box in self.boxes if box.row == row
            )
            for row in range(self.rows)
        ]
        return "；".join(lines)


def stall_plan(text: str) -> StallPlan | None:
    """Return the boxes of a plan; ``None`` without any.

    >>> plan = stall_plan("门 C1 [C2]")
    >>> [(box.words, box.own) for box in plan.boxes]
    [('门', False), ('C1', False), ('C2', True)]
    """
    boxes = []
    rows = [line.split()[:_MOST_IN_A_ROW] for line in text.splitlines() if line.split()]
    for row, cells in enumerate(rows[:_MOST_ROWS]):
        for column, cell in enumerate(cells):
            own = cell.startswith("[") and cell.endswith("]") and len(cell) > 2
            if cell != ".":
                boxes.append(Box(row, column, cell[1:-1] if own else cell, own))
    if not boxes:
        return None
    return StallPlan(boxes, min(len(rows), _MOST_ROWS), max(map(len, rows)))
