"""Piecework shared by families' free hours, against brute force and maximum flow."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse import csgraph

from matching.eligibility.rules import is_eligible
from matching.planning.piecework_assignment import PieceworkOrder, assign_piecework, free_hours
from matching.records import Opening, Seeker
from tests.depth import examples

CLOCK = "{:02d}:00".format


def person(name: str, family: str, hours: int, **fields: object) -> Seeker:
    """Somebody free for some hours on Mondays."""
    free = [{"days": "1", "start": "00:00", "end": CLOCK(hours)}] if hours else []
    return Seeker(id=name, household=family, available=free, age=40, **fields)


def order(
    name: str, pieces: int, hours: float, weeks: float, pack: int = 1, **fields
) -> PieceworkOrder:
    opening = Opening(id=name, kind="piecework", title="手工串珠", at_home=True, **fields)
    return PieceworkOrder(opening, pieces, hours, weeks, pack)


@st.composite
def communities(draw: st.DrawFn):
    people = [
        person(
            f"p{i}",
            draw(st.sampled_from(["a", "b", "c"])),
            draw(st.integers(0, 6)),
            limits=draw(st.sampled_from([[], ["fine_hand"], ["eyesight"]])),
            priority=draw(st.sampled_from([[], ["low_income"]])),
        )
        for i in range(draw(st.integers(1, 5)))
    ]
    orders = [
        order(
            f"o{i}",
            draw(st.integers(0, 9)),
            draw(st.integers(1, 3)),
            draw(st.integers(1, 3)),
            demands=draw(st.sampled_from([[], ["fine_hand"], ["eyesight"]])),
        )
        for i in range(draw(st.integers(1, 3)))
    ]
    return people, orders


def most_hours(people: list[Seeker], orders: list[PieceworkOrder], wanted: list[float]) -> int:
    """Return the most hours of work these people can do, by maximum flow hour by hour of a week."""
    n, m, weeks = len(people), len(orders), 3
    arcs: list[tuple[int, int, int]] = []
    slot = {(i, w): 1 + i * weeks + w for i, w in product(range(n), range(weeks))}
    goal = {j: 1 + n * weeks + j for j in range(m)}
    sink = 1 + n * weeks + m
    for (i, week), node in slot.items():
        arcs.append((0, node, int(free_hours(people[i]))))
        arcs += [
            (node, goal[j], 99)
            for j, one in enumerate(orders)
            if week < one.weeks and is_eligible(people[i], one.opening)
        ]
    arcs += [(goal[j], sink, int(hours)) for j, hours in enumerate(wanted)]
    tail, head, room = (np.array(part, dtype=np.int32) for part in zip(*arcs, strict=True))
    graph = sparse.csr_array((room, (tail, head)), shape=(sink + 1, sink + 1))
    return int(csgraph.maximum_flow(graph, 0, sink).flow_value)


@pytest.mark.slow
@settings(max_examples=examples(80))
@given(communities())
def test_the_bound_is_the_maximum_flow_and_shares_can_be_worked(community) -> None:
    people, orders = community
    found = assign_piecework(people, orders, first="low_income")
    wanted = [one.pieces * one.hours_a_piece for one in orders]
    assert found.hours_bound == pytest.approx(most_hours(people, orders, wanted), abs=1e-4)
    assert found.hours <= found.hours_bound + 1e-4
    named = {one.opening.id: one for one in orders}
    for family in {one.household for one in people}:
        mine = [one for one in people if one.household == family]
        given = {s.order: s for s in found.assignments if s.household == family}
        asked = [given[one.opening.id].hours if one.opening.id in given else 0 for one in orders]
        assert most_hours(mine, orders, asked) == sum(asked)
        for name, share in given.items():
            may = {p.id for p in mine if free_hours(p) and is_eligible(p, named[name].opening)}
            assert set(share.members) == may
            assert share.hours_a_week == pytest.approx(share.hours / named[name].weeks)
    for one in orders:
        out = sum(s.pieces for s in found.assignments if s.order == one.opening.id)
        assert out + found.left[one.opening.id] == one.pieces
        assert found.left[one.opening.id] >= 0
    # Nothing is left that one more family could do beside what it has.
    if all(one.hours_a_piece == 1 for one in orders):
        assert found.hours == pytest.approx(found.hours_bound, abs=1e-4)
    again = assign_piecework(people[::-1], orders[::-1], first="low_income")
    assert again == found


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(st.lists(st.integers(0, 20), min_size=1, max_size=5), st.integers(0, 60), st.integers(1, 4))
def test_one_order_is_given_out_as_far_as_whole_packs_go(free, pieces, pack) -> None:
    people = [person(f"p{i}", f"h{i}", hours) for i, hours in enumerate(free)]
    found = assign_piecework(people, [order("o", pieces, 1, 1, pack)])
    every = [range(hours // pack + 1) for hours in free]
    best = max((sum(packs) * pack for packs in product(*every)), default=0)
    if pieces % pack == 0:
        assert sum(s.pieces for s in found.assignments) == min(pieces, best)
    assert found.left["o"] >= max(0, pieces - sum(free))


def test_work_is_spread_in_proportion_to_free_hours() -> None:
    people = [person("a", "a", 20), person("b1", "b", 5), person("b2", "b", 5)]
    found = assign_piecework(people, [order("o", 15, 1, 1)])
    assert {s.household: s.pieces for s in found.assignments} == {"a": 10, "b": 5}
    assert found.assignments[1].members == ("b1", "b2")
    assert found.free == {"a": 20, "b": 10}


def test_the_group_comes_first_and_promised_hours_are_taken() -> None:
    people = [person("a", "a", 10), person("b", "b", 10, priority=["zero_employment_household"])]
    orders = [order("o", 12, 1, 1)]
    found = assign_piecework(people, orders, first="zero_employment_household")
    assert {s.household: s.pieces for s in found.assignments} == {"a": 2, "b": 10}
    found = assign_piecework(people, orders, promised={"a": 9, "b": 4})
    assert {s.household: s.pieces for s in found.assignments} == {"a": 1, "b": 6}
    assert found.left == {"o": 5}


def test_a_work_suits_who_wants_it() -> None:
    people = [person("a", "a", 5, wanted=["串珠"]), person("b", "b", 5, wanted=["绣花"])]
    orders = [
        order("o", 5, 1, 1),
        PieceworkOrder(Opening(id="x", title="绣花", at_home=True), 5, 1, 1),
    ]
    found = assign_piecework(people, orders)
    assert {(s.household, s.order) for s in found.assignments} == {("a", "o"), ("b", "x")}


def test_unknown_and_long_hours() -> None:
    always = Seeker(id="s", available=[{"start": "00:00", "end": "24:00"}])
    assert (free_hours(always), free_hours(Seeker(id="s"))) == (40, 14)
    found = assign_piecework([Seeker(id="s")], [order("o", 99, 1, 1)], hours_when_unknown=3)
    assert [(s.household, s.pieces) for s in found.assignments] == [("s", 3)]


def test_nobody_nothing_and_wrong_numbers() -> None:
    assert assign_piecework([], [order("o", 3, 1, 1)]).left == {"o": 3}
    assert assign_piecework([person("a", "a", 3)], []).assignments == []
    child = Seeker(id="c", age=15)
    assert assign_piecework([child], [order("o", 3, 1, 1)]).left == {"o": 3}
    with pytest.raises(ValueError, match="same id"):
        assign_piecework([], [order("o", 1, 1, 1), order("o", 2, 1, 1)])
    for wrong in ((-1, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)):
        with pytest.raises(ValueError, match="must be"):
            order("o", *wrong)
