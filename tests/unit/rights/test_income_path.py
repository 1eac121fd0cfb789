"""The income path against the cases worked out by hand, and what must hold for any household."""

import csv
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rights.income_path import (
    MONTHS,
    NOTHING,
    HoleKind,
    Household,
    IncomePath,
    Interval,
    Parameters,
    Work,
    reckon,
)

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fen(text: str) -> int:
    return round(float(text) * 100)


def parameters(name: str) -> Parameters:
    row = next(row for row in rows("household_parameters.csv") if row["parameters"] == name)
    money, other = {"line", "work_cost"}, set(row) - {"line", "work_cost", "parameters"}
    values = {one: fen(row[one]) if row[one] else None for one in money}
    values |= {one: int(row[one]) if row[one] else None for one in other}
    return Parameters(**values)


def told(text: str) -> Interval | None:
    if text == "unknown":
        return None
    if text == "0":
        return NOTHING
    low, high = text.split("-")
    return Interval(fen(low), fen(high) if high else None)


def expected(text: str) -> Interval | None:
    if text == "hole":
        return None
    low, high = text.split("..")
    return Interval(fen(low), fen(high) if high else None)


WORD = {"yes": True, "no": False, "unknown": None}


def path_of(row: dict[str, str]) -> IncomePath:
    others = tuple(told(one) for one in row["others"].split("|") if one)
    household = Household(
        persons=int(row["persons"]),
        on_allowance=WORD[row["on_allowance"]],
        others=others,
        other_income=told(row["other_income"]),
        hard_spending=told(row["hard_spending"]),
        pay_now=told(row["pay_now"]),
    )
    work = Work(
        pay=told(row["pay"]),
        provable=WORD[row["provable"]],
        care=told(row["care"]),
        travel=told(row["travel"]),
        start_cost=told(row["start_cost"]),
    )
    return reckon(household, work, parameters(row["parameters"]))


CASES = rows("household_cases.csv")


def test_there_are_a_hundred_cases_and_they_are_not_all_alike():
    assert len(CASES) == 100
    assert len({tuple(row.values())[1:] for row in CASES}) == 100
    assert sum(row["total_1"] == "hole" for row in CASES) == 13


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_each_case_comes_out_as_worked_out_by_hand(row):
    path = path_of(row)
    assert path.stay_allowance == expected(row["stay_allowance"])
    assert path.stay == expected(row["stay"])
    assert len(path.months) == MONTHS
    for number in (1, 2, 24):
        month = path.months[number - 1]
        assert month.number == number
        assert month.allowance == expected(row[f"allowance_{number}"]), number
        assert month.total == expected(row[f"total_{number}"]), number
        assert month.difference == expected(row[f"difference_{number}"]), number


# ---------- for any household: small figures, so that every outcome can be tried ----------

small = st.integers(0, 6)
intervals = st.tuples(small, st.integers(0, 3)).map(lambda x: Interval(x[0], x[0] + x[1]))
wholes = st.builds(
    Parameters,
    line=st.integers(1, 6),
    work_cost=st.integers(0, 4),
    taper_months=st.integers(0, 3),
    taper_percent=st.sampled_from([0, 50, 100]),
    taper_ceiling=st.sampled_from([0, 120, 150, 200]),
    hard_spending_percent=st.sampled_from([0, 50, 100]),
)
households = st.builds(
    Household,
    persons=st.integers(1, 3),
    on_allowance=st.booleans(),
    others=st.lists(intervals, max_size=2).map(tuple),
    other_income=intervals,
    hard_spending=intervals,
    pay_now=intervals,
)
works = st.builds(
    Work,
    pay=st.tuples(small, st.integers(0, 8)).map(lambda x: Interval(x[0], x[0] + x[1])),
    provable=st.just(True),
    care=intervals,
    travel=intervals,
    start_cost=intervals,
)


def by_hand(household, pay, now, others, income, hard, figures, number) -> tuple[int, int, int]:
    """Allowance when going, total when staying and when going; each amount is exact."""
    counted = lambda own: max(  # noqa: E731
        0,
        sum(max(0, one - figures.work_cost) for one in (own, *others))
        + income
        - figures.hard_spending_percent * hard // 100,
    )
    line = figures.line * household.persons
    stay = max(0, line - counted(now)) if household.on_allowance else 0
    above = counted(pay)
    taper = number <= figures.taper_months and (
        not figures.taper_ceiling or above * 100 < figures.taper_ceiling * line
    )
    going = line - above if above < line else figures.taper_percent * stay // 100 if taper else 0
    going = going if household.on_allowance else 0
    cash = sum(others) + income
    return going, now + cash + stay, pay + cash + going


def every(interval: Interval) -> range:
    return range(interval.low, interval.high + 1)


@pytest.mark.slow
@given(households, works, wholes)
def test_the_interval_is_exactly_what_all_outcomes_span(household, work, figures):
    """So it contains each corner, and promises nothing that no outcome brings."""
    path = reckon(household, work, figures)
    costs = work.care.plus(work.travel)
    for number in (1, MONTHS):
        found = [
            by_hand(household, pay, now, others, income, hard, figures, number)
            for pay, now, *others, income, hard in product(
                every(work.pay),
                every(household.pay_now),
                *map(every, household.others),
                every(household.other_income),
                every(household.hard_spending),
            )
        ]
        month, own = (
            path.months[number - 1],
            costs.plus(work.start_cost if number == 1 else NOTHING),
        )
        going, stay, total = zip(*found, strict=True)
        more = [b - a for a, b in zip(stay, total, strict=True)]
        assert month.allowance == Interval(min(going), max(going))
        assert path.stay == Interval(min(stay), max(stay))
        assert month.total == Interval(min(total), max(total)).minus(own)
        assert month.difference == Interval(min(more), max(more)).minus(own)


@pytest.mark.slow
@given(households, works, wholes, st.integers(1, 9))
def test_more_pay_never_lowers_income_by_more_than_the_rules_say(household, work, figures, more):
    """Only the ceiling of the taper can: then by the taper that falls away, never more."""
    richer = replace(work, pay=Interval(work.pay.low + more, work.pay.high + more))
    before, after = (reckon(household, one, figures) for one in (work, richer))
    for month, later in zip(before.months, after.months, strict=True):
        lost = 0
        if figures.taper_ceiling and month.number <= figures.taper_months:
            lost = figures.taper_percent * before.stay_allowance.high // 100
        assert later.total.low >= month.total.low - lost
        assert later.total.high >= month.total.high - lost


@pytest.mark.slow
@given(households, works, wholes, st.data())
def test_a_hole_never_turns_into_a_number(household, work, figures, data):
    gap = data.draw(st.sampled_from(["line", "work_cost", "taper_months", "taper_percent",
                                     "taper_ceiling", "on_allowance", "provable", "pay",
                                     "care", "travel"]))  # fmt: skip
    if gap == "on_allowance":
        household = replace(household, on_allowance=None)
    elif gap in {"provable", "pay", "care", "travel"}:
        work = replace(work, **{gap: None})
    else:
        figures = replace(figures, **{gap: None})
    path = reckon(household, work, figures)
    of_allowance = gap not in {"pay", "care", "travel"}
    if of_allowance and household.on_allowance is False:  # then no figure of it matters
        assert path.holes == ()
        return
    assert path.holes
    assert all(month.total is None and month.difference is None for month in path.months)
    if of_allowance:
        assert all(month.allowance is None for month in path.months)


@pytest.mark.slow
@given(households, works, wholes, st.randoms())
def test_the_order_of_the_members_changes_nothing(household, work, figures, random):
    others = list(household.others)
    random.shuffle(others)
    assert reckon(replace(household, others=tuple(others)), work, figures) == reckon(
        household, work, figures
    )


def test_what_is_asked_for_hard_spending_matters_only_where_there_is_some():
    household = Household(persons=1, on_allowance=True)
    work = Work(pay=Interval(100, 200), provable=True)
    figures = Parameters(50, 10, 0, 0, 0, None)
    assert reckon(household, work, figures).holes == ()
    ill = replace(household, hard_spending=Interval(1, 2))
    assert reckon(ill, work, figures).holes == (HoleKind.FIGURES,)


def test_months_that_are_alike_are_told_once():
    path = path_of(CASES[6])
    assert [(first, last) for first, last, _month in path.stages] == [(1, 1), (2, 6), (7, 24)]
