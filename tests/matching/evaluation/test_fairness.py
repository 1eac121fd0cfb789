"""Groups stay out of the ranking, and reports of them tell what is so and hide what is small."""

from itertools import permutations
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.eligibility.rules import is_eligible
from matching.evaluation import fairness, metrics
from matching.evaluation.congestion import (
    compare_congestion,
    congestion,
    first_come_rankings,
    popularity_rankings,
    random_rankings,
)
from matching.evaluation.evaluate import ranker_scorer
from matching.evaluation.fairness import Bounds, access, breaches, fairness_report
from matching.features.catalogue import Catalogue
from matching.features.pair_features import FEATURES, FeatureBlock
from matching.ranking.batch import suggest
from matching.ranking.ranker import PriorRanker, rank
from matching.records import Experience, Opening, PastOpening, Ranked, Seeker, Task
from tests.depth import examples
from tests.matching.community import openings, seeker

GROUP_WORDS = ("sex", "gender", "disab", "allowance", "low_income", "household", "tenure", "marri")
PRIVATE = {
    "sex": ["female", "male"],
    "disability": ["肢体二级", None],
    "allowance": ["低保户", None],
    "household": ["低保户家庭", "商品房"],
    "household_type": ["离异", "双亲"],
    "priority": [["low_income", "zero_employment_household"], []],
}


def test_records_have_no_field_for_groups() -> None:
    named = {*Seeker.model_fields, *Opening.model_fields, *PastOpening.model_fields}
    named |= {*Experience.model_fields, *FEATURES}
    # A household is who lives behind one door, an id for planning, and no feature.
    told = {name for name in named if any(word in name for word in GROUP_WORDS)}
    assert told == {"household"}
    assert not any("household" in name for name in FEATURES)


@pytest.mark.parametrize("field", PRIVATE)
def test_groups_can_not_get_into_features(field: str) -> None:
    plain = seeker(wanted=["做保洁"], skills=["带孩子"]).model_dump(exclude={field})
    people = [Seeker.model_validate({**plain, field: value}) for value in PRIVATE[field]]
    known = {*Seeker.model_fields}
    assert all((field in one.model_dump()) is (field in known) for one in people)
    catalogue = Catalogue(openings())
    columns = np.arange(len(catalogue))
    one, other = (
        FeatureBlock([p], catalogue).pairs(np.zeros_like(columns), columns) for p in people
    )
    np.testing.assert_array_equal(one, other)
    told = [rank(Task(qid="q", seeker=one, openings=openings())) for one in people]
    assert told[0] == told[1]
    # Alone too, not only beside the other.
    ((_, one),), ((_, other),) = (suggest([person], openings(), top=30) for person in people)
    assert one == other


@pytest.mark.parametrize("group", ["女", "男性", "有残疾证", "听力残疾三级", "低保户", "离异"])
def test_naming_a_group_among_the_skills_changes_no_score(group: str) -> None:
    plain = seeker(wanted=["做保洁"], skills=["带孩子"])
    told = seeker(wanted=["做保洁", group], skills=[group, "带孩子"], certificates=[group])
    listed = [*openings(), Opening(id="o", title=f"招{group}", description=f"{group}优先")]
    scores = [
        {one.id: one.score for one in rank(Task(qid="q", seeker=person, openings=listed))}
        for person in (plain, told)
    ]
    assert scores[0] == scores[1]


def test_small_groups_are_hidden_and_not_compared() -> None:
    groups = {"sex": ["female"] * 6 + ["male"] * 5 + ["other"] * 4 + [None]}
    values = [0.5] * 6 + [1.0] * 5 + [0.0] * 4 + [0.0]
    report = fairness_report({"selection": values}, groups)
    shown = {one.group: (one.n, one.value) for one in report.figures}
    assert shown == {"female": (6, 0.5), "male": (5, 1.0), "other": (None, None)}
    (found,) = report.comparisons
    assert (found.lowest, found.highest) == ("female", "male")
    assert (found.difference, found.ratio) == (0.5, 0.5)
    # One value less, and nothing is left to compare.
    report = fairness_report({"selection": [*values[:6], np.nan, *values[7:]]}, groups)
    assert {one.group for one in report.figures if one.value is None} == {"male", "other"}
    assert report.comparisons == []
    assert not breaches(report)


def test_nobody_and_wrong_lengths() -> None:
    assert fairness_report({"selection": []}, {"sex": []}) == fairness.FairnessReport()
    with pytest.raises(ValueError, match="selection"):
        fairness_report({"selection": [1.0]}, {"sex": ["female", "male"]})


@settings(max_examples=examples(25))
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["a", "b", "c", None])), min_size=1, max_size=40
    )
)
def test_figures_are_the_means_of_the_large_groups(rows: list[tuple[float, str | None]]) -> None:
    values = [value for value, _ in rows]
    report = fairness_report({"m": values}, {"g": [group for _, group in rows]})
    members = {name: [v for v, g in rows if g == name] for name in "abc"}
    expected = {
        name: mean(vs) for name, vs in members.items() if len(vs) >= fairness.MIN_GROUP_SIZE
    }
    told = {one.group: one.value for one in report.figures if one.value is not None}
    assert told == pytest.approx(expected)
    for one in report.comparisons:
        assert one.difference == pytest.approx(max(told.values()) - min(told.values()), abs=1e-9)
        assert 0 < one.chance <= 1


def gap(worst: float, people: int = 200) -> fairness.FairnessReport:
    """Two equal groups, 80% against the share given."""
    half = people // 2
    each = [[i < round(share * half) for i in range(half)] for share in (0.8, worst)]
    return fairness_report(
        {"placed": np.array(each, dtype=float).ravel()},
        {"sex": ["female"] * half + ["male"] * half},
    )


def test_the_gate_stops_a_gap_that_is_large_and_no_accident() -> None:
    (found,) = breaches(gap(0.5))
    assert found.ratio == pytest.approx(0.625)
    assert "性别" in found.text
    assert "62%" in found.text
    assert not breaches(gap(0.7))
    # The same shares among few people happen by chance.
    assert not breaches(gap(0.5, people=20))
    assert breaches(gap(0.7), Bounds(least_ratio=0.9, most_chance=0.2))


def test_the_gate_lets_a_gap_of_old_through_unless_it_grows() -> None:
    assert not breaches(gap(0.5), before=gap(0.5))
    assert not breaches(gap(0.5), before=gap(0.4))
    assert breaches(gap(0.4), before=gap(0.5))
    assert breaches(gap(0.5), before=gap(0.8))


def test_a_report_is_plain_json() -> None:
    report = gap(0.5)
    written = report.model_dump_json()
    assert fairness.FairnessReport.model_validate_json(written) == report


def test_quality_is_measured_task_by_task() -> None:
    people = [seeker(wanted=["做保洁"]), seeker(wanted=["收银"])] * 6
    tasks = [Task(qid=str(i), seeker=one, openings=openings()) for i, one in enumerate(people)]
    labels = [[int("保洁" in one.title) for one in openings()] for _ in people]
    labels[-1] = [0] * len(openings())
    groups = {"wish": ["clean", "till"] * 6}
    report = fairness_report(fairness.quality(tasks, labels, k=5), groups)
    score = ranker_scorer(PriorRanker())
    for name, start in (("clean", 0), ("till", 1)):
        figures = {one.measure: one for one in report.figures if one.group == name}
        one_task = labels[start], score(tasks[start])
        assert figures["ndcg@5"].value == pytest.approx(metrics.ndcg(*one_task, k=5))
        assert figures["recall@5"].value == pytest.approx(metrics.recall(*one_task, k=5))
        assert figures["ndcg@5"].n == 6 - start
    assert breaches(report)


@settings(max_examples=examples(40))
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=6),
    st.integers(1, 7),
)
def test_recall_is_the_mean_over_all_orders_of_ties(rows: list[tuple[int, int]], k: int) -> None:
    y, s = zip(*rows, strict=True)
    if not any(y):
        assert np.isnan(metrics.recall(y, s, k))
        return
    orders = [o for o in permutations(range(len(y))) if [s[i] for i in o] == sorted(s)[::-1]]
    found = [sum(y[i] for i in order[:k]) / sum(y) for order in orders]
    assert metrics.recall(y, s, k) == pytest.approx(mean(found))


def entry(name: str, score: float) -> Ranked:
    return Ranked(id=name, score=score, eligible=True)


def test_access_is_by_the_queue_at_each_opening() -> None:
    listed = [Opening(id="a", capacity=1), Opening(id="b", capacity=2), Opening(id="c", capacity=0)]
    suggested = [
        ("first", [entry("a", 0.9), entry("b", 0.5)]),
        ("second", [entry("a", 0.8)]),
        ("third", [entry("b", 0.5), entry("c", 0.9)]),
        ("fourth", [entry("b", 0.1)]),
        ("nobody", []),
    ]
    found = access(suggested, listed)
    second, third = 1 / np.log2(3), 1 / np.log2(4)
    tied = (1 + second) / 2
    np.testing.assert_allclose(found["exposure"], [1 + tied, second, tied + 1, third, 0])
    assert found["selection"].tolist() == [1, 0, 1, 0, 0]


def test_congestion_by_hand() -> None:
    listed = [Opening(id=name, capacity=2) for name in "abcd"]
    found = congestion([["a", "b"], ["a"], ["a", "c"], []], listed)
    assert found == (0.45, 0.6, 0.75, 0.75, 1.5)


def test_every_way_shows_eligible_openings_alone() -> None:
    people = [seeker(id="young", age=17), seeker(id="weak", limits=["lifting", "outdoors"])]
    listed = openings()
    by_id = {one.id: one for one in listed}
    ways = [
        random_rankings(people, listed, top=4),
        first_come_rankings(people, listed, top=4),
        popularity_rankings(people, listed, range(len(listed)), top=4),
    ]
    for way in ways:
        for one, ranking in zip(people, way, strict=True):
            assert len(set(ranking)) == 4
            assert all(is_eligible(one, by_id[name]) for name in ranking)
    assert random_rankings(people, listed, seed=1) != random_rankings(people, listed, seed=2)


def test_who_comes_late_finds_less() -> None:
    listed = [Opening(id="a", capacity=1), Opening(id="b", capacity=1)]
    people = [Seeker(id=str(i)) for i in range(3)]
    assert first_come_rankings(people, listed) == [["a", "b"], ["b"], []]
    assert popularity_rankings(people, listed, [1, 2], top=1) == [["b"]] * 3


def test_wishes_spread_people_and_popularity_crowds_them() -> None:
    wishes = ["做保洁", "收银", "带孩子", "开车", "做手工", "护理老人", "理发", "做账"]
    people = [seeker(id=str(i), wanted=[wishes[i % 8]]) for i in range(40)]
    found = compare_congestion(people, openings(), top=3)
    assert set(found) == {"ranking", "random", "first come", "popularity"}
    assert found["random"].gini < found["ranking"].gini < found["popularity"].gini
    assert found["ranking"].coverage > found["popularity"].coverage
    assert found["first come"].served < 1 == found["ranking"].served
    assert compare_congestion(people, openings(), top=3) == found
