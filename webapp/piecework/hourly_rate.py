"""The honest hourly rate of piecework: slow, middle, fast, from timed good pieces."""

from typing import NamedTuple

HOUR = 3600


class Hourly(NamedTuple):
    """Fen an hour at the slowest, the middle and the fastest timing, from good pieces alone.

    ``middle_seconds`` is the time for one good piece at the middle timing, rounded up.
    """

    slow_fen: int
    middle_fen: int
    fast_fen: int
    timings: int
    middle_seconds: int


def hourly_from(rate_fen: int, timings: list[tuple[int, int]]) -> Hourly:
    """Return what an hour earns at a rate, from (seconds, good pieces) of each timing."""
    earned = sorted(
        (rate_fen * passed * HOUR // seconds, seconds, passed) for seconds, passed in timings
    )
    middle = earned[(len(earned) - 1) // 2]
    return Hourly(
        slow_fen=earned[0][0],
        middle_fen=middle[0],
        fast_fen=earned[-1][0],
        timings=len(earned),
        middle_seconds=-(-middle[1] // max(middle[2], 1)),
    )
