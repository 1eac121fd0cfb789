"""The learned ranker: it learns, leaks nothing, keeps and loads, and refuses what is not one."""

import json
import random
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks

from matching.evaluation import evaluate
from matching.learning import match_ranker, persistence
from matching.learning.blended_classifier import BlendedClassifier
from matching.learning.match_ranker import MatchRanker
from matching.ranking.ranker import rank
from matching.records import Task

TRADES = ["保洁员", "缝纫工", "厨师", "保安", "司机", "护工", "收银员", "电工"]
# Nothing in the words says so, but here people who drove want to guard, and so on.
NEXT = dict(zip(TRADES, TRADES[1:] + TRADES[:1], strict=True))


def made_up(n: int, seed: int = 0) -> tuple[list[Task], list[list[int]]]:
    """Tasks whose choice can be learned from titles alone, in no words they share."""
    draw = random.Random(seed)
    tasks, labels = [], []
    for i in range(n):
        before = draw.choice(TRADES)
        shown = draw.sample(TRADES, len(TRADES))
        openings = [
            {"id": str(j), "title": title, "place": f"重庆市/区{j % 3}"}
            for j, title in enumerate(shown)
        ]
        person = {"id": f"s{i}", "experience": [{"title": before}]}
        tasks.append(Task(qid=f"q{i}", task="made up", seeker=person, openings=openings))
        labels.append([int(title == NEXT[before]) for title in shown])
    return tasks, labels


@pytest.fixture(scope="module")
def fitted() -> MatchRanker:
    return MatchRanker(trees=40).fit(*made_up(120))


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


def test_it_learns_what_the_words_do_not_say(fitted: MatchRanker) -> None:
    tasks, labels = made_up(40, seed=1)
    learned = evaluate.measure(evaluate.by_ranker(fitted), tasks, labels)["ndcg@10"].mean()
    words = evaluate.measure(evaluate.title_tfidf, tasks, labels)["ndcg@10"].mean()
    assert learned > 0.9 > 0.6 > words


def test_noise_teaches_nothing() -> None:
    draw = random.Random(3)
    tasks, labels = made_up(80)
    for chosen in labels:
        draw.shuffle(chosen)
    ranker = MatchRanker(trees=40).fit(tasks[:60], labels[:60])
    fresh = evaluate.measure(evaluate.by_ranker(ranker), tasks[60:], labels[60:])
    assert abs(float(fresh["auc"].mean()) - 0.5) < 0.17


def test_order_of_openings_does_not_matter(fitted: MatchRanker) -> None:
    task = made_up(1, seed=5)[0][0]
    backwards = task.model_copy(update={"openings": task.openings[::-1]})
    assert rank(task, fitted) == rank(backwards, fitted)


def test_same_data_gives_the_same_ranker(fitted: MatchRanker) -> None:
    again = MatchRanker(trees=40).fit(*made_up(120))
    task = made_up(1, seed=6)[0][0]
    assert rank(task, fitted) == rank(task, again)


def test_members_are_weighed_on_validation_tasks() -> None:
    ranker = MatchRanker(trees=20).fit(*made_up(80), validation=made_up(20, seed=2))
    assert set(ranker.chosen_on_) == set(match_ranker.SHARES)
    assert ranker.model_.boosting_share in ranker.chosen_on_


def test_only_a_clear_gain_replaces_the_blend() -> None:
    level = np.array([0.5, 0.6, 0.4, 0.5])
    noisy = level + np.array([0.3, -0.2, 0.1, -0.15])
    clear = level + np.array([0.1, 0.12, 0.09, 0.11])
    shares = {match_ranker.BLEND: level, 1.0: noisy, 0.8: level - 0.1, 0.0: level}
    assert match_ranker._chosen(shares) == match_ranker.BLEND
    assert match_ranker._chosen({**shares, 0.8: clear}) == 0.8


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


def test_a_saved_ranker_ranks_alike(fitted: MatchRanker, tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    manifest = persistence.save(fitted, path, data_digest="d", metrics={"ndcg@10": 1.0})
    assert persistence.read_manifest(path) == manifest
    loaded = persistence.load(path)
    task = made_up(1, seed=7)[0][0]
    assert rank(task, loaded) == rank(task, fitted)
    assert loaded.version.startswith("learned-")


def rewritten(path: Path, **changes: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts.update({name.replace("_", "."): content for name, content in changes.items()})
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return changed


def test_a_changed_file_is_refused(fitted: MatchRanker, tmp_path: Path) -> None:
    import hashlib

    import skops.io

    path = tmp_path / "model.zip"
    manifest = persistence.save(fitted, path)
    older = {**manifest, "versions": {**manifest["versions"], "numpy": "1.0"}}
    foreign = skops.io.dumps({"f": subprocess.run})
    fits = {**manifest, "model_sha256": hashlib.sha256(foreign).hexdigest()}
    plain = skops.io.dumps([1, 2])
    fits_plain = {**manifest, "model_sha256": hashlib.sha256(plain).hexdigest()}
    for changes, message in (
        ({"model_skops": b"other"}, "was changed"),
        ({"manifest_json": json.dumps(older).encode()}, "train it again"),
        ({"manifest_json": b"[]"}, "not a ranker"),
        ({"manifest_json": json.dumps(fits).encode(), "model_skops": foreign}, "types a ranker"),
        ({"manifest_json": json.dumps(fits_plain).encode(), "model_skops": plain}, "a list"),
    ):
        with pytest.raises(persistence.ModelFileError, match=message):
            persistence.load(rewritten(path, **changes))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(persistence.ModelFileError, match="not a ranker"):
        persistence.load(cut)
