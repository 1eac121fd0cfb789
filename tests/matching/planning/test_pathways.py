"""What one course, certificate or change unlocks, recomputed from the rules."""

from itertools import combinations

import pytest

from matching.eligibility.rules import is_eligible
from matching.planning.pathways import Step, after_course, courses_to_open, pathways
from matching.planning.planner import make_plan
from matching.ranking.ranker import rank
from matching.records import Kind, Opening, Seeker, Task
from tests.matching.community import ESTATE, openings, seeker

DAY = {"days": "12345", "start": "09:00", "end": "17:00"}
NIGHT = {"days": "67", "start": "20:00", "end": "04:00"}
COURSE = Opening(id="c", kind="course", title="电工培训", place=ESTATE, teaches=["低压电工证"])


def unlocked(before: Seeker, after: Seeker, shown: list[Opening]) -> set[str]:
    return {
        one.id
        for one in shown
        if one.kind is not Kind.COURSE and is_eligible(after, one) and not is_eligible(before, one)
    }


def test_every_change_unlocks_what_the_rules_say() -> None:
    shown = [
        *openings(),
        COURSE,
        Opening(id="day", title="保安", hours=[DAY], place=ESTATE),
        Opening(id="night", title="门卫", hours=[NIGHT], place=ESTATE),
    ]
    one = seeker(reach="estate", available=[{"days": "1", "start": "08:00", "end": "20:00"}])
    found = {(way.step, way.what): way for way in pathways(one, shown)}
    after = {
        (Step.CERTIFICATE, "B2驾驶证"): {"certificates": ["B2驾驶证"]},
        (Step.CERTIFICATE, "C1驾驶证"): {"certificates": ["C1驾驶证"]},
        **{(Step.REACH, r): {"reach": r} for r in ("street", "district", "city", "anywhere")},
        (Step.HOURS, "12345 09:00-17:00"): {"available": [*one.available, DAY]},
        (Step.HOURS, "67 20:00-04:00"): {"available": [*one.available, NIGHT]},
        (Step.COURSE, "c"): after_course(one, COURSE).model_dump(
            include={"skills", "certificates"}
        ),
    }
    for key, change in after.items():
        changed = Seeker.model_validate(one.model_dump() | change)
        expected = unlocked(one, changed, shown)
        assert set(found[key].openings if key in found else ()) == expected
        if expected:
            ranked = rank(Task(qid="q", seeker=changed, openings=shown))
            scores = [r.score for r in ranked if r.id in expected]
            assert found[key].score == pytest.approx(sum(scores), abs=1e-4)
            assert found[key].best == pytest.approx(max(scores), abs=1e-6)
            assert list(found[key].openings) == [r.id for r in ranked if r.id in expected]
    assert "day" in found[Step.HOURS, "12345 09:00-17:00"].openings
    scores = [way.score for way in pathways(one, shown)]
    assert scores == sorted(scores, reverse=True)


def test_a_course_out_of_reach_is_no_pathway_and_courses_are_not_unlocked() -> None:
    work = Opening(id="w", title="水电安装工", certificates=["低压电工作业证"])
    assert [w.openings for w in pathways(seeker(), [work, COURSE])] == [("w",), ("w",)]
    housebound = seeker(reach="home")
    steps = {(w.step, w.what) for w in pathways(housebound, [COURSE])}
    assert steps == set()
    assert pathways(seeker(), []) == []


def test_training_to_order_counts_places_not_wishes() -> None:
    shown = [
        Opening(id="w", title="水电安装工", certificates=["低压电工证"], capacity=2),
        Opening(id="clean", title="保洁员", capacity=1),
        COURSE.model_copy(update={"capacity": 0}),
        Opening(id="useless", kind="course", title="插花", teaches=["插花"]),
    ]
    people = [seeker(id=f"s{i}") for i in range(5)]
    (order,) = courses_to_open(people, shown)
    assert (order.course, order.placed, order.seats) == ("c", 2, 2)
    assert courses_to_open(people[:1], shown) == []
    assert courses_to_open([], shown) == courses_to_open(people, []) == []


def test_those_to_train_are_enough_and_as_few_as_can_be() -> None:
    work = [
        Opening(id="a", title="电工", certificates=["低压电工证"], capacity=2, education="primary"),
        Opening(id="b", title="安装工", certificates=["低压电工证"], demands=["heights"]),
        Opening(id="d", title="保洁员", demands=["standing"]),
    ]
    people = [
        seeker(id="0", certificates=["低压电工证"], education="primary"),
        seeker(id="1", limits=["heights"], education="college"),
        seeker(id="2", limits=["standing"], education="none"),
        seeker(id="3", limits=["standing", "heights"], education="none"),
    ]
    (order,) = courses_to_open(people, [*work, COURSE])

    def placed(names: tuple[str, ...]) -> int:
        taught = [after_course(one, COURSE) if one.id in names else one for one in people]
        return make_plan(taught, work).placed

    assert placed(order.seekers) == placed(()) + order.placed
    everyone = tuple(one.id for one in people)
    assert placed(everyone) == placed(order.seekers)
    for fewer in combinations(everyone, order.seats - 1):
        assert placed(fewer) < placed(order.seekers)
