"""Training: decisions in, a tested model file out.

Nothing of the library is imported before it is needed. Groups of people come in apart from the
records, to look back at what a model does; no model sees them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from webapp.engine.ranking import Model

if TYPE_CHECKING:
    from matching.learning.feedback import Feedback
    from matching.records import Opening, Seeker

# Decisions below which nothing is trained, and those of the rarer kind.
LEAST_DECISIONS = 100
LEAST_OF_EACH = 20
# Suggestions looked at for fairness: as many as a resident gets.
TOP = 10


class Sighting(NamedTuple):
    """Suggestions of one rank shown at one position: how many, and how many decided on."""

    rank: int
    position: int
    propensity: float
    shown: int
    decided: int


class Judged(Protocol):
    """One pair as it was shown and decided on."""

    @property
    def opening_id(self) -> int: ...
    @property
    def decision(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def position(self) -> int | None: ...
    @property
    def rank(self) -> int | None: ...
    @property
    def propensity(self) -> float | None: ...


@dataclass
class Learned:
    """What came of a training; without ``name`` there was too little to learn from.

    ``verdict`` holds the gate's reason and figures, ``fairness`` figures by group of the
    candidate, ``places`` how likely each place is examined.
    """

    verdict: dict[str, Any]
    name: str = ""
    file: str = ""
    file_sha256: str = ""
    data_sha256: str = ""
    metrics: dict[str, Any] = field(default_factory=dict)
    fairness: dict[str, Any] = field(default_factory=dict)


def task(
    name: str, seeker: "Seeker", openings: Sequence["Opening"], judged: Sequence[Judged]
) -> "Feedback":
    """Return one person's decided pairs as a task to learn from."""
    from matching.learning.feedback import Feedback

    return Feedback.model_validate(
        {
            "qid": name,
            "seeker": seeker,
            "openings": openings,
            "shown": [
                {
                    "id": one.opening_id,
                    "position": one.position,
                    "rank": one.rank,
                    "propensity": one.propensity,
                    "decision": one.decision,
                    "outcome": one.outcome,
                }
                for one in judged
            ],
        }
    )


def places(sightings: Sequence[Sighting], last: int = TOP) -> list[float]:
    """Return how likely each place, from the first, is examined."""
    from matching.learning.position_bias import PositionCounts, estimate_examination

    found = estimate_examination(PositionCounts(*one) for one in sightings)
    return [found.at(position) for position in range(1, last + 1)]


def learn(material: Any, *, current: Model, folder: Path) -> Learned:
    """Train a version, hold it against the current one, and keep it as a file in ``folder``.

    ``material`` is a :class:`webapp.learning.queries.decisions.Material`. It uses one core, so that
    the portal beside it keeps its own.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from matching.learning.feedback import judgement, tell_apart, training_set, with_context
    from matching.learning.match_ranker import MatchRanker
    from matching.learning.position_bias import PositionCounts, estimate_examination
    from matching.learning.promotion_gate import MIN_TASKS
    from matching.ranking.ranker import PriorRanker

    labels = [
        found.label
        for one in material.learn
        for shown in one.shown
        if (found := judgement(shown)) is not None
    ]
    fewest = min(sum(labels), len(labels) - sum(labels))
    if len(labels) < LEAST_DECISIONS or fewest < LEAST_OF_EACH:
        return Learned(_too_few(material, len(labels), fewest))
    seen = estimate_examination(PositionCounts(*one) for one in material.sightings)
    held_back = with_context(material.held_back, material.catalogue)
    old = current.ranker or PriorRanker()
    theirs = tell_apart(old, held_back)
    # NaN where nothing is to be told apart.
    compared = int((theirs.shares == theirs.shares).sum())
    if compared < MIN_TASKS:
        return Learned(_too_few(material, len(labels), fewest, compared))
    examples = training_set(with_context(material.learn, material.catalogue), seen)
    with threadpool_limits(1):
        ranker = MatchRanker().fit(examples.tasks, examples.labels, sample_weight=examples.weights)
        ours = tell_apart(ranker, held_back)
        return _tested(material, ranker, old, ours, theirs, folder)


def _too_few(material: Any, decisions: int, fewest: int, compared: int = 0) -> dict[str, Any]:
    from matching.learning.promotion_gate import MIN_TASKS

    return {
        "reason": "too_few",
        "learned": decisions,
        "fewest": fewest,
        "n": compared,
        "least_decisions": LEAST_DECISIONS,
        "least_of_each": LEAST_OF_EACH,
        "least_tasks": MIN_TASKS,
    }


def _tested(material: Any, ranker: Any, old: Any, ours: Any, theirs: Any, folder: Path) -> Learned:
    from matching.evaluation.fairness import breaches, fairness_report
    from matching.learning.promotion_gate import decide

    reports, broken = [], []
    for measures, before, groups in (
        (_given(material, ranker), _given(material, old), material.sample_groups),
        ({"told_apart": ours.shares}, {"told_apart": theirs.shares}, material.held_back_groups),
    ):
        report = fairness_report(measures, groups)
        reports.append(report)
        broken += breaches(report, before=fairness_report(before, groups))
    verdict = decide(ours.pseudo_values, theirs.pseudo_values, breaches=broken)
    metrics = {
        "learned": sum(len(one.shown) for one in material.learn),
        "held_back": verdict.n,
        "current": verdict.current,
        "candidate": verdict.candidate,
        "gain": verdict.gain,
        "p_value": verdict.p_value,
    }
    return _kept(material, ranker, folder, verdict.model_dump(mode="json"), metrics, reports)


def _given(material: Any, ranker: Any) -> dict[str, Any]:
    """Return what a ranker's suggestions give each person of the sample."""
    from matching import suggest
    from matching.evaluation.fairness import access

    openings = [one for one in material.catalogue if one.capacity > 0]
    return dict(access(suggest(material.sample, openings, top=TOP, ranker=ranker), openings))


def _kept(
    material: Any,
    ranker: Any,
    folder: Path,
    verdict: dict[str, Any],
    metrics: dict[str, Any],
    reports: Sequence[Any],
) -> Learned:
    from matching.learning.persistence import save

    told = "".join(one.model_dump_json() for one in (*material.learn, *material.held_back))
    data = hashlib.sha256(told.encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "new.zip"
    manifest = save(ranker, fresh, data_digest=data, metrics=metrics)
    metrics["versions"] = manifest["versions"]
    name = f"learned-{manifest['model_sha256'][:12]}"
    path = fresh.rename(folder / f"{name}.zip")
    return Learned(
        verdict=verdict,
        name=name,
        file=path.name,
        file_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        data_sha256=data,
        metrics=metrics,
        fairness={
            "figures": [row.model_dump() for one in reports for row in one.figures],
            "comparisons": [row.model_dump() for one in reports for row in one.comparisons],
        },
    )
