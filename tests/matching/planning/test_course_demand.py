"""What courses open, held against the rules and gaps of single pairs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.eligibility.rules import is_eligible
from matching.explain.reasons import explain
from matching.planning.course_demand import DemandFinder
from matching.planning.pathways import after_course, courses_to_open
from matching.ranking.ranker import rank
from matching.records import Kind, Opening, Seeker, Task
from tests.matching.community import ESTATE, openings, seeker

ELECTRIC = Opening(id="e", kind="course", title="电工", teaches=["低压电工证"], place=ESTATE)
COOKING = Opening(id="k", kind="course", title="烹调", teaches=["炒菜"], capacity=0)
SEWING = Opening(id="s", kind="course", title="缝纫", teaches=["平车"], demands=["fine_hand"])
FOR_SCHOLARS = Opening(
    id="x", kind="course", title="考证", teaches=["保育员证"], education="college"
)
COURSES = [ELECTRIC, COOKING, SEWING, FOR_SCHOLARS]
WISHES = ("厨师", "缝纫工", "水电工", "保洁员", "幼儿园保育员")


def lacks_skill(one: Seeker, opening: Opening) -> bool:
    return any(note.code == "skill_missing" for note in explain(one, opening).gaps)


def wishes(one: Seeker, opening: Opening) -> bool:
    return any(note.code == "wanted" for note in explain(one, opening, []).reasons)


def expected(one: Seeker, course: Opening) -> tuple[set[str], set[str]]:
    """Return what a course unlocks and completes for somebody, pair by pair."""
    if not is_eligible(one, course.model_copy(update={"capacity": 1})):
        return set(), set()
    after = after_course(one, course)
    unlocked, completed = set(), set()
    for opening in openings():
        if opening.kind is Kind.COURSE:
            continue
        now, then = is_eligible(one, opening), is_eligible(after, opening)
        if then and not now:
            unlocked.add(opening.id)
        elif (
            now and wishes(one, opening) and lacks_skill(one, opening) > lacks_skill(after, opening)
        ):
            completed.add(opening.id)
    return unlocked, completed


people = st.lists(
    st.builds(
        dict,
        wanted=st.lists(st.sampled_from(WISHES), max_size=2),
        skills=st.lists(st.sampled_from(["炒菜", "平车", "打扫卫生"]), max_size=2),
        certificates=st.lists(st.sampled_from(["低压电工证", "C1驾驶证"]), max_size=1),
        education=st.sampled_from(["primary", "senior_high", "college", None]),
        limits=st.lists(st.sampled_from(["fine_hand", "outdoors"]), max_size=1),
        age=st.sampled_from([15, 17, 40]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(people)
def test_gains_are_what_the_rules_and_gaps_of_each_pair_say(given_people: list[dict]) -> None:  # type: ignore[type-arg]
    everybody = [seeker(**one | {"id": f"p{n}"}) for n, one in enumerate(given_people)]
    found = DemandFinder(everybody, openings()).demand(COURSES)
    told = {
        (demand.course, gain.seeker): (set(gain.unlocked), set(gain.completed))
        for demand in found
        for gain in demand.gains
    }
    for course in COURSES:
        for one in everybody:
            assert told.get((course.id, one.id), (set(), set())) == expected(one, course)
    placed = [demand.placed for demand in found]
    assert placed == sorted(placed, reverse=True)
    assert all(demand.unlocking <= len(demand.gains) for demand in found)


def test_the_openings_of_a_gain_stand_in_the_order_of_the_ranking() -> None:
    one = seeker(wanted=["水电工"], certificates=[], skills=["排查线路"])
    shown = [
        *openings(),
        Opening(id="a", title="电工", certificates=["低压电工证"], place=ESTATE),
        Opening(id="b", title="仓库看守", certificates=["低压电工证"], place="重庆市/渝中区"),
    ]
    (demand,) = DemandFinder([one], shown).demand([ELECTRIC])
    after = after_course(one, ELECTRIC)
    ranked = rank(Task(qid="q", seeker=after, openings=[o for o in shown if o.kind != "course"]))
    unlocked = demand.gains[0].unlocked
    assert len(unlocked) >= 3
    assert list(unlocked) == [r.id for r in ranked if r.id in unlocked]
    scores = [r.score for r in ranked if r.id in unlocked]
    assert demand.gains[0].score == pytest.approx(sum(scores), abs=1e-4)


def test_how_many_more_are_placed_agrees_with_the_courses_to_open() -> None:
    everybody = [seeker(id=f"p{n}") for n in range(4)]
    shown = [Opening(id="w", title="水电工", certificates=["低压电工证"], capacity=2, place=ESTATE)]
    (demand,) = DemandFinder(everybody, shown).demand([ELECTRIC])
    (proposal,) = courses_to_open(everybody, [*shown, ELECTRIC])
    assert demand.placed == proposal.placed == 2
    assert len(demand.gains) == 4


def test_nobody_and_nothing_open_nothing() -> None:
    assert DemandFinder([], openings()).demand(COURSES) == []
    assert DemandFinder([seeker()], [ELECTRIC]).demand(COURSES) == []
    useless = Opening(id="u", kind="course", title="唱歌", teaches=[])
    assert DemandFinder([seeker()], openings()).demand([useless]) == []
