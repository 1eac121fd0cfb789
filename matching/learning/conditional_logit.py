"""A linear model of choices made within groups: which of the openings shown is taken."""

from typing import Any, Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from matching.utils.array_types import FloatArray


class ConditionalLogit(BaseEstimator):  # type: ignore[misc]
    """Linear scores fitted to the choices within groups, brought to log odds.

    What all members of a group have in common can't tell them apart and so has no say, where
    logistic regression over all rows spends its coefficients on it.

    Parameters
    ----------
    penalty : float, default=30.0
        Half of it times the squared coefficients of the standardised columns is added to the
        loss, in which each group with a choice counts 1.

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
        """Fit to rows ``y`` (0 or 1) in groups; rows weigh 1 by default.

        A group that is all chosen, or not at all, tells nothing of which is preferred.
        """
        weights = np.ones(len(y)) if sample_weight is None else sample_weight
        counts = weights > 0
        numbers, chosen, weights = X[counts].astype(np.float64), y[counts], weights[counts]
        _, which = np.unique(np.asarray(groups)[counts], return_inverse=True)
        centre = np.average(numbers, axis=0, weights=weights)
        width = np.sqrt(np.average((numbers - centre) ** 2, axis=0, weights=weights))
        # A column that is one number but for rounding stays as it is: 0 once centred.
        width = np.where(width > 1e-9 * (1 + np.abs(centre)), width, 1.0)
        scaled = (numbers - centre) / width
        found = _preferences(scaled, chosen, weights, which, self.penalty)
        scores = scaled @ found
        middle = np.average(scores, weights=weights)
        spread = float(np.average((scores - middle) ** 2, weights=weights)) ** 0.5 or 1.0
        odds = LogisticRegression(solver="newton-cholesky", tol=1e-10).fit(
            scores[:, None] / spread, chosen, sample_weight=weights
        )
        self.coef_ = found * (odds.coef_[0, 0] / spread) / width
        self.intercept_ = float(odds.intercept_[0] - centre @ self.coef_)
        return self

    def decision_function(self, X: FloatArray) -> FloatArray:
        """Return log odds of being chosen, shape (n_samples,)."""
        return np.asarray(X @ self.coef_ + self.intercept_, dtype=np.float64)


def _preferences(
    X: FloatArray, y: FloatArray, weights: FloatArray, which: Any, penalty: float
) -> FloatArray:
    # Rows sorted by group, so that sums over a group are sums over a stretch.
    order = np.argsort(which, kind="stable")
    X, y, weights, which = X[order], y[order], weights[order], which[order]
    starts = np.flatnonzero(np.diff(which, prepend=-1))
    picked = np.add.reduceat(weights * y, starts)
    share = weights * y / np.maximum(picked, 1e-12)[which]
    heard = (picked > 0)[which]

    def chances(beta: FloatArray) -> tuple[FloatArray, FloatArray]:
        scores = X @ beta
        scores -= np.maximum.reduceat(scores, starts)[which]
        odds = weights * np.exp(scores)
        total = np.add.reduceat(odds, starts)[which]
        return np.where(heard, odds / total, 0.0), scores - np.log(total)

    def loss(beta: FloatArray) -> tuple[float, FloatArray]:
        chance, logs = chances(beta)
        value = -float(share @ logs) + penalty / 2 * float(beta @ beta)
        return value, X.T @ (chance - share) + penalty * beta

    def curvature(beta: FloatArray) -> FloatArray:
        weighted = X * chances(beta)[0][:, None]
        means = np.add.reduceat(weighted, starts, axis=0)
        bent: FloatArray = X.T @ weighted - means.T @ means + penalty * np.eye(X.shape[1])
        return bent

    # Newton's steps, since a few of them get so near that weights and repeats can't differ.
    minimise: Any = minimize
    found = minimise(
        loss,
        np.zeros(X.shape[1]),
        jac=True,
        hess=curvature,
        method="trust-exact",
        options={"gtol": 1e-8},
    )
    return np.asarray(found.x, dtype=np.float64)
