"""Evaluation of rankers on labelled tasks, compared with baselines, with bootstrap intervals."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import Any, NamedTuple

import numpy as np

from matching.evaluation.metrics import auc, ndcg, reciprocal_rank
from matching.features.catalogue import opening_text
from matching.ranking.ranker import PriorRanker, Ranker, canonical_order, score_openings
from matching.records import Opening, Seeker, Task
from matching.text.tfidf import TermSpace, terms
from matching.utils.array_types import FloatArray

Scorer = Callable[[Task], Sequence[float]]
MEASURES: dict[str, Callable[[Any, Any], float]] = {
    "ndcg@10": ndcg,
    "mrr": reciprocal_rank,
    "auc": auc,
}
RESAMPLES = 1000
# Saturation and length correction, as Robertson and Zaragoza (2009) recommend.
_K1, _B = 1.5, 0.75


class Interval(NamedTuple):
    """A mean and its 95% bootstrap interval."""

    mean: float
    low: float
    high: float


def bootstrap(values: FloatArray, seed: int = 0) -> Interval:
    """Return the mean over tasks with its percentile bootstrap interval; NaN values are left out.

    Source: Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13.
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return Interval(float("nan"), float("nan"), float("nan"))
    draws = np.random.default_rng(seed).integers(0, known.size, (RESAMPLES, known.size))
    low, high = np.percentile(known[draws].mean(axis=1), [2.5, 97.5])
    return Interval(float(known.mean()), float(low), float(high))


def paired_bootstrap(ours: FloatArray, theirs: FloatArray, seed: int = 0) -> Interval:
    """Return the mean paired difference with its interval; above 0, ours is better.

    Raises ``ValueError`` if the shapes differ.
    """
    if ours.shape != theirs.shape:
        raise ValueError("both must be measured on the same tasks")
    return bootstrap(ours - theirs, seed)


def profile_text(seeker: Seeker) -> str:
    """Return all words of a seeker's wishes, skills, experience and past titles."""
    phrases = [*seeker.wanted, *seeker.skills, *(job.title for job in seeker.experience)]
    return " ".join([*phrases, *(one.title for one in seeker.past)])


def title_tfidf(task: Task) -> Sequence[float]:
    """Cosine of the seeker's words with each title, weighted over the task's titles."""
    titles = [opening.title for opening in task.openings]
    space = TermSpace(titles)
    found = space.vectors([profile_text(task.seeker)]) @ space.vectors(titles).T
    return [float(value) for value in found.toarray()[0]]


def bm25(task: Task) -> Sequence[float]:
    """Okapi BM25 of the seeker's words, employers and places against each opening's text."""
    documents = [Counter(terms(opening_text(opening))) for opening in task.openings]
    lengths = [sum(document.values()) for document in documents]
    average = sum(lengths) / max(len(lengths), 1) or 1.0
    frequency = Counter(term for document in documents for term in document)
    seeker = task.seeker
    known = [*(job.place or "" for job in seeker.experience), seeker.home or ""]
    known += [f"{one.employer or ''} {one.place or ''}" for one in seeker.past]
    query = terms(" ".join([profile_text(seeker), *known]))
    found = []
    for document, length in zip(documents, lengths, strict=True):
        norm = _K1 * (1 - _B + _B * length / average)
        found.append(
            sum(
                log(1 + (len(documents) - frequency[term] + 0.5) / (frequency[term] + 0.5))
                * document[term]
                * (_K1 + 1)
                / (document[term] + norm)
                for term in query
                if term in document
            )
        )
    return found


def random_order(task: Task) -> Sequence[float]:
    """Equal scores: measures are expectations over ties, so this is a random order."""
    return [0.0] * len(task.openings)


BASELINES: dict[str, Scorer] = {"random": random_order, "title TF-IDF": title_tfidf, "BM25": bm25}


def ranker_scorer(ranker: Ranker) -> Scorer:
    """Return a scorer of whole tasks, with ineligible openings below all others."""

    def scorer(task: Task) -> Sequence[float]:
        openings: list[Opening] = canonical_order(task.openings)
        scores, broken = score_openings(task.seeker, openings, ranker)
        found = {
            id(opening): float(score) - (2.0 if rules else 0.0)
            for opening, score, rules in zip(openings, scores, broken, strict=True)
        }
        return [found[id(opening)] for opening in task.openings]

    return scorer


def measure(
    scorer: Scorer, tasks: Iterable[Task], labels: Sequence[Sequence[int]]
) -> dict[str, FloatArray]:
    """Return each measure of each task, shape (n_tasks,), NaN where it is not defined."""
    rows = []
    for task, chosen in zip(tasks, labels, strict=True):
        scores = scorer(task)
        rows.append([function(chosen, scores) for function in MEASURES.values()])
    table = np.array(rows, dtype=np.float64).reshape(-1, len(MEASURES))
    return {name: table[:, i] for i, name in enumerate(MEASURES)}


def evaluate(
    tasks: Sequence[Task],
    labels: Sequence[Sequence[int]],
    ranker: Ranker | None = None,
    progress: Callable[[Iterable[Task]], Iterable[Task]] = iter,
) -> dict[str, dict[str, Any]]:
    """Compare a ranker with the baselines, separately for each kind of task.

    Returns
    -------
    dict
        ``{task: {"n": tasks, "rankers": {name: {measure: Interval}}, "gain": {name: Interval}}}``
        where ``gain`` is the paired difference in nDCG@10 of the ranker over each other one.
    """
    scorers = {"prior": ranker_scorer(PriorRanker()), **BASELINES}
    if ranker is not None and ranker.version != PriorRanker.version:
        scorers = {ranker.version: ranker_scorer(ranker), **scorers}
    measured = {name: measure(one, progress(tasks), labels) for name, one in scorers.items()}
    first = next(iter(scorers))
    kinds = np.array([task.task for task in tasks])
    report: dict[str, dict[str, Any]] = {}
    for kind in sorted(set(kinds.tolist())):
        mine = kinds == kind
        report[kind or "all"] = {
            "n": int(mine.sum()),
            "rankers": {
                name: {m: bootstrap(values[mine]) for m, values in found.items()}
                for name, found in measured.items()
            },
            "gain": {
                name: paired_bootstrap(measured[first]["ndcg@10"][mine], found["ndcg@10"][mine])
                for name, found in measured.items()
                if name != first
            },
        }
    return report


def format_table(report: dict[str, dict[str, Any]]) -> str:
    """Return the report as lines of text."""
    lines = []
    for kind, found in report.items():
        lines.append(f"{kind} ({found['n']} tasks)")
        lines.append("  " + "ranker".ljust(22) + "".join(name.ljust(26) for name in MEASURES))
        for name, measures in found["rankers"].items():
            cells = (
                f"{i.mean:.4f} [{i.low:.3f}, {i.high:.3f}]".ljust(26) for i in measures.values()
            )
            lines.append("  " + name.ljust(22) + "".join(cells).rstrip())
        first = next(iter(found["rankers"]))
        for name, gain in found["gain"].items():
            interval = f"{gain.mean:+.4f} [{gain.low:+.3f}, {gain.high:+.3f}]"
            lines.append(f"  nDCG@10 of {first} over {name}: {interval}")
    return "\n".join(lines)
