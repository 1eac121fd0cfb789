"""The guides as they are written: whole, in one form, their sums right."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.guides.library import FOLDER, Guide, Reckoning, guides

ASKED_FOR = {
    "fish-stall", "vegetable-stall", "breakfast-cart", "noodle-stall", "sewing-corner",
    "shoe-umbrella-repair", "phone-repair", "haircuts-at-home", "laundry-pickup",
    "small-childcare", "online-shop", "handicraft-workshop",
}  # fmt: skip
LONGEST_STEP, LONGEST_LINE = 30, 60  # characters that somebody who reads little takes in at once
each = pytest.mark.parametrize("guide", guides().values(), ids=lambda guide: guide.slug)


def test_the_trades_people_ask_for_are_there():
    assert set(guides()) >= ASKED_FOR
    assert len(guides()) == len(list(FOLDER.glob("*.toml")))
    assert [one.number for one in guides().values()] == list(range(1, len(guides()) + 1))


@each
def test_a_guide_is_whole_and_short(guide: Guide):
    assert len(guide.steps) == 3
    assert all(len(one) <= LONGEST_STEP for one in guide.steps)
    assert [one[:6] for one in guide.first_week] == [f"第 {n} 天：" for n in range(1, 8)]
    assert len(guide.losses) == 3
    assert all(one.how and one.instead for one in guide.losses)
    assert len(guide.papers) >= 2
    assert guide.help
    assert guide.ask
    lines = [*guide.first_week, *guide.rules, *guide.help, guide.sentence, guide.fits]
    assert [one for one in lines if len(one) > LONGEST_LINE] == []
    latin = re.compile(r"[A-Za-z]")
    assert not latin.search(guide.text + "".join(guide.help + guide.rules))


@each
def test_the_figures_of_a_guide_agree(guide: Guide):
    assert all(0 <= one.low <= one.high for one in [*guide.costs, guide.day_left])
    assert guide.to_begin.high == sum(one.high for one in guide.costs) > 0
    left = guide.reckoning.left_fen / 100
    assert guide.day_left.low <= left <= guide.day_left.high


def test_what_has_rules_says_them():
    assert any("托育" in rule for rule in guides()["small-childcare"].rules)


@given(st.integers(0, 500), st.integers(1, 5000))
def test_break_even_is_the_least_that_covers_the_day(daily: int, each_fen: int):
    day = Reckoning("摊位", daily, "一斤", each_fen, "卖", "斤", 10)
    assert day.break_even * each_fen >= daily * 100
    assert (day.break_even - 1) * each_fen < daily * 100
    assert day.left_fen == 10 * each_fen - daily * 100
