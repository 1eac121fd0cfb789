"""Share lines out among those who may look at them, as evenly as who may what allows.

An optimal semi-matching, found line by line along a cheapest alternating path: Harvey, Ladner,
Lovász and Tamir, Semi-matchings for bipartite graphs and load balancing (2006), algorithm 1. No
other sharing has a lower sum of squared loads.
"""

from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence


def share(
    choices: Sequence[Collection[int]], load: Mapping[int, int] | None = None
) -> list[int | None]:
    """Return who gets each line; ``None`` for a line that nobody may have.

    ``choices`` holds, for each line, the accounts that may have it; ``load`` is what they have
    already and keep.

    >>> share([{1, 2}, {1, 2}, {1}, set()])
    [1, 2, 1, None]
    """
    given: list[int | None] = [None] * len(choices)
    has = Counter(load or {})
    for line in range(len(choices)):
        _give(line, choices, given, has)
    return given


def _give(
    line: int,
    choices: Sequence[Collection[int]],
    given: list[int | None],
    has: Counter[int],
) -> None:
    """Give one line out; where that is fairer, lines given before move along to others."""
    came_by: dict[int, int] = {}  # account → the line by which it is reached
    waiting = deque([line])
    while waiting:
        current = waiting.popleft()
        for account in sorted(choices[current]):
            if account not in came_by:
                came_by[account] = current
                waiting.extend(one for one, who in enumerate(given) if who == account)
    if not came_by:
        return
    last = min(came_by, key=lambda account: (has[account], account))
    has[last] += 1
    while True:
        moved = came_by[last]
        before, given[moved] = given[moved], last
        if before is None:
            return
        last = before
