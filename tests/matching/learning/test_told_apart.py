"""The gate's measure is honest when staff stop at the first that fits, and still sees a gain."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from matching.learning.promotion_gate import ALPHA, decide
from matching.learning.told_apart import told_apart
from matching.utils.array_types import AnyArray, FloatArray

PEOPLE, LISTED, RUNS = 60, 6, 30
MOST_OF_30 = 5  # of 30 trials at one in twenty, in 99% of times no more


class Decisions(NamedTuple):
    """Lists in the order 0, 1, 2, … looked at from the top; ``places`` are their openings."""

    people: AnyArray
    places: AnyArray
    labels: AnyArray

    def judged(self, scores: FloatArray) -> FloatArray:
        """Return the pseudo-values of scores, shape (PEOPLE, LISTED), centred by person."""
        above = scores - scores.mean(axis=1, keepdims=True)
        own = np.round(above, 9)[self.people, self.places]
        return told_apart(self.people, self.places, self.labels, own, PEOPLE).pseudo_values


def go_down(draw: np.random.Generator, fits: FloatArray, *, stop: bool) -> Decisions:
    rows = []
    for who in range(PEOPLE):
        for at in range(draw.integers(3, LISTED + 1)):
            confirmed = draw.random() < fits[who, at]
            rows.append((who, at, int(confirmed)))
            if confirmed and stop:
                break
    return Decisions(*np.array(rows).T)


def as_shown(draw: np.random.Generator) -> FloatArray:
    """Scores that fall from place to place, by another step each."""
    return -np.cumsum(draw.random((PEOPLE, LISTED)), axis=1)


Ranker = Callable[[np.random.Generator, FloatArray], FloatArray]
KNOW_NOTHING: dict[str, Ranker] = {
    "backwards": lambda _draw, shown: -shown,
    "random": lambda draw, shown: draw.normal(size=shown.shape),
    "half random": lambda draw, shown: shown + draw.normal(size=shown.shape),
}


@pytest.mark.slow
@pytest.mark.parametrize("stop", [True, False])
@pytest.mark.parametrize("name", KNOW_NOTHING)
def test_where_nothing_is_to_be_learned_no_order_beats_the_one_that_was_shown(
    name: str, stop: bool
) -> None:
    passed = 0
    for seed in range(RUNS):
        draw = np.random.default_rng(seed)
        # Some people take to anything, for others nothing will do: no merit of any order.
        takes = draw.choice([0.15, 0.4, 0.7], size=(PEOPLE, 1))
        found = go_down(draw, np.broadcast_to(takes, (PEOPLE, LISTED)), stop=stop)
        shown = as_shown(draw)
        other = KNOW_NOTHING[name](draw, shown)
        passed += decide(found.judged(other), found.judged(shown), alpha=0.05).promotes
    assert passed <= MOST_OF_30


@pytest.mark.slow
def test_who_follows_the_order_that_is_right_is_not_beaten() -> None:
    for seed in range(10):
        draw = np.random.default_rng(seed)
        shown = as_shown(draw)
        found = go_down(draw, 1 / (1 + np.exp(-2 - 1.5 * shown)), stop=True)
        for other in KNOW_NOTHING.values():
            assert not decide(found.judged(other(draw, shown)), found.judged(shown)).promotes


@pytest.mark.slow
def test_who_knows_what_staff_like_passes_at_the_strictest() -> None:
    for seed in range(10):
        draw = np.random.default_rng(seed)
        likes = draw.choice([0.1, 0.8], size=(PEOPLE, LISTED))
        found = go_down(draw, likes, stop=True)
        knowing, shown = found.judged(likes), found.judged(as_shown(draw))
        verdict = decide(knowing, shown)
        assert verdict.promotes, verdict
        assert verdict.p_value is not None
        assert verdict.p_value < ALPHA
        assert not decide(shown, knowing).promotes


def test_to_know_for_whom_more_is_confirmed_is_no_merit() -> None:
    draw = np.random.default_rng(0)
    takes = np.broadcast_to(draw.choice([0.1, 0.8], size=(PEOPLE, 1)), (PEOPLE, LISTED))
    found = go_down(draw, takes, stop=False)
    assert np.nanmean(found.judged(takes)) == pytest.approx(0.5)


def test_only_decisions_of_one_turn_are_compared() -> None:
    people, turns, labels = np.array([[0, 0, 1], [1, 0, 0], [1, 1, 1], [2, 0, 0]]).T
    found = told_apart(people, turns, labels, np.array([0.9, 0.5, 0.1, 0.95]), 4)
    # Above one of two; rightly below; wrongly above; the second turn had nobody to compare with.
    assert found.shares[:3].tolist() == [0.5, 1.0, 0.0]
    assert found.pseudo_values[:3].mean() == pytest.approx(0.5)
    assert np.isnan(found.shares[3])
    assert np.isnan(found.pseudo_values[3])
