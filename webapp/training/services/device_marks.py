"""Marks of telephones without network: each taken in once, never over a colleague's mark."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound, TooMany
from webapp.training import policy
from webapp.training.lifecycle import AttendanceSource, MarkOutcome, Presence
from webapp.training.models.courses import ClassMeeting, CourseRun
from webapp.training.models.devices import AttendanceGrant, DeviceMark
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance
from webapp.training.services import attendance, grants

MOST_OF_A_GRANT = 4000


@dataclass(frozen=True)
class Tapped:
    """One tap as a telephone sent it; ``made_at`` by our clock."""

    key: str
    enrolment_id: int
    presence: Presence | None
    undoes: str | None
    by_code: bool
    made_at: datetime


def receive(
    session: Session, actor: Actor, *, grant_id: int, taps: list[Tapped], ends: bool
) -> list[DeviceMark]:
    """Carry out taps in their order, each once; return what came of each, also the known ones.

    ``actor`` is who gave the grant and answers for its marks; the caller has checked token and
    signature. Raises :class:`Conflict` before the meeting, and nothing is taken then.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    # Two tabs that send at once come one after the other.
    grant = session.exec(
        select(AttendanceGrant)
        .where(AttendanceGrant.id == grant_id, AttendanceGrant.granted_by_id == actor.account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if grants.has_ended(grant):
        raise Gone
    meeting, run = attendance.get_meeting(session, grant.meeting_id)
    known = _known(session, grant, taps)
    if any(tap.key not in known for tap in taps):
        attendance.refuse_early(meeting)
        _refuse_flood(session, grant, len(taps))
        grant.last_sent_at = clock.now()
        session.add(grant)
        audit.record(session, "attendance_grant.send", grant, taps=len(taps))
    for tap in taps:
        if tap.key not in known:
            known[tap.key] = _carry_out(session, grant, meeting, run, tap)
    if ends:
        grants.note_wiped(session, grant)
    return [known[tap.key] for tap in taps]


def settle(session: Session, actor: Actor, *, mark_id: int, take: bool) -> DeviceMark:
    """Decide a conflict, once: take the telephone's word, or keep what a colleague marked.

    Whoever takes it answers for the mark; long after the meeting it waits for another member.
    """
    if not policy.can_manage(actor) or actor.account_id is None:
        raise Forbidden
    row = session.get(DeviceMark, mark_id)
    if row is None or row.presence is None or row.enrolment_id is None:
        raise NotFound
    settled = session.exec(
        update(DeviceMark)
        .where(
            col(DeviceMark.id) == mark_id,
            col(DeviceMark.outcome) == MarkOutcome.CONFLICT,
            col(DeviceMark.settled_at).is_(None),
        )
        .values(settled_at=clock.now(), settled_by_id=actor.account_id, taken=take)
        .execution_options(synchronize_session=False)
    )
    if settled.rowcount != 1:
        raise Conflict(_("刚才有人定过了。"))
    if take:
        _take(session, actor.account_id, row, row.presence)
    audit.record(session, "attendance.settle", row)
    return row


def _take(session: Session, by: int, row: DeviceMark, presence: Presence) -> None:
    grant = session.get_one(AttendanceGrant, row.grant_id)
    meeting, run = attendance.get_meeting(session, grant.meeting_id)
    enrolment = session.get_one(Enrolment, row.enrolment_id)
    if refusal := attendance.why_not(run, enrolment):
        raise Conflict(refusal)
    earlier = attendance.mark_of(session, meeting.id, enrolment.id)
    if earlier is not None:
        attendance.remove(session, earlier)
    put = attendance.put(
        session,
        Attendance(
            meeting_id=meeting.id,
            enrolment_id=enrolment.id,
            presence=presence,
            source=AttendanceSource.LIST,
            client_key=grants.mark_key(grant, row.client_key),
            grant_id=grant.id,
            device_at=row.made_at,
            is_late=attendance.is_late(meeting, made_at=row.made_at),
            marked_at=clock.now(),
            marked_by_id=by,
        ),
    )
    if put is None:
        raise Conflict(_("刚才有人又点了一次，请刷新看看。"))


def _known(session: Session, grant: AttendanceGrant, taps: list[Tapped]) -> dict[str, DeviceMark]:
    rows = session.exec(
        select(DeviceMark).where(
            DeviceMark.grant_id == grant.id,
            col(DeviceMark.client_key).in_([tap.key for tap in taps]),
        )
    )
    return {row.client_key: row for row in rows}


def _refuse_flood(session: Session, grant: AttendanceGrant, more: int) -> None:
    so_far = session.exec(
        select(func.count(col(DeviceMark.id))).where(DeviceMark.grant_id == grant.id)
    ).one()
    if so_far + more > MOST_OF_A_GRANT:
        raise TooMany(retry_after=3600)


def _carry_out(
    session: Session, grant: AttendanceGrant, meeting: ClassMeeting, run: CourseRun, tap: Tapped
) -> DeviceMark:
    enrolment = session.get(Enrolment, tap.enrolment_id)
    ours = enrolment is not None and enrolment.run_id == run.id
    row = DeviceMark(
        grant_id=grant.id,
        client_key=tap.key,
        enrolment_id=tap.enrolment_id if ours else None,
        presence=tap.presence,
        undoes=tap.undoes,
        made_at=tap.made_at,
        sent_at=clock.now(),
        outcome=MarkOutcome.REFUSED,
    )
    if enrolment is None or not ours:
        row.reason = _("名单上没有这个人。")
    elif refusal := attendance.why_not(run, enrolment):
        row.reason = refusal
    elif tap.presence is None:
        _undo(session, grant, row)
    else:
        row.outcome = _mark(session, grant, meeting, tap, tap.presence)
    session.add(row)
    session.flush()
    return row


def _mark(
    session: Session,
    grant: AttendanceGrant,
    meeting: ClassMeeting,
    tap: Tapped,
    presence: Presence,
) -> MarkOutcome:
    late = attendance.is_late(meeting, made_at=tap.made_at)
    put = attendance.put(
        session,
        Attendance(
            meeting_id=meeting.id,
            enrolment_id=tap.enrolment_id,
            presence=presence,
            source=AttendanceSource.CODE if tap.by_code else AttendanceSource.LIST,
            client_key=grants.mark_key(grant, tap.key),
            grant_id=grant.id,
            device_at=tap.made_at,
            is_late=late,
            marked_at=clock.now(),
            marked_by_id=grant.granted_by_id,
        ),
    )
    if put is not None:
        return MarkOutcome.WAITS if late else MarkOutcome.COUNTED
    earlier = attendance.mark_of(session, meeting.id, tap.enrolment_id)
    same = earlier is not None and earlier.presence is presence
    return MarkOutcome.SAME if same else MarkOutcome.CONFLICT


def _undo(session: Session, grant: AttendanceGrant, row: DeviceMark) -> None:
    """Take the telephone's own earlier tap back; a colleague's mark stays as it is."""
    tapped = session.exec(
        select(DeviceMark).where(
            DeviceMark.grant_id == grant.id,
            DeviceMark.client_key == row.undoes,
            DeviceMark.enrolment_id == row.enrolment_id,
        )
    ).first()
    if tapped is None or tapped.presence is None:
        row.reason = _("要撤回的那一下没有送到。")
        return
    key = grants.mark_key(grant, tapped.client_key)
    mark = session.exec(select(Attendance).where(Attendance.client_key == key)).first()
    if mark is not None:
        attendance.remove(session, mark)
    if tapped.settled_at is None and tapped.outcome is not MarkOutcome.REFUSED:
        tapped.outcome = MarkOutcome.UNDONE
        session.add(tapped)
    row.outcome = MarkOutcome.UNDONE
