"""Hours of volunteers: said by them, confirmed with thanks by another member, counted once.

Who could lie: a volunteer who claims more than they gave (another member confirms, and the hours
lie around those that were asked for), or the same hours twice (no minute counts twice).
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.lifecycle import CallState
from webapp.branches.models.volunteering import HelpCall, HelpWanted, VolunteerHours
from webapp.branches.services.commitments import get_closable
from webapp.branches.services.volunteering import lock_call, tell
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound, Refused

_EARLIER, _LATER = timedelta(hours=3), timedelta(hours=6)


def say_hours(
    session: Session, actor: Actor, *, call_id: int, starts_at: datetime, ends_at: datetime
) -> VolunteerHours:
    """Say oneself from when until when one helped; may be said anew until it is confirmed."""
    call, row = lock_call(session, call_id)
    if call.account_id != actor.account_id:
        raise NotFound
    hours = _write(session, call, row, starts_at, ends_at)
    audit.record(session, "help.say_hours", hours)
    tell(session, row, [row.owner_id], f"hours:{call.id}")
    return hours


def confirm_hours(
    session: Session,
    actor: Actor,
    *,
    call_id: int,
    starts_at: datetime,
    ends_at: datetime,
    thanks: str,
) -> VolunteerHours:
    """Confirm somebody's hours, corrected or for who did not say them, and thank them."""
    call, row = lock_call(session, call_id)
    get_closable(session, actor, HelpWanted, row.id)
    if call.account_id == actor.account_id:
        raise Refused(_("自己帮忙的时间，请另一位同事来确认。"))
    hours = _write(session, call, row, starts_at, ends_at)
    hours.confirmed_at, hours.confirmed_by_id = clock.now(), actor.account_id
    hours.thanks = thanks
    session.add(hours)
    session.flush()
    audit.record(session, "help.confirm_hours", hours)
    tell(session, row, [call.account_id], f"thanks:{call.id}")
    return hours


def _write(
    session: Session, call: HelpCall, row: HelpWanted, starts_at: datetime, ends_at: datetime
) -> VolunteerHours:
    if call.state is not CallState.YES:
        raise Conflict(_("答应了来的，才记时间。"))
    if ends_at > clock.now():
        raise BadField("end", _("还没到这个时间，帮完了再记"))
    if starts_at < row.starts_at - _EARLIER or ends_at > row.ends_at + _LATER:
        raise BadField("start", _("跟说好的时间差得太远了，再看看"))
    if ends_at <= starts_at:
        raise BadField("end", _("结束要在开始以后"))
    session.exec(  # of two reports at once, the second sees the first
        select(Account.id).where(Account.id == call.account_id).with_for_update(key_share=True)
    ).one()
    hours = session.exec(
        select(VolunteerHours)
        .where(VolunteerHours.call_id == call.id)
        .execution_options(populate_existing=True)
    ).first()
    if hours is not None and hours.confirmed_at is not None:
        raise Conflict(_("时间已经确认过了。"))
    twice = session.exec(
        select(VolunteerHours.id).where(
            VolunteerHours.account_id == call.account_id,
            VolunteerHours.call_id != call.id,
            VolunteerHours.starts_at < ends_at,
            col(VolunteerHours.ends_at) > starts_at,
        )
    ).first()
    if twice is not None:
        raise BadField("start", _("这段时间已经算在另一件事里了，同一个钟头不算两次"))
    if hours is None:
        hours = VolunteerHours(
            call_id=call.id,
            account_id=call.account_id,
            starts_at=starts_at,
            ends_at=ends_at,
            noted_at=clock.now(),
        )
    hours.starts_at, hours.ends_at, hours.noted_at = starts_at, ends_at, clock.now()
    session.add(hours)
    session.flush()
    return hours
