"""Learning from staff: known chances, inverse weights, and a gate that only the better pass."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cli import main
from matching.evaluation.fairness import Breach
from matching.learning.feedback import (
    CLIP,
    JUDGEMENTS,
    Feedback,
    ShownOpening,
    position_counts,
    read_feedback,
    tell_apart,
    training_set,
    weight,
    with_context,
)
from matching.learning.match_ranker import MatchRanker
from matching.learning.persistence import load
from matching.learning.position_bias import (
    Examination,
    estimate_examination,
)
from matching.learning.promotion_gate import decide
from matching.ranking.ranker import PriorRanker
from matching.records import Opening
from matching.utils.jsonl import LineError
from tests.depth import examples

TRADES = ["保洁员", "缝纫工", "厨师", "保安", "司机", "护工"]
# Nothing in the words says so, but here whoever sewed is found fit to cook, and so on.
NEXT = dict(zip(TRADES, TRADES[1:] + TRADES[:1], strict=True))
FLAT = Examination()


shown = st.builds(
    ShownOpening,
    id=st.just("a"),
    position=st.one_of(st.none(), st.integers(1, 40)),
    decision=st.just("confirmed"),
    outcome=st.sampled_from(
        [None, "declined", "no_reply", "applied", "refused", "hired", "left", "retained"]
    ),
)


@given(shown)
def test_weights_are_inverse_chances_and_clipped(one: ShownOpening) -> None:
    strength = JUDGEMENTS[one.outcome or "confirmed"].strength
    found = weight(one, FLAT)
    assert strength <= found <= strength * CLIP
    assert found == pytest.approx(strength * min(one.position or 1, CLIP))


def test_what_came_of_it_counts_more() -> None:
    strengths = [JUDGEMENTS[name].strength for name in ("confirmed", "hired", "retained")]
    assert strengths == sorted(set(strengths))
    assert weight(ShownOpening(id="a", position=3), FLAT) == 0


def made_up(n: int, seed: int = 0, *, noise: bool = False) -> list[Feedback]:
    """Staff who confirm by a rule that no words tell, and see first places more."""
    draw = random.Random(seed)
    found = []
    for i in range(n):
        before = draw.choice(TRADES)
        listed = draw.sample(TRADES, len(TRADES))
        decisions = []
        for position, title in enumerate(listed, start=1):
            fits = draw.random() < 0.5 if noise else title == NEXT[before]
            looked = draw.random() < 2 / position
            decisions.append(
                {
                    "id": str(position),
                    "position": position,
                    "decision": ("confirmed" if fits else "dismissed") if looked else None,
                    "outcome": "hired" if looked and fits and draw.random() < 0.3 else None,
                }
            )
        openings = [{"id": str(k), "title": title} for k, title in enumerate(listed, start=1)]
        person = {"id": f"s{i}", "experience": [{"title": before}]}
        found.append(Feedback(qid=f"{seed}-{i}", seeker=person, openings=openings, shown=decisions))
    return found


@settings(max_examples=examples(20))
@given(st.integers(0, 10_000))
def test_lessons_hold_what_was_judged_and_no_more(seed: int) -> None:
    feedback = made_up(8, seed)
    learned = training_set(feedback, FLAT)
    by_qid = {task.qid: task for task in feedback}
    counted = []
    for task, labels, weights in zip(*learned, strict=True):
        said = {one.id: one for one in by_qid[task.qid].shown}
        for opening, label, counts in zip(task.openings, labels, weights, strict=True):
            decision = said[opening.id].decision
            assert (counts > 0) == (decision is not None)
            assert label == (decision == "confirmed")
            counted += [counts] if counts else []
    assert not counted or np.mean(counted) == pytest.approx(1)


def test_context_joins_without_being_judged() -> None:
    feedback = made_up(3)
    catalogue = [Opening(id=f"more{i}", title=title) for i, title in enumerate(TRADES)]
    wider = with_context(feedback, catalogue)
    assert [len(task.openings) for task in wider] == [12] * 3
    assert [row[6:] for row in training_set(wider, FLAT).weights] == [[0.0] * 6] * len(
        training_set(wider, FLAT).weights
    )


@pytest.mark.slow
def test_it_learns_from_decisions_and_the_gate_lets_it_pass() -> None:
    train, held_back = made_up(150), made_up(120, seed=1)
    seen = estimate_examination(position_counts(train))
    learned = training_set(train, seen)
    ranker = MatchRanker(trees=40).fit(learned.tasks, learned.labels, sample_weight=learned.weights)
    ours, theirs = (tell_apart(one, held_back).pseudo_values for one in (ranker, PriorRanker()))
    verdict = decide(ours, theirs)
    assert verdict.reason == "better"
    assert verdict.promotes
    assert verdict.gain.low > 0
    assert verdict.p_value < verdict.alpha
    # The same two the other way round, and the same one twice.
    assert decide(theirs, ours).reason == "not_better"
    assert decide(ours, ours).reason == "not_better"
    unfair = Breach(
        attribute="sex",
        measure="exposure",
        lowest="male",
        highest="female",
        difference=1,
        ratio=0.5,
        chance=0.01,
        text="…",
    )
    assert decide(ours, theirs, breaches=[unfair]).reason == "unfair"
    assert decide(ours[:40], theirs[:40], min_tasks=41).reason == "too_few"


@pytest.mark.slow
def test_noise_does_not_pass_the_gate() -> None:
    train, held_back = made_up(50, noise=True), made_up(60, seed=2, noise=True)
    learned = training_set(train, FLAT)
    ranker = MatchRanker(trees=5).fit(learned.tasks, learned.labels, sample_weight=learned.weights)
    ours, theirs = (tell_apart(one, held_back).pseudo_values for one in (ranker, PriorRanker()))
    assert decide(ours, theirs, min_tasks=10).reason == "not_better"


def written(path: Path, feedback: list[Feedback], change: Callable | None = None) -> Path:
    rows = [json.loads(one.model_dump_json()) for one in feedback]
    if change:
        change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.slow
def test_fit_takes_feedback(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    feedback = made_up(20)
    path = written(tmp_path / "feedback.jsonl", feedback)
    assert read_feedback(path) == feedback
    model = tmp_path / "model.zip"
    assert main(["fit", "--feedback", str(path), "--model", str(model)]) == 0
    assert load(model).n_features_in_
    assert main(["fit", "--model", str(model)]) == 1
    assert "--feedback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[2]["shown"][0].update(id="nobody"), "not among the openings"),
        (lambda rows: rows[2]["shown"].append(rows[2]["shown"][0]), "shown twice"),
        (lambda rows: rows[2]["shown"][0].update(position=0), "position"),
        (lambda rows: rows[2]["shown"][0].update(propensity=0), "propensity"),
        (lambda rows: rows[2]["shown"][0].update(decision="perhaps"), "decision"),
        (lambda rows: rows[2]["shown"][0].update(decision="dismissed", outcome="hired"), "needs"),
        (lambda rows: rows[2].update(qid=rows[0]["qid"]), "line 1 already"),
        (lambda rows: rows[2]["openings"].append(rows[2]["openings"][0]), "the same id"),
        (lambda rows: rows[2].pop("shown"), "shown"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: Callable, said: str) -> None:
    path = written(tmp_path / "feedback.jsonl", made_up(4), change)
    with pytest.raises(LineError, match=said) as caught:
        read_feedback(path)
    assert "line 3:" in str(caught.value)


def test_fit_refuses_weights_that_fit_nothing() -> None:
    learned = training_set(made_up(30), FLAT)
    for wrong in (learned.weights[:-1], [[-1.0] * len(row) for row in learned.labels]):
        with pytest.raises(ValueError, match="sample_weight"):
            MatchRanker().fit(learned.tasks, learned.labels, sample_weight=wrong)
