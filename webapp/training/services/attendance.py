"""Marks of who was at a class meeting: once for each, taken back if wrong, seen by two if late."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound
from webapp.rulebook.figures import rule
from webapp.training import policy
from webapp.training.lifecycle import AttendanceSource, EnrolmentState, Presence, RunState
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance
from webapp.training.services import codes
from webapp.training.words import meeting_words

IN_CLASS = (EnrolmentState.ACCEPTED, EnrolmentState.ATTENDING)
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
    by = _member(actor)
    meeting, run = get_meeting(session, meeting_id)
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.run_id != run.id:
        raise NotFound
    known = session.exec(select(Attendance).where(Attendance.client_key == client_key)).first()
    if known is not None:
        if (known.meeting_id, known.enrolment_id) != (meeting_id, enrolment_id):
            raise Conflict(_("这一下已经记在别处了，请刷新再点。"))
        return known
    if refusal := why_not(run, enrolment):
        raise Conflict(refusal)
    refuse_early(meeting)
    row = put(
        session,
        Attendance(
            meeting_id=meeting_id,
            enrolment_id=enrolment_id,
            presence=presence,
            source=AttendanceSource.LIST,
            client_key=client_key,
            is_late=is_late(meeting),
            marked_at=clock.now(),
            marked_by_id=by,
        ),
    )
    if row is None:
        raise Conflict(_("这个人这次课已经点过了。要改，先撤回。"))
    return row


def check_in(session: Session, actor: Actor, *, meeting_id: int, code: str) -> Attendance:
    """Note that who shows this code is there, while the meeting is on.

    The same code again is the same mark. Raises :class:`NotFound` for a code of nobody on this
    list, :class:`Gone` for one of a meeting that is over, :class:`Conflict` before it, and for
    somebody marked otherwise already.
    """
    by = _member(actor)
    meeting, run = get_meeting(session, meeting_id)
    if clock.now() > meeting.ends_at:
        words = _("这是%(when)s那次课的码，课上完了，码不能再用。", when=meeting_words(meeting))
        raise Gone(words)
    refuse_early(meeting)
    enrolment = person_with(session, meeting, code)
    if enrolment is None:
        raise NotFound(
            _("这次课的名单上没有这个码。可能是别的课、别的日子的码，也可能输错了一位。")
        )
    if refusal := why_not(run, enrolment):
        raise Conflict(refusal)
    row = put(
        session,
        Attendance(
            meeting_id=meeting_id,
            enrolment_id=enrolment.id,
            presence=Presence.PRESENT,
            source=AttendanceSource.CODE,
            client_key=f"code{codes.person_code(meeting_id, enrolment.id)}{enrolment.id:020d}",
            is_late=False,
            marked_at=clock.now(),
            marked_by_id=by,
        ),
    )
    if row is None:
        known = mark_of(session, meeting_id, enrolment.id)
        if known is None or known.presence is not Presence.PRESENT:
            raise Conflict(_("这个人这次课已经点过了，点的不是「到了」。要改，先撤回。"))
        return known
    return row


def undo(session: Session, actor: Actor, *, mark_id: int) -> Attendance:
    """Take a mark back, until the person's result is confirmed; once."""
    _member(actor)
    row = session.get(Attendance, mark_id)
    if row is None:
        raise NotFound
    enrolment = session.get_one(Enrolment, row.enrolment_id)
    if enrolment.state not in IN_CLASS:
        raise Conflict(_("结果已经定了，点名不能再改。"))
    if not remove(session, row):
        raise Conflict(_("刚才已经撤回了。"))
    return row


def see_late(session: Session, actor: Actor, *, mark_id: int) -> Attendance:
    """Note that a second member has looked at a mark made late; it counts from now on."""
    by = _member(actor)
    row = session.get(Attendance, mark_id)
    if row is None:
        raise NotFound
    if row.marked_by_id == by:
        raise Conflict(_("自己补的，要另一位同事看。"))
    if not _see(session, by, col(Attendance.id) == mark_id):
        raise Conflict(_("已经看过了，或者不是补记的。"))
    session.refresh(row)
    audit.record(session, "attendance.see", row)
    return row


def see_all_late(session: Session, actor: Actor, *, meeting_id: int) -> int:
    """Note that a second member has looked at all late marks of a meeting; return how many.

    Those they made themself wait for somebody else.
    """
    by = _member(actor)
    meeting, _run = get_meeting(session, meeting_id)
    seen = _see(
        session,
        by,
        col(Attendance.meeting_id) == meeting_id,
        col(Attendance.marked_by_id) != by,
    )
    if not seen:
        raise Conflict(_("没有要您看的了。自己补的，要另一位同事看。"))
    audit.record(session, "attendance.see", meeting, marks=seen)
    return seen


def put(session: Session, row: Attendance) -> Attendance | None:
    """Insert a mark; ``None`` when the person has one for this meeting already."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    # Who did not come stands in no trail (the refusal firewall).
    audit.record(session, "attendance.mark", row)
    return row


def remove(session: Session, row: Attendance) -> bool:
    """Delete a mark; ``False`` when somebody else just did."""
    gone = session.exec(
        delete(Attendance)
        .where(col(Attendance.id) == row.id)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:
        return False
    session.expunge(row)
    audit.record(session, "attendance.undo", f"attendance:{row.id}")
    return True


def mark_of(session: Session, meeting_id: int, enrolment_id: int) -> Attendance | None:
    """Return a person's mark for a meeting."""
    return session.exec(
        select(Attendance).where(
            Attendance.meeting_id == meeting_id, Attendance.enrolment_id == enrolment_id
        )
    ).first()


def person_with(session: Session, meeting: ClassMeeting, code: str) -> Enrolment | None:
    """Return who of the meeting's run shows this code; ``None`` for nobody."""
    people = session.exec(
        select(Enrolment).where(
            Enrolment.run_id == meeting.run_id, col(Enrolment.state).in_(IN_CLASS)
        )
    )
    found = [one for one in people if codes.is_same(codes.person_code(meeting.id, one.id), code)]
    return found[0] if len(found) == 1 else None  # two alike mark nobody


def why_not(run: CourseRun, enrolment: Enrolment) -> str:
    """Return why somebody of this run cannot be marked now; empty when they can."""
    if run.state is RunState.CANCELLED or enrolment.state not in IN_CLASS:
        return _("这个人现在不在班里，点不了名。请刷新看看。")
    return ""


def refuse_early(meeting: ClassMeeting) -> None:
    """Raise :class:`Conflict` while it is too early to mark who is there."""
    if meeting.starts_at - EARLY > clock.now():
        raise Conflict(_("这次课还没有到，上课前一小时才能点名。"))


def is_late(meeting: ClassMeeting, *, made_at: datetime | None = None) -> bool:
    """Whether a mark that comes now waits for a second member.

    So does one that a telephone says was made (``made_at``) outside the meeting's time.
    """
    last = meeting.ends_at + timedelta(hours=rule("attendance_late_hours", on=clock.today()))
    if made_at is not None and not meeting.starts_at - EARLY <= made_at <= last:
        return True
    return clock.now() > last


def get_meeting(session: Session, meeting_id: int) -> tuple[ClassMeeting, CourseRun]:
    """Return a meeting with its run; raise :class:`NotFound` for none."""
    found = session.exec(
        select(ClassMeeting, CourseRun)
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .where(ClassMeeting.id == meeting_id)
    ).first()
    if found is None:
        raise NotFound
    return found


def _member(actor: Actor) -> int:
    if not policy.can_manage(actor) or actor.account_id is None:
        raise Forbidden
    return actor.account_id


def _see(session: Session, by: int, *where: object) -> int:
    done = session.exec(
        update(Attendance)
        .where(*where, col(Attendance.is_late), col(Attendance.seen_at).is_(None))  # type: ignore[arg-type]
        .values(seen_at=clock.now(), seen_by_id=by)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)
