"""Nested cross-validation of the learned ranker: what people it has never seen may expect.

Outer folds part the people; all that is chosen while fitting is chosen inside, on inner folds of
the people learned from (:meth:`matching.learning.match_ranker.MatchRanker.fit`), so that the
people measured on have no say in it. The estimate is of rankers fitted to ``(folds - 1) / folds``
of the people: one fitted to all of them is the same or a little better.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from matching.evaluation.evaluate import BASELINES, Scorer, measure, ranker_scorer
from matching.evaluation.metrics import ndcg
from matching.ranking.ranker import PriorRanker, Ranker
from matching.records import Task
from matching.utils.array_types import FloatArray, IntArray

FOLDS = 5
_LEARNED = "learned"


class Learner(Protocol):
    """What makes a ranker of tasks and their labels: an unfitted :class:`MatchRanker`."""

    def fit(self, tasks: Sequence[Task], labels: Sequence[Sequence[int]]) -> Ranker: ...


class Estimate(NamedTuple):
    """A mean over tasks and its standard error, which counts each person once."""

    mean: float
    error: float


class KindReport(NamedTuple):
    """What was found for one kind of task.

    Attributes
    ----------
    n_tasks, n_people : int
    ndcg : dict of str to Estimate
        nDCG@10 of the learned ranker, the prior and the baselines.
    gain : dict of str to Estimate
        Paired difference in nDCG@10 of the learned ranker over each other one.
    by_fold : list of float
        nDCG@10 of the learned ranker in each outer fold; NaN in one without such a task.
    """

    n_tasks: int
    n_people: int
    ndcg: dict[str, Estimate]
    gain: dict[str, Estimate]
    by_fold: list[float]


def people(tasks: Sequence[Task]) -> IntArray:
    """Return a number for each task's person, shape (n_tasks,).

    Tasks are one person's if their seekers have the same id, or tell the very same jobs, two or
    more: one job many people have had.
    """
    number: dict[str, int] = {}
    parent: list[int] = []

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    first: list[int] = []
    for task in tasks:
        seeker = task.seeker
        told = "\n".join(job.model_dump_json() for job in seeker.experience)
        names = [f"id {seeker.id}", *([f"told {told}"] if len(seeker.experience) > 1 else [])]
        for name in names:
            if name not in number:
                number[name] = len(parent)
                parent.append(len(parent))
        one, *others = (root(number[name]) for name in names)
        for other in others:
            parent[max(one, other)] = one = min(one, other)
        first.append(number[names[0]])
    return np.array([root(at) for at in first], dtype=np.int64)


def person_folds(tasks: Sequence[Task], folds: int = FOLDS, seed: int = 0) -> IntArray:
    """Return the outer fold of each task, shape (n_tasks,): a person's tasks fall together.

    People are dealt kind by kind, so that every fold has its share of each. Raises ``ValueError``
    for fewer people than folds.
    """
    who = people(tasks)
    kind_of: dict[int, str] = {}
    for person, task in zip(who.tolist(), tasks, strict=True):
        kind_of.setdefault(person, task.task)
    if not 2 <= folds <= len(kind_of):
        raise ValueError(f"{len(kind_of)} people can't be parted into {folds} folds of 2 or more")
    drawn = np.random.default_rng(seed).permutation(sorted(kind_of)).tolist()
    by_kind = sorted(drawn, key=lambda person: kind_of[person])
    fold = {person: place % folds for place, person in enumerate(by_kind)}
    return np.array([fold[person] for person in who.tolist()], dtype=np.int64)


def cross_validate(
    tasks: Sequence[Task],
    labels: Sequence[Sequence[int]],
    learner: Callable[[], Learner],
    *,
    folds: int = FOLDS,
    seed: int = 0,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> dict[str, KindReport]:
    """Measure a learned ranker on people it was not fitted to, beside the prior and baselines.

    Parameters
    ----------
    tasks, labels
        Tasks without a chosen opening are left out.
    learner : callable
        Returns an unfitted ranker: one for each fold.
    folds, seed : int
        Of the outer folds.

    Returns
    -------
    dict of str to KindReport
        By kind of task.
    """
    used = [i for i, chosen in enumerate(labels) if 0 < sum(chosen) < len(chosen)]
    tasks, labels = [tasks[i] for i in used], [labels[i] for i in used]
    fold, who = person_folds(tasks, folds, seed), people(tasks)
    learned = np.full(len(tasks), np.nan)
    for k in progress(range(folds)):
        rest, held_out = np.flatnonzero(fold != k).tolist(), np.flatnonzero(fold == k).tolist()
        ranker = learner().fit([tasks[i] for i in rest], [labels[i] for i in rest])
        scorer = ranker_scorer(ranker)
        for i in held_out:
            learned[i] = ndcg(labels[i], scorer(tasks[i]))
    scorers: dict[str, Scorer] = {"prior": ranker_scorer(PriorRanker()), **BASELINES}
    measured = {_LEARNED: learned} | {
        name: measure(scorer, tasks, labels)["ndcg@10"] for name, scorer in scorers.items()
    }
    kinds = np.array([task.task for task in tasks])
    return {
        kind or "all": _report(measured, who, fold, kinds == kind, folds)
        for kind in sorted(set(kinds.tolist()))
    }


def _report(
    measured: dict[str, FloatArray], who: IntArray, fold: IntArray, mine: FloatArray, folds: int
) -> KindReport:
    learned = measured[_LEARNED]
    gains = {name: learned - values for name, values in measured.items() if name != _LEARNED}
    by_fold = [learned[mine & (fold == k)] for k in range(folds)]
    return KindReport(
        int(mine.sum()),
        len(Counter(who[mine].tolist())),
        {name: estimate(values[mine], who[mine]) for name, values in measured.items()},
        {name: estimate(values[mine], who[mine]) for name, values in gains.items()},
        [float(values.mean()) if values.size else float("nan") for values in by_fold],
    )


def estimate(values: FloatArray, who: IntArray) -> Estimate:
    """Return the mean of tasks' values and its standard error; NaN below two people.

    Several tasks of one person are no independent witnesses: deviations are summed by person.
    Source: Cameron and Miller (2015), A practitioner's guide to cluster-robust inference.
    """
    mean = float(values.mean())
    _, person = np.unique(who, return_inverse=True)
    summed = np.bincount(person, values - mean)
    n = len(summed)
    if n < 2:
        return Estimate(mean, float("nan"))
    error = (float(summed @ summed) * n / (n - 1)) ** 0.5 / len(values)
    return Estimate(mean, error)


def format_report(report: dict[str, KindReport]) -> str:
    """Return the report as lines of text."""
    lines = []
    for kind, found in report.items():
        by_fold = ", ".join(f"{value:.3f}" for value in found.by_fold)
        lines.append(f"{kind} ({found.n_tasks} tasks of {found.n_people} people)")
        lines.append(f"  {'nDCG@10, mean ± standard error':34}{'gain of learned over it':>26}")
        for name, (mean, error) in found.ndcg.items():
            gain = found.gain.get(name)
            paired = f"{gain.mean:+.4f} ± {gain.error:.4f}" if gain else ""
            lines.append(f"  {name:16}{mean:.4f} ± {error:.4f}{paired:>28}".rstrip())
        lines.append(f"  learned, fold by fold: {by_fold}")
    return "\n".join(lines)
