"""Group fairness of rankings.

Protected attributes (sex, disability, allowance, kind of household) are in no record, so no ranker
can use them. Here they are passed separately, one label a person, to evaluate what a ranking did.
A group of fewer than :data:`MIN_GROUP_SIZE` people is neither shown nor compared, and no total is
given from which it could be derived.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from matching.evaluation.evaluate import ranker_scorer
from matching.evaluation.metrics import ndcg, recall
from matching.ranking.ranker import PriorRanker, Ranker
from matching.records import Opening, Ranked, Record, Task
from matching.utils.array_types import FloatArray, IntArray, StrArray

Groups = Mapping[str, Sequence[str | None]]
# The portal hides cells under 5 in every published table.
MIN_GROUP_SIZE = 5
# Random permutations of the groups in a permutation test.
PERMUTATIONS = 999
_LABELS = {
    "sex": "性别",
    "disability": "残疾情况",
    "allowance": "低保情况",
    "household": "家庭类型",
    "exposure": "排在前面的机会",
    "selection": "轮得到名额的比例",
    "placed": "安排上的比例",
    "ndcg@10": "推荐的准确度",
    "told_apart": "分得清合不合适",
    "recall@10": "前十条里找得到合适的比例",
}


class GroupFigure(Record):
    """The mean of a measure in a group of ``n`` people; both ``None`` if the group is hidden."""

    attribute: str
    measure: str
    group: str
    n: int | None = None
    value: float | None = None


class Comparison(Record):
    """The groups of one attribute compared by one measure.

    Attributes
    ----------
    difference : float
        Highest group mean less the lowest.
    ratio : float or None
        Lowest over highest; ``None`` where the measure is not above 0 in any group or negative.
    chance : float
        p-value of a permutation test: how often random groups differ as much.
    """

    attribute: str
    measure: str
    lowest: str
    highest: str
    difference: float
    ratio: float | None = None
    chance: float


class FairnessReport(Record):
    """Measures by group, and comparisons of each attribute with two or more shown groups."""

    figures: list[GroupFigure] = []
    comparisons: list[Comparison] = []

    def comparison(self, attribute: str, measure: str) -> Comparison | None:
        """Return the comparison of an attribute's groups by a measure, if there is one."""
        wanted = (attribute, measure)
        return next((c for c in self.comparisons if (c.attribute, c.measure) == wanted), None)


@dataclass(frozen=True)
class Bounds:
    """Fairness bounds.

    Attributes
    ----------
    least_ratio : float
        Lowest over highest group mean, by the four-fifths rule (US Uniform Guidelines on Employee
        Selection Procedures, 29 CFR 1607.4 D).
    most_chance : float
        A lower ratio breaks the bound only if its p-value is below this: among a few dozen
        people any ratio occurs by chance.
    """

    least_ratio: float = 0.8
    most_chance: float = 0.05


BOUNDS = Bounds()


class Breach(Record):
    """A broken bound, with a Chinese sentence."""

    attribute: str
    measure: str
    lowest: str
    highest: str
    difference: float
    ratio: float
    chance: float
    text: str


def fairness_report(
    measures: Mapping[str, ArrayLike],
    groups: Groups,
    *,
    min_size: int = MIN_GROUP_SIZE,
    seed: int = 0,
) -> FairnessReport:
    """Return each measure by group of each attribute.

    Parameters
    ----------
    measures : mapping of str to array-like of shape (n_people,)
        One number a person, NaN where the measure is not defined for them; 0 or 1 makes the
        group's mean its rate.
    groups : mapping of str to sequence of str or None, each of length n_people
        Attribute to everybody's group; ``None`` or "" where it is not known: left out.
    min_size : int, default=LEAST_GROUP
        People whose measure is known that a group must have to be shown.

    Raises
    ------
    ValueError
        If the lengths differ.

    References
    ----------
    Means, differences and ratios: ``fairlearn.metrics.MetricFrame``. Chance: Good (2005),
    Permutation, parametric and bootstrap tests of hypotheses.
    """
    figures: list[GroupFigure] = []
    comparisons: list[Comparison] = []
    for measure, numbers in measures.items():
        values = np.asarray(numbers, dtype=np.float64)
        for attribute, labels in groups.items():
            if values.shape != (len(labels),):
                raise ValueError(f"{measure} of {values.shape}, but {len(labels)} of {attribute}")
            shown, compared = _compare_groups(attribute, measure, values, labels, min_size, seed)
            figures += shown
            comparisons += compared
    return FairnessReport(figures=figures, comparisons=comparisons)


def _compare_groups(
    attribute: str,
    measure: str,
    values: FloatArray,
    labels: Sequence[str | None],
    min_size: int,
    seed: int,
) -> tuple[list[GroupFigure], list[Comparison]]:
    known = {i: label for i, label in enumerate(labels) if label and not np.isnan(values[i])}
    sizes = Counter(known.values())
    shown = {i: label for i, label in known.items() if sizes[label] >= min_size}
    hidden = sorted({label for label in labels if label} - set(shown.values()))
    figures = [GroupFigure(attribute=attribute, measure=measure, group=name) for name in hidden]
    if not shown:
        return figures, []
    kept, names = values[list(shown)], np.array(list(shown.values()))
    means = _frame(kept, names)
    figures += [
        GroupFigure(
            attribute=attribute, measure=measure, group=name, n=sizes[name], value=float(value)
        )
        for name, value in means.by_group.items()
    ]
    if len(means.by_group) < 2:
        return figures, []
    return figures, [
        _comparison(attribute, measure, means, _permutation_p_value(kept, names, seed))
    ]


def _frame(values: FloatArray, names: StrArray) -> Any:
    # Costs a second to import, and only reports need it.
    from fairlearn.metrics import MetricFrame, mean_prediction

    return MetricFrame(
        metrics=mean_prediction,
        y_true=np.zeros(len(values)),  # asked for by the interface; the mean does not read it
        y_pred=values,
        sensitive_features=names,
    )


def _comparison(attribute: str, measure: str, means: Any, chance: float) -> Comparison:
    low, high = float(means.group_min()), float(means.group_max())
    return Comparison(
        attribute=attribute,
        measure=measure,
        lowest=str(means.by_group.idxmin()),
        highest=str(means.by_group.idxmax()),
        difference=float(means.difference()),
        ratio=float(means.ratio()) if low >= 0 and high > 0 else None,
        chance=chance,
    )


def _permutation_p_value(values: FloatArray, names: StrArray, seed: int) -> float:
    """Return how often random groups of the same sizes differ at least as much."""
    _, codes = np.unique(names, return_inverse=True)
    sizes = np.bincount(codes)

    def span(permuted: IntArray) -> float:
        means = np.bincount(permuted, weights=values) / sizes
        return float(means.max() - means.min())

    rng = np.random.default_rng(seed)
    # Tolerance: sums in another order differ in the last digits.
    seen = span(codes) * (1 - 1e-9)
    as_far = sum(span(rng.permutation(codes)) >= seen for _ in range(PERMUTATIONS))
    # The observed grouping is one of the permutations.
    return (as_far + 1) / (PERMUTATIONS + 1)


def breaches(
    report: FairnessReport, bounds: Bounds = BOUNDS, before: FairnessReport | None = None
) -> list[Breach]:
    """Return the bounds that a report breaks.

    Parameters
    ----------
    report : FairnessReport
    bounds : Bounds
    before : FairnessReport, optional
        Of the ranking in use, on the same people. A bound it breaks too is tolerated unless it
        gets worse; otherwise no improvement could ever be adopted.
    """
    found = []
    for one in report.comparisons:
        if one.ratio is None or one.ratio >= bounds.least_ratio or one.chance >= bounds.most_chance:
            continue
        old = before.comparison(one.attribute, one.measure) if before else None
        if old is not None and old.ratio is not None and old.ratio <= one.ratio:
            continue
        attribute = _LABELS.get(one.attribute, one.attribute)
        measure = _LABELS.get(one.measure, one.measure)
        text = (
            f"按{attribute}看，“{measure}”最低的一组（{one.lowest}）"
            f"只有最高一组（{one.highest}）的{int(100 * one.ratio)}%，"
            f"不到{bounds.least_ratio:.0%}，不像是碰巧"
        )
        found.append(Breach(**{**one.model_dump(), "text": text}))
    return found


def quality(
    tasks: Sequence[Task],
    labels: Sequence[Sequence[int]],
    ranker: Ranker | None = None,
    *,
    k: int = 10,
) -> dict[str, FloatArray]:
    """Return ``ndcg@k`` and ``recall@k`` of each task, shape (n_tasks,), NaN without a choice.

    ``ranker`` is the prior by default.
    """
    scorer = ranker_scorer(ranker or PriorRanker())
    rows = [
        (ndcg(chosen, scores, k), recall(chosen, scores, k))
        for task, chosen in zip(tasks, labels, strict=True)
        for scores in [scorer(task)]
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return {f"ndcg@{k}": table[:, 0], f"recall@{k}": table[:, 1]}


def access(
    suggested: Iterable[tuple[str, Sequence[Ranked]]], openings: Sequence[Opening]
) -> dict[str, FloatArray]:
    """Return exposure and selection of each seeker, in their order.

    Each opening ranks the seekers it is suggested to, the best score first.

    Returns
    -------
    dict
        ``exposure``: sum over openings of ``1 / log2(rank + 1)`` of the seeker's rank, averaged
        over equal scores (Singh and Joachims 2018, Fairness of
        exposure in rankings). ``selection``: 1 if the seeker's rank is within the
        capacity of at least one opening. Each of shape (n_seekers,).
    """
    queues: dict[str, list[tuple[int, float]]] = defaultdict(list)
    people = 0
    for person, (_, ranking) in enumerate(suggested):
        people += 1
        for one in ranking:
            queues[one.id].append((person, one.score))
    capacity = {opening.id: opening.capacity for opening in openings}
    exposure, selection = np.zeros(people), np.zeros(people)
    for opening, queue in queues.items():
        who = np.array([person for person, _ in queue])
        _, tie = np.unique([-score for _, score in queue], return_inverse=True)
        sizes = np.bincount(tie)
        starts = np.cumsum(sizes) - sizes
        discounts = 1 / np.log2(np.arange(len(queue)) + 2)
        exposure[who] += (np.add.reduceat(discounts, starts) / sizes)[tie]
        selection[who[starts[tie] < capacity[opening]]] = 1
    return {"exposure": exposure, "selection": selection}
