"""Reminders of the next class and of papers that are still missing, in waking hours alone."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.formatting import date_words
from webapp.notices import quiet_hours
from webapp.openings.models import Opening
from webapp.rulebook.figures import rule
from webapp.training.lifecycle import EnrolmentState, NewsKind, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services.transitions import tell
from webapp.training.words import meeting_words, run_title

_IN_CLASS = (EnrolmentState.ACCEPTED, EnrolmentState.ATTENDING)
_GOING_ON = (RunState.ENROLLING, RunState.RUNNING)
# Who comes every day needs no reminder each day; after such a pause everybody does.
PAUSE = timedelta(days=5)


def remind(session: Session) -> int:
    """Write the reminders that are due now (a job); return how many. None in quiet hours."""
    now = clock.now()
    if quiet_hours.next_allowed(now) > now:
        return 0
    return _remind_of_classes(session) + _remind_of_papers(session)


def _remind_of_classes(session: Session) -> int:
    ahead = timedelta(hours=rule("training_remind_hours", on=clock.today()))
    rows = session.exec(
        select(ClassMeeting, CourseRun, Opening.title)
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(
            col(CourseRun.state).in_(_GOING_ON),
            ClassMeeting.starts_at > clock.now(),
            ClassMeeting.starts_at <= clock.now() + ahead,
        )
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    told = 0
    for meeting, run, title in rows:
        if not _after_a_pause(session, meeting):
            continue
        text = _(
            "「%(what)s」%(when)s上课，在%(where)s。来不了就说一声，座位好给别人。",
            what=run_title(title, run.number),
            when=meeting_words(meeting),
            where=run.room or _("社区"),
        )
        key = f"class:{meeting.id}:{meeting.starts_at.timestamp():.0f}"
        for enrolment in _in_class(session, run.id):
            told += tell(session, enrolment, NewsKind.CLASS, text, key=key)
    return told


def _after_a_pause(session: Session, meeting: ClassMeeting) -> bool:
    """Whether it is the first meeting of its run, or the first after some days without one."""
    shortly_before = session.exec(
        select(ClassMeeting.id).where(
            ClassMeeting.run_id == meeting.run_id,
            ClassMeeting.starts_at < meeting.starts_at,
            ClassMeeting.starts_at > meeting.starts_at - PAUSE,
        )
    ).first()
    return shortly_before is None


def _remind_of_papers(session: Session) -> int:
    days = rule("training_papers_days", on=clock.today())
    rows = session.exec(
        select(CourseRun, Course, Opening.title)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(
            CourseRun.state == RunState.ENROLLING,
            CourseRun.starts_at > clock.now(),
            CourseRun.starts_at <= clock.now() + timedelta(days=days),
        )
        .order_by(col(CourseRun.id))
    ).all()
    told = 0
    for run, course, title in rows:
        if not course.papers:
            continue
        # Once when the days begin, and once more on the last one.
        last = run.starts_at <= clock.now() + timedelta(days=1)
        text = _(
            "「%(what)s」%(when)s开课，还差材料没交：%(papers)s。交了就不再提醒。",
            what=run_title(title, run.number),
            when=date_words(run.starts_at),
            papers="、".join(course.papers),
        )
        for enrolment in _in_class(session, run.id):
            if enrolment.papers_in_at is None:
                key = f"papers:{run.id}:{'last' if last else 'first'}"
                told += tell(session, enrolment, NewsKind.PAPERS, text, key=key)
    return told


def _in_class(session: Session, run_id: int) -> list[Enrolment]:
    query = (
        select(Enrolment)
        .where(Enrolment.run_id == run_id, col(Enrolment.state).in_(_IN_CLASS))
        .order_by(col(Enrolment.id))
    )
    return list(session.exec(query).all())
