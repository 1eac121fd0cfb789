"""The classifier of the learned ranker: boosted trees and a linear model, blended.

A feature matrix in, the probability of being chosen out. It passes scikit-learn's estimator
checks; :mod:`matching.learning.match_ranker` turns records into features.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from matching.learning.conditional_logit import ConditionalLogit
from matching.utils.array_types import AnyArray, FloatArray


def _checked(estimator: BaseEstimator, X: ArrayLike, *y: ArrayLike) -> Any:
    return validate_data(estimator, X, *y, reset=bool(y))


class BlendedClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Boosted trees and a conditional logit over the same columns, averaged in log odds.

    Parameters
    ----------
    boosting_share : float, default=0.8
        Weight of the trees, in 0–1; the linear model has the rest. A base estimator without
        weight is not fitted.
    trees : int, default=120
        Boosting iterations of each repeat.
    repeats : int, default=2
        Boosted models, each with other random columns; their log odds are averaged.
    learning_rate : float, default=0.05
    max_features : float, default=0.3
        Share of the columns considered at each split, so that one strong column does not hide
        those correlated with it.
    penalty : float, default=100.0
        L2 penalty of the linear model.
    random_state : int, default=0

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    boosting_ : list of HistGradientBoostingClassifier
        Empty without weight.
    linear_ : ConditionalLogit or None
        None without weight.
    """

    def __init__(
        self,
        boosting_share: float = 0.8,
        trees: int = 120,
        repeats: int = 2,
        learning_rate: float = 0.05,
        max_features: float = 0.3,
        penalty: float = 100.0,
        random_state: int = 0,
    ) -> None:
        self.boosting_share = boosting_share
        self.trees = trees
        self.repeats = repeats
        self.learning_rate = learning_rate
        self.max_features = max_features
        self.penalty = penalty
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: Any = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Fit the base estimators.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Finite numbers.
        y : array-like of shape (n_samples,)
            Two classes; the second in sorted order counts as chosen.
        sample_weight : array-like of shape (n_samples,), optional
            The minimum leaf size of the trees stays a number of rows.
        groups : array-like of shape (n_samples,), optional
            Rows with the same value were offered together; by default all are one group.
        """
        if not 0 <= self.boosting_share <= 1:
            raise ValueError(f"boosting_share must be in 0–1, got {self.boosting_share}")
        numbers, y = _checked(self, X, y)
        check_classification_targets(y)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, numbers)
            # Equal weights are dropped: weighted quantiles take ten times as long.
            sample_weight = None if np.all(np.equal(sample_weight, 1)) else sample_weight
        self.classes_: AnyArray = np.unique(y)
        if len(self.classes_) > 2:
            raise ValueError(
                "Only binary classification is supported. The type of the target is multiclass."
            )
        if len(self.classes_) < 2:
            raise ValueError("the labels hold one class only, nothing can be learned")
        self.boosting_ = []
        self.linear_ = None
        if self.boosting_share > 0:
            self.boosting_ = [
                self._trees(numbers.shape[0], turn).fit(numbers, y, sample_weight=sample_weight)
                for turn in range(self.repeats)
            ]
        if self.boosting_share < 1:
            among = np.zeros(numbers.shape[0]) if groups is None else groups
            check_consistent_length(numbers, among)
            self.linear_ = ConditionalLogit(self.penalty).fit(
                numbers, (y == self.classes_[1]).astype(np.float64), sample_weight, among
            )
        return self

    def _trees(self, n_rows: int, turn: int) -> HistGradientBoostingClassifier:
        return HistGradientBoostingClassifier(
            learning_rate=self.learning_rate,
            max_iter=self.trees,
            max_leaf_nodes=12,
            min_samples_leaf=min(40, max(1, n_rows // 10)),
            l2_regularization=5.0,
            max_features=self.max_features,
            early_stopping=False,
            random_state=self.random_state + turn,
        )

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return log odds of the second class, shape (n_samples,)."""
        trees, line = self.base_scores(X)
        return self.boosting_share * trees + (1 - self.boosting_share) * line

    def base_scores(self, X: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the log odds of the trees and of the linear model.

        Each of shape (n_samples,); zeros for one without weight.
        """
        check_is_fitted(self)
        numbers = _checked(self, X)
        nothing = np.zeros(numbers.shape[0])
        grown = [one.decision_function(numbers) for one in self.boosting_]
        trees = np.mean(grown, axis=0) if grown else nothing
        line = self.linear_.decision_function(numbers) if self.linear_ else nothing
        return trees, line

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return probabilities of both classes, shape (n_samples, 2)."""
        chosen = 1 / (1 + np.exp(-self.decision_function(X)))
        return np.column_stack([1 - chosen, chosen])

    def predict(self, X: ArrayLike) -> AnyArray:
        """Return the more probable class of each row."""
        likelier = (self.decision_function(X) > 0).astype(int)
        found: AnyArray = self.classes_[likelier]
        return found

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
