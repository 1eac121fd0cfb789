"""The conditional logit: it learns from who was chosen among whom, and from nothing else."""

import numpy as np
import pytest

from matching.learning.conditional_logit import ConditionalLogit


def choices(n: int, seed: int = 0):
    """Groups of ten, one chosen of each by column 0; column 1 is one number a group."""
    draw = np.random.default_rng(seed)
    groups = np.repeat(np.arange(n), 10)
    told = draw.normal(size=(n * 10, 2))
    told[:, 1] = 5 * draw.normal(size=n)[groups]
    liked = (1.5 * told[:, 0] + draw.gumbel(size=n * 10)).reshape(n, 10).argmax(axis=1)
    y = np.zeros(n * 10)
    y[np.arange(n) * 10 + liked] = 1
    return told, y, groups


def test_it_finds_what_choices_were_made_by() -> None:
    told, y, groups = choices(400)
    model = ConditionalLogit(penalty=0.1).fit(told, y, None, groups)
    assert model.coef_[0] == pytest.approx(1.5, rel=0.15)
    assert abs(model.coef_[1]) < 0.01
    chance = 1 / (1 + np.exp(-model.decision_function(told)))
    assert chance.mean() == pytest.approx(0.1, abs=0.01)


def test_a_row_weighs_as_many_times_as_it_is_repeated_and_none_is_not_heard() -> None:
    told, y, groups = choices(60)
    times = np.random.default_rng(1).integers(0, 3, len(y))
    weighted = ConditionalLogit().fit(told, y, times.astype(float), groups)
    repeated = ConditionalLogit().fit(*(np.repeat(a, times, axis=0) for a in (told, y)), None,
                                      np.repeat(groups, times))  # fmt: skip
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-3, atol=1e-4)


def test_groups_without_a_choice_change_no_preference() -> None:
    told, y, groups = choices(60)
    more = np.random.default_rng(2).normal(size=(50, 2)) * told.std(axis=0) + told.mean(axis=0)
    beside = ConditionalLogit().fit(
        np.vstack([told, more]), np.append(y, np.zeros(50)), None, np.append(groups, [99] * 50)
    )
    alone = ConditionalLogit().fit(told, y, None, groups)
    ratio = beside.coef_[0] / alone.coef_[0]
    assert 0.8 < ratio < 1.25
    none = ConditionalLogit().fit(
        told, np.append(1.0, np.zeros(len(y) - 1)), None, np.arange(len(y))
    )
    assert np.allclose(none.coef_, 0, atol=1e-3)
