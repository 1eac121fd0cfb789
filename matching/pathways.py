"""Ways to work that is out of reach: the one course, certificate or change that unlocks it.

A change is tried by asking the hard rules and the ranker about the seeker as they would be. Only
work counts as unlocked, never another course. For the community, courses are weighed by how many
more people could be placed at once, not by how many openings each person alone could reach: ten
trained for one place are still one placed (training to order).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.assignment import STEPS, Scored, assign
from matching.catalogue import Catalogue
from matching.certificates import needed
from matching.coverage import IntArray, Mask
from matching.eligibility import EligibilityIndex
from matching.features import Block
from matching.hours import fixed
from matching.ranking import DECIMALS, PriorRanker, Ranker, in_order
from matching.records import Kind, Opening, Reach, Seeker


class Step(StrEnum):
    """What could change."""

    COURSE = "course"
    CERTIFICATE = "certificate"
    REACH = "reach"
    HOURS = "hours"


@dataclass(frozen=True)
class Pathway:
    """One change and what it unlocks for a seeker.

    Attributes
    ----------
    step : Step
    what : str
        Id of the course, name of the certificate, the wider reach, or the hours to be free in
        (``12345 08:30-16:30``, several parted by a comma).
    openings : tuple of str
        Ids of the work unlocked, best first.
    score : float
        Sum of its scores, as the ranker gives them after the change.
    best : float
        Highest of its scores.
    """

    step: Step
    what: str
    openings: tuple[str, ...]
    score: float
    best: float


def trained(seeker: Seeker, course: Opening) -> Seeker:
    """Return the seeker as they would be after a course."""
    return seeker.model_copy(
        update={
            "skills": [*seeker.skills, *course.teaches],
            "certificates": [*seeker.certificates, *course.teaches],
        }
    )


def _changes(
    seeker: Seeker, openings: Sequence[Opening], open_to: Mask
) -> Iterator[tuple[Step, str, Seeker]]:
    """Yield every single change that could matter, each once."""
    for opening, possible in zip(openings, open_to.tolist(), strict=True):
        if possible and opening.kind is Kind.COURSE and opening.teaches:
            yield Step.COURSE, opening.id, trained(seeker, opening)
    asked = {needed([name]): name for one in openings for name in one.certificates}
    for name in asked.values():
        held = [*seeker.certificates, name]
        yield Step.CERTIFICATE, name, seeker.model_copy(update={"certificates": held})
    if seeker.reach is not None:
        reaches = list(Reach)
        for reach in reaches[reaches.index(seeker.reach) + 1 :]:
            yield Step.REACH, reach.value, seeker.model_copy(update={"reach": reach})
    if seeker.available is not None:
        for hours in dict.fromkeys(fixed(one.hours, flexible=one.flexible) for one in openings):
            what = ", ".join(f"{one.days} {one.start}-{one.end}" for one in hours)
            free = [*seeker.available, *hours]
            yield Step.HOURS, what, seeker.model_copy(update={"available": free})


def pathways(
    seeker: Seeker, openings: Sequence[Opening], *, ranker: Ranker | None = None
) -> list[Pathway]:
    """Return the single changes that unlock work for a seeker, the most valuable first.

    Parameters
    ----------
    seeker : Seeker
    openings : sequence of Opening
        Work and courses; their order does not matter. A course counts when the seeker may take
        it now.
    ranker : Ranker, optional
        By default the prior.

    Notes
    -----
    O(changes * openings): there are as many changes as courses, distinct certificates and
    distinct hours, and up to five reaches.
    """
    if not openings:
        return []
    chosen = ranker or PriorRanker()
    listed = in_order(openings)
    index = EligibilityIndex(listed)
    catalogue = Catalogue(listed, chosen.space)
    work = np.array([opening.kind is not Kind.COURSE for opening in listed])
    now = index.eligible(seeker)
    found: list[Pathway] = []
    for step, what, changed in _changes(seeker, listed, now):
        unlocked = np.flatnonzero(index.eligible(changed) & ~now & work)
        if not len(unlocked):
            continue
        rows = np.zeros(len(unlocked), dtype=np.int64)
        scores = chosen.score(Block([changed], catalogue), rows, unlocked).astype(np.float64)
        order = np.argsort(-np.round(scores, DECIMALS), kind="stable")
        names = tuple(listed[i].id for i in unlocked[order].tolist())
        total, best = float(scores.sum()), float(scores.max())
        found.append(Pathway(step, what, names, round(total, DECIMALS), round(best, DECIMALS)))
    return sorted(found, key=lambda one: (-one.score, -len(one.openings), one.step, one.what))


@dataclass(frozen=True)
class CourseOrder:
    """A course worth opening.

    Attributes
    ----------
    course : str
    placed : int
        People more that could be placed at once with it than without.
    seekers : tuple of str
        Whom to train for that, as few as can be; their number is the seats to order.
    """

    course: str
    placed: int
    seekers: tuple[str, ...]

    @property
    def seats(self) -> int:
        return len(self.seekers)


def _placed(base: Mask, more: Mask, capacity: IntArray) -> tuple[int, IntArray]:
    """Return how many can be placed and who needs training for it, as few as can be."""
    rows, columns = np.nonzero(base | more)
    starts = np.searchsorted(rows, np.arange(len(base) + 1))
    as_is = np.where(base[rows, columns], float(STEPS), 0.0)
    found = assign(
        Scored(starts, columns.astype(np.int32), as_is),
        capacity,
        lambda some: base[some] | more[some],
        lambda some, which: base[some, which].astype(np.float64),
    )
    placed = np.flatnonzero(found.at >= 0)
    return len(placed), placed[~base[placed, found.at[placed]]]


def _fillable(openings: Iterable[Opening]) -> list[Opening]:
    # A course that is full or not begun could be opened again: that is what is asked.
    return [
        one.model_copy(update={"capacity": 1}) if one.kind is Kind.COURSE else one
        for one in openings
    ]


def courses_to_open(seekers: Sequence[Seeker], openings: Sequence[Opening]) -> list[CourseOrder]:
    """Return the courses that would place more people, those that place most first.

    Parameters
    ----------
    seekers : sequence of Seeker
    openings : sequence of Opening
        Work with its capacity, and courses; a full course counts, since it could be given again.

    Returns
    -------
    list of CourseOrder
        Each course alone, against no course at all. Of several with the same effect that with
        fewer seats comes first.

    Notes
    -----
    One assignment of the community a course; memory O(seekers * openings) bits and bytes.
    """
    listed = _fillable(in_order(openings))
    if not seekers or not listed:
        return []
    index = EligibilityIndex(listed)
    is_course = np.array([one.kind is Kind.COURSE for one in listed])
    capacity = np.array([min(max(one.capacity, 0), len(seekers)) for one in listed])
    capacity[is_course] = 0
    able = index.eligible_block(seekers)
    base = able & ~is_course
    before, _ = _placed(base, np.zeros_like(base), capacity)
    found: list[CourseOrder] = []
    for column in np.flatnonzero(is_course).tolist():
        more = np.zeros_like(base)
        for row in np.flatnonzero(able[:, column]).tolist():
            after = index.eligible(trained(seekers[row], listed[column]))
            more[row] = after & ~base[row] & ~is_course
        if not more.any():
            continue
        placed, to_train = _placed(base, more, capacity)
        if placed > before:
            who = tuple(seekers[row].id for row in to_train.tolist())
            found.append(CourseOrder(listed[column].id, placed - before, who))
    return sorted(found, key=lambda one: (-one.placed, one.seats, one.course))
