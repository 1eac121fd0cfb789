"""Hours of the week, against a minute-by-minute reading of the rule."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.eligibility import hours
from matching.eligibility.index import EligibilityIndex
from matching.eligibility.rules import broken_rules
from matching.records import Opening, Seeker, Window
from tests.depth import examples
from tests.matching.strategies import WIDE_WINDOWS, WINDOWS

WEEK = 7 * 24 * 60


def window(days: str, start: str, end: str, *, flexible: bool = False) -> Window:
    return Window(days=days, start=start, end=end, flexible=flexible)


def slow_minutes(windows: list[Window]) -> set[int]:
    """Return the minutes of the week one by one, written from the contract's sentence."""
    found = set()
    for w in windows:
        start, end = (int(t.split(":")[0]) * 60 + int(t.split(":")[1]) for t in (w.start, w.end))
        stop = end if end > start else end + 24 * 60
        for day in w.days:
            midnight = (int(day) - 1) * 24 * 60
            found |= {(midnight + minute) % WEEK for minute in range(start, stop)}
    return found


_WEEKS = st.lists(WINDOWS | WIDE_WINDOWS, max_size=4)


@settings(max_examples=examples(60))
@given(_WEEKS, _WEEKS)
def test_agrees_with_counting_minutes(free: list[Window], asked: list[Window]) -> None:
    fixed_windows = [w for w in asked if not w.flexible]
    free_minutes, asked_minutes = slow_minutes(free), slow_minutes(fixed_windows)
    assert hours.minute_mask(free) == sum(1 << minute for minute in free_minutes)
    assert hours.covers(free, asked) == (asked_minutes <= free_minutes)
    assert hours.hours_a_week(asked) == len(asked_minutes) / 60
    assert hours.overlaps_night(asked) == any(
        m % 1440 < 360 or m % 1440 >= 1320 for m in asked_minutes
    )
    share = len(asked_minutes & free_minutes) / len(asked_minutes) if asked_minutes else 1
    assert hours.overlap(free, asked) == pytest.approx(share)


@settings(max_examples=examples(60))
@given(_WEEKS)
def test_runs_are_the_same_minutes_unbroken(free: list[Window]) -> None:
    found = hours.free_runs(free)
    covered = [(start + i) % WEEK for start, length in found for i in range(length)]
    assert len(covered) == len(set(covered))
    assert set(covered) == slow_minutes(free)
    starts = {start for start, _ in found}
    assert len(found) == 1 or all((start + length) % WEEK not in starts for start, length in found)


def test_adjacent_and_overlapping_free_times_are_one_set() -> None:
    free = [window("1", "08:00", "12:00"), window("1", "12:00", "18:00")]
    assert hours.covers(free, [window("1", "09:00", "17:00")])
    assert not hours.covers(free[:1], [window("1", "09:00", "17:00")])
    overnight = [window("1", "20:00", "24:00"), window("2", "00:00", "08:00")]
    assert hours.covers(overnight, [window("1", "22:00", "06:00")])


def test_a_night_belongs_to_the_day_it_starts_on() -> None:
    free = [window("5", "18:00", "08:00")]
    assert hours.covers(free, [window("5", "22:00", "06:00")])
    assert not hours.covers(free, [window("6", "22:00", "06:00")])
    assert hours.covers(free, [window("6", "00:00", "06:00")])


def test_sunday_night_runs_into_monday() -> None:
    night = window("7", "22:00", "06:00")
    assert hours.covers([night], [window("1", "00:00", "06:00")])
    assert hours.covers([window("7", "20:00", "24:00"), window("1", "00:00", "07:00")], [night])
    assert not hours.covers([window("7", "00:00", "24:00")], [night])


def test_clock_of_24() -> None:
    assert hours.spans([window("1", "00:00", "24:00")]) == [(0, 1440)]
    assert hours.spans([window("1", "24:00", "06:00")]) == [(1440, 360)]
    assert hours.spans([window("7", "24:00", "6:00")]) == [(0, 360)]
    assert hours.spans([window("1", "08:00", "08:00")]) == [(480, 1440)]
    assert hours.free_runs([window("1234567", "00:00", "24:00")]) == [(0, WEEK)]


def test_always_and_never_free() -> None:
    day = [window("1", "09:00", "17:00")]
    assert hours.covers(None, day)
    assert not hours.covers([], day)
    assert hours.covers([], [])
    assert hours.covers([], [window("1", "09:00", "17:00", flexible=True)])
    assert hours.covers([], [window("", "09:00", "17:00")])
    assert hours.overlap(None, day) == 1
    assert hours.overlap([window("1", "09:00", "13:00")], day) == 0.5


def test_night_borders() -> None:
    assert not hours.overlaps_night([window("1", "06:00", "22:00")])
    assert hours.overlaps_night([window("1", "05:59", "07:00")])
    assert hours.overlaps_night([window("1", "21:00", "22:01")])
    assert not hours.overlaps_night([window("1", "21:00", "02:00", flexible=True)])


def test_flexible_openings_have_no_fixed_hours() -> None:
    windows = [window("1", "09:00", "17:00"), window("2", "09:00", "17:00", flexible=True)]
    assert hours.fixed_windows(windows) == (windows[0],)
    assert hours.fixed_windows(windows, flexible=True) == ()


def test_no_time_passes_from_the_end_of_a_day_to_the_start_of_the_next():
    nothing = window("1", "24:00", "00:00")
    assert hours.fixed_windows([nothing]) == ()
    assert hours.spans([nothing]) == []
    seeker = Seeker(id="s", available=[])
    opening = Opening(id="o", hours=[nothing])
    assert broken_rules(seeker, opening) == []
    assert EligibilityIndex([opening]).eligible_block([seeker]).all()
