"""Post a course with its first run in one step, and further runs of it later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import func
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.core.vocabulary import Kind
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.policy import note_fault
from webapp.openings.services import editing, review, wording
from webapp.rulebook.holidays import holidays
from webapp.training import policy
from webapp.training.lifecycle import CourseLevel, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.demand import COURSE_KEY, CourseDemand
from webapp.training.services import overlaps, seats
from webapp.training.services.transitions import lock_course
from webapp.training.words import fee_words, windows_of

CERTIFICATE_ENDS = ("证", "证书")
# A course of more meetings is a school.
MOST_MEETINGS = 120


@dataclass(frozen=True)
class CourseTerms:
    """What a course is, beside what its opening says."""

    level: CourseLevel | None = None
    class_hours: int | None = None
    provider: str = ""
    skills: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    fee_fen: int = 0
    subsidised: bool = False
    subsidy_note: str = ""


@dataclass(frozen=True)
class RunTerms:
    """When and where a run is held, and for how many.

    ``enrol_from`` after today only announces it. ``overlap_known``: who posts it was shown that
    room or trainer are taken at the same hours, and goes on.
    """

    meetings: list[tuple[datetime, datetime]]
    seats: int
    room: str
    trainer: str
    enrol_until: date
    enrol_from: date | None = None
    overlap_known: bool = False


def weekly_meetings(
    first: date, days: Sequence[int], start: time, end: time, count: int
) -> list[tuple[datetime, datetime]]:
    """Return ``count`` meetings from the day ``first`` on, on these days of the week (1 = Monday).

    Public holidays are passed over. Raises :class:`BadField` when no day is named or a meeting
    ends before it begins.
    """
    if not days:
        raise BadField("days", _("请选星期几上课"))
    if end <= start:
        raise BadField("end", _("下课要在上课之后"))
    if not 1 <= count <= MOST_MEETINGS:
        raise BadField("count", _("请填 1 到 %(n)d 次", n=MOST_MEETINGS))
    found: list[tuple[datetime, datetime]] = []
    day = first
    while len(found) < count:
        if day.isoweekday() in days and day not in holidays():
            found.append(
                (
                    datetime.combine(day, start, clock.LOCAL),
                    datetime.combine(day, end, clock.LOCAL),
                )
            )
        day += timedelta(days=1)
    return found


def post_course(
    session: Session,
    actor: Actor,
    *,
    fields: OpeningFields,
    terms: CourseTerms,
    run: RunTerms,
    idempotency_key: str,
    employer_name: str = "",
    note: str = "",
    demand_id: int | None = None,
) -> CourseRun:
    """Write the opening, the course and its first run, and publish it, all or nothing.

    ``demand_id`` is what was worked out for the template or certificate it is made of.
    The same ``idempotency_key`` again returns the run it made the first time. Raises
    :class:`BadField` and :class:`~webapp.core.errors.Incomplete` for what stands in the way.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    known = session.exec(
        select(CourseRun).where(CourseRun.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    _check_run(session, run, fields.address)
    opening = editing.create_opening(
        session,
        actor,
        kind=Kind.COURSE,
        fields=_opening_fields(fields, terms, run),
        idempotency_key=idempotency_key,
        employer_name=employer_name,
    )
    course = _new_course(session, actor, opening, terms)
    row = _write_run(session, actor, course, run, number=1, idempotency_key=idempotency_key)
    editing.submit_opening(session, actor, opening_id=opening.id)
    _publish(session, actor, opening, note)
    seats.sync_opening(session, course)
    if demand_id is not None:
        adopt(session, demand_id=demand_id, course_id=course.id)
    audit.record(session, "course.post", course)
    return row


def add_run(
    session: Session,
    actor: Actor,
    *,
    course_id: int,
    run: RunTerms,
    idempotency_key: str,
    note: str = "",
) -> CourseRun:
    """Hold a course once more; its opening is shown again if it had run out.

    The same ``idempotency_key`` again returns the run it made the first time.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    course, opening = lock_course(session, course_id)
    known = session.exec(
        select(CourseRun).where(CourseRun.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        return known
    if opening.state is OpeningState.CLOSED:
        raise Conflict(_("这门课已经结束，不能再开班；可以重新写一门。"))
    _check_run(session, run, opening.address)
    last = session.exec(
        select(func.max(CourseRun.number)).where(CourseRun.course_id == course_id)
    ).one()
    row = _write_run(
        session, actor, course, run, number=(last or 0) + 1, idempotency_key=idempotency_key
    )
    seats.sync_opening(session, course)
    if opening.state in {OpeningState.EXPIRED, OpeningState.RETURNED, OpeningState.DRAFT}:
        editing.submit_opening(session, actor, opening_id=opening.id)
    if opening.state is OpeningState.SUBMITTED:
        _publish(session, actor, opening, note)
    audit.record(session, "course_run.add", row)
    return row


def adopt(session: Session, *, demand_id: int, course_id: int) -> None:
    """Have what was worked out for a template or certificate stand for the course made of it."""
    row = session.get(CourseDemand, demand_id)
    if row is None or row.course_id is not None:
        return
    row.key, row.course_id = f"{COURSE_KEY}{course_id}", course_id
    row.template_key = row.certificate = ""
    session.add(row)
    session.flush()


def ensure_course(session: Session, opening: Opening) -> Course:
    """Return the course of an opening of kind course; made of what the opening says if new."""
    found = session.exec(select(Course).where(Course.opening_id == opening.id)).first()
    if found is not None:
        return found
    course = Course(
        opening_id=opening.id,
        skills=[one for one in opening.teaches if not one.endswith(CERTIFICATE_ENDS)],
        certificates=[one for one in opening.teaches if one.endswith(CERTIFICATE_ENDS)],
        created_at=clock.now(),
    )
    session.add(course)
    session.flush()
    return course


def course_of_opening(session: Session, opening_id: int) -> int | None:
    """Return the id of an opening's course, ``None`` for openings of other kinds."""
    return session.exec(select(Course.id).where(Course.opening_id == opening_id)).first()


def get_course(session: Session, actor: Actor, course_id: int) -> Course:
    """Return a course for staff to change; anybody else's raises ``NotFound``."""
    course = session.get(Course, course_id)
    if course is None or not policy.can_manage(actor):
        raise NotFound
    return course


def _publish(session: Session, actor: Actor, opening: Opening, note: str) -> None:
    """Publish the opening; words that need a reason are named beside the field for it."""
    flagged = [one for one in wording.findings(session, opening) if not one.blocks]
    if flagged and note_fault(note):
        words = "；".join(dict.fromkeys(f"{one.says}（“{one.phrase}”）" for one in flagged))
        raise BadField("note", _("%(what)s。%(how)s", what=words, how=note_fault(note)))
    review.publish_opening(
        session, actor, opening_id=opening.id, seen=opening.updated_at, note=note
    )


def _opening_fields(fields: OpeningFields, terms: CourseTerms, run: RunTerms) -> OpeningFields:
    meetings = [ClassMeeting(run_id=0, starts_at=start, ends_at=end) for start, end in run.meetings]
    values = {
        **fields.values(),
        "teaches": [*terms.skills, *terms.certificates],
        "hours": windows_of(meetings),
        "pay_text": fee_words(terms.fee_fen),
        "headcount": run.seats,
        "valid_until": run.enrol_until,
    }
    return OpeningFields(**values)


def _new_course(session: Session, actor: Actor, opening: Opening, terms: CourseTerms) -> Course:
    course = Course(
        opening_id=opening.id,
        level=terms.level,
        class_hours=terms.class_hours,
        provider=terms.provider,
        skills=terms.skills,
        certificates=terms.certificates,
        papers=terms.papers,
        fee_fen=terms.fee_fen,
        subsidised=terms.subsidised,
        subsidy_note=terms.subsidy_note,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(course)
    session.flush()
    return course


def _check_run(session: Session, run: RunTerms, address: str) -> None:
    begins = min(start for start, _end in run.meetings)
    if begins <= clock.now():
        raise BadField("first_day", _("第一次课的时间已经过了"))
    if run.enrol_until > clock.local(begins).date():
        raise BadField("enrol_until", _("报名要在开课那天或以前截止"))
    if run.enrol_until < clock.today():
        raise BadField("enrol_until", _("这一天已经过了"))
    if run.enrol_from is not None and run.enrol_from > run.enrol_until:
        raise BadField("enrol_from", _("要在报名截止以前开始"))
    overlaps.refuse_unknown(
        session,
        run.meetings,
        room=run.room,
        trainer=run.trainer,
        address=address,
        known=run.overlap_known,
    )


def _write_run(
    session: Session,
    actor: Actor,
    course: Course,
    terms: RunTerms,
    *,
    number: int,
    idempotency_key: str,
) -> CourseRun:
    later = terms.enrol_from is not None and terms.enrol_from > clock.today()
    run = CourseRun(
        course_id=course.id,
        number=number,
        state=RunState.ANNOUNCED if later else RunState.ENROLLING,
        seats=terms.seats,
        trainer=terms.trainer,
        room=terms.room,
        starts_at=min(start for start, _end in terms.meetings),
        ends_at=max(end for _start, end in terms.meetings),
        enrol_from=terms.enrol_from,
        enrol_until=terms.enrol_until,
        idempotency_key=idempotency_key,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(run)
    session.flush()
    session.add_all(
        ClassMeeting(run_id=run.id, starts_at=start, ends_at=end) for start, end in terms.meetings
    )
    seats.set_seats(session, run, terms.seats)
    return run
