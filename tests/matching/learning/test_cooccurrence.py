"""What is learned from: a task's own choice, and the choices its seeker made before."""

import numpy as np

from matching.features.catalogue import Catalogue
from matching.features.pair_features import FeatureBlock
from matching.learning.cooccurrence import MAX_EARLIER_CHOICES, count_cooccurrence
from matching.learning.term_affinity import TermAffinity
from matching.records import Opening, Seeker, Task

SHOWN = ["厨师", "保安", "司机"]


def task(i: int, past: list[tuple[str, str]]) -> Task:
    return Task(
        qid=f"q{i}",
        seeker={"id": f"s{i}", "past": [{"title": t, "action": a} for t, a in past]},
        openings=[{"id": str(j), "title": title} for j, title in enumerate(SHOWN)],
    )


def learned(past: list[tuple[str, str]]) -> dict[str, float]:
    """Return how 电工 and 保安 go with having been a 保洁员, from twenty such seekers."""
    tasks = [task(i, past) for i in range(20)]
    found = count_cooccurrence("past_title_affinity", tasks, [[1, 0, 0]] * 20)
    block = FeatureBlock(
        [Seeker(id="x", past=[{"title": "保洁员"}])],
        Catalogue([Opening(id="a", title="电工"), Opening(id="b", title="保安")]),
    )
    columns = np.arange(2)
    scores = TermAffinity("past_title_affinity").fit(found, 1.0).score(block, columns * 0, columns)
    return dict(zip(["电工", "保安"], scores.tolist(), strict=True))


def test_what_people_chose_earlier_teaches_too() -> None:
    scores = learned([("保洁员", "viewed"), ("电工", "applied")])
    assert scores["电工"] > 0.5 > 0 > scores["保安"]


def test_a_negative_interaction_is_no_choice() -> None:
    assert learned([("保洁员", "viewed"), ("电工", "declined")])["电工"] <= 0


def test_rows_of_one_task_hold_nothing_of_another() -> None:
    tasks = [task(0, [("保洁员", "viewed"), ("电工", "viewed")]), task(1, [("花匠", "viewed")])]
    labels = [[1, 0, 0], [0, 1, 0]]
    both = count_cooccurrence("past_title_affinity", tasks, labels)
    assert both.task.tolist() == [0, 0, 1]
    alone = TermAffinity("past_title_affinity").fit(both, 1.0, np.array([1]))
    assert set(alone.seeker_columns) >= {"花匠", "电工"}
    told = {name for name, row in alone.seeker_columns.items() if np.diff(alone.table[2])[row]}
    assert told == {"花", "匠", "花匠"}


def test_a_long_past_counts_no_more_than_its_latest_choices() -> None:
    past = [(f"工作{i}", "viewed") for i in range(30)]
    found = count_cooccurrence("past_title_affinity", [task(0, past)], [[1, 0, 0]])
    assert len(found.task) == 1 + MAX_EARLIER_CHOICES
