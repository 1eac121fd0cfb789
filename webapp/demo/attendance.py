"""A course of the demo with a class on right now, to try the list at the door.

Called before the other courses get their runs: this is the course's first.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.vocabulary import Kind
from webapp.demo import training
from webapp.demo.act_as import act_as
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.training.lifecycle import Presence
from webapp.training.models.courses import ClassMeeting
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import codes, paper, posting

TITLE = "丝网花和绢花班"
_FIRST_OF_OTHERS, _OTHERS, _EXCUSED = 100, 6, 4
_DAYS = (-1, 0, 7, 8)
_LASTS = timedelta(hours=4)


def write(session: Session) -> None:
    """Hold a run of which one class is on while the demo is looked at.

    It began the day before; a colleague typed that day's list in from paper.
    """
    staff = training.staff_actor(session)
    second = training.staff_actor(session, "13800000007")
    opening = session.exec(
        select(Opening).where(
            Opening.kind == Kind.COURSE,
            Opening.state == OpeningState.PUBLISHED,
            Opening.title == TITLE,
        )
    ).first()
    if opening is None:
        return
    meetings = _meetings(clock.local(clock.now()))
    first = meetings[0][0]
    posted = first - timedelta(days=12)
    with act_as(session, SYSTEM, posted):
        course_id = posting.ensure_course(session, opening).id
    with act_as(session, staff, posted):
        run_id = posting.add_run(
            session,
            staff,
            course_id=course_id,
            run=training.terms(1, meetings, 10, until=(first - timedelta(days=1)).date()),
            idempotency_key=f"{0xF0000:032x}",
        ).id
    known = [training.resident_actor(session, phone) for phone in (training.FIRST, training.SECOND)]
    others = training.choose(training.seekers(session), training.FULL)[_FIRST_OF_OTHERS:]
    others = [one for one in others if one[0] not in {known[0][0], known[1][0]}][:_OTHERS]
    training.begin(session, staff, run_id, [*known, *others], posted=posted, begins=meetings[0][0])
    with act_as(session, second, meetings[0][1] + timedelta(hours=1)):
        _type_in(session, second, run_id)


def _meetings(now: datetime) -> list[tuple[datetime, datetime]]:
    """Return when the classes are: one is on now, the others are in the afternoon.

    None is in the days to come for which the demo agrees on trial days.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    begins = [
        hour - timedelta(hours=1) if days == 0 else (hour + timedelta(days=days)).replace(hour=14)
        for days in _DAYS
    ]
    return [(begin, begin + _LASTS) for begin in begins]


def _type_in(session: Session, second: Actor, run_id: int) -> None:
    yesterday = session.exec(
        select(ClassMeeting.id)
        .where(ClassMeeting.run_id == run_id)
        .order_by(col(ClassMeeting.starts_at))
    ).all()[0]
    people = session.exec(
        select(Enrolment.id).where(Enrolment.run_id == run_id).order_by(col(Enrolment.seat))
    ).all()
    paper.type_in(
        session,
        second,
        meeting_id=yesterday,
        code=codes.sheet_code(yesterday),
        presences={
            one: Presence.EXCUSED if number == _EXCUSED else Presence.PRESENT
            for number, one in enumerate(people)
        },
        idempotency_key=f"{0xF0001:032x}",
    )
