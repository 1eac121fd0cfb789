"""The community plan against every possible plan of small communities."""

from itertools import product
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matching import plan
from matching.plan import assign, plan_community
from matching.records import Opening
from matching.rules import is_eligible

from .community import openings, seeker


@st.composite
def communities(draw: st.DrawFn):
    shape = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    return (
        draw(arrays(bool, shape)),
        draw(arrays(int, shape, elements=st.integers(0, 9))) / 10,
        draw(arrays(int, shape[1], elements=st.integers(0, 2))),
        draw(arrays(bool, shape[0])),
    )


def value(given_, scores, first) -> tuple[int, int, float]:
    covered = [i for i, j in enumerate(given_) if j >= 0]
    total = sum(scores[i, given_[i]] for i in covered)
    return sum(first[i] for i in covered), len(covered), round(float(total), 6)


def allowed(given_, eligible, capacity) -> bool:
    used = [j for j in given_ if j >= 0]
    return all(j < 0 or eligible[i, j] for i, j in enumerate(given_)) and all(
        used.count(j) <= places for j, places in enumerate(capacity)
    )


@pytest.mark.parametrize("small", [plan.SMALL, -1])
@settings(max_examples=80, deadline=None)
@given(community=communities())
def test_no_possible_plan_is_better(small: int, community) -> None:
    eligible, scores, capacity, first = community
    with mock.patch.object(plan, "SMALL", small):
        found = assign(eligible, scores, capacity, first).tolist()
    assert allowed(found, eligible, capacity)
    every = product(range(-1, eligible.shape[1]), repeat=len(eligible))
    best = max(value(p, scores, first) for p in every if allowed(p, eligible, capacity))
    assert value(found, scores, first) == best


def test_both_methods_agree_on_a_larger_community() -> None:
    draw = np.random.default_rng(0)
    scores = draw.random((60, 80)).round(6)
    eligible, places = draw.random((60, 80)) < 0.1, draw.integers(0, 2, 80)
    first = draw.random(60) < 0.3
    at_once = assign(eligible, scores, places, first).tolist()
    with mock.patch.object(plan, "SMALL", -1):
        in_rounds = assign(eligible, scores, places, first).tolist()
    assert value(at_once, scores, first) == value(in_rounds, scores, first)


def test_a_group_goes_first_and_costs_no_place() -> None:
    people = [
        seeker(id="a", wanted=["保洁"]),
        seeker(id="b", wanted=["炒菜"], priority=["zero_employment_household"]),
    ]
    one = [Opening(id="o", title="保洁员")]
    assert [a.opening for a in plan_community(people, one)] == ["o", None]
    first = plan_community(people, one, first="zero_employment_household")
    assert [a.opening for a in first] == [None, "o"]
    two = [Opening(id="o", title="保洁员", capacity=2)]
    assert [a.opening for a in plan_community(people, two)] == ["o", "o"]


def test_a_real_plan_keeps_the_rules() -> None:
    shown = {opening.id: opening for opening in openings()}
    people = [seeker(id=f"s{i}", wanted=["做保洁"], age=15 + i % 5) for i in range(40)]
    found = plan_community(people, openings())
    assert [one.seeker for one in found] == [person.id for person in people]
    given_ = [one.opening for one in found if one.opening]
    assert len(set(given_)) == len(given_) <= len(shown)
    for person, one in zip(people, found, strict=True):
        assert one.opening is None or is_eligible(person, shown[one.opening])
        assert (one.score is None) == (one.opening is None)
    assert plan_community(people, openings()[::-1]) == found
    assert plan_community([], openings()) == []
    assert plan_community(people[:1], [])[0].opening is None
