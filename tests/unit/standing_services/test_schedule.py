"""The days of visits keep their beat, whatever happens between them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.standing_services import schedule
from webapp.standing_services.schedule import Rhythm

DAYS = st.dates(date(2025, 12, 1), date(2028, 3, 31))  # with a leap day and three turns of a year
BY_DAYS = st.integers(1, 92).map(lambda n: Rhythm(n, ""))
BY_WEEK = st.sets(st.sampled_from("1234567"), min_size=1).map(
    lambda days: Rhythm(None, "".join(sorted(days)))
)
RHYTHMS = BY_DAYS | BY_WEEK


def on_beat(rhythm: Rhythm, anchor: date, day: date) -> bool:
    if rhythm.every_days is not None:
        return (day - anchor).days % rhythm.every_days == 0
    return str(day.isoweekday()) in rhythm.weekdays


@given(RHYTHMS, DAYS, st.lists(st.integers(-40, 200), max_size=12))
def test_visits_never_lead_into_the_past_and_never_drift(rhythm, begin, delays):
    """Each visit comes some days after or before the day it was due."""
    anchor = due = schedule.first(rhythm, begin)
    assert begin <= due <= begin + timedelta(days=6)
    for delay in delays:
        early = -max((rhythm.every_days or 1) // 2, 1)
        visited = due + timedelta(days=max(delay, early))
        then = schedule.after_visit(rhythm, due, visited)
        assert then > visited
        assert then > due
        assert on_beat(rhythm, anchor, then)
        # Nobody waits longer than the usual time and half of it, but for a week with few days.
        usual = rhythm.every_days or 7
        assert (then - max(visited, due)).days <= usual + usual // 2 + 1
        due = then


@given(RHYTHMS, DAYS, st.integers(0, 400))
def test_a_pause_leads_to_the_first_day_of_the_beat_after_it(rhythm, begin, away):
    due = schedule.first(rhythm, begin)
    back = begin + timedelta(days=away)
    then = schedule.at_least(rhythm, due, back)
    assert then >= back
    assert on_beat(rhythm, due, then)
    usual = rhythm.every_days or 7
    assert then == due or (then - back).days < usual


@given(RHYTHMS, DAYS)
def test_turns_follow_each_other_without_a_gap(rhythm, begin):
    due = schedule.first(rhythm, begin)
    then = schedule.following(rhythm, due)
    between = [due + timedelta(days=n) for n in range(1, (then - due).days)]
    assert then > due
    assert not any(on_beat(rhythm, due, day) for day in between)
