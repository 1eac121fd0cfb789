"""Telephones with leave for a meeting, what they may know, and what of theirs waits for staff."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.openings.models import Opening
from webapp.training.lifecycle import MarkOutcome
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.devices import AttendanceGrant, DeviceMark
from webapp.training.models.results import Attendance
from webapp.training.queries.classes import class_list
from webapp.training.services import codes, grants
from webapp.training.services.attendance import EARLY
from webapp.training.words import meeting_words, run_title

_SHOWN_MARKS, _SHOWN_MEETINGS = 5000, 12
_OPEN_CONFLICT = (
    col(DeviceMark.outcome) == MarkOutcome.CONFLICT,
    col(DeviceMark.settled_at).is_(None),
)
_LATE = (col(Attendance.is_late), col(Attendance.seen_at).is_(None))


@dataclass(frozen=True)
class GrantLine:
    """One telephone, as the meeting's page shows it."""

    grant: AttendanceGrant
    given_by: str
    taps: int
    is_open: bool

    @property
    def words(self) -> str:
        """How it stands with the telephone's copy."""
        if self.grant.wiped_at:
            return _("都送到了，手机上的名单删掉了")
        if self.grant.revoked_at:
            return _("收回了")
        if not self.is_open:
            return _("过期了")
        if self.grant.claimed_at is None:
            return _("还没有存到手机上")
        return _("名单存在手机上")


def grants_of(session: Session, meeting_id: int) -> list[GrantLine]:
    """Return the telephones of a meeting, the newest first; those never taken up are left out."""
    taps = (
        select(func.count(col(DeviceMark.id)))
        .where(col(DeviceMark.grant_id) == col(AttendanceGrant.id))
        .scalar_subquery()
    )
    rows = session.execute(
        select(AttendanceGrant, col(Account.name), taps)
        .join(Account, col(Account.id) == AttendanceGrant.granted_by_id)
        .where(
            col(AttendanceGrant.meeting_id) == meeting_id,
            col(AttendanceGrant.claimed_at).is_not(None),
        )
        .order_by(col(AttendanceGrant.id).desc())
    )
    return [GrantLine(grant, by, count, not grants.has_ended(grant)) for grant, by, count in rows]


def conflicts_of(session: Session, meeting_id: int) -> dict[int, list[Any]]:
    """Return enrolment → (tap, holder) of the taps that wait for staff to decide."""
    rows = session.execute(
        select(DeviceMark, col(AttendanceGrant.holder))
        .join(AttendanceGrant, col(AttendanceGrant.id) == DeviceMark.grant_id)
        .where(col(AttendanceGrant.meeting_id) == meeting_id, *_OPEN_CONFLICT)
        .order_by(col(DeviceMark.id))
    ).all()
    found: dict[int, list[Any]] = {}
    for tap, holder in rows:
        found.setdefault(tap.enrolment_id, []).append((tap, holder))
    return found


def waiting_of(session: Session, *where: Any) -> dict[int, int]:
    """Return meeting → how many marks wait for a look and taps for a decision."""
    late: Any = select(col(Attendance.meeting_id).label("meeting_id")).where(*_LATE)
    conflicts: Any = (
        select(col(AttendanceGrant.meeting_id).label("meeting_id"))
        .join(DeviceMark, col(DeviceMark.grant_id) == AttendanceGrant.id)
        .where(*_OPEN_CONFLICT)
    )
    both = late.union_all(conflicts).subquery()
    rows = session.execute(
        select(both.c.meeting_id, func.count())
        .join(ClassMeeting, col(ClassMeeting.id) == both.c.meeting_id)
        .where(*where)
        .group_by(both.c.meeting_id)
    )
    return {row[0]: row[1] for row in rows}


def meetings_to_look_at(session: Session) -> list[tuple[int, str, str, int]]:
    """Return (meeting, title, when, how many) of what waits for a look, the oldest first."""
    waiting = waiting_of(session)
    rows = session.execute(
        select(ClassMeeting, col(Opening.title), col(CourseRun.number))
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(col(ClassMeeting.id).in_(waiting))
        .order_by(col(ClassMeeting.starts_at))
        .limit(_SHOWN_MEETINGS)
    )
    return [
        (meeting.id, run_title(title, number), meeting_words(meeting), waiting[meeting.id])
        for meeting, title, number in rows
    ]


def phone_list(session: Session, grant: AttendanceGrant) -> dict[str, Any]:
    """Return all a telephone may know, as JSON values: short names and marks of one meeting.

    ``code`` is what the person shows, so that it is found without network; ``key`` names the
    telephone's own tap, which it may take back.
    """
    found = class_list(session, grant.meeting_id)
    own = _own_keys(session, grant)
    conflicts = conflicts_of(session, grant.meeting_id)
    return {
        "meeting": grant.meeting_id,
        "title": run_title(found.title, found.run.number),
        "when": meeting_words(found.meeting),
        "room": found.run.room,
        "opens_at": (found.meeting.starts_at - EARLY).isoformat(),
        "ends_at": found.meeting.ends_at.isoformat(),
        "expires_at": grant.expires_at.isoformat(),
        "people": [
            {
                "id": one.enrolment.id,
                "seat": one.enrolment.seat,
                "name": one.short,
                "code": codes.person_code(grant.meeting_id, one.enrolment.id),
                "open": one.is_in_class,
                "presence": one.mark.presence.value if one.mark else None,
                "key": own.get(one.mark.client_key) if one.mark else None,
                "waits": one.waits,
                "conflict": one.enrolment.id in conflicts,
            }
            for one in found.people
        ],
    }


def _own_keys(session: Session, grant: AttendanceGrant) -> dict[str, str]:
    """Return the mark's key in the list → the telephone's own key, of its taps."""
    keys = session.scalars(
        select(col(DeviceMark.client_key))
        .where(col(DeviceMark.grant_id) == grant.id, col(DeviceMark.presence).is_not(None))
        .limit(_SHOWN_MARKS)
    )
    return {grants.mark_key(grant, key): key for key in keys}
