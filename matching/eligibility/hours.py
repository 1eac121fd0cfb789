"""Hours of the week as sets of minutes.

A set is an integer of 10,080 bits, bit 0 for Monday 00:00–00:01, so that union, inclusion and
overlap are single operations. Sunday night continues into Monday.
"""

from collections.abc import Iterable
from functools import lru_cache

from matching.records import Window

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
_WHOLE_WEEK = (1 << MINUTES_A_WEEK) - 1


def clock_minutes(clock: str) -> int:
    """Return minutes since midnight, 0–1440, of ``"8:30"`` or ``"24:00"``."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _span_mask(start: int, length: int) -> int:
    bits = ((1 << length) - 1) << start
    return (bits & _WHOLE_WEEK) | (bits >> MINUTES_A_WEEK)


def spans(windows: Iterable[Window]) -> list[tuple[int, int]]:
    """Return one ``(start, length)`` in minutes for each day of each window, sorted, no repeats.

    ``start`` counts from Monday 00:00 and lies in 0–10,079; a span may run past the end of the
    week, into Monday. An end at or before the start lies on the next day, so equal times are
    a whole day; from 24:00 to 00:00 no time passes, which is no span.
    """
    found: set[tuple[int, int]] = set()
    for window in windows:
        start, end = clock_minutes(window.start), clock_minutes(window.end)
        length = end - start if end > start else end - start + MINUTES_A_DAY
        for day in set(window.days) if length else ():
            begin = (int(day) - 1) * MINUTES_A_DAY + start
            found.add((begin % MINUTES_A_WEEK, length))
    return sorted(found)


@lru_cache(maxsize=8192)
def _minute_mask(windows: tuple[Window, ...]) -> int:
    bits = 0
    for start, length in spans(windows):
        bits |= _span_mask(start, length)
    return bits


def minute_mask(windows: Iterable[Window]) -> int:
    """Return the minutes of the week in any of the windows, as a bit set."""
    return _minute_mask(tuple(windows))


def window_keys(windows: Iterable[Window]) -> tuple[tuple[str, str, str, bool], ...]:
    """Return windows as plain tuples: keys that hash and compare faster than records."""
    return tuple((one.days, one.start, one.end, one.flexible) for one in windows)


def fixed_windows(windows: Iterable[Window], *, flexible: bool = False) -> tuple[Window, ...]:
    """Return the windows with fixed times: none if the opening as a whole is flexible.

    Windows without a day or without duration are left out.
    """
    return () if flexible else tuple(one for one in windows if _is_fixed(one))


def _is_fixed(window: Window) -> bool:
    if not window.days or window.flexible:
        return False
    return window.start != "24:00" or clock_minutes(window.end) > 0


def free_runs(windows: Iterable[Window]) -> list[tuple[int, int]]:
    """Return the maximal runs of free minutes, as ``(start, length)``.

    A run may continue from Sunday into Monday. The whole week is ``[(0, 10080)]``.
    """
    bits = minute_mask(windows)
    if bits == _WHOLE_WEEK:
        return [(0, MINUTES_A_WEEK)]
    found = []
    # A run starts where a minute is set and the one before it (Sunday 23:59 before Monday) is not.
    before = ((bits << 1) & _WHOLE_WEEK) | (bits >> (MINUTES_A_WEEK - 1))
    twice = bits | (bits << MINUTES_A_WEEK)
    starts = bits & ~before
    while starts:
        start = (starts & -starts).bit_length() - 1
        shifted = ~(twice >> start)
        found.append((start, (shifted & -shifted).bit_length() - 1))
        starts &= starts - 1
    return found


def covers(available: Iterable[Window] | None, hours: Iterable[Window]) -> bool:
    """Return whether all fixed hours lie within the free times.

    ``available`` None means always free, an empty list never. Pass hours through :func:`fixed`
    first if the opening as a whole may be flexible; flexible windows are left out here too.

    >>> night = Window(days="7", start="22:00", end="06:00")
    >>> covers([Window(days="7", start="20:00", end="24:00")], [night])
    False
    """
    return available is None or minute_mask(fixed_windows(hours)) & ~minute_mask(available) == 0


def overlap(available: Iterable[Window] | None, hours: Iterable[Window]) -> float:
    """Return the share, 0–1, of the fixed hours within the free times; 1 without fixed hours."""
    asked = minute_mask(fixed_windows(hours))
    if available is None or not asked:
        return 1.0
    return (asked & minute_mask(available)).bit_count() / asked.bit_count()


def hours_a_week(hours: Iterable[Window]) -> float:
    """Return the hours a week in any of the fixed windows."""
    return minute_mask(fixed_windows(hours)).bit_count() / 60


_NIGHT_MASK = minute_mask([Window(start="22:00", end="06:00")])


def overlaps_night(hours: Iterable[Window]) -> bool:
    """Return whether any fixed hour lies between 22:00 and 06:00."""
    return minute_mask(fixed_windows(hours)) & _NIGHT_MASK != 0
