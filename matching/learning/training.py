"""Train a ranker from files: ranking tasks with labels, feedback of staff, or both."""

from typing import Any

from matching.evaluation.evaluate import by_ranker, measure
from matching.learning.feedback import Lessons, lessons, read_feedback, sightings
from matching.learning.match_ranker import MatchRanker
from matching.learning.position_bias import examination
from matching.utils.jsonl import read_labelled


def fit_files(
    queries: str | None, labels: str | None, feedback: str | None, *, seed: int = 0
) -> tuple[MatchRanker, dict[str, Any]]:
    """Return a ranker and its figures.

    Tasks of the split "train" teach; those of "valid", if any hold a choice, weigh the members
    against each other and give the figures.

    Raises
    ------
    ValueError
        If neither tasks with labels nor feedback are given, a file can't be read as such, or
        there is too little to learn.
    """
    every = _lessons(queries, labels, feedback)
    train, valid = _of_split(every, "train"), _of_split(every, "valid")
    validation = (valid.tasks, valid.labels) if any(map(sum, valid.labels)) else None
    ranker = MatchRanker(random_state=seed).fit(
        train.tasks, train.labels, validation, sample_weight=train.weights if feedback else None
    )
    figures: dict[str, Any] = {
        "train_tasks": len(train.tasks),
        "chosen_on": {str(share): value for share, value in ranker.chosen_on_.items()},
    }
    if validation:
        measured = measure(by_ranker(ranker), *validation)
        for kind in sorted({task.task for task in valid.tasks}):
            mine = [task.task == kind for task in valid.tasks]
            figures[f"valid {kind}".strip()] = {
                name: round(float(values[mine].mean()), 4) for name, values in measured.items()
            }
    return ranker, figures


def _lessons(queries: str | None, labels: str | None, feedback: str | None) -> Lessons:
    found = Lessons([], [], [])
    if queries and labels:
        tasks, chosen = read_labelled(queries, labels)
        found = Lessons(tasks, chosen, [[1.0] * len(one) for one in chosen])
    elif queries or not feedback:
        raise ValueError("give QUERIES and LABELS, or --feedback, or all three")
    if feedback:
        told = read_feedback(feedback)
        known = {task.qid for task in found.tasks}
        twice = next((one.qid for one in told if one.qid in known), None)
        if twice is not None:
            raise ValueError(f"qid {twice!r} is in {queries} and in {feedback}")
        learned = lessons(told, examination(sightings(told)))
        found = Lessons(
            found.tasks + learned.tasks,
            found.labels + learned.labels,
            found.weights + learned.weights,
        )
    return found


def _of_split(every: Lessons, split: str) -> Lessons:
    mine = [i for i, task in enumerate(every.tasks) if task.split == split]
    return Lessons(
        [every.tasks[i] for i in mine],
        [every.labels[i] for i in mine],
        [every.weights[i] for i in mine],
    )
