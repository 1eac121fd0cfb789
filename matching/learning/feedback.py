"""What staff saw, what they decided and what came of it, as something to learn from.

Decisions are made only on what is looked at, and the first place is looked at most. Each is
therefore weighted by the inverse of the chance that its place is examined, clipped so that no
single one rules; and by what came of it: hired and retained above confirmed above dismissed.

References
----------
Schnabel, Swaminathan, Singh, Chandak and Joachims (2016), Recommendations as treatments: weights
for ratings that are missing not at random. Joachims, Swaminathan and Schnabel (2017), Unbiased
learning-to-rank with biased feedback: the chance is that of the place. Swaminathan and Joachims
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
from matching.ranking.ranker import DECIMALS, Ranker, canonical_order
from matching.ranking.retrieval import Retriever
from matching.records import Id, Opening, Record, Task
from matching.utils.array_types import FloatArray
from matching.utils.jsonl import LineError, SplitTask, read_lines

# The most that one decision may count for being made in a place few look at.
CLIP = 10.0
# Openings beside the judged ones that a pair's standard scores are taken within.
CONTEXT_SIZE = 40
BLOCK_SIZE = 128

Decision = Literal["confirmed", "dismissed"]
Outcome = Literal["declined", "no_reply", "applied", "refused", "hired", "left", "retained"]


class ShownOpening(Record):
    """One opening of a task as it was put before a member of staff.

    Attributes
    ----------
    id : str
        Of one of the task's openings.
    position, rank : int or None
        Where it stood, and where the ranking alone would have put it, from 1; ``None`` for
        what somebody found without a list.
    propensity : float
        Chance that this rank stood at this position, in (0, 1].
    decision : 'confirmed', 'dismissed' or None
        ``None`` while nobody has decided.
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
    """A ranking task with what was shown of it; openings not in ``shown`` were seen by nobody."""

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
    """What a decision and its outcome say of a pair.

    ``label``: 1 when it fits; ``strength``: how much that counts in learning; ``gain``: how much
    it is worth to have it on top, in measuring.
    """

    label: int
    strength: float
    gain: float


# A resident's "no" speaks of the pair with half the weight of staff's, who had found it fitting:
# it may have had any reason. Whoever was taken on and left had fitted at first.
JUDGEMENTS: dict[str, Judgement] = {
    "dismissed": Judgement(0, 1.0, 0.0),
    "declined": Judgement(0, 0.5, 0.0),
    "confirmed": Judgement(1, 1.0, 1.0),
    "no_reply": Judgement(1, 1.0, 1.0),
    "refused": Judgement(1, 1.0, 1.0),
    "applied": Judgement(1, 1.5, 2.0),
    "left": Judgement(1, 1.5, 2.0),
    "hired": Judgement(1, 2.0, 3.0),
    "retained": Judgement(1, 3.0, 4.0),
}


def judgement(one: ShownOpening) -> Judgement | None:
    """Return what was decided about an opening, ``None`` while nothing was."""
    said = one.outcome or one.decision
    return JUDGEMENTS[said] if said else None


def weight(one: ShownOpening, seen: Examination) -> float:
    """Return what a judged opening counts, above 0: ``strength / chance``, the latter clipped."""
    judged = judgement(one)
    if judged is None:
        return 0.0
    return judged.strength * min(1 / seen.at(one.position), CLIP)


def read_feedback(path: str | Path) -> list[Feedback]:
    """Read feedback, one task a line; :class:`LineError` names a line at fault."""
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
    """Count what was shown where and decided on, for :func:`estimate_examination`."""
    shown: Counter[tuple[int, int, float]] = Counter()
    decided: Counter[tuple[int, int, float]] = Counter()
    for task in feedback:
        for one in task.shown:
            if one.position is not None:
                place = (one.rank or one.position, one.position, one.propensity)
                shown[place] += 1
                decided[place] += one.decision is not None
    return [PositionCounts(*place, shown[place], decided[place]) for place in sorted(shown)]


class TrainingSet(NamedTuple):
    """Feedback in the form :meth:`matching.learning.match_ranker.MatchRanker.fit` takes.

    Openings of weight 0 are context: they take part in the standard scores within a task alone.
    """

    tasks: list[SplitTask]
    labels: list[list[int]]
    weights: list[list[float]]


def with_context(feedback: Sequence[Feedback], catalogue: Sequence[Opening]) -> list[Feedback]:
    """Return feedback with each task set among more openings, which nobody has judged.

    The ``CONTEXT_SIZE`` most promising of the catalogue for the task's seeker join its own, so that
    standard scores within a task are taken as they will be when the ranker serves.
    """
    around = _candidates(feedback, catalogue)
    found = []
    for task, more in zip(feedback, around, strict=True):
        own = {opening.id for opening in task.openings}
        openings = [*task.openings, *(one for one in more if one.id not in own)]
        found.append(task.model_copy(update={"openings": openings}))
    return found


def training_set(feedback: Sequence[Feedback], seen: Examination) -> TrainingSet:
    """Return what there is to learn, tasks without any decision left out.

    Weights have a mean of 1 over all decisions.
    """
    found = TrainingSet([], [], [])
    for task in feedback:
        said = {one.id: one for one in task.shown if judgement(one)}
        if not said:
            continue
        verdicts = [judgement(said[one.id]) if one.id in said else None for one in task.openings]
        found.tasks.append(task)
        found.labels.append([verdict.label if verdict else 0 for verdict in verdicts])
        found.weights.append(
            [weight(said[one.id], seen) if one.id in said else 0.0 for one in task.openings]
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
        _, rows, columns = retriever.candidates([task.seeker for task in some], CONTEXT_SIZE)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            found[start + row].append(openings[column])
    return found


def judged_ndcg(ranker: Ranker, feedback: Sequence[Feedback], seen: Examination) -> FloatArray:
    """Return how well a ranker puts what was judged in order, one value in 0–1 a task.

    Normalised discounted cumulative gain over the judged openings alone, each gain weighted by
    the inverse chance that its place was examined. NaN where nothing is to be told apart.

    References
    ----------
    Sakai (2007), Alternatives to bpref: condensed lists, which do not count against a ranker
    what nobody has judged. Joachims et al. (2017): weighted gains.
    """
    from sklearn.metrics import ndcg_score

    values = np.full(len(feedback), np.nan)
    for i, task in enumerate(feedback):
        verdicts = {one.id: verdict for one in task.shown if (verdict := judgement(one))}
        if len({verdict.gain for verdict in verdicts.values()}) < 2:
            continue
        openings = canonical_order(task.openings)
        block = FeatureBlock([task.seeker], Catalogue(openings, ranker.space))
        columns = np.arange(len(openings))
        scores = ranker.score(block, np.zeros_like(columns), columns)
        chances = {one.id: max(seen.at(one.position), 1 / CLIP) for one in task.shown}
        judged = [j for j, opening in enumerate(openings) if opening.id in verdicts]
        gains = [verdicts[openings[j].id].gain / chances[openings[j].id] for j in judged]
        values[i] = ndcg_score([gains], [np.round(scores[judged], DECIMALS)])
    return values
