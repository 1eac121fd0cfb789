"""Working days of China, and the days by which a ticket is answered over holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core import clock
from webapp.rulebook import working_days
from webapp.rulebook.working_days import (
    add_working_days,
    end_after,
    is_estimated,
    is_working_day,
    working_days_between,
)

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-10", True),  # a Saturday worked for the week of the National Day
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-23", False),
        ("2026-11-28", False),  # a Saturday like any other
    ],
)
def test_published_days(day, worked):
    assert is_working_day(date.fromisoformat(day)) is worked


def test_a_year_not_published_is_reckoned_by_weekends_and_the_law():
    assert not working_days.is_published(2028)
    assert not is_working_day(date(2028, 10, 1))  # by law
    assert not is_working_day(date(2028, 10, 7))  # a Saturday
    assert is_working_day(date(2028, 10, 9))


@pytest.mark.parametrize(
    ("filed", "days", "due"),
    [
        # Filed in the evening before the National Day: the first day counted is 8 October.
        ("2026-09-30 23:50", 3, "2026-10-10"),
        ("2026-09-30 09:00", 7, "2026-10-15"),
        # On a free day the count begins with the next day worked.
        ("2026-10-03 10:00", 3, "2026-10-10"),
        # Over the end of a month and of the year.
        ("2026-11-30 08:00", 7, "2026-12-09"),
        ("2026-12-31 18:00", 3, "2027-01-06"),
        # A Friday evening.
        ("2026-11-27 17:59", 3, "2026-12-02"),
    ],
)
def test_the_last_day_of_a_limit(filed, days, due):
    end = end_after(at(filed), days)
    assert end == clock.end_of_day(date.fromisoformat(due))
    assert end.tzinfo is UTC


def test_what_reaches_into_a_year_not_published_is_an_estimate():
    assert not is_estimated(at("2026-12-01 08:00"), at("2027-01-01 00:00"))
    assert is_estimated(at("2028-12-01 08:00"), at("2028-12-05 00:00"))


@given(day=DAYS, count=st.integers(0, 30))
def test_counting_forth_and_back(day, count):
    end = add_working_days(day, count)
    assert working_days_between(day, end) == count
    assert count == 0 or is_working_day(end)


@given(day=DAYS, span=st.integers(0, 60), more=st.integers(0, 60))
def test_spans_add_up(day, span, more):
    middle, end = day + timedelta(days=span), day + timedelta(days=span + more)
    assert working_days_between(day, end) == working_days_between(
        day, middle
    ) + working_days_between(middle, end)
