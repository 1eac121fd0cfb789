"""Models, the suggestions they make, and the plan for all residents.

Nothing of the library is imported before it is needed, so that web workers stay light.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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
    """What a plan gives one resident: in round 1 their first opening, in round 2 another."""

    resident_id: int
    round: int
    opening_id: int
    score: float
    reasons: tuple[str, ...]


class Unplaced(NamedTuple):
    """Somebody the plan gives nothing: of how many openings they meet all conditions.

    ``met`` are those among them that they are not to get again.
    """

    resident_id: int
    fits: int
    met: int


@dataclass(frozen=True)
class FoundPlan:
    """A plan, how many people it places and the proven most that any plan could."""

    picks: list[Planned]
    unplaced: list[Unplaced]
    placed: int
    bound: int
    group_placed: int
    group_bound: int


def plan(
    seekers: Sequence["Seeker"],
    openings: Sequence["Opening"],
    *,
    first: Collection[int] = (),
    leave_out: Mapping[int, Collection[int]],
    model: Model,
    rounds: int = 1,
    after_round: Callable[[int], None] = lambda _round: None,
) -> FoundPlan:
    """Assign all seekers at once: those in ``first`` before others.

    An opening's ``capacity`` is how many it takes; ``leave_out`` tells the opening ids that a
    seeker is not to get. Each further round gives those who have something another opening, as
    far as places are left. Who goes first is told to planning alone, never to what ranks.
    """
    import numpy as np

    from matching.planning.planner import make_plan

    ahead = np.array([int(one.id) in first for one in seekers], dtype=np.bool_)
    barred = {int(one.id): {str(id_) for id_ in leave_out.get(int(one.id), ())} for one in seekers}
    found = make_plan(
        seekers,
        openings,
        first=ahead if ahead.any() else None,
        leave_out=[barred[int(one.id)] for one in seekers],
        ranker=model.ranker,
    )
    picks = _picks(found.placements, 1)
    after_round(1)
    with_one = {one.resident_id for one in picks}
    unplaced = _unplaced([one for one in seekers if int(one.id) not in with_one], openings, barred)
    latest = picks
    for number in range(2, rounds + 1):
        taken = Counter(str(one.opening_id) for one in latest)
        openings = [
            one.model_copy(update={"capacity": max(one.capacity - taken[one.id], 0)})
            for one in openings
        ]
        for one in latest:
            barred[one.resident_id].add(str(one.opening_id))
        with_one = {one.resident_id for one in latest}
        again = [one for one in seekers if int(one.id) in with_one]
        left = [barred[int(one.id)] for one in again]
        more = make_plan(again, openings, leave_out=left, ranker=model.ranker)
        latest = _picks(more.placements, number)
        picks = picks + latest
        after_round(number)
    return FoundPlan(
        picks, unplaced, found.placed, found.bound, found.group_placed, found.group_bound
    )


def _picks(placements: Iterable[Any], number: int) -> list[Planned]:
    return [
        Planned(
            resident_id=int(one.seeker),
            round=number,
            opening_id=int(one.opening),
            score=one.score,
            reasons=tuple(note.text for note in one.reasons),
        )
        for one in placements
        if one.opening is not None
    ]


def _unplaced(
    seekers: Sequence["Seeker"], openings: Sequence["Opening"], barred: Mapping[int, set[str]]
) -> list[Unplaced]:
    """Return of how many openings each seeker meets all conditions, full ones among them."""
    from matching.eligibility.index import EligibilityIndex

    if not seekers:
        return []
    index = EligibilityIndex([one.model_copy(update={"capacity": 1}) for one in openings])
    found = []
    for seeker in seekers:
        fits = index.eligible(seeker)
        known = barred[int(seeker.id)]
        met = sum(
            1 for one, may in zip(openings, fits.tolist(), strict=True) if may and one.id in known
        )
        found.append(Unplaced(int(seeker.id), int(fits.sum()), met))
    return found
