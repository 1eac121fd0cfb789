"""Models, the suggestions they make, and the plan for all residents.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from webapp.engine import kept_catalogue

if TYPE_CHECKING:
    from matching.records import Opening, Seeker


class Suggestion(NamedTuple):
    """One opening for one resident as the ranking told it.

    ``position`` is where it is shown, ``rank`` where the ranking put it, both from 1, and
    ``propensity`` the chance that this rank is shown there: a small random share changes places.
    """

    opening_id: int
    position: int
    rank: int
    propensity: float
    score: float
    reasons: list[dict[str, str]]
    gaps: list[dict[str, str]]


@dataclass(frozen=True)
class Model:
    """A ranking model; ``version`` is logged with each impression. No ranker means the prior."""

    version: str
    ranker: Any = None


class UnusableModel(Exception):
    """A model file that must not be used.

    ``code`` is "unreadable", "changed" or one of
    :class:`matching.learning.model_file.ModelFileError`; the message is for the log.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_loaded: dict[str, Any] = {}


def prior_model() -> Model:
    """Return the model the program ships."""
    from matching import prior_version

    return Model(prior_version())


def load_model(path: Path, *, sha256: str) -> Model:
    """Return the model of a file; :class:`UnusableModel` when it is not the one it should be.

    The same file is read into memory once in a process.
    """
    from matching.learning.persistence import ModelFileError, load

    check_file(path, sha256=sha256)
    if sha256 not in _loaded:
        try:
            ranker = load(path)
        except ModelFileError as error:
            raise UnusableModel(error.code, str(error)) from error
        _loaded.clear()  # one is in use at a time
        _loaded[sha256] = ranker
    return Model(_loaded[sha256].version, _loaded[sha256])


def check_file(path: Path, *, sha256: str) -> None:
    """Raise :class:`UnusableModel` if a file's digest, format or versions are not right.

    The model itself is not loaded.
    """
    from matching.learning.model_file import ModelFileError, read_manifest

    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != sha256:
            message = f"{path.name} is not the file that was trained: its digest differs"
            raise UnusableModel("changed", message)
        read_manifest(path)
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror}"
        raise UnusableModel("unreadable", message) from error
    except ModelFileError as error:
        raise UnusableModel(error.code, str(error)) from error


def best_openings(
    seekers: Iterable["Seeker"],
    openings: Sequence["Opening"],
    *,
    top: int,
    leave_out: Callable[[int], set[int]],
    model: Model,
    period: str,
    swap_rate: float,
) -> Iterator[tuple[int, list[Suggestion]]]:
    """Yield each seeker's id with up to ``top`` eligible openings, best first.

    ``leave_out`` tells the opening ids a seeker has met already; they take no place. In the share
    ``swap_rate`` of seekers, another in each ``period``, the first may change places.
    """
    from matching.learning.position_bias import randomise_positions
    from matching.ranking.batch import Suggester, answers

    people = list(seekers)
    met = {int(seeker.id): leave_out(int(seeker.id)) for seeker in people}
    deepest = max((len(ids) for ids in met.values()), default=0)
    with kept_catalogue.suggester_for(openings, model.ranker, len(people)) as suggester:
        found = list(answers(suggester, people, Suggester.records, top + deepest))
    for seeker_id, ranking in found:
        who = int(seeker_id)
        fresh = [one for one in ranking if int(one.id) not in met[who]][:top]
        slots = randomise_positions(len(fresh), f"{who} {model.version} {period}", swap_rate)
        yield (
            who,
            [
                Suggestion(
                    opening_id=int(one.id),
                    position=slot.position,
                    rank=slot.rank,
                    propensity=slot.propensity,
                    score=one.score,
                    reasons=[note.model_dump() for note in one.reasons],
                    gaps=[note.model_dump() for note in one.gaps],
                )
                for slot in slots
                for one in [fresh[slot.rank - 1]]
            ],
        )


class Planned(NamedTuple):
    """What a plan gives one resident; no opening when there is none left or allowed."""

    resident_id: int
    opening_id: int | None
    score: float | None
    reasons: tuple[str, ...]


class FoundPlan(NamedTuple):
    """A plan, how many people it places and the proven most that any plan could."""

    assignments: list[Planned]
    placed: int
    bound: int
    group_placed: int
    group_bound: int


def plan(
    seekers: Sequence["Seeker"],
    openings: Sequence["Opening"],
    *,
    first: str | None,
    group: Mapping[str, set[int]],
    model: Model,
) -> FoundPlan:
    """Assign all seekers at once: those of ``group[first]`` before others, if asked.

    Who belongs to a group is told to planning alone, never to what ranks.
    """
    from matching.planning.planner import make_plan

    people = [
        seeker.model_copy(
            update={"priority": [name for name, ids in group.items() if int(seeker.id) in ids]}
        )
        for seeker in seekers
    ]
    found = make_plan(people, openings, first=first, ranker=model.ranker)
    return FoundPlan(
        [
            Planned(
                resident_id=int(one.seeker),
                opening_id=None if one.opening is None else int(one.opening),
                score=one.score,
                reasons=tuple(note.text for note in one.reasons),
            )
            for one in found.placements
        ],
        found.placed,
        found.bound,
        found.group_placed,
        found.group_bound,
    )
