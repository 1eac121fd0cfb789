"""The learned ranker: it learns, leaks nothing, keeps and loads, and refuses what is not one."""

import random

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from matching.evaluation import evaluate
from matching.learning import match_ranker
from matching.learning.blended_classifier import BlendedClassifier
from matching.learning.match_ranker import MatchRanker
from matching.ranking.ranker import rank
from tests.matching.learnable_tasks import made_up


def not_of_trees(estimator: BlendedClassifier) -> dict[str, str]:
    """Checks that scikit-learn's own histogram trees do not pass either."""
    if estimator.boosting_share == 0:
        return {}
    reason = "a leaf holds at least so many rows, whatever these weigh"
    return {"check_sample_weight_equivalence_on_dense_data": reason}


@parametrize_with_checks(
    [BlendedClassifier(trees=5), BlendedClassifier(0.0), BlendedClassifier(1.0, 5, repeats=1)],
    expected_failed_checks=not_of_trees,
)
def test_numeric_part_is_a_scikit_learn_estimator(estimator, check) -> None:
    check(estimator)


def test_ranker_keeps_the_rules_of_estimators_that_take_records() -> None:
    ranker = MatchRanker(shrinkage=2.0, trees=7)
    assert clone(ranker).get_params() == ranker.get_params()
    assert not [name for name in vars(ranker) if name.endswith("_")]
    with pytest.raises(NotFittedError):
        rank(made_up(1)[0][0], ranker)


@pytest.mark.slow
def test_it_learns_what_the_words_do_not_say(fitted: MatchRanker) -> None:
    tasks, labels = made_up(40, seed=1)
    learned = evaluate.measure(evaluate.ranker_scorer(fitted), tasks, labels)["ndcg@10"].mean()
    words = evaluate.measure(evaluate.title_tfidf, tasks, labels)["ndcg@10"].mean()
    assert learned > 0.9 > 0.6 > words


@pytest.mark.slow
def test_noise_teaches_nothing() -> None:
    draw = random.Random(3)
    tasks, labels = made_up(80)
    for chosen in labels:
        draw.shuffle(chosen)
    ranker = MatchRanker(trees=40).fit(tasks[:60], labels[:60])
    fresh = evaluate.measure(evaluate.ranker_scorer(ranker), tasks[60:], labels[60:])
    assert abs(float(fresh["auc"].mean()) - 0.5) < 0.17


@pytest.mark.slow
def test_order_of_openings_does_not_matter(fitted: MatchRanker) -> None:
    task = made_up(1, seed=5)[0][0]
    backwards = task.model_copy(update={"openings": task.openings[::-1]})
    assert rank(task, fitted) == rank(backwards, fitted)


@pytest.mark.slow
def test_same_data_gives_the_same_ranker(fitted: MatchRanker) -> None:
    again = MatchRanker(trees=40).fit(*made_up(120))
    task = made_up(1, seed=6)[0][0]
    assert rank(task, fitted) == rank(task, again)


@pytest.mark.slow
def test_members_are_weighed_on_validation_tasks() -> None:
    ranker = MatchRanker(trees=20).fit(*made_up(80), validation=made_up(20, seed=2))
    assert len(ranker.validation_ndcg_) == len(match_ranker.BLENDS)
    assert (ranker.model_.boosting_share, ranker.model_.penalty) in match_ranker.BLENDS


def test_only_a_clear_gain_replaces_the_blend() -> None:
    level = np.array([0.5, 0.6, 0.4, 0.5])
    noisy = level + np.array([0.3, -0.2, 0.1, -0.15])
    clear = level + np.array([0.1, 0.12, 0.09, 0.11])
    other, third = [one for one in match_ranker.BLENDS if one != match_ranker.BLEND][:2]
    tried = dict.fromkeys(match_ranker.BLENDS, level - 0.1)
    tried |= {match_ranker.BLEND: level, other: noisy}
    assert match_ranker._select(tried) == match_ranker.BLEND
    assert match_ranker._select({**tried, third: clear}) == third


@pytest.mark.parametrize(
    ("n", "labels", "message"),
    [
        (3, None, "too few"),
        (8, [[0] * 8] * 8, "too few"),
        (8, [[1]] * 8, "as many as openings"),
        (8, [], "labels of 0"),
    ],
)
def test_what_can_not_be_learned_is_refused(n: int, labels, message: str) -> None:
    tasks, right = made_up(n)
    with pytest.raises(ValueError, match=message):
        MatchRanker().fit(tasks, right if labels is None else labels)
