"""A meeting's list that was ticked on paper, typed in afterwards in one go."""

import hashlib
from collections.abc import Mapping

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Forbidden, NotFound, Refused
from webapp.core.labels import label
from webapp.training import policy
from webapp.training.lifecycle import AttendanceSource, Presence
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance
from webapp.training.services import attendance, codes


def type_in(
    session: Session,
    actor: Actor,
    *,
    meeting_id: int,
    code: str,
    presences: Mapping[int, Presence],
    idempotency_key: str,
) -> int:
    """Mark all that stands on the paper, or nothing; return how many marks were new.

    ``presences`` is enrolment → what is ticked, ``code`` the one printed on the list. Somebody who
    has the same mark already keeps it. Typed in long after the meeting, another member has to look
    at it before it counts. Raises :class:`BadField` (``code`` or ``p<enrolment>``) for the code of
    another list and for a person who is marked otherwise or left the run, :class:`NotFound` for
    one of another run, :class:`Refused` when nothing is ticked.
    """
    if not policy.can_manage(actor) or actor.account_id is None:
        raise Forbidden
    meeting, run = attendance.get_meeting(session, meeting_id)
    attendance.refuse_early(meeting)
    if not codes.is_same(codes.sheet_code(meeting_id), code):
        raise BadField("code", _("跟这次课的名单对不上，请看看纸是不是拿错了"))
    if not presences:
        raise Refused(_("还一个人都没有点。照纸上勾的点，再存。"))
    people = {
        one.id: one for one in session.exec(select(Enrolment).where(Enrolment.run_id == run.id))
    }
    new = 0
    for enrolment_id, presence in sorted(presences.items()):
        if enrolment_id not in people:
            raise NotFound
        if refusal := attendance.why_not(run, people[enrolment_id]):
            raise BadField(f"p{enrolment_id}", refusal)
        row = Attendance(
            meeting_id=meeting_id,
            enrolment_id=enrolment_id,
            presence=presence,
            source=AttendanceSource.PAPER,
            client_key=_key(idempotency_key, enrolment_id),
            is_late=attendance.is_late(meeting),
            marked_at=clock.now(),
            marked_by_id=actor.account_id,
        )
        if attendance.put(session, row) is not None:
            new += 1
            continue
        known = attendance.mark_of(session, meeting_id, enrolment_id)
        if known is None or known.presence is not presence:
            said = label(known.presence) if known else ""
            words = _(
                "刚才有人在网上点了「%(said)s」。照网上的，这里就不选；要改，先在名单上撤回",
                said=said,
            )
            raise BadField(f"p{enrolment_id}", words)
    return new


def _key(idempotency_key: str, enrolment_id: int) -> str:
    return hashlib.sha256(f"paper\n{idempotency_key}\n{enrolment_id}".encode()).hexdigest()[:32]
