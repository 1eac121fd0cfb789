"""Nested cross-validation: people are kept apart, and nothing of those measured on is learned."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.evaluation.cross_validation import (
    cross_validate,
    estimate,
    format_report,
    people,
    person_folds,
)
from matching.ranking.ranker import PriorRanker
from matching.records import Experience, Seeker, Task
from tests.depth import examples
from tests.matching.learnable_tasks import made_up


class Spy(PriorRanker):
    """Ranks like the prior, and remembers whom it was fitted to."""

    def __init__(self, fitted: list[set[str]]) -> None:
        self.fitted = fitted

    def fit(self, tasks, labels) -> "Spy":
        assert len(tasks) == len(labels)
        self.fitted.append({task.seeker.id for task in tasks})
        return self


def person(name: str, *told: str) -> Seeker:
    return Seeker(id=name, experience=[Experience(title=title) for title in told])


def test_one_person_is_who_has_an_id_or_a_story_in_common() -> None:
    seekers = [
        person("a", "厨师", "保安"),
        person("a"),
        person("b", "厨师", "保安"),
        person("c", "厨师"),
        person("b", "保安", "厨师"),
        person("d", "保安", "厨师"),
    ]
    tasks = [Task(qid=str(i), seeker=one, openings=[]) for i, one in enumerate(seekers)]
    found = people(tasks).tolist()
    assert [found[0] == number for number in found] == [True, True, True, False, True, True]


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=12), st.integers(0, 3))
@settings(max_examples=examples(60))
def test_folds_part_people_evenly_and_never_split_one(drawn, seed: int) -> None:
    tasks = [
        Task(qid=str(i), task="warm" if warm else "cold", seeker=person(str(who)), openings=[])
        for i, (who, warm) in enumerate(drawn)
    ]
    who = people(tasks)
    if len(set(who.tolist())) < 3:
        with pytest.raises(ValueError, match="can't be parted"):
            person_folds(tasks, 3, seed)
        return
    fold = person_folds(tasks, 3, seed)
    assert np.array_equal(fold, person_folds(tasks, 3, seed))
    pairs = {(one, k) for one, k in zip(who.tolist(), fold.tolist(), strict=True)}
    assert len(pairs) == len(set(who.tolist()))
    sizes = [sum(k == other for _, other in pairs) for k in range(3)]
    assert max(sizes) - min(sizes) <= 1


def test_nobody_is_measured_by_what_was_learned_from_them() -> None:
    tasks, labels = made_up(30)
    fitted: list[set[str]] = []
    report = cross_validate(tasks, labels, lambda: Spy(fitted), folds=3)["made up"]
    everybody = {task.seeker.id for task in tasks}
    assert len(fitted) == 3
    assert set.union(*[everybody - seen for seen in fitted]) == everybody
    held_out = [everybody - seen for seen in fitted]
    assert sum(map(len, held_out)) == len(everybody)
    assert report.n_tasks == 30
    assert report.gain["prior"] == (0.0, 0.0)  # it is the prior
    assert report.ndcg["learned"] == report.ndcg["prior"]
    assert "± " in format_report({"made up": report})


def test_tasks_of_one_person_are_one_witness() -> None:
    values = np.array([0.2, 0.4, 0.9, 0.5])
    alone = estimate(values, np.arange(4))
    assert alone.mean == pytest.approx(0.5)
    assert alone.error == pytest.approx(values.std(ddof=1) / 2)
    copies = estimate(np.repeat(values, 5), np.repeat(np.arange(4), 5))
    assert copies == pytest.approx(alone)
    assert np.isnan(estimate(values, np.zeros(4)).error)
