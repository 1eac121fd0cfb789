"""Trades from any text: fitted to the tables as they are, and the same whatever stands beside."""

from pathlib import Path

import numpy as np
import pytest

from matching.skills.work_classifier import (
    TOP,
    TrainingTexts,
    WorkClassifier,
    WorkWeights,
    training_texts,
    weights_path,
)
from matching.text.sentence_vectors import DIMENSIONS, encode, sentence_vectors
from matching.utils import content_store

TEXTS = [
    "把布片轧到一起",
    "守大门",
    "",
    "給老人餵飯翻身",
    "cashier",
    "守大门",
    "蹬三轮送包裹到楼下",
]


def best(text: str) -> str:
    ((columns, shares),) = WorkClassifier.default().likely([text])
    return WorkClassifier.default().names[columns[int(np.argmax(shares))]]


def test_the_weights_belong_to_the_tables() -> None:
    """Where this fails, a table was changed: run ``python -m matching trades``."""
    weights = WorkWeights.load(weights_path())
    assert weights.digest == training_texts().digest
    assert weights.names == WorkClassifier.default().names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("一早起来扫马路上的树叶子", "环卫工人"),
        ("蹲在墙边刮灰，刷两遍白的", "油漆工"),
        ("月子里给产妇炖汤，夜里起来喂奶娃", "月嫂"),
    ],
)
def test_what_the_hands_do_tells_the_trade(text: str, name: str) -> None:
    assert best(text) == name


def test_a_text_alone_or_among_others_has_the_same_trades() -> None:
    together = WorkClassifier.default().probabilities(TEXTS)
    assert np.allclose(together.sum(axis=1), 1)
    for row, text in enumerate(TEXTS):
        assert np.array_equal(WorkClassifier.default().probabilities([text])[0], together[row])


def test_likely_trades_are_few_and_shares() -> None:
    for columns, shares in WorkClassifier.default().likely(TEXTS):
        assert len(columns) == TOP
        assert columns.tolist() == sorted(columns.tolist())
        assert shares.sum() == pytest.approx(1)


def test_a_name_without_weights_goes_by_its_characters() -> None:
    training = TrainingTexts(["扫地拖地", "扫大街", "电焊", "焊接铁架"], ["甲", "甲", "乙", "乙"])
    fitted = WorkWeights.fit(TrainingTexts(training.texts[:3], ["甲", "丙", "丁"]))
    classifier = WorkClassifier(training, fitted)
    assert classifier.names == ["乙", "甲"]
    ((columns, shares),) = classifier.likely(["焊铁架子"])
    assert classifier.names[columns[int(np.argmax(shares))]] == "乙"


def test_weights_come_back_from_their_file(tmp_path: Path) -> None:
    training = TrainingTexts(["扫地", "扫街", "电焊"], ["乙", "甲", "丙"])
    fitted = WorkWeights.fit(training)
    fitted.save(tmp_path / "w.npz")
    back = WorkWeights.load(tmp_path / "w.npz")
    assert back.names == fitted.names == ["丙", "乙", "甲"]
    assert back.digest == training.digest
    assert np.array_equal(back.weights, fitted.weights)
    np.savez(tmp_path / "bad.npz", **{**fitted._asdict(), "weights": fitted.weights[:-1]})
    with pytest.raises(ValueError, match=r"bad\.npz"):
        WorkWeights.load(tmp_path / "bad.npz")


def test_written_forms_have_one_vector_and_a_blank_none() -> None:
    vectors = sentence_vectors(["縫紉", "缝纫", " ", "缝纫"])
    assert vectors.shape == (4, DIMENSIONS)
    assert np.array_equal(vectors[0], vectors[1])
    assert not vectors[2].any()
    assert np.linalg.norm(vectors[1]) == pytest.approx(1, abs=0.01)


@pytest.mark.slow
def test_a_vector_does_not_depend_on_the_texts_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(content_store.SETTING, "off")
    short = [f"第{i}句话说的是{work}" for i in range(60) for work in ("洗碗", "在屋头穿珠子")]
    texts = [*short, "看大门", "扫地" * 30, "abc", "扫地" * 90]
    alone = [encode([text])[0] for text in texts]
    assert np.array_equal(encode(texts), alone)
    assert np.array_equal(encode(texts[::-1]), alone[::-1])


def test_a_product_of_vectors_does_not_depend_on_the_order_of_its_terms() -> None:
    vectors = sentence_vectors(["头一句话说的是洗碗", "第二句是扫地", "看大门"])
    together = vectors @ vectors.T
    for row in range(3):
        assert np.array_equal(vectors[[row]] @ vectors.T, together[[row]])
        assert np.array_equal(vectors[row, ::-1] @ vectors[:, ::-1].T, together[row])
