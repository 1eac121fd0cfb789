"""A branch plans an activity, changes it while it is to come, and says what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.branches import policy
from webapp.branches.lifecycle import ActivityState
from webapp.branches.models.commitments import BranchActivity
from webapp.branches.services.commitments import close, get_closable, picture
from webapp.branches.services.pairs import lock_pair
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.photos import Kept

_FURTHEST = timedelta(days=366)
_LONGEST = timedelta(days=3)


@dataclass(frozen=True)
class ActivityFields:
    """What is said of an activity; moments are aware."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    for_whom: str
    words: str
    owner_id: int
    backup_id: int


def plan_activity(
    session: Session, actor: Actor, *, branch_id: int, fields: ActivityFields
) -> BranchActivity:
    """Announce an activity to everybody."""
    if not policy.can_serve(actor, branch_id):
        raise NotFound
    _check(session, branch_id, fields)
    row = BranchActivity(
        branch_id=branch_id,
        **vars(fields),
        state=ActivityState.PLANNED,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(session, "activity.plan", row, account=fields.owner_id)
    return row


def change_activity(
    session: Session, actor: Actor, *, activity_id: int, fields: ActivityFields
) -> BranchActivity:
    """Change an activity that is still to come."""
    row = get_closable(session, actor, BranchActivity, activity_id)
    session.refresh(row, with_for_update=True)
    if row.state is not ActivityState.PLANNED:
        raise Conflict(_("这次活动已经记过结果了，不能再改。"))
    _check(session, row.branch_id, fields)
    for name, value in vars(fields).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    audit.record(session, "activity.change", row, account=fields.owner_id)
    return row


def hold_activity(
    session: Session,
    actor: Actor,
    *,
    activity_id: int,
    people: int,
    outcome: str,
    photo: Kept | None = None,
    photo_alt: str = "",
) -> BranchActivity:
    """Say how many came to an activity and what came of it; not before it has begun."""
    row = get_closable(session, actor, BranchActivity, activity_id)
    if row.starts_at > clock.now():
        raise BadField("outcome", _("还没有开始，办过了再记"))
    shown = picture(photo, photo_alt)
    close(
        session, actor, row, before=ActivityState.PLANNED, state=ActivityState.HELD,
        outcome=outcome, people=people, **shown,
    )  # fmt: skip
    audit.record(session, "activity.hold", row, people=people, with_photo=photo is not None)
    return row


def cancel_activity(
    session: Session, actor: Actor, *, activity_id: int, reason: str
) -> BranchActivity:
    """Call an activity off, with the reason."""
    row = get_closable(session, actor, BranchActivity, activity_id)
    close(
        session, actor, row, before=ActivityState.PLANNED, state=ActivityState.CANCELLED,
        outcome=reason,
    )  # fmt: skip
    audit.record(session, "activity.cancel", row)
    return row


def _check(session: Session, branch_id: int, fields: ActivityFields) -> None:
    now = clock.now()
    if fields.starts_at < now:
        raise BadField("day", _("这个时间已经过了"))
    if fields.starts_at > now + _FURTHEST:
        raise BadField("day", _("太远了，一年以内"))
    if not timedelta() < fields.ends_at - fields.starts_at <= _LONGEST:
        raise BadField("end", _("结束要在开始以后"))
    lock_pair(session, branch_id, owner_id=fields.owner_id, backup_id=fields.backup_id)
