"""The age of retirement agrees with the table that was published with the law."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.vocabulary import Sex
from webapp.rulebook.retirement import past_age_if_born_by, retires_on

TODAY = date(2026, 11, 30)
M, F = Sex.MALE, Sex.FEMALE

# Rows of the tables appended to the decision of 13 September 2024: born in, retires in.
TABLE = [
    (M, (1964, 12), (2024, 12)),
    (M, (1965, 1), (2025, 2)),
    (M, (1965, 4), (2025, 5)),
    (M, (1965, 5), (2025, 7)),
    (M, (1966, 12), (2027, 6)),
    (M, (1976, 9), (2039, 9)),
    (M, (1976, 12), (2039, 12)),
    (F, (1969, 12), (2024, 12)),
    (F, (1970, 1), (2025, 2)),
    (F, (1970, 5), (2025, 7)),
    (F, (1981, 9), (2039, 9)),
    (F, (1981, 12), (2039, 12)),
]


@pytest.mark.parametrize(("sex", "born", "retires"), TABLE)
def test_ages_of_the_published_table(sex, born, retires):
    day = retires_on(date(*born, 1), sex, on=TODAY)
    assert (day.year, day.month) == retires


def test_before_the_law_the_old_ages_held():
    assert retires_on(date(1965, 1, 1), M, on=date(2024, 12, 31)) == date(2025, 1, 1)
    assert retires_on(date(1970, 1, 1), F, on=date(2024, 12, 31)) == date(2025, 1, 1)


def test_an_unknown_sex_counts_as_the_later_age():
    assert retires_on(date(1970, 1, 1), None, on=TODAY) == retires_on(date(1970, 1, 1), M, on=TODAY)


@given(
    st.dates(date(2021, 1, 1), date(2045, 12, 31)),
    st.sampled_from([M, F, None]),
    st.integers(-40, 40),
)
def test_the_last_birth_date_divides_those_who_have_reached_the_age(day, sex, near):
    last = past_age_if_born_by(day, sex)
    assert retires_on(last, sex, on=day) <= day
    assert retires_on(last + timedelta(days=1), sex, on=day) > day
    other = last + timedelta(days=near)
    assert (retires_on(other, sex, on=day) <= day) == (other <= last)
