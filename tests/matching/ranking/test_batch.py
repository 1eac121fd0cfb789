"""Suggestions for many seekers: only what is allowed, the same however it is computed."""

import json
import os
import random

import numpy as np
import pytest

from matching.eligibility.rules import is_eligible
from matching.explain.reasons import Explanation, explain
from matching.features.candidate_features import CandidateBlock
from matching.features.pair_features import FeatureBlock
from matching.ranking import batch, retrieval
from matching.ranking.batch import suggest, suggest_lines
from matching.ranking.ranker import canonical_order, rank
from matching.ranking.retrieval import Retriever
from matching.records import Opening, PayRange, Seeker, Task
from tests.matching.community import ESTATE, openings, seeker


def crowd(n: int) -> list[Seeker]:
    draw = random.Random(0)
    wishes = ["做保洁", "带娃", "开车", "炒菜", "守大门", "做手工", "送外卖"]
    return [
        seeker(
            id=f"s{i}",
            wanted=draw.sample(wishes, 2),
            age=draw.choice([15, 17, 30, 50]),
            limits=draw.choice([[], ["night"], ["outdoors"]]),
            reach=draw.choice(["home", "street", "anywhere"]),
        )
        for i in range(n)
    ]


def test_only_eligible_openings_best_first() -> None:
    people, catalogue = crowd(20), {opening.id: opening for opening in openings()}
    answers = dict(suggest(people, openings(), top=5))
    assert list(answers) == [person.id for person in people]
    for person in people:
        found = answers[person.id]
        assert all(is_eligible(person, catalogue[one.id]) for one in found)
        assert len(found) == min(5, sum(is_eligible(person, o) for o in openings()))
        assert [one.score for one in found] == sorted((o.score for o in found), reverse=True)


def test_a_small_catalogue_is_ranked_as_one_task() -> None:
    person = seeker(wanted=["带娃"], reach="district")
    whole = rank(Task(qid="q", seeker=person, openings=openings()))
    ((_, found),) = suggest([person], openings(), top=30)
    assert found == [one for one in whole if one.eligible]


@pytest.mark.slow
def test_blocks_workers_and_order_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    people = crowd(40)
    expected = list(suggest(people, openings(), top=4))
    monkeypatch.setattr(retrieval, "_MAX_BLOCK_SEEKERS", 16)
    assert list(suggest(people, openings()[::-1], top=4, n_jobs=2)) == expected
    assert list(suggest(iter(people), openings(), top=4)) == expected


@pytest.mark.slow
def test_a_worker_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_answer_in_fork", _die)
    with pytest.raises(batch.WorkerDied, match="worker process died"):
        list(suggest(crowd(3), openings(), n_jobs=2))
    assert not batch._suggesters


def _die(*_arguments: object) -> None:
    os._exit(1)


@pytest.mark.slow
def test_what_is_told_is_what_explain_says() -> None:
    people = [
        seeker(
            **{"id": f"s{i}", "wanted": ["做保洁", "学电工"], "min_pay": 2500.0} | fields,
        )
        for i, fields in enumerate(
            [
                {},
                {"reach": "street", "available": [{"start": "06:00", "end": "22:00"}]},
                {"age": None, "education": "primary", "skills": ["打字", "炒菜"]},
                {"home": None, "reach": None, "experience": [{"title": "厨师"}], "min_pay": None},
                {"certificates": ["C1驾照"], "past": [{"title": "保安", "action": "applied"}]},
            ]
        )
    ]
    shown = [
        *openings(),
        Opening(
            id="day", title="日班保安", hours=[{"start": "08:00", "end": "16:00"}], place=ESTATE
        ),
        Opening(
            id="free", title="跑腿", flexible=True, pay={"text": "2000元/月"}, education="none"
        ),
    ]
    named = {one.id: one for one in shown}
    for person, (_, ranking) in zip(people * 2, suggest(people * 2, shown, top=40), strict=True):
        assert len(ranking) > 9
        for one in ranking:
            assert Explanation(one.reasons, one.gaps) == explain(person, named[one.id])


def test_lines_say_what_records_say() -> None:
    people = crowd(5)
    lines = [json.loads(line) for line in suggest_lines(people, openings(), top=3)]
    for line, (name, ranking) in zip(lines, suggest(people, openings(), top=3), strict=True):
        assert line == {"seeker": name, "ranking": [one.model_dump() for one in ranking]}


def many(count: int) -> list[Opening]:
    """Openings of many places and pays, none quite like another."""
    return [
        one.model_copy(
            update={
                "id": f"{one.id}-{i}",
                "employer": f"店{i % 13}",
                "place": f"重庆市/{i % 4}区/{i % 12}街道" if i % 3 else one.place,
                "pay": PayRange(text=f"{2000 + 37 * i}元/月"),
            }
        )
        for i in range(count)
        for one in [openings()[i % 30]]
    ]


def test_features_of_chosen_pairs_are_those_of_the_whole_table() -> None:
    past = {"title": "保安", "place": "重庆市/1区/1街道", "employer": "店3", "action": "hired"}
    people = [
        *crowd(6),
        seeker(past=[past, {"title": "厨师", "action": "left", "employer": "店4"}]),
        seeker(experience=[{"title": "会计", "place": "重庆市/2区", "years": 3}], min_pay=3000),
        seeker(home=None, age=None),
    ]
    retriever = Retriever(canonical_order(many(300)))
    block, rows, columns, _ = retriever.candidates(people, 20)
    assert isinstance(block, CandidateBlock)
    assert np.bincount(rows).max() == 20
    whole = FeatureBlock(people, retriever.catalogue).pairs(rows, columns)
    np.testing.assert_allclose(block.pairs(rows, columns), whole, atol=1e-6)
    with pytest.raises(ValueError, match="own pairs"):
        block.pairs(rows[1:], columns[1:])


@pytest.mark.slow
def test_the_quick_score_keeps_nearly_all_of_the_best() -> None:
    people, shown = crowd(12), many(600)
    found = dict(suggest(people, shown, top=10))
    kept = total = 0
    for person in people:
        whole = rank(Task(qid="q", seeker=person, openings=shown))
        best = [one.id for one in whole if one.eligible][:10]
        kept += len({one.id for one in found[person.id]} & set(best))
        total += len(best)
    assert kept >= 0.9 * total


def test_summed_and_multiplied_scores_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    people, shown = crowd(12), many(300)
    summed = list(suggest(people, shown, top=10))
    monkeypatch.setattr(retrieval, "_MAX_CACHED_SCORES", 0)
    asked: list[int] = []
    search = retrieval.TopKSearch.search
    monkeypatch.setattr(
        retrieval.TopKSearch, "search", lambda *args: asked.append(1) or search(*args)
    )
    assert list(suggest(people, shown, top=10)) == summed
    assert asked


def test_candidates_beyond_the_first_hundred_are_left_out_by_relevance() -> None:
    many = [Opening(id=f"x{i}", title=f"仓库管理{i}", place=ESTATE) for i in range(150)]
    ((_, found),) = suggest([seeker(wanted=["保洁"])], [*many, *openings()], top=3)
    assert {one.id for one in found[:2]} == {"o0", "o1"}


@pytest.mark.parametrize("wrong", [{"top": 0}, {"n_jobs": 0}])
def test_wrong_numbers_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        list(suggest([], [], **wrong))


def test_nobody_and_nothing() -> None:
    assert list(suggest([], openings())) == []
    assert list(suggest([seeker()], [])) == [("s", [])]
