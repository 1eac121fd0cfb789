"""The community plan from records: rules, places, order, group and proof."""

import pytest

from matching.eligibility.rules import is_eligible
from matching.planning.planner import Plan, make_plan, plan_community
from matching.ranking.ranker import rank
from matching.records import Opening, Task
from tests.matching.community import openings, seeker

WISHES = ["做保洁", "带小孩", "缝纫", "餐馆帮工", "开车", "手工活", "超市"]


def people(count: int) -> list:
    return [
        seeker(
            id=f"s{i}",
            wanted=[WISHES[i % 7]],
            age=15 + i % 9,
            certificates=["C1驾照"] if i % 4 == 0 else [],
            limits=["lifting"] if i % 3 == 0 else [],
            reach=["estate", "district", "anywhere"][i % 3],
            priority=["low_income"] if i % 5 == 0 else [],
        )
        for i in range(count)
    ]


def test_a_group_goes_first_and_costs_no_place() -> None:
    two_people = [
        seeker(id="a", wanted=["保洁"]),
        seeker(id="b", wanted=["炒菜"], priority=["zero_employment_household"]),
    ]
    one = [Opening(id="o", title="保洁员")]
    assert [a.opening for a in plan_community(two_people, one)] == ["o", None]
    first = make_plan(two_people, one, first="zero_employment_household")
    assert [a.opening for a in first.placements] == [None, "o"]
    assert (first.placed, first.group_placed, first.group_bound) == (1, 1, 1)
    two = [Opening(id="o", title="保洁员", capacity=2)]
    assert [a.opening for a in plan_community(two_people, two)] == ["o", "o"]


def test_a_plan_keeps_the_rules_and_proves_itself() -> None:
    seekers, shown = people(60), {opening.id: opening for opening in openings()}
    found = make_plan(seekers, openings(), first="low_income")
    assert [one.seeker for one in found.placements] == [person.id for person in seekers]
    given = [one.opening for one in found.placements if one.opening]
    assert len(set(given)) == len(given) == found.placed == found.bound
    assert found.coverage_is_maximal
    assert found.all_scored
    assert found.score_gap == 0
    for person, one in zip(seekers, found.placements, strict=True):
        assert one.opening is None or is_eligible(person, shown[one.opening])
        assert (one.score is None) == (one.opening is None)
    total = sum(one.score or 0 for one in found.placements)
    assert total == pytest.approx(found.total) == pytest.approx(found.total_bound)


def test_scores_are_those_of_ranking() -> None:
    seekers = people(12)
    for person, one in zip(seekers, plan_community(seekers, openings()), strict=True):
        if one.opening:
            ranked = rank(Task(qid="q", seeker=person, openings=openings()))
            assert next(r.score for r in ranked if r.id == one.opening) == one.score


def test_the_order_of_openings_does_not_matter() -> None:
    seekers = people(40)
    assert plan_community(seekers, openings()[::-1]) == plan_community(seekers, openings())


def test_coverage_is_settled_on_all_pairs_when_few_are_scored() -> None:
    seekers = people(200)
    whole = make_plan(seekers, openings())
    cut = make_plan(seekers, openings(), max_pairs=len(seekers))
    assert not cut.all_scored
    assert cut.coverage_is_maximal
    assert cut.placed == whole.placed
    assert cut.total <= whole.total


def test_nobody_and_nothing() -> None:
    assert make_plan([], openings()) == Plan([])
    assert plan_community(people(2)[1:], [])[0].opening is None
    full = [Opening(id="o", capacity=0), Opening(id="p", capacity=-2)]
    found = make_plan(people(3), full)
    assert [one.opening for one in found.placements] == [None] * 3
    assert found.coverage_is_maximal
    assert found.score_gap == 0
