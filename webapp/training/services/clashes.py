"""What stands against a run's hours: the person's own free hours, other courses, trial days."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp import events
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.formatting import hours_words
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training.lifecycle import EnrolmentState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.words import meeting_words, run_title

_HOLDING = (
    EnrolmentState.WAITING,
    EnrolmentState.OFFERED,
    EnrolmentState.ACCEPTED,
    EnrolmentState.ATTENDING,
)
_DAY = 24 * 60


def clashes_of(session: Session, resident_id: int, run_id: int) -> list[str]:
    """Return in words to the person what of a run's meetings clashes; empty for nothing."""
    meetings = session.exec(
        select(ClassMeeting)
        .where(ClassMeeting.run_id == run_id)
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    if not meetings:
        return []
    resident = session.get_one(Resident, resident_id)
    found = []
    outside = [one for one in meetings if not _is_free(resident.available, one)]
    if outside:
        found.append(
            _(
                "您说有空的时间是%(free)s，有 %(n)d 次课不在里面，头一次是%(when)s",
                free=hours_words(resident.available),
                n=len(outside),
                when=meeting_words(outside[0]),
            )
        )
    others = other_courses(session, [resident_id], run_id, meetings)
    found += [
        _("跟您报的「%(what)s」撞了，头一次是%(when)s", what=what, when=meeting_words(other))
        for what, other in others.get(resident_id, {}).items()
    ]
    hours = tuple((one.starts_at, one.ends_at) for one in meetings)
    asked = events.HoursAsked(resident_id, hours)
    events.announce(session, SYSTEM, asked)
    return [*found, *asked.words]


def outside(available: Sequence[dict[str, str]], meetings: Sequence[ClassMeeting]) -> int:
    """Return how many meetings lie outside free hours; none said excludes nothing."""
    return sum(not _is_free(available, one) for one in meetings)


def other_courses(
    session: Session,
    resident_ids: Collection[int],
    run_id: int,
    meetings: Sequence[ClassMeeting],
) -> dict[int, dict[str, ClassMeeting]]:
    """Return person → (what of theirs clashes with these meetings → its first clash), one query.

    ``meetings`` are those of the run, in order.
    """
    others = session.exec(
        select(Enrolment.resident_id, ClassMeeting, CourseRun.number, Opening.title)
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Enrolment, col(Enrolment.run_id) == CourseRun.id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(
            col(Enrolment.resident_id).in_(resident_ids),
            col(Enrolment.state).in_(_HOLDING),
            CourseRun.id != run_id,
            ClassMeeting.starts_at < meetings[-1].ends_at,
            ClassMeeting.ends_at > meetings[0].starts_at,
        )
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    found: dict[int, dict[str, ClassMeeting]] = defaultdict(dict)
    for who, other, number, title in others:
        if any(one.starts_at < other.ends_at and other.starts_at < one.ends_at for one in meetings):
            found[who].setdefault(run_title(title, number), other)
    return found


def _is_free(available: Sequence[dict[str, str]], meeting: ClassMeeting) -> bool:
    """Whether a meeting lies within free hours; none said excludes nothing.

    Windows past midnight belong to the day they start on; those that meet count as one.
    """
    if not available:
        return True
    start, end = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    spans = sorted(
        span
        for shift in (-1, 0, 1)
        for window in available
        if (span := _span(window, midnight + timedelta(days=shift), midnight)) is not None
    )
    at, until = _minutes(start, midnight), _minutes(end, midnight)
    for low, high in spans:
        if low <= at < high:
            at = high
        if at >= until:
            return True
    return False


def _span(window: dict[str, str], day: datetime, midnight: datetime) -> tuple[int, int] | None:
    if str(day.isoweekday()) not in window.get("days", "1234567"):
        return None
    base = (day.date() - midnight.date()).days * _DAY
    start, end = (_of_day(window[name]) for name in ("start", "end"))
    return base + start, base + (end if end > start else end + _DAY)


def _of_day(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def _minutes(moment: datetime, midnight: datetime) -> int:
    return round((moment - midnight).total_seconds() / 60)
