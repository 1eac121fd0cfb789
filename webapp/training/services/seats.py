"""Seats of a run: give one out, offer freed ones to the waiting list, keep the opening in step.

Each function needs the course locked (:func:`~webapp.training.services.transitions.lock_course`).
That a seat has one person, and a person one seat, are constraints of the database as well.
"""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, func
from sqlmodel import Session, col, delete, select, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField
from webapp.core.formatting import moment_words
from webapp.notices import quiet_hours
from webapp.openings.models import Opening
from webapp.rulebook.figures import rule
from webapp.training import policy
from webapp.training.lifecycle import EnrolmentAction, EnrolmentState, NewsKind, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun, CourseSeat
from webapp.training.models.enrolments import Enrolment
from webapp.training.services.transitions import move_enrolment, tell
from webapp.training.words import run_title, windows_of

_TAKEN = exists().where(
    col(Enrolment.run_id) == col(CourseSeat.run_id), col(Enrolment.seat) == col(CourseSeat.number)
)


def free_seat(session: Session, run_id: int) -> int | None:
    """Return the number of the first free seat of a run, ``None`` when it is full."""
    query = select(func.min(CourseSeat.number)).where(CourseSeat.run_id == run_id, ~_TAKEN)
    return session.exec(query).one()


def last_in_line(session: Session, run_id: int) -> int:
    """Return the highest number in the waiting list of a run, 0 for none."""
    query = select(func.max(Enrolment.line)).where(Enrolment.run_id == run_id)
    return session.exec(query).one() or 0


def first_in_line(session: Session, run_id: int) -> Enrolment | None:
    """Return who has waited longest for a seat of this run."""
    query = (
        select(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state == EnrolmentState.WAITING)
        .order_by(col(Enrolment.line))
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session.exec(query).first()


def offer_free_seats(session: Session, actor: Actor, run: CourseRun, title: str) -> int:
    """Offer each free seat to the next in line, each for a while; return how many offers.

    Nobody is offered a seat in a run that has begun. An offer ends at the latest when the run
    begins; the hours of the night do not count against the person.
    """
    offered = 0
    while policy.takes_people(run, now=clock.now()):
        seat = free_seat(session, run.id)
        waiting = None if seat is None else first_in_line(session, run.id)
        if waiting is None:
            break
        now = clock.now()
        hours = rule("training_offer_hours", on=clock.today())
        until = min(quiet_hours.next_allowed(now) + timedelta(hours=hours), run.starts_at)
        move_enrolment(
            session,
            actor,
            waiting,
            EnrolmentAction.OFFER,
            audited=False,
            run_id=run.id,
            seat=seat,
            offered_until=until,
        )
        tell(
            session,
            waiting,
            NewsKind.OFFER,
            _(
                "「%(title)s」有座位了，轮到您。请在%(until)s前回话要不要，过了就问下一位。",
                title=run_title(title, run.number),
                until=moment_words(until),
            ),
            key=f"offer:{run.id}:{now.timestamp():.0f}",
        )
        offered += 1
    return offered


def set_seats(session: Session, run: CourseRun, seats: int) -> None:
    """Give a run this many seats; ``BadField`` below the number of those taken."""
    taken = session.exec(
        select(func.count()).select_from(CourseSeat).where(CourseSeat.run_id == run.id, _TAKEN)
    ).one()
    if seats < taken:
        raise BadField("seats", _("已经有 %(n)d 个座位有人了，不能少于这个数", n=taken))
    numbers = set(session.exec(select(CourseSeat.number).where(CourseSeat.run_id == run.id)).all())
    if seats < len(numbers):
        spare = select(CourseSeat.id).where(CourseSeat.run_id == run.id, ~_TAKEN)
        # The highest numbers go first.
        gone = session.exec(
            spare.order_by(col(CourseSeat.number).desc()).limit(len(numbers) - seats)
        ).all()
        session.exec(delete(CourseSeat).where(col(CourseSeat.id).in_(gone)))
    new = (number for number in range(1, seats + len(numbers) + 1) if number not in numbers)
    for _at in range(seats - len(numbers)):
        session.add(CourseSeat(run_id=run.id, number=next(new)))
    run.seats = seats
    session.add(run)
    session.flush()


def sync_opening(session: Session, course: Course) -> None:
    """Bring the free seats, the last day and the hours of open runs into the course's opening."""
    runs = session.exec(
        select(CourseRun).where(CourseRun.course_id == course.id).order_by(col(CourseRun.starts_at))
    ).all()
    if not runs:
        return  # written by an employer and not yet held: its places are what it says
    today = clock.today()
    taking = [
        run
        for run in runs
        if policy.takes_people(run, now=clock.now()) and run.enrol_until >= today
    ]
    free = session.exec(
        select(func.count())
        .select_from(CourseSeat)
        .where(col(CourseSeat.run_id).in_([run.id for run in taking]), ~_TAKEN)
    ).one()
    opening = session.get_one(Opening, course.opening_id)
    values: dict[str, object] = {"headcount": opening.hired_count + free}
    shown = [run for run in runs if run.state in {RunState.ANNOUNCED, RunState.ENROLLING}]
    if shown:
        values["valid_until"] = max(run.enrol_until for run in shown)
        meetings = session.exec(
            select(ClassMeeting).where(ClassMeeting.run_id == (taking or shown)[0].id)
        ).all()
        values["hours"] = windows_of(meetings)
    session.exec(
        update(Opening)
        .where(col(Opening.id) == opening.id)
        .values(updated_at=clock.now(), **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(opening)
