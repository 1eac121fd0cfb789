"""Pathways: single changes (a course, a certificate, more reach or hours) that unlock work.

A change is evaluated with the hard rules and the ranker on the changed seeker. Only work counts as
unlocked, not another course. For the community, courses are valued by how many more people could
be placed at once: ten people trained for one place are still one placement.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from matching.eligibility.certificates import required_forms
from matching.eligibility.hours import fixed_windows
from matching.eligibility.index import EligibilityIndex
from matching.features.candidate_features import CandidateBlock, SimilarityCache
from matching.features.catalogue import Catalogue
from matching.planning.assignment import assign
from matching.planning.scored_pairs import SCORE_SCALE, ScoredPairs
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker, canonical_order
from matching.records import Kind, Opening, Reach, Seeker
from matching.utils.array_types import BoolArray, FloatArray, IntArray


class Step(StrEnum):
    """Kind of change."""

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
        Id of the course, name of the certificate, the wider reach, or the hours to free
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


def after_course(seeker: Seeker, course: Opening) -> Seeker:
    """Return the seeker with what a course teaches."""
    return seeker.model_copy(
        update={
            "skills": [*seeker.skills, *course.teaches],
            "certificates": [*seeker.certificates, *course.teaches],
        }
    )


class Pathfinder:
    """Finds pathways to the work of one catalogue for any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
        Work and courses; their order does not matter.
    ranker : Ranker, optional
        By default the prior.
    """

    def __init__(self, openings: Sequence[Opening], ranker: Ranker | None = None) -> None:
        self._ranker = ranker or PriorRanker()
        self._listed = canonical_order(openings)
        self._index = EligibilityIndex(self._listed)
        self._catalogue = Catalogue(self._listed, self._ranker.space)
        self._similarity_cache = SimilarityCache(self._catalogue)
        self._work = np.array([one.kind is not Kind.COURSE for one in self._listed], dtype=np.bool_)
        self._courses = [
            i for i, one in enumerate(self._listed) if one.kind is Kind.COURSE and one.teaches
        ]
        asked = {required_forms([name]): name for one in self._listed for name in one.certificates}
        self._certificates = list(asked.values())
        times = (fixed_windows(one.hours, flexible=one.flexible) for one in self._listed)
        self._hours = list(dict.fromkeys(times))

    def pathways_for(self, seeker: Seeker) -> list[Pathway]:
        """Return the single changes that unlock work for a seeker, the most valuable first.

        A course counts only if the seeker is eligible for it now. O(changes * openings), where
        changes are courses, distinct certificates, distinct hours and up to five reaches.
        """
        if not self._listed:
            return []
        now = self._index.eligible(seeker)
        steps = list(self._changes(seeker, now))
        changed = [after for _, _, after in steps]
        rows, columns = np.nonzero(self._index.eligible_block(changed) & ~now & self._work)
        if not len(rows):
            return []
        kept, rows = np.unique(rows, return_inverse=True)
        some = [changed[i] for i in kept.tolist()]
        block = CandidateBlock(some, self._catalogue, rows, columns, self._similarity_cache)
        scores = self._ranker.score(block, rows, columns).astype(np.float64)
        ends = np.searchsorted(rows, np.arange(len(kept) + 1))
        found = [
            self._pathway(steps[step], columns[first:last], scores[first:last])
            for step, first, last in zip(kept.tolist(), ends, ends[1:], strict=False)
        ]
        return sorted(found, key=lambda one: (-one.score, -len(one.openings), one.step, one.what))

    def _pathway(
        self, change: tuple[Step, str, Seeker], unlocked: IntArray, scores: FloatArray
    ) -> Pathway:
        step, what, _ = change
        order = np.argsort(-np.round(scores, DECIMALS), kind="stable")
        names = tuple(self._listed[i].id for i in unlocked[order].tolist())
        total, best = float(scores.sum()), float(scores.max())
        return Pathway(step, what, names, round(total, DECIMALS), round(best, DECIMALS))

    def _changes(self, seeker: Seeker, open_to: BoolArray) -> Iterator[tuple[Step, str, Seeker]]:
        """Yield every single change that could matter."""
        for i in self._courses:
            if open_to[i]:
                course = self._listed[i]
                yield Step.COURSE, course.id, after_course(seeker, course)
        for name in self._certificates:
            held = [*seeker.certificates, name]
            yield Step.CERTIFICATE, name, seeker.model_copy(update={"certificates": held})
        if seeker.reach is not None:
            reaches = list(Reach)
            for reach in reaches[reaches.index(seeker.reach) + 1 :]:
                yield Step.REACH, reach.value, seeker.model_copy(update={"reach": reach})
        if seeker.available is not None:
            for hours in self._hours:
                what = ", ".join(f"{one.days} {one.start}-{one.end}" for one in hours)
                free = [*seeker.available, *hours]
                yield Step.HOURS, what, seeker.model_copy(update={"available": free})


def pathways(
    seeker: Seeker, openings: Sequence[Opening], *, ranker: Ranker | None = None
) -> list[Pathway]:
    """Return :meth:`Pathfinder.pathways_for` one seeker."""
    return Pathfinder(openings, ranker).pathways_for(seeker)


@dataclass(frozen=True)
class CourseProposal:
    """A course that would place more people.

    Attributes
    ----------
    course : str
    placed : int
        Additional people that could be placed at once.
    seekers : tuple of str
        The fewest people to train for that.
    """

    course: str
    placed: int
    seekers: tuple[str, ...]

    @property
    def seats(self) -> int:
        return len(self.seekers)


def max_placed(base: BoolArray, more: BoolArray, capacity: IntArray) -> tuple[int, IntArray]:
    """Return how many can be placed, and the fewest who need training for it."""
    rows, columns = np.nonzero(base | more)
    starts = np.searchsorted(rows, np.arange(len(base) + 1))
    as_is = np.where(base[rows, columns], float(SCORE_SCALE), 0.0)
    found = assign(
        ScoredPairs(starts, columns.astype(np.int32), as_is),
        capacity,
        lambda some, which: (base | more)[np.ix_(some, which)],
        lambda some, which: base[some, which].astype(np.float64),
    )
    placed = np.flatnonzero(found.at >= 0)
    return len(placed), placed[~base[placed, found.at[placed]]]


def _with_open_courses(openings: Iterable[Opening]) -> list[Opening]:
    # The question is whether to open a course again, so full ones count.
    return [
        one.model_copy(update={"capacity": 1}) if one.kind is Kind.COURSE else one
        for one in openings
    ]


def courses_to_open(
    seekers: Sequence[Seeker],
    openings: Sequence[Opening],
    *,
    progress: Callable[[Iterable[int], str], Iterable[int]] | None = None,
) -> list[CourseProposal]:
    """Return the courses that would place more people, the most effective first.

    Parameters
    ----------
    seekers : sequence of Seeker
    openings : sequence of Opening
        Work with its capacity, and courses, full ones too.
    progress : callable, optional
        Wraps the iterable of courses, as :func:`matching.utils.jsonl.progress` does.

    Returns
    -------
    list of CourseProposal
        Each course is compared with none at all. Of equally effective ones the one with fewer
        seats comes first.

    Notes
    -----
    One assignment of the community a course; memory O(seekers * openings) bits and bytes.
    """
    listed = _with_open_courses(canonical_order(openings))
    if not seekers or not listed:
        return []
    index = EligibilityIndex(listed)
    is_course = np.array([one.kind is Kind.COURSE for one in listed])
    capacity = np.array([min(max(one.capacity, 0), len(seekers)) for one in listed])
    capacity[is_course] = 0
    able = index.eligible_block(seekers)
    base = able & ~is_course
    before, _ = max_placed(base, np.zeros_like(base), capacity)
    found: list[CourseProposal] = []
    columns: Iterable[int] = np.flatnonzero(is_course).tolist()
    for column in progress(columns, "courses looked at") if progress else columns:
        more = np.zeros_like(base)
        who_may = np.flatnonzero(able[:, column])
        after = index.eligible_block(
            [after_course(seekers[i], listed[column]) for i in who_may.tolist()]
        )
        more[who_may] = after & ~base[who_may] & ~is_course
        if not more.any():
            continue
        placed, to_train = max_placed(base, more, capacity)
        if placed > before:
            who = tuple(seekers[row].id for row in to_train.tolist())
            found.append(CourseProposal(listed[column].id, placed - before, who))
    return sorted(found, key=lambda one: (-one.placed, one.seats, one.course))
