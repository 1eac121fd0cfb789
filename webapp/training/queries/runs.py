"""Runs of courses as pages show them: hours in words, free seats, who waits; in few queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.rulebook.figures import rule
from webapp.training import policy
from webapp.training.lifecycle import SEATED, EnrolmentState, RunState
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.words import meeting_words, span_words, times_words

_EVENING = 18  # an hour: what begins later is an evening class


@dataclass(frozen=True)
class RunView:
    """One run for a page; ``taken`` counts seats taken or kept, ``waiting`` the line.

    ``next_on`` is the day of the next class meeting, ``None`` when all are over.
    """

    id: int
    course_id: int
    number: int
    state: RunState
    state_words: str
    tone: str
    span: str
    times: str
    room: str
    trainer: str
    seats: int
    taken: int
    waiting: int
    takes_people: bool
    until: str
    change_note: str
    moved: bool
    fits_carers: bool
    off_hours: bool
    starts_at: datetime
    meetings: list[str]
    next_on: date | None

    @property
    def free(self) -> int:
        """How many seats are free."""
        return max(self.seats - self.taken, 0)

    @property
    def is_full(self) -> bool:
        """Whether who enrols now waits in line."""
        return self.takes_people and self.free == 0

    @property
    def seats_words(self) -> str:
        """Free seats in words, and how many wait."""
        if not self.takes_people:
            return _("%(n)d 个座位", n=self.seats)
        if self.free:
            return _("还有 %(n)d 个座位（共 %(all)d 个）", n=self.free, all=self.seats)
        if self.waiting:
            return _("满了，%(n)d 个人在候补", n=self.waiting)
        return _("满了，可以排候补")


def runs_of(
    session: Session,
    *,
    course_ids: Collection[int] | None = None,
    run_ids: Collection[int] | None = None,
    states: Collection[RunState] | None = None,
) -> list[RunView]:
    """Return the runs of these courses, or with these ids, the earliest first; three queries."""
    statement = select(CourseRun).order_by(col(CourseRun.starts_at), col(CourseRun.id))
    if course_ids is not None:
        statement = statement.where(col(CourseRun.course_id).in_(course_ids))
    if run_ids is not None:
        statement = statement.where(col(CourseRun.id).in_(run_ids))
    if states is not None:
        statement = statement.where(col(CourseRun.state).in_(states))
    runs = session.scalars(statement).all()
    ids = [run.id for run in runs]
    meetings: dict[int, list[ClassMeeting]] = defaultdict(list)
    for meeting in session.scalars(
        select(ClassMeeting)
        .where(col(ClassMeeting.run_id).in_(ids))
        .order_by(col(ClassMeeting.starts_at))
    ):
        meetings[meeting.run_id].append(meeting)
    counts = counts_of(session, ids)
    return [_view(run, meetings[run.id], *counts.get(run.id, (0, 0))) for run in runs]


def counts_of(session: Session, run_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return run → (seats taken, people waiting), of runs that have any."""
    seated = case((col(Enrolment.state).in_(SEATED), 1))
    waiting = case((col(Enrolment.state) == EnrolmentState.WAITING, 1))
    rows = session.execute(
        select(col(Enrolment.run_id), func.count(seated), func.count(waiting))
        .where(col(Enrolment.run_id).in_(run_ids))
        .group_by(col(Enrolment.run_id))
    )
    return {run_id: (taken, line) for run_id, taken, line in rows}


def places_in_line(session: Session, enrolments: Collection[Enrolment]) -> dict[int, int]:
    """Return enrolment → its place in the waiting list, 1 for the next, in one query."""
    waiting = [one for one in enrolments if one.state is EnrolmentState.WAITING]
    if not waiting:
        return {}
    rows = session.execute(
        select(col(Enrolment.run_id), col(Enrolment.line)).where(
            col(Enrolment.run_id).in_({one.run_id for one in waiting}),
            col(Enrolment.state) == EnrolmentState.WAITING,
        )
    ).all()
    return {
        one.id: sum(run_id == one.run_id and line <= (one.line or 0) for run_id, line in rows)
        for one in waiting
    }


def fits_carers(meetings: Sequence[Any]) -> bool:
    """Whether all meetings lie between bringing children to school and fetching them."""
    if not meetings:
        return False
    first = rule("carer_hours_from", on=clock.today())
    last = rule("carer_hours_until", on=clock.today())
    for meeting in meetings:
        start, end = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
        in_hours = first <= start.hour * 60 + start.minute and end.hour * 60 + end.minute <= last
        if start.isoweekday() > 5 or not in_hours or start.date() != end.date():
            return False
    return True


def _view(run: CourseRun, meetings: list[ClassMeeting], taken: int, waiting: int) -> RunView:
    open_now = policy.takes_people(run, now=clock.now()) and run.enrol_until >= clock.today()
    words, tone = _standing(run, open_now)
    return RunView(
        id=run.id,
        course_id=run.course_id,
        number=run.number,
        state=run.state,
        state_words=words,
        tone=tone,
        span=span_words(run.starts_at, run.ends_at),
        times=times_words(meetings),
        room=run.room,
        trainer=run.trainer,
        seats=run.seats,
        taken=taken,
        waiting=waiting,
        takes_people=open_now,
        until=date_words(run.enrol_until),
        change_note=run.change_note,
        moved=run.moved_at is not None and run.state is not RunState.CANCELLED,
        fits_carers=fits_carers(meetings),
        off_hours=is_off_hours(meetings),
        starts_at=run.starts_at,
        meetings=[meeting_words(meeting) for meeting in meetings],
        next_on=next(
            (clock.local(one.starts_at).date() for one in meetings if one.ends_at > clock.now()),
            None,
        ),
    )


def is_off_hours(meetings: Sequence[Any]) -> bool:
    """Whether all meetings are in the evening or at the weekend."""
    starts = [clock.local(meeting.starts_at) for meeting in meetings]
    return bool(starts) and all(one.hour >= _EVENING or one.isoweekday() > 5 for one in starts)


def _standing(run: CourseRun, open_now: bool) -> tuple[str, str]:
    if run.state is RunState.ANNOUNCED and run.enrol_from is not None:
        return _("%(day)s开始报名", day=date_words(run.enrol_from)), "wait"
    if run.state is RunState.ENROLLING and not open_now:
        return _("报名截止了"), "neutral"
    tones = {RunState.ENROLLING: "good", RunState.CANCELLED: "bad", RunState.RUNNING: "wait"}
    return run.state.label, tones.get(run.state, "neutral")
