"""Ventures without a database: break-even, licence steps, lifecycle, plans of stalls."""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.guides.library import guides
from webapp.guides.licence_steps import Need, all_steps, steps_for
from webapp.guides.trades import GUIDES, Site, Trade
from webapp.ventures.break_even import MOST_DAYS, break_even
from webapp.ventures.drawing import stall_plan
from webapp.ventures.lifecycle import (
    HOLDING,
    LIVE,
    TRANSITIONS,
    CaseAction,
    CaseState,
)
from webapp.ventures.services.visits import months_after, months_before

TODAY = date(2026, 11, 30)
_fen = st.integers(0, 50_000_000)


@given(cost=_fen, price=_fen, fixed=_fen, days=st.integers(1, MOST_DAYS))
def test_break_even_is_the_least_number_that_loses_nothing(cost, price, fixed, days):
    found = break_even(cost_fen=cost, price_fen=price, fixed_month_fen=fixed, days=days)
    left = lambda pieces: Fraction(pieces * days * (price - cost) - fixed)  # noqa: E731
    if found.pieces_a_day is None:
        assert price < cost or (price == cost and fixed > 0)
        assert left(0) < 0 or price < cost
        assert left(10**9) <= left(0)
    else:
        assert left(found.pieces_a_day) >= 0
        assert found.pieces_a_day == 0 or left(found.pieces_a_day - 1) < 0
        assert found.takings_a_day_fen == found.pieces_a_day * price


@given(cost=_fen, price=_fen, fixed=_fen, days=st.integers(1, MOST_DAYS), n=st.integers(0, 9999))
def test_more_sold_than_break_even_earns(cost, price, fixed, days, n):
    found = break_even(cost_fen=cost, price_fen=price, fixed_month_fen=fixed, days=days, expected=n)
    if found.pieces_a_day is not None:
        assert (found.earned_fen >= 0) == (n >= found.pieces_a_day)


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 32}, {"cost_fen": -1}])
def test_what_is_no_month_is_refused(wrong):
    good = {"cost_fen": 1, "price_fen": 2, "fixed_month_fen": 3, "days": 4}
    with pytest.raises(ValueError, match="days open"):
        break_even(**{**good, **wrong})


def test_every_trade_at_every_place_says_whether_a_licence_is_needed():
    about = ("business_licence", "none_", "online_licence", "food_small", "food_workshop")
    for trade, site in product(Trade, Site):
        steps = steps_for(trade, site, on=TODAY)
        assert any(step.key.startswith(about) for step in steps), (trade, site)


def test_steps_branch_by_trade_and_place():
    def keys(trade, site, need):
        return {one.key for one in steps_for(trade, site, on=TODAY) if one.need is need}

    assert keys(Trade.FISH, Site.MARKET, Need.NO) == {"no_food_permit"}
    assert "business_licence" in keys(Trade.FISH, Site.MARKET, Need.YES)
    assert keys(Trade.REPAIR, Site.STREET, Need.NO) == {"none_repair"}
    assert keys(Trade.REPAIR, Site.STREET, Need.YES) == {"street_spot"}
    assert "haircut_hygiene" in keys(Trade.HAIRCUT, Site.SHOP, Need.YES)
    assert "haircut_hygiene" not in keys(Trade.HAIRCUT, Site.DOOR, Need.YES)
    assert "food_permit" not in keys(Trade.FOOD_STALL, Site.MARKET, Need.YES)


def test_every_step_names_its_source_and_day():
    keys = [step.key for step in all_steps()]
    assert len(set(keys)) == len(keys) > 20
    for step in all_steps():
        assert step.source
        assert step.since <= TODAY
        assert step.how
        assert step.trades
        assert step.sites


def test_a_trade_leads_to_its_guide():
    assert set(GUIDES.values()) <= set(guides())


def test_a_rule_not_yet_in_force_is_not_asked_for():
    early = {step.key for step in steps_for(Trade.FOOD_STALL, Site.SHOP, on=date(2023, 1, 1))}
    late = {step.key for step in steps_for(Trade.FOOD_STALL, Site.SHOP, on=TODAY)}
    assert late - early == {"food_permit", "tax_report"}


@given(st.lists(st.sampled_from(sorted(CaseAction)), max_size=30))
def test_a_case_that_is_over_stays_over(actions):
    state = CaseState.APPLIED
    over = set(CaseState) - LIVE
    for action in actions:
        after = TRANSITIONS.get((state, CaseAction(action)))
        if after is None:
            continue
        assert state not in over, "nothing leads out of an end"
        if after is CaseState.ACTIVE:
            assert state is CaseState.PLANNING, "a business opens only after it was prepared"
        if after is CaseState.PLANNING:
            assert state is CaseState.OFFERED, "a place is taken only when it was offered"
        state = after
    assert HOLDING < LIVE


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([3, 6, 12]))
def test_months_before_is_the_last_day_whose_months_have_passed(today, months):
    day = months_before(today, months)
    assert months_after(day, months) <= today
    assert months_after(date.fromordinal(day.toordinal() + 1), months) > today


def test_a_plan_of_stalls_says_itself():
    plan = stall_plan("大门 C10 [C12]\n\n. 鱼池")
    assert plan.words == "大门、C10、这里：C12；鱼池"
    assert (plan.rows, plan.columns) == (2, 3)
    assert stall_plan(" \n . ") is None
