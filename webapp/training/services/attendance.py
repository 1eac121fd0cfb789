"""Marks of who was at a class meeting: once for each, taken back if wrong, seen by two if late."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.rulebook.figures import rule
from webapp.training import policy
from webapp.training.lifecycle import EnrolmentState, Presence, RunState
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance

_IN_CLASS = (EnrolmentState.ACCEPTED, EnrolmentState.ATTENDING)
# Marks are taken from a little before a meeting begins.
EARLY = timedelta(minutes=60)


def mark(
    session: Session,
    actor: Actor,
    *,
    meeting_id: int,
    enrolment_id: int,
    presence: Presence,
    client_key: str,
) -> Attendance:
    """Note that somebody was at a meeting or not; the same ``client_key`` again changes nothing.

    A mark made some hours after the meeting counts once another member has seen it. Raises
    :class:`NotFound` for somebody of another run, :class:`Conflict` for one who has a mark
    already, and before the meeting.
    """
    if not policy.can_manage(actor) or actor.account_id is None:
        raise Forbidden
    meeting, run = _meeting(session, meeting_id)
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.run_id != run.id:
        raise NotFound
    known = session.exec(select(Attendance).where(Attendance.client_key == client_key)).first()
    if known is not None:
        if (known.meeting_id, known.enrolment_id) != (meeting_id, enrolment_id):
            raise Conflict(_("这一下已经记在别处了，请刷新再点。"))
        return known
    if run.state is RunState.CANCELLED or enrolment.state not in _IN_CLASS:
        raise Conflict(_("这个人现在不在班里，点不了名。请刷新看看。"))
    if meeting.starts_at - EARLY > clock.now():
        raise Conflict(_("这次课还没有到，上课前一小时才能点名。"))
    hours = rule("attendance_late_hours", on=clock.today())
    row = Attendance(
        meeting_id=meeting_id,
        enrolment_id=enrolment_id,
        presence=presence,
        client_key=client_key,
        is_late=clock.now() > meeting.ends_at + timedelta(hours=hours),
        marked_at=clock.now(),
        marked_by_id=actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(_("这个人这次课已经点过了。要改，先撤回。")) from error
    # Who did not come stands in no trail (the refusal firewall).
    audit.record(session, "attendance.mark", row)
    return row


def undo(session: Session, actor: Actor, *, mark_id: int) -> Attendance:
    """Take a mark back, until the person's result is confirmed; once."""
    if not policy.can_manage(actor):
        raise Forbidden
    row = session.get(Attendance, mark_id)
    if row is None:
        raise NotFound
    enrolment = session.get_one(Enrolment, row.enrolment_id)
    if enrolment.state not in _IN_CLASS:
        raise Conflict(_("结果已经定了，点名不能再改。"))
    gone = session.exec(
        delete(Attendance)
        .where(col(Attendance.id) == mark_id)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:
        raise Conflict(_("刚才已经撤回了。"))
    session.expunge(row)
    audit.record(session, "attendance.undo", f"attendance:{mark_id}")
    return row


def see_late(session: Session, actor: Actor, *, mark_id: int) -> Attendance:
    """Note that a second member has looked at a mark made late; it counts from now on."""
    if not policy.can_manage(actor):
        raise Forbidden
    row = session.get(Attendance, mark_id)
    if row is None:
        raise NotFound
    if row.marked_by_id == actor.account_id:
        raise Conflict(_("自己补的，要另一位同事看。"))
    seen = session.exec(
        update(Attendance)
        .where(
            col(Attendance.id) == mark_id,
            col(Attendance.is_late),
            col(Attendance.seen_at).is_(None),
        )
        .values(seen_at=clock.now(), seen_by_id=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    if seen.rowcount != 1:
        raise Conflict(_("已经看过了，或者不是补记的。"))
    session.refresh(row)
    audit.record(session, "attendance.see", row)
    return row


def _meeting(session: Session, meeting_id: int) -> tuple[ClassMeeting, CourseRun]:
    found = session.exec(
        select(ClassMeeting, CourseRun)
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .where(ClassMeeting.id == meeting_id)
    ).first()
    if found is None:
        raise NotFound
    return found
