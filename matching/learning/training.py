"""Train a ranker from files: ranking tasks with labels, feedback of staff, or both."""

from typing import Any

import numpy as np

from matching.evaluation.evaluate import measure, ranker_scorer
from matching.learning.feedback import TrainingSet, position_counts, read_feedback, training_set
from matching.learning.match_ranker import MatchRanker
from matching.learning.position_bias import estimate_examination
from matching.utils.jsonl import read_labelled_tasks


def fit_from_files(
    queries: str | None, labels: str | None, feedback: str | None, *, seed: int = 0
) -> tuple[MatchRanker, dict[str, Any]]:
    """Train a ranker; return it with its metrics.

    It is learned from all tasks. Where some are of the split "valid", the metrics are those of a
    ranker learned from the others in the same way, measured on these.

    Raises
    ------
    ValueError
        If neither tasks with labels nor feedback are given, a file can't be read as such, or
        there is too little to learn.
    """
    every = _read_training_set(queries, labels, feedback)
    ranker = _fitted(every, seed, weighted=feedback is not None)
    figures: dict[str, Any] = {"tasks": len(every.tasks), "chosen_on": ranker.validation_ndcg_}
    train, valid = _of_split(every, "train"), _of_split(every, "valid")
    if any(map(sum, valid.labels)):
        candidate = _fitted(train, seed, weighted=feedback is not None)
        measured = measure(ranker_scorer(candidate), valid.tasks, valid.labels)
        for kind in sorted({task.task for task in valid.tasks}):
            mine = [task.task == kind for task in valid.tasks]
            figures[f"valid {kind}".strip()] = {
                name: round(float(np.nanmean(values[mine])), 4) for name, values in measured.items()
            }
    return ranker, figures


def _fitted(given: TrainingSet, seed: int, *, weighted: bool) -> MatchRanker:
    weights = given.weights if weighted else None
    return MatchRanker(random_state=seed).fit(given.tasks, given.labels, sample_weight=weights)


def _read_training_set(
    queries: str | None, labels: str | None, feedback: str | None
) -> TrainingSet:
    found = TrainingSet([], [], [])
    if queries and labels:
        tasks, chosen = read_labelled_tasks(queries, labels)
        found = TrainingSet(tasks, chosen, [[1.0] * len(one) for one in chosen])
    elif queries or not feedback:
        raise ValueError("give QUERIES and LABELS, or --feedback, or all three")
    if feedback:
        tasks_shown = read_feedback(feedback)
        known = {task.qid for task in found.tasks}
        twice = next((one.qid for one in tasks_shown if one.qid in known), None)
        if twice is not None:
            raise ValueError(f"qid {twice!r} is in {queries} and in {feedback}")
        learned = training_set(tasks_shown, estimate_examination(position_counts(tasks_shown)))
        found = TrainingSet(
            found.tasks + learned.tasks,
            found.labels + learned.labels,
            found.weights + learned.weights,
        )
    return found


def _of_split(every: TrainingSet, split: str) -> TrainingSet:
    mine = [i for i, task in enumerate(every.tasks) if task.split == split]
    return TrainingSet(
        [every.tasks[i] for i in mine],
        [every.labels[i] for i in mine],
        [every.weights[i] for i in mine],
    )
