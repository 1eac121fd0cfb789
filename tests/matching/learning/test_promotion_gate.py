"""The gate: a one-sided paired test that errs as often as it says."""

import numpy as np
import pytest

from matching.learning.promotion_gate import MIN_TASKS, decide, permutation_p_value


@pytest.mark.slow
def test_the_gate_errs_as_often_as_it_says() -> None:
    draw = np.random.default_rng(0)
    passed = [
        decide(draw.random(MIN_TASKS), draw.random(MIN_TASKS), alpha=0.1).promotes
        for _ in range(60)
    ]
    assert sum(passed) <= 13  # the 99% quantile of 60 trials at 0.1


def test_the_test_is_paired_and_one_sided() -> None:
    level = np.linspace(0, 1, 40)
    assert permutation_p_value(level + 0.01, level) < 0.01
    assert permutation_p_value(level, level + 0.01) > 0.99
    assert permutation_p_value(level, level) == 1.0
    for wrong in ([], [[1.0]]):
        with pytest.raises(ValueError, match="same tasks"):
            permutation_p_value(wrong, wrong)
    with pytest.raises(ValueError, match="same tasks"):
        decide([1.0], [1.0, 2.0])
