"""A linear model of choices within groups: which of the openings shown is chosen."""

from typing import Any, Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from matching.utils.array_types import FloatArray


class ConditionalLogit(BaseEstimator):  # type: ignore[misc]
    """Conditional logit, calibrated to log odds.

    Columns that are constant within a group cannot explain a choice within it and get no weight,
    unlike in a logistic regression over all rows.

    Parameters
    ----------
    penalty : float, default=30.0
        L2 penalty on the coefficients of the standardised columns; in the loss each group with
        a choice counts 1.

    Attributes
    ----------
    coef_ : ndarray of shape (n_features,)
    intercept_ : float

    References
    ----------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior. Platt (1999),
    Probabilistic outputs for support vector machines: from scores to log odds.
    """

    def __init__(self, penalty: float = 30.0) -> None:
        self.penalty = penalty

    def fit(
        self, X: FloatArray, y: FloatArray, sample_weight: FloatArray | None, groups: Any
    ) -> Self:
        """Fit to choices within groups.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
        y : ndarray of shape (n_samples,)
            1 for chosen rows, else 0. A group of one kind only has no influence on the
            coefficients.
        sample_weight : ndarray of shape (n_samples,), optional
            By default 1.
        groups : array-like of shape (n_samples,)
            Rows with the same value were offered together.
        """
        weights = np.ones(len(y)) if sample_weight is None else sample_weight
        counts = weights > 0
        numbers, chosen, weights = X[counts].astype(np.float64), y[counts], weights[counts]
        _, which = np.unique(np.asarray(groups)[counts], return_inverse=True)
        mean = np.average(numbers, axis=0, weights=weights)
        scale = np.sqrt(np.average((numbers - mean) ** 2, axis=0, weights=weights))
        # A column that is constant but for rounding is not scaled: once centred it is 0.
        scale = np.where(scale > 1e-9 * (1 + np.abs(mean)), scale, 1.0)
        scaled = (numbers - mean) / scale
        found = _fit_coefficients(scaled, chosen, weights, which, self.penalty)
        scores = scaled @ found
        middle = np.average(scores, weights=weights)
        spread = float(np.average((scores - middle) ** 2, weights=weights)) ** 0.5 or 1.0
        calibration = LogisticRegression(solver="newton-cholesky", tol=1e-10).fit(
            scores[:, None] / spread, chosen, sample_weight=weights
        )
        self.coef_ = found * (calibration.coef_[0, 0] / spread) / scale
        self.intercept_ = float(calibration.intercept_[0] - mean @ self.coef_)
        return self

    def decision_function(self, X: FloatArray) -> FloatArray:
        """Return log odds of being chosen, shape (n_samples,)."""
        return np.asarray(X @ self.coef_ + self.intercept_, dtype=np.float64)


def _fit_coefficients(
    X: FloatArray, y: FloatArray, weights: FloatArray, which: Any, penalty: float
) -> FloatArray:
    # Sorted by group, so that a group's sum is one reduceat segment.
    order = np.argsort(which, kind="stable")
    X, y, weights, which = X[order], y[order], weights[order], which[order]
    starts = np.flatnonzero(np.diff(which, prepend=-1))
    chosen_weight = np.add.reduceat(weights * y, starts)
    share = weights * y / np.maximum(chosen_weight, 1e-12)[which]
    has_choice = (chosen_weight > 0)[which]

    def choice_probabilities(beta: FloatArray) -> tuple[FloatArray, FloatArray]:
        scores = X @ beta
        scores -= np.maximum.reduceat(scores, starts)[which]
        calibration = weights * np.exp(scores)
        total = np.add.reduceat(calibration, starts)[which]
        return np.where(has_choice, calibration / total, 0.0), scores - np.log(total)

    def loss(beta: FloatArray) -> tuple[float, FloatArray]:
        chance, logs = choice_probabilities(beta)
        value = -float(share @ logs) + penalty / 2 * float(beta @ beta)
        return value, X.T @ (chance - share) + penalty * beta

    def hessian(beta: FloatArray) -> FloatArray:
        weighted = X * choice_probabilities(beta)[0][:, None]
        means = np.add.reduceat(weighted, starts, axis=0)
        matrix: FloatArray = X.T @ weighted - means.T @ means + penalty * np.eye(X.shape[1])
        return matrix

    # Newton's method converges so closely that weighting a row equals repeating it.
    minimise: Any = minimize
    found = minimise(
        loss,
        np.zeros(X.shape[1]),
        jac=True,
        hess=hessian,
        method="trust-exact",
        options={"gtol": 1e-8},
    )
    return np.asarray(found.x, dtype=np.float64)
