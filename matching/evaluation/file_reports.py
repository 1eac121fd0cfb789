"""What ``python -m matching evaluate`` prints: files of tasks and labels measured."""

from collections.abc import Callable
from typing import Any

import orjson

from matching.evaluation.cross_validation import Learner, cross_validate, format_report
from matching.evaluation.evaluate import evaluate, format_table
from matching.ranking.ranker import Ranker
from matching.records import Task
from matching.utils import jsonl


def evaluation_report(
    queries: str, labels: str, *, ranker: Ranker, split: str | None, as_json: bool
) -> str:
    """Return how well a ranker does beside the baselines; ``ValueError`` without tasks."""
    report = evaluate(
        *_read(queries, labels, split),
        ranker,
        progress=lambda items: jsonl.progress(items, "tasks measured"),
    )
    return _json(report) if as_json else format_table(report)


def cross_validation_report(
    queries: str,
    labels: str,
    learner: Callable[[], Learner],
    *,
    folds: int,
    seed: int,
    split: str | None,
    as_json: bool,
) -> str:
    """Return what a ranker learned from the files may be expected to reach on other people.

    Raises ``ValueError`` without tasks, or with fewer people than folds.
    """
    report = cross_validate(
        *_read(queries, labels, split),
        learner,
        folds=folds,
        seed=seed,
        progress=lambda items: jsonl.progress(items, "folds measured"),
    )
    return _json(report) if as_json else format_report(report)


def _read(queries: str, labels: str, split: str | None) -> tuple[list[Task], list[list[int]]]:
    tasks, chosen = jsonl.read_labelled_tasks(queries, labels)
    kept = [i for i, task in enumerate(tasks) if split in (None, task.split)]
    if not kept:
        raise ValueError("there are no tasks to evaluate on")
    return [tasks[i] for i in kept], [chosen[i] for i in kept]


def _json(report: Any) -> str:
    def fields(one: Any) -> dict[str, Any]:
        found: dict[str, Any] = one._asdict()
        return found

    return orjson.dumps(report, default=fields, option=orjson.OPT_INDENT_2).decode()
