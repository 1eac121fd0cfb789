"""Training data from staff: what was shown, what they decided and what came of it.

Decisions are made only on what is examined, and the first position is examined most. Each decision
is therefore weighted by the inverse probability that its position is examined, clipped so that no
single one dominates; and by its outcome: retained and hired above confirmed above dismissed.

References
----------
Schnabel, Swaminathan, Singh, Chandak and Joachims (2016), Recommendations as treatments: weights
for ratings that are missing not at random. Joachims, Swaminathan and Schnabel (2017), Unbiased
learning-to-rank with biased feedback: weights by position. Swaminathan and Joachims
(2015), The self-normalized estimator for counterfactual learning: clipping, and a mean of 1.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from matching.features.catalogue import Catalogue
from matching.features.pair_features import FeatureBlock
from matching.learning.position_bias import Examination, PositionCounts
from matching.learning.told_apart import ToldApart, told_apart
from matching.ranking.ranker import DECIMALS, Ranker, canonical_order
from matching.ranking.retrieval import Retriever
from matching.records import Id, Opening, Record, Task
from matching.utils.jsonl import LineError, SplitTask, read_lines

# Upper bound of a decision's inverse examination probability.
CLIP = 10.0
# Unjudged openings added to a task, so that standard scores have something to compare with.
CONTEXT_SIZE = 40
SMALLEST_CHANCE = 1e-6
BLOCK_SIZE = 128

Decision = Literal["confirmed", "dismissed"]
Outcome = Literal["declined", "no_reply", "applied", "refused", "hired", "left", "retained"]


class ShownOpening(Record):
    """One opening of a task as it was shown to a member of staff.

    Attributes
    ----------
    id : str
        One of the task's openings.
    position, rank : int or None
        Where it was shown, and where the ranking had put it, from 1; ``None`` if it was not
        found in a list.
    propensity : float
        Probability that this rank was shown at this position, in (0, 1].
    decision : 'confirmed', 'dismissed' or None
        ``None`` while undecided.
    outcome : str or None
        What came of a confirmed one: ``declined``, ``no_reply``, ``applied``, ``refused``,
        ``hired``, ``left``, ``retained``.
    """

    id: Id
    position: int | None = Field(default=None, ge=1)
    rank: int | None = Field(default=None, ge=1)
    propensity: float = Field(default=1.0, gt=0, le=1)
    decision: Decision | None = None
    outcome: Outcome | None = None

    @model_validator(mode="after")
    def _outcome_follows_confirmation(self) -> Self:
        if self.outcome and self.decision != "confirmed":
            raise ValueError(f"the outcome {self.outcome!r} needs the decision 'confirmed'")
        return self


class Feedback(SplitTask):
    """A ranking task with what staff were shown of it; other openings were not seen."""

    shown: list[ShownOpening]

    @model_validator(mode="after")
    def _shown_are_openings(self) -> Self:
        known = {opening.id for opening in self.openings}
        for name, times in Counter(one.id for one in self.shown).items():
            if name not in known:
                raise ValueError(f"{name!r} is shown, but not among the openings")
            if times > 1:
                raise ValueError(f"{name!r} is shown twice")
        return self


class Judgement(NamedTuple):
    """What a decision and its outcome say about a pair.

    Attributes
    ----------
    label : int
        1 if the opening fits, else 0.
    strength : float
        Weight of the label in training.
    """

    label: int
    strength: float


# A resident may decline for any reason, after staff had found the pair fitting: half the weight of
# a dismissal by staff. Whoever was hired and left had fitted at first.
JUDGEMENTS: dict[str, Judgement] = {
    "dismissed": Judgement(0, 1.0),
    "declined": Judgement(0, 0.5),
    "confirmed": Judgement(1, 1.0),
    "no_reply": Judgement(1, 1.0),
    "refused": Judgement(1, 1.0),
    "applied": Judgement(1, 1.5),
    "left": Judgement(1, 1.5),
    "hired": Judgement(1, 2.0),
    "retained": Judgement(1, 3.0),
}


def judgement(one: ShownOpening) -> Judgement | None:
    """Return the judgement of a decision and its outcome, ``None`` while undecided."""
    status = one.outcome or one.decision
    return JUDGEMENTS[status] if status else None


def weight(one: ShownOpening, seen: Examination) -> float:
    """Return the training weight: strength times the clipped inverse examination probability.

    0 while undecided.
    """
    judged = judgement(one)
    if judged is None:
        return 0.0
    return judged.strength * min(1 / seen.at(one.position), CLIP)


def read_feedback(path: str | Path) -> list[Feedback]:
    """Return the feedback of a file, one task a line.

    Raises :class:`LineError` for a line that can't be read or repeats a ``qid``.
    """
    found: list[Feedback] = []
    lines: dict[str, int] = {}
    for number, one in read_lines(path, Feedback):
        if one.qid in lines:
            raise LineError(path, number, f"qid {one.qid!r} is on line {lines[one.qid]} already")
        if len({opening.id for opening in one.openings}) < len(one.openings):
            raise LineError(path, number, "two openings of the task have the same id")
        lines[one.qid] = number
        found.append(one)
    return found


def position_counts(feedback: Iterable[Feedback]) -> list[PositionCounts]:
    """Return counts by position for :func:`estimate_examination`."""
    shown: Counter[tuple[int, int, float]] = Counter()
    decided: Counter[tuple[int, int, float]] = Counter()
    for task in feedback:
        for one in task.shown:
            if one.position is not None:
                slot = (one.rank or one.position, one.position, one.propensity)
                shown[slot] += 1
                decided[slot] += one.decision is not None
    return [PositionCounts(*slot, shown[slot], decided[slot]) for slot in sorted(shown)]


class TrainingSet(NamedTuple):
    """Arguments of :meth:`matching.learning.match_ranker.MatchRanker.fit`.

    Openings of weight 0 are context: they are not learned from, only compared with in the
    standard scores of their task.
    """

    tasks: list[SplitTask]
    labels: list[list[int]]
    weights: list[list[float]]


def with_context(feedback: Sequence[Feedback], catalogue: Sequence[Opening]) -> list[Feedback]:
    """Return feedback with unjudged openings of the catalogue added to each task.

    They are the ``CONTEXT_SIZE`` best candidates for the task's seeker, so that standard scores
    within a task are like those at serving time.
    """
    around = _candidates(feedback, catalogue)
    found = []
    for task, more in zip(feedback, around, strict=True):
        own = {opening.id for opening in task.openings}
        openings = [*task.openings, *(one for one in more if one.id not in own)]
        found.append(task.model_copy(update={"openings": openings}))
    return found


def training_set(feedback: Sequence[Feedback], seen: Examination) -> TrainingSet:
    """Return the tasks with any decision; weights have a mean of 1 over all decisions."""
    found = TrainingSet([], [], [])
    for task in feedback:
        judged = {one.id: one for one in task.shown if judgement(one)}
        if not judged:
            continue
        verdicts = [judgement(judged[o.id]) if o.id in judged else None for o in task.openings]
        found.tasks.append(task)
        found.labels.append([verdict.label if verdict else 0 for verdict in verdicts])
        found.weights.append(
            [weight(judged[o.id], seen) if o.id in judged else 0.0 for o in task.openings]
        )
    counted = [value for row in found.weights for value in row if value]
    mean = sum(counted) / len(counted) if counted else 1.0
    return found._replace(weights=[[value / mean for value in row] for row in found.weights])


def _candidates(feedback: Sequence[Task], catalogue: Sequence[Opening]) -> list[list[Opening]]:
    found: list[list[Opening]] = [[] for _ in feedback]
    if not catalogue:
        return found
    retriever = Retriever(canonical_order(catalogue))
    openings = retriever.catalogue.openings
    for start in range(0, len(feedback), BLOCK_SIZE):
        some = feedback[start : start + BLOCK_SIZE]
        _, rows, columns, _ = retriever.candidates([task.seeker for task in some], CONTEXT_SIZE)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            found[start + row].append(openings[column])
    return found


def tell_apart(ranker: Ranker, feedback: Sequence[Feedback]) -> ToldApart:
    """Return how well a ranker tells fitting openings from others, by task.

    Scores are compared as log odds above the mean of all openings of the task, so that it is no
    merit to know for whom more is confirmed.
    """
    rows = [
        (i, turn, verdict.label, score)
        for i, task in enumerate(feedback)
        if any(judgement(one) for one in task.shown)
        for turn, (verdict, score) in enumerate(_judged_scores(ranker, task))
    ]
    people, turns, labels, scores = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return told_apart(
        people.astype(np.int64),
        turns.astype(np.int64),
        labels.astype(np.int64),
        scores,
        len(feedback),
    )


def _judged_scores(ranker: Ranker, task: Feedback) -> list[tuple[Judgement, float]]:
    """Return the judgements of a task in the order they were made, with centred log odds."""
    openings = canonical_order(task.openings)
    block = FeatureBlock([task.seeker], Catalogue(openings, ranker.space))
    columns = np.arange(len(openings))
    chances = ranker.score(block, np.zeros_like(columns), columns).astype(np.float64)
    chances = np.clip(chances, SMALLEST_CHANCE, 1 - SMALLEST_CHANCE)
    odds = np.log(chances / (1 - chances))
    above = np.round(odds - odds.mean(), DECIMALS)
    at = {opening.id: above[i] for i, opening in enumerate(openings)}
    return [(found, at[one.id]) for one in task.shown if (found := judgement(one))]
