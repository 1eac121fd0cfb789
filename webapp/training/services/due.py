"""What falls due by the clock: runs that open and begin, offers that run out (scheduled jobs)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.training.lifecycle import (
    TO_BE_TOLD,
    EnrolmentAction,
    EnrolmentState,
    NewsKind,
    RunAction,
    RunState,
)
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import seats
from webapp.training.services.runs import kept, people_of, title_of
from webapp.training.services.transitions import locked_run, move_enrolment, move_run, tell
from webapp.training.words import run_title

S, A = EnrolmentState, EnrolmentAction


def open_due(session: Session) -> int:
    """Open announced runs whose day has come (a job); return how many."""
    return sum(_open_if_due(session, run_id) for run_id in _ids(session, RunState.ANNOUNCED))


def begin_due(session: Session) -> int:
    """Begin runs whose first meeting has come (a job); return how many.

    Who has a seat attends; who still waited, or had not answered, stays noted for the next run.
    """
    return sum(_begin_if_due(session, run_id) for run_id in _ids(session, RunState.ENROLLING))


def lapse_offers(session: Session) -> int:
    """End offers whose time is over and make the next ones (a job); return how many ended."""
    late = session.exec(
        select(Enrolment.id, Enrolment.run_id)
        .where(Enrolment.state == S.OFFERED, col(Enrolment.offered_until) <= clock.now())
        .order_by(col(Enrolment.run_id), col(Enrolment.id))
    ).all()
    ended = 0
    for enrolment_id, run_id in late:
        run = locked_run(session, run_id or 0)
        enrolment = session.get_one(Enrolment, enrolment_id, populate_existing=True)
        over = enrolment.offered_until is not None and enrolment.offered_until <= clock.now()
        if enrolment.state is not S.OFFERED or not over:
            continue  # answered while we waited
        title = title_of(session, run)
        until = enrolment.offered_until
        move_enrolment(session, SYSTEM, enrolment, A.LAPSE)
        text = _(
            "「%(what)s」的座位等到时间，没有等到您回话，问下一位了。想学还可以再排，不要紧。",
            what=run_title(title, run.number),
        )
        stamp = f"{until.timestamp():.0f}" if until else ""
        tell(session, enrolment, NewsKind.LAPSED, text, key=f"lapsed:{run.id}:{stamp}")
        seats.offer_free_seats(session, SYSTEM, run, title)
        seats.sync_opening(session, session.get_one(Course, run.course_id))
        ended += 1
    return ended


def _ids(session: Session, state: RunState) -> Sequence[int]:
    return session.exec(
        select(CourseRun.id).where(CourseRun.state == state).order_by(col(CourseRun.id))
    ).all()


def _open_if_due(session: Session, run_id: int) -> bool:
    run = locked_run(session, run_id)
    due = run.enrol_from is None or run.enrol_from <= clock.today()
    if run.state is not RunState.ANNOUNCED or not due:
        return False
    move_run(session, SYSTEM, run, RunAction.OPEN)
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return True


def _begin_if_due(session: Session, run_id: int) -> bool:
    begins = session.exec(select(CourseRun.starts_at).where(CourseRun.id == run_id)).one()
    if begins > clock.now():
        return False
    run = locked_run(session, run_id)
    if run.state is not RunState.ENROLLING or run.starts_at > clock.now():
        return False
    title = title_of(session, run)
    move_run(session, SYSTEM, run, RunAction.BEGIN)
    text = _(
        "「%(what)s」开课了，这次没有轮到您。您的名还留着，有新的一期先告诉您。",
        what=run_title(title, run.number),
    )
    for enrolment in people_of(session, run, TO_BE_TOLD):
        if enrolment.state is S.ACCEPTED:
            move_enrolment(session, SYSTEM, enrolment, A.BEGIN, audited=False, **kept(enrolment))
        else:
            move_enrolment(session, SYSTEM, enrolment, A.RELEASE, audited=False)
            tell(session, enrolment, NewsKind.FULL, text, key=f"full:{run.id}")
    seats.sync_opening(session, session.get_one(Course, run.course_id))
    return True
