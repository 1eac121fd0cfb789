"""The public list of courses: what is shown, in which order, a page at a time.

Order and filters need few columns of all courses; what a page says is read for its courses alone.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.paging import Page, page_of
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.training import policy
from webapp.training.lifecycle import PUBLIC_RUNS
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.queries.courses import CourseView, views_of
from webapp.training.queries.runs import counts_of, fits_carers, is_off_hours

# Once shown and not taken back.
_SHOWN = (OpeningState.PUBLISHED, OpeningState.EXPIRED)


@dataclass
class _Listed:
    """A course as the list orders and filters it; ``runs`` are rows of its public runs."""

    id: int
    fee_fen: int
    runs: list[Row[Any]] = field(default_factory=list)
    meetings: dict[int, list[Row[Any]]] = field(default_factory=dict)
    free: bool = False

    @property
    def open_runs(self) -> list[Row[Any]]:
        """Runs that give out seats or lines now."""
        now, today = clock.now(), clock.today()
        return [
            run
            for run in self.runs
            if policy.takes_people(run, now=now) and run.enrol_until >= today
        ]

    @property
    def turn(self) -> tuple[bool, bool, float, int]:
        """What has free seats first, then what can be waited for, then by the day it begins."""
        runs = self.open_runs
        begins: list[datetime] = [run.starts_at for run in runs or self.runs]
        stamp = min(begins).timestamp() if begins else float("inf")
        return not self.free, not runs, stamp, self.id

    def holds(self, asked: Callable[[list[Row[Any]]], bool]) -> bool:
        """Whether the hours of one of its runs are as asked."""
        return any(asked(self.meetings[run.id]) for run in self.runs)


SHOWS: dict[str, Callable[[_Listed], bool]] = {
    "seats": lambda one: one.free,
    "carers": lambda one: one.holds(fits_carers),
    "off_hours": lambda one: one.holds(is_off_hours),
    "free": lambda one: bool(one.runs) and one.fee_fen == 0,
}
_BY_HOURS = frozenset({"carers", "off_hours"})


def course_page(session: Session, shown: str = "") -> Page:
    """Return the page asked for of the public courses as :class:`CourseView`; ten queries at most.

    ``shown`` is one of :data:`SHOWS`, or empty for all.
    """
    listed = _listed(session, with_hours=shown in _BY_HOURS)
    chosen = SHOWS.get(shown)
    found = sorted((one for one in listed if chosen is None or chosen(one)), key=_turn)
    page = page_of([one.id for one in found])
    views = {view.course.id: view for view in views_of(session, col(Course.id).in_(page.rows))}
    return Page([views[id_] for id_ in page.rows], page.number, page.pages, page.total)


def public_courses(session: Session) -> list[CourseView]:
    """Return all that the public sees, in the order of the list."""
    ids = [one.id for one in sorted(_listed(session), key=_turn)]
    views = {view.course.id: view for view in views_of(session, col(Course.id).in_(ids))}
    return [views[id_] for id_ in ids]


def _turn(one: _Listed) -> tuple[bool, bool, float, int]:
    return one.turn


def _listed(session: Session, *, with_hours: bool = False) -> list[_Listed]:
    """Return open courses and those with a run to come or going on."""
    has_run = exists().where(
        col(CourseRun.course_id) == col(Course.id),
        col(CourseRun.state).in_(PUBLIC_RUNS),
        col(CourseRun.ends_at) > clock.now(),
    )
    is_open = and_(
        col(Opening.state) == OpeningState.PUBLISHED, col(Opening.valid_until) >= clock.today()
    )
    shown = and_(col(Opening.state).in_(_SHOWN), or_(is_open, has_run))
    of_these = select(col(Course.id)).join(Opening, col(Opening.id) == Course.opening_id)
    courses = {
        row.id: _Listed(row.id, row.fee_fen)
        for row in session.execute(
            select(col(Course.id), col(Course.fee_fen))
            .join(Opening, col(Opening.id) == Course.opening_id)
            .where(shown)
        )
    }
    runs = session.execute(
        select(
            col(CourseRun.id),
            col(CourseRun.course_id),
            col(CourseRun.state),
            col(CourseRun.seats),
            col(CourseRun.starts_at),
            col(CourseRun.enrol_until),
        ).where(
            col(CourseRun.state).in_(PUBLIC_RUNS),
            col(CourseRun.course_id).in_(of_these.where(shown)),
        )
    ).all()
    ids = [run.id for run in runs]
    taken = counts_of(session, ids)
    for run in runs:
        courses[run.course_id].runs.append(run)
    for one in courses.values():
        one.free = any(taken.get(run.id, (0, 0))[0] < run.seats for run in one.open_runs)
    if with_hours:
        hours = _hours(session, ids)
        for one in courses.values():
            one.meetings = {run.id: hours[run.id] for run in one.runs}
    return list(courses.values())


def _hours(session: Session, run_ids: list[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(
        select(
            col(ClassMeeting.run_id), col(ClassMeeting.starts_at), col(ClassMeeting.ends_at)
        ).where(col(ClassMeeting.run_id).in_(run_ids))
    ):
        found[row.run_id].append(row)
    return found
