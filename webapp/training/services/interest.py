"""What a match of kind course sets off: it ends at interested, and the enrolment begins."""

from sqlmodel import Session, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Gone, Refused
from webapp.matches.services.transitions import lock_resident
from webapp.openings.models import Opening
from webapp.training import policy
from webapp.training.lifecycle import EnrolmentOrigin
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import clashes, enrolments
from webapp.training.services.posting import ensure_course


def begin_enrolment(
    session: Session, actor: Actor, *, opening: Opening, resident_id: int
) -> Enrolment:
    """Enrol somebody who said yes to a suggested course.

    In its one open run if nothing speaks against it; else it is noted that they want to learn
    it, and they choose a run themself.
    """
    course = ensure_course(session, opening)
    lock_resident(session, resident_id)
    mine = enrolments.live_enrolment(session, course_id=course.id, resident_id=resident_id)
    if mine is not None and mine.run_id is not None:
        return mine
    enrolment = enrolments.wish(session, actor, course_id=course.id, resident_id=resident_id)
    enrolment.origin = EnrolmentOrigin.MATCH
    session.add(enrolment)
    runs = session.exec(select(CourseRun).where(CourseRun.course_id == course.id)).all()
    open_runs = [
        run
        for run in runs
        if policy.takes_people(run, now=clock.now()) and run.enrol_until >= clock.today()
    ]
    if len(open_runs) != 1 or clashes.clashes_of(session, resident_id, open_runs[0].id):
        return enrolment
    try:
        with session.begin_nested():
            return enrolments.enrol(session, actor, run_id=open_runs[0].id, resident_id=resident_id)
    except (Conflict, Gone, Refused):  # told on the page of the course, where they choose
        session.refresh(enrolment)
        return enrolment
