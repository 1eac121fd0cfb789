"""Ask volunteers by trade and hour; they say yes or no themselves, or staff note it.

Who could lie: staff who note a yes nobody gave (the person sees it on their own page and says
no), and whoever says too much of the person helped (refused by words and numbers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp import events
from webapp.accounts.models import Account
from webapp.branches import policy
from webapp.branches.lifecycle import CallState, HelpState
from webapp.branches.models.volunteering import HelpCall, HelpWanted
from webapp.branches.services.commitments import close, get_closable
from webapp.branches.services.pairs import lock_pair
from webapp.branches.services.plain_words import refuse_sensitive
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import BadField, Conflict, NotFound

_FURTHEST = timedelta(days=180)
_LONGEST = timedelta(hours=12)
MOST_WANTED = 50


@dataclass(frozen=True)
class HelpFields:
    """What help is wanted; moments are aware."""

    trade: str
    words: str
    for_whom: str
    starts_at: datetime
    ends_at: datetime
    wanted: int
    owner_id: int
    backup_id: int


def want_help(session: Session, actor: Actor, *, branch_id: int, fields: HelpFields) -> HelpWanted:
    """Write down what volunteers are wanted for."""
    if not policy.can_serve(actor, branch_id):
        raise NotFound
    for name in ("trade", "words", "for_whom"):
        refuse_sensitive(getattr(fields, name), field=name)
    now = clock.now()
    if fields.ends_at <= now:
        raise BadField("day", _("这个时间已经过了"))
    if fields.starts_at > now + _FURTHEST:
        raise BadField("day", _("太远了，半年以内"))
    if not timedelta() < fields.ends_at - fields.starts_at <= _LONGEST:
        raise BadField("end", _("一次最多 12 个小时"))
    lock_pair(session, branch_id, owner_id=fields.owner_id, backup_id=fields.backup_id)
    row = HelpWanted(
        branch_id=branch_id,
        **vars(fields),
        state=HelpState.OPEN,
        created_at=now,
        created_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(session, "help.want", row, account=fields.owner_id)
    return row


def ask(session: Session, actor: Actor, *, help_id: int, account_ids: Sequence[int]) -> int:
    """Ask members and volunteers of any branch; return how many.

    Who was told that they need not come is asked again, who has answered is not.
    """
    row = _open(session, actor, help_id)
    serving = set(
        session.exec(
            select(Account.id).where(
                col(Account.id).in_(account_ids), Account.role == Role.STAFF, Account.enabled
            )
        )
    )
    if not account_ids or serving != set(account_ids):
        raise BadField("people", _("请从各支部的人里选"))
    known = {
        call.account_id: call
        for call in session.exec(select(HelpCall).where(HelpCall.help_id == row.id))
    }
    fresh = sorted(serving - set(known))
    session.add_all(
        HelpCall(
            help_id=row.id,
            account_id=account_id,
            state=CallState.ASKED,
            asked_at=clock.now(),
            asked_by_id=actor.account_id,
        )
        for account_id in fresh
    )
    again = [known[one] for one in sorted(serving & set(known))]
    again = [call for call in again if call.state is CallState.NOT_NEEDED]
    for call in again:
        call.state, call.answered_at, call.asked_at = CallState.ASKED, None, clock.now()
        session.add(call)
    session.flush()
    asked = [*fresh, *(call.account_id for call in again)]
    audit.record(session, "help.ask", row, people=len(asked))
    tell(session, row, asked, "asked")
    return len(asked)


def answer(session: Session, actor: Actor, *, call_id: int, yes: bool) -> HelpCall:
    """Say for oneself whether one comes."""
    call, row = lock_call(session, call_id)
    if call.account_id != actor.account_id:
        raise NotFound
    return _answer(session, call, row, yes=yes, by_phone=False)


def note_answer(session: Session, actor: Actor, *, call_id: int, yes: bool) -> HelpCall:
    """Note what somebody said by telephone; it stands on their own page, and they may change it."""
    call, row = lock_call(session, call_id)
    get_closable(session, actor, HelpWanted, row.id)
    return _answer(session, call, row, yes=yes, by_phone=True)


def call_off(session: Session, actor: Actor, *, help_id: int, reason: str) -> HelpWanted:
    """Help is not wanted any more; who said yes, or was asked, is told."""
    row = _open(session, actor, help_id)
    refuse_sensitive(reason, field="reason")
    concerned = session.exec(
        select(HelpCall.account_id).where(
            HelpCall.help_id == row.id,
            col(HelpCall.state).in_((CallState.ASKED, CallState.YES)),
        )
    ).all()
    session.exec(
        update(HelpCall)
        .where(
            col(HelpCall.help_id) == row.id,
            col(HelpCall.state).in_((CallState.ASKED, CallState.YES)),
        )
        .values(state=CallState.NOT_NEEDED, answered_at=clock.now())
    )
    close(session, actor, row, before=HelpState.OPEN, state=HelpState.CANCELLED, outcome=reason)
    audit.record(session, "help.call_off", row)
    tell(session, row, concerned, "off")
    return row


def finish(session: Session, actor: Actor, *, help_id: int) -> HelpWanted:
    """The work is done; not before it has begun. Who never answered need not come."""
    row = _open(session, actor, help_id)
    if row.starts_at > clock.now():
        raise Conflict(_("还没有开始。不用了就写「不用了」的原因。"))
    session.exec(
        update(HelpCall)
        .where(col(HelpCall.help_id) == row.id, col(HelpCall.state) == CallState.ASKED)
        .values(state=CallState.NOT_NEEDED, answered_at=clock.now())
    )
    close(session, actor, row, before=HelpState.OPEN, state=HelpState.DONE)
    audit.record(session, "help.finish", row)
    return row


def lock_call(session: Session, call_id: int) -> tuple[HelpCall, HelpWanted]:
    """Return a call with what it is about, both locked, the latter first."""
    call = session.get(HelpCall, call_id)
    if call is None:
        raise NotFound
    row = session.exec(
        select(HelpWanted)
        .where(HelpWanted.id == call.help_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    session.refresh(call, with_for_update=True)
    return call, row


def tell(session: Session, row: HelpWanted, account_ids: Sequence[int], what: str) -> None:
    """Tell people outside, if they wish so, that something is new on their page."""
    if account_ids:
        key = f"help:{row.id}:{what}"
        events.announce(session, SYSTEM, events.AccountsConcerned(tuple(account_ids), key))


def _open(session: Session, actor: Actor, help_id: int) -> HelpWanted:
    row = get_closable(session, actor, HelpWanted, help_id)
    session.refresh(row, with_for_update=True)
    if row.state is not HelpState.OPEN:
        raise Conflict(_("这件事已经办完，或者不用了。"))
    return row


def _answer(
    session: Session, call: HelpCall, row: HelpWanted, *, yes: bool, by_phone: bool
) -> HelpCall:
    """Write an answer; a yes beyond those wanted becomes a thank-you, not a place."""
    if row.state is not HelpState.OPEN or row.ends_at <= clock.now():
        raise Conflict(_("这件事已经办完，或者不用了。"))
    if call.state is CallState.NOT_NEEDED:
        raise Conflict(_("人已经够了，这次不用来，谢谢。"))
    state = CallState.YES if yes else CallState.NO
    if state is call.state:
        return call
    if yes and _coming(session, row.id) >= row.wanted:
        state = CallState.NOT_NEEDED
    call.state, call.answered_at, call.by_phone = state, clock.now(), by_phone
    session.add(call)
    session.flush()
    audit.record(session, "help.answer", call, by_phone=by_phone)
    tell(session, row, [row.owner_id], f"answer:{call.id}:{state.value}")
    return call


def _coming(session: Session, help_id: int) -> int:
    statement = select(func.count()).where(
        HelpCall.help_id == help_id, HelpCall.state == CallState.YES
    )
    return session.exec(statement).one()
