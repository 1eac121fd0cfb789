"""Demand for courses: which work each would open, for whom.

A course opens work in two ways. It *unlocks* what the person may not do now and may do with what
is taught: the one thing they lacked of the hard rules was a certificate. And it *completes* work
they wish for and may do already, whose required skills they lack now and have afterwards. The
first decides how many more people could be placed at once; both count for the person.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.eligibility.index import EligibilityIndex
from matching.explain.work_comparison import PairComparison, WorkIndex
from matching.features.candidate_features import CandidateBlock, SimilarityCache
from matching.features.catalogue import Catalogue
from matching.planning.pathways import after_course, max_placed
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker, canonical_order
from matching.records import Kind, Opening, Seeker
from matching.utils.array_types import BoolArray
from matching.utils.ragged import MISSING

_PAIRS_AT_ONCE = 200_000


@dataclass(frozen=True)
class Gain:
    """What one course opens for one seeker.

    Attributes
    ----------
    seeker : str
    unlocked, completed : tuple of str
        Ids of openings, best first.
    score : float
        Sum of the scores of both, as the ranker gives them after the course.
    """

    seeker: str
    unlocked: tuple[str, ...]
    completed: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class CourseDemand:
    """What one course opens.

    Attributes
    ----------
    course : str
    placed : int
        Additional people that could be placed at once if all who may took the course.
    gains : tuple of Gain
        Of everybody whom it opens anything, the highest score first.
    """

    course: str
    placed: int
    gains: tuple[Gain, ...]

    @property
    def unlocking(self) -> int:
        """How many people it unlocks work for."""
        return sum(bool(gain.unlocked) for gain in self.gains)


class DemandFinder:
    """Finds what courses open, for one community and one catalogue.

    Parameters
    ----------
    seekers : sequence of Seeker
    openings : sequence of Opening
        Work; courses among them are left out. Places count as they are left.
    ranker : Ranker, optional
        By default the prior.
    """

    def __init__(
        self, seekers: Sequence[Seeker], openings: Sequence[Opening], ranker: Ranker | None = None
    ) -> None:
        self._seekers = list(seekers)
        self._ranker = ranker or PriorRanker()
        self._work = [one for one in canonical_order(openings) if one.kind is not Kind.COURSE]
        self._index = EligibilityIndex(self._work)
        self._catalogue = Catalogue(self._work, self._ranker.space)
        self._similarity_cache = SimilarityCache(self._catalogue)
        self._skills = WorkIndex(self._work)
        self._now = self._index.eligible_block(self._seekers)
        asks = np.array([bool(one.skills) for one in self._work], dtype=np.bool_)
        self._lacking = self._lacks_skills(self._seekers, self._now & asks, wished=True)
        most = len(self._seekers)
        self._capacity = np.array([min(max(one.capacity, 0), most) for one in self._work])
        self._placed, _ = max_placed(self._now, np.zeros_like(self._now), self._capacity)

    def demand(
        self,
        courses: Sequence[Opening],
        *,
        progress: Callable[[Iterable[Opening]], Iterable[Opening]] | None = None,
    ) -> list[CourseDemand]:
        """Return what each course opens, those that open nothing left out.

        Who breaks a hard rule of the course itself gains nothing by it. That it is full does not
        matter: the question is whether to hold it again. One assignment of the community a
        course; ``progress`` wraps the iterable of courses. Those that place most people come
        first, then those whose certificate most people lack.
        """
        if not self._seekers or not self._work:
            return []
        found = []
        for course in progress(courses) if progress else courses:
            one = self._demand_of(course)
            if one.gains:
                found.append(one)
        return sorted(
            found, key=lambda one: (-one.placed, -one.unlocking, -len(one.gains), one.course)
        )

    def _demand_of(self, course: Opening) -> CourseDemand:
        alone = EligibilityIndex([course.model_copy(update={"capacity": 1})])
        may = np.flatnonzero(alone.eligible_block(self._seekers)[:, 0])
        after = [after_course(self._seekers[i], course) for i in may.tolist()]
        unlocked = np.zeros_like(self._now[may])
        if course.teaches and len(may):
            unlocked = self._index.eligible_block(after) & ~self._now[may]
        lacked = self._lacking[may] & self._touches(course)
        completed = lacked & ~self._lacks_skills(after, lacked)
        placed = 0
        if unlocked.any():
            more = np.zeros_like(self._now)
            more[may] = unlocked
            placed = max_placed(self._now, more, self._capacity)[0] - self._placed
        return CourseDemand(course.id, placed, tuple(self._gains(after, unlocked, completed)))

    def _gains(
        self, after: Sequence[Seeker], unlocked: BoolArray, completed: BoolArray
    ) -> list[Gain]:
        rows, columns = np.nonzero(unlocked | completed)
        if not len(rows):
            return []
        kept, rows = np.unique(rows, return_inverse=True)
        some = [after[i] for i in kept.tolist()]
        block = CandidateBlock(some, self._catalogue, rows, columns, self._similarity_cache)
        scores = np.round(self._ranker.score(block, rows, columns).astype(np.float64), DECIMALS)
        ends = np.searchsorted(rows, np.arange(len(kept) + 1))
        gains = []
        for number, (row, first, last) in enumerate(zip(kept, ends, ends[1:], strict=False)):
            order = first + np.argsort(-scores[first:last], kind="stable")
            listed = columns[order].tolist()
            gains.append(
                Gain(
                    some[number].id,
                    tuple(self._work[i].id for i in listed if unlocked[row, i]),
                    tuple(self._work[i].id for i in listed if completed[row, i]),
                    round(float(scores[first:last].sum()), DECIMALS),
                )
            )
        return sorted(gains, key=lambda one: (-one.score, one.seeker))

    def _touches(self, course: Opening) -> BoolArray:
        """Return which openings ask for a skill that the course teaches."""
        columns = np.arange(len(self._work))
        pair = [Seeker(id="without"), Seeker(id="with", skills=course.teaches)]
        # Each is read before the next comparison, which overwrites the table of phrases.
        without, taught = (
            PairComparison(self._skills, pair, np.full(len(columns), row), columns)
            .missing_skills()
            .keys
            for row in range(len(pair))
        )
        changed: BoolArray = without != taught
        return changed

    def _lacks_skills(
        self, seekers: Sequence[Seeker], asked: BoolArray, *, wished: bool = False
    ) -> BoolArray:
        """Return for which pairs of ``asked`` a required skill is missing.

        With ``wished``, of work alone that goes with a wish.
        """
        found = np.zeros_like(asked)
        rows, columns = np.nonzero(asked)
        for start in range(0, len(rows), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            first, last = int(rows[part][0]), int(rows[part][-1])
            some = seekers[first : last + 1]
            pairs = PairComparison(self._skills, some, rows[part] - first, columns[part])
            missing = pairs.missing_skills().keys != MISSING
            found[rows[part], columns[part]] = missing & pairs.wished() if wished else missing
        return found
