"""A ranker learned from choices: features, affinities, and their standard scores in each task."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.evaluation.metrics import ndcg
from matching.features.catalogue import Catalogue, FeatureSpace
from matching.features.pair_features import FEATURES, SEEKER_FEATURES, FeatureBlock, standardise
from matching.learning.blended_classifier import BlendedClassifier
from matching.learning.cooccurrence import Cooccurrence, count_cooccurrence
from matching.learning.place_embedding import PLACE_FEATURES, PlaceEmbedding, place_baskets
from matching.learning.term_affinity import AFFINITIES, TermAffinity
from matching.records import Task
from matching.utils.array_types import Float32Array, FloatArray, IntArray

# Share of the boosted trees and penalty of the linear model: the safest choice, and all that are
# tried, see _select.
BLEND = 0.4, 100.0
BLENDS = tuple((share, penalty) for share in (0.0, 0.4, 0.7) for penalty in (30.0, 100.0, 300.0))
COLUMNS = FEATURES + AFFINITIES + PLACE_FEATURES
VARYING = [i for i, name in enumerate(COLUMNS) if name not in SEEKER_FEATURES]
# What is learned of words, employers and places before the classifier is fitted.
LearnedFeatures = Sequence[TermAffinity | PlaceEmbedding]


class MatchRanker(BaseEstimator):  # type: ignore[misc]
    """Learns from ranking tasks which openings people choose.

    Its input are records, so scikit-learn's estimator checks, which pass arrays, do not apply; its
    classifier, :class:`matching.learning.blended_classifier.BlendedClassifier`, passes them.

    Parameters
    ----------
    shrinkage : float, default=1.0
        Added to observed and expected counts of an affinity, in tasks.
    folds : int, default=4
        Affinities of a training task are learned from the other folds, so that its own choice
        does not leak into its features.
    trees : int, default=120
        Boosting iterations.
    learning_rate : float, default=0.05
    max_features : float, default=0.3
        Share of the columns considered at each split.
    random_state : int, default=0

    Attributes
    ----------
    space_ : Space
        Weights of terms and places in the training openings.
    affinities_ : list of Affinity and Nearness
        They give the columns after ``FEATURES``.
    model_ : BlendedClassifier
    validation_ndcg_ : dict of str to float
        nDCG@10 of each share of the trees and penalty of the linear model that was tried, on
        validation tasks or else on a held-out fold; empty where the trees stand alone.
    """

    def __init__(
        self,
        shrinkage: float = 1.0,
        folds: int = 4,
        trees: int = 120,
        learning_rate: float = 0.05,
        max_features: float = 0.3,
        random_state: int = 0,
    ) -> None:
        self.shrinkage = shrinkage
        self.folds = folds
        self.trees = trees
        self.learning_rate = learning_rate
        self.max_features = max_features
        self.random_state = random_state

    def fit(
        self,
        tasks: Sequence[Task],
        labels: Sequence[Sequence[int]],
        validation: tuple[Sequence[Task], Sequence[Sequence[int]]] | None = None,
        sample_weight: Sequence[Sequence[float]] | None = None,
    ) -> Self:
        """Learn from tasks and the labels of their openings.

        Parameters
        ----------
        tasks : sequence of Task
        labels : sequence of sequences of 0 and 1
        validation : (tasks, labels), optional
            Used only to set the blend of the base estimators.
        sample_weight : sequence of sequences of float, optional
            Weight of each opening's label, 0 or more; by default 1. An opening of weight 0 is
            not learned from, only compared with in the standard scores of its task. With
            weights, a task may have no choice, and the trees stand alone: they learn each
            opening's label by itself. Weighted labels are decisions made one by one until
            something fits; a model of choices among them would learn where staff stopped.

        Raises
        ------
        ValueError
            If labels do not match the tasks, have one class only, or there are fewer tasks
            with a choice than folds.
        """
        used, chosen, weights = _training_rows(tasks, labels, sample_weight)
        if len(used) < max(self.folds, 2) or self.folds < 2:
            raise ValueError(
                f"{len(used)} tasks with a choice among their openings are too few "
                f"to be parted into {self.folds} folds of 2 or more"
            )
        self.space_ = FeatureSpace(opening for task in used for opening in task.openings)
        blocks = [_block(task, self.space_) for task in used]
        fold = np.random.default_rng(self.random_state).permutation(len(used)) % self.folds
        learned_from = _without_context(used, chosen, weights)
        cooccurrence = {name: count_cooccurrence(name, *learned_from) for name in AFFINITIES}
        baskets = place_baskets(*learned_from)
        parts: list[Float32Array | None] = [None] * len(used)
        for k in range(self.folds):
            affinities = self._affinities(cooccurrence, baskets, np.flatnonzero(fold != k))
            for i in np.flatnonzero(fold == k):
                parts[i] = _columns(blocks[i], *_all_pairs(blocks[i]), affinities)
        X = np.concatenate([_standardised(part, 1) for part in parts if part is not None])
        y = np.concatenate([np.asarray(one, dtype=np.int64) for one in chosen])
        groups = np.repeat(np.arange(len(used)), [len(one) for one in chosen])
        self.affinities_ = self._affinities(cooccurrence, baskets, np.arange(len(used)))
        self.n_features_in_ = X.shape[1]
        counts = weights > 0
        X, y, weights, groups = X[counts], y[counts], weights[counts], groups[counts]
        if sample_weight is None:
            self._fit_blend(X, y, weights, groups, fold, validation)
        else:
            self.model_ = self._classifier(1.0, BLEND[1]).fit(X, y, weights)
            self.validation_ndcg_: dict[str, float] = {}
        return self

    def _affinities(
        self,
        cooccurrence: dict[str, Cooccurrence],
        baskets: Sequence[Sequence[str]],
        tasks: IntArray,
    ) -> LearnedFeatures:
        """Learn from some tasks alone."""
        words = [
            TermAffinity(name).fit(found, self.shrinkage, tasks)
            for name, found in cooccurrence.items()
        ]
        return [*words, PlaceEmbedding().fit(baskets[i] for i in tasks)]

    def _classifier(self, share: float, penalty: float) -> BlendedClassifier:
        return BlendedClassifier(
            boosting_share=share,
            trees=self.trees,
            learning_rate=self.learning_rate,
            max_features=self.max_features,
            penalty=penalty,
            random_state=self.random_state,
        )

    def _fit_blend(
        self,
        X: Float32Array,
        y: IntArray,
        weights: FloatArray,
        groups: IntArray,
        fold: IntArray,
        validation: tuple[Sequence[Task], Sequence[Sequence[int]]] | None,
    ) -> None:
        """Choose share and penalty, then fit the classifier to all training rows."""
        if validation is None:
            held_out = fold[groups] == 0
            part = X[~held_out], y[~held_out], weights[~held_out], groups[~held_out]
            X_check, y_check, check_groups = X[held_out], y[held_out], groups[held_out]
        else:
            part = X, y, weights, groups
            used, chosen = _usable_tasks(*validation)
            X_check = np.concatenate([self._matrix(task) for task in used])
            y_check = np.concatenate([np.asarray(one) for one in chosen])
            check_groups = np.repeat(np.arange(len(used)), [len(one) for one in chosen])
        # The trees know nothing of share and penalty: they are fitted once.
        trees, _ = self._classifier(1.0, BLEND[1]).fit(*part).base_scores(X_check)
        lines = {
            penalty: self._classifier(0.0, penalty).fit(*part).base_scores(X_check)[1]
            for penalty in sorted({penalty for _, penalty in BLENDS})
        }
        each = {
            (share, penalty): _ndcg_by_group(
                y_check, share * trees + (1 - share) * lines[penalty], check_groups
            )
            for share, penalty in BLENDS
        }
        known = {blend: values for blend, values in each.items() if values.size}
        self.validation_ndcg_ = {
            f"trees {share:g}, penalty {penalty:g}": float(values.mean())
            for (share, penalty), values in known.items()
        }
        self.model_ = self._classifier(*(_select(known) if known else BLEND))
        self.model_.fit(X, y, weights, groups)

    def _matrix(self, task: Task) -> Float32Array:
        block = _block(task, self.space_)
        return _standardised(_columns(block, *_all_pairs(block), self.affinities_), 1)

    @property
    def version(self) -> str:
        """``"learned"``; a loaded model has the digest of its file appended."""
        return getattr(self, "version_", "learned")

    @property
    def space(self) -> FeatureSpace:
        """Term and place weights to build catalogues with."""
        check_is_fitted(self)
        found: FeatureSpace = self.space_
        return found

    def score(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the estimated probability that each pair is chosen, shape (n_pairs,).

        Features are standardised among a seeker's pairs: pass all that are to be ranked.
        """
        check_is_fitted(self)
        base = _columns(block, rows, columns, self.affinities_)

        return self.model_.predict_proba(_standardised(base, rows))[:, 1].astype(np.float32)


def _usable_tasks(
    tasks: Sequence[Task], labels: Sequence[Sequence[int]]
) -> tuple[list[Task], list[Sequence[int]]]:
    """Return the tasks that have both chosen and other openings, with their labels."""
    if len(tasks) != len(labels):
        raise ValueError(f"{len(tasks)} tasks, but labels of {len(labels)}")
    for task, chosen in zip(tasks, labels, strict=True):
        if len(task.openings) != len(chosen):
            raise ValueError(f"task {task.qid!r}: labels must be as many as openings")
    kept = [
        (task, chosen)
        for task, chosen in zip(tasks, labels, strict=True)
        if 0 < sum(chosen) < len(chosen)
    ]
    return [task for task, _ in kept], [chosen for _, chosen in kept]


def _training_rows(
    tasks: Sequence[Task],
    labels: Sequence[Sequence[int]],
    weights: Sequence[Sequence[float]] | None,
) -> tuple[list[Task], list[Sequence[int]], FloatArray]:
    """Return the tasks to learn from, their labels, and the weights of all their openings."""
    if weights is None:
        used, chosen = _usable_tasks(tasks, labels)
        return used, chosen, np.ones(sum(map(len, chosen)))
    _usable_tasks(tasks, labels)  # for its refusals alone
    if [len(one) for one in weights] != [len(one) for one in labels]:
        raise ValueError("sample_weight must have one number for each label")
    flat = np.array([value for one in weights for value in one], dtype=np.float64)
    if not (np.isfinite(flat).all() and (flat >= 0).all()):
        raise ValueError("sample_weight must hold finite numbers of 0 or more")
    kept = [i for i, one in enumerate(weights) if any(one)]
    flat = np.array([value for i in kept for value in weights[i]], dtype=np.float64)
    return [tasks[i] for i in kept], [labels[i] for i in kept], flat


def _without_context(
    tasks: Sequence[Task], labels: Sequence[Sequence[int]], weights: FloatArray
) -> tuple[list[Task], list[list[int]]]:
    """Return the tasks and labels of the openings with a weight above 0 alone."""
    kept = iter(weights > 0)
    rows = [
        [(o, label) for o, label in zip(task.openings, one, strict=True) if next(kept)]
        for task, one in zip(tasks, labels, strict=True)
    ]
    return (
        [
            task.model_copy(update={"openings": [opening for opening, _ in row]})
            for task, row in zip(tasks, rows, strict=True)
        ],
        [[label for _, label in row] for row in rows],
    )


def _block(task: Task, space: FeatureSpace) -> FeatureBlock:
    return FeatureBlock([task.seeker], Catalogue(task.openings, space))


def _all_pairs(block: FeatureBlock) -> tuple[IntArray, IntArray]:
    columns = np.arange(len(block.catalogue))
    return np.zeros_like(columns), columns


def _columns(
    block: FeatureBlock, rows: IntArray, columns: IntArray, affinities: LearnedFeatures
) -> Float32Array:
    """Return features and learned columns, shape (n_pairs, len(COLUMNS))."""
    learned = [affinity.score(block, rows, columns) for affinity in affinities]
    return np.column_stack([block.pairs(rows, columns), *learned])


def _standardised(X: Float32Array, groups: Any) -> Float32Array:
    """Return the columns beside their standard scores within each group."""
    which = np.zeros(len(X), dtype=np.int64) if isinstance(groups, int) else groups
    return np.column_stack([X, standardise(X[:, VARYING], which)])


def _select(each: dict[tuple[float, float], FloatArray]) -> tuple[float, float]:
    """Return the share of the trees and the penalty: ``BLEND``, unless others are clearly better.

    A few hundred tasks can't distinguish close ones, and a blend is the safest choice: another
    has to gain more than one standard error (Breiman et al. 1984, section 3.4.3).
    """
    gains = {blend: values - each[BLEND] for blend, values in each.items()}
    surplus = {
        blend: float(gain.mean() - gain.std() / np.sqrt(len(gain))) for blend, gain in gains.items()
    }
    return max((BLEND, *BLENDS), key=lambda blend: surplus[blend])


def _ndcg_by_group(y: IntArray, scores: FloatArray, groups: IntArray) -> FloatArray:
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    parts = zip(np.split(y, starts[1:]), np.split(scores, starts[1:]), strict=True)
    found = np.array([ndcg(labels, values) for labels, values in parts])
    known: FloatArray = found[~np.isnan(found)]  # undefined for tasks without a choice
    return known
