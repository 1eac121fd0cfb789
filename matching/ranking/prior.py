"""The prior: fixed weights of the features, without any training data.

Set by hand after what residents say matters to them, in this order: the work they want, the work
they know, what they chose before, and that it is near home.
"""

import numpy as np

from matching.features.pair_features import FEATURES
from matching.utils.array_types import Float32Array

VERSION = "prior-2"

WEIGHTS = {
    "wanted_title": 1.6,
    "wanted_title_mean": 0.8,
    "wanted_full": 0.8,
    "wanted_link": 2.6,
    "wanted_trade": 4.0,
    "wanted_meaning": 8.0,
    "skills_trade": 4.0,
    "skills_meaning": 8.0,
    "experience_trade": 2.0,
    "experience_meaning": 1.0,
    "unwanted_title": -1.5,
    "unwanted_link": -2.0,
    "unwanted_trade": -4.0,
    "skills_title": 0.8,
    "skills_full": 1.2,
    "skills_link": 1.6,
    "experience_title": 1.6,
    "experience_title_mean": 0.3,
    "experience_full": 0.6,
    "experience_link": 1.2,
    "past_title": 1.4,
    "past_title_mean": 0.9,
    "past_full": 0.3,
    "past_link": 1.0,
    "past_employer": 0.5,
    "past_category": 0.5,
    "past_kind": 0.2,
    "past_place": 0.5,
    "past_place_mean": 1.0,
    "past_place_same": 1.5,
    "past_place_last": 0.8,
    "past_place_rare": 1.8,
    "past_place_rare_mean": 1.5,
    "experience_place_rare": 2.5,
    "experience_place_rare_mean": 2.0,
    "home_place": 0.8,
    "home_place_rare": 0.6,
    "profile_all": 3.0,
    "teaches": 0.8,
    "kind_asked": 1.0,
    "at_home": 0.2,
    "pay_ratio": 0.8,
    "pay_level": 0.2,
    "hours_overlap": 0.5,
    "flexible": 0.1,
    "negative_title": -1.5,
    "negative_employer": -0.5,
}
# Sum of a pair that is as likely right as wrong, and the width of the logistic function: so that
# the best of pairs, with wishes, skills and their meaning all met, still differ in their scores.
MIDDLE = 8.0
WIDTH = 2.5


def scores(X: Float32Array) -> Float32Array:
    """Return scores in 0–1, higher better, comparable between openings and seekers.

    Parameters
    ----------
    X : ndarray of shape (n_pairs, len(FEATURES))
    """
    weights = np.array([WEIGHTS.get(name, 0.0) for name in FEATURES])
    # Summed column by column, so that a row's score never depends on how many rows there are.
    total = np.full(len(X), -MIDDLE)
    for column, weight in enumerate(weights):
        if weight:
            total += weight * X[:, column].astype(np.float64)
    total /= -WIDTH
    found: Float32Array = 1 / (1 + np.exp(total))
    return found
