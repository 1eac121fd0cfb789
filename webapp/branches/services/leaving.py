"""A member leaves: everything they answer for goes to another of the branch, in one step."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp import events
from webapp.accounts import service as accounts
from webapp.accounts.models import Account
from webapp.branches import policy
from webapp.branches.lifecycle import Ending
from webapp.branches.models import Branch
from webapp.branches.queries.members import secretary_of
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.events import DutyCount


def get_leaving(session: Session, actor: Actor, account_id: int) -> Account:
    """Return a member whom the actor may have hand over; any other raises ``NotFound``."""
    member = session.get(Account, account_id)
    if (
        member is None
        or member.role is not Role.STAFF
        or member.branch_id is None
        or not policy.can_lead(
            actor, member.branch_id, secretary_id=secretary_of(session, member.branch_id)
        )
    ):
        raise NotFound
    return member


def duties_of(session: Session, actor: Actor, account_id: int) -> list[DutyCount]:
    """Return all that a member answers for, in all parts, by kind."""
    asked = events.MemberDutiesAsked(account_id)
    events.announce(session, actor, asked)
    return asked.counts


def hand_over(
    session: Session,
    actor: Actor,
    *,
    account_id: int,
    successor_id: int,
    ending: Ending,
    to_branch_id: int | None = None,
) -> int:
    """Move everything a member answers for to another of the branch; return how many things.

    Then the account is disabled, or the member belongs to ``to_branch_id``. Whatever cannot be
    moved refuses the whole step, with the reason.
    """
    member = get_leaving(session, actor, account_id)
    if member.id == actor.account_id:
        raise Refused(_("自己的事请管理员来交接：交完了您就进不来了。"))
    branch_id = member.branch_id or 0
    serving = _lock_branch(session, branch_id)
    if member.id not in serving or member.branch_id != branch_id:
        raise Conflict(_("%(name)s已经不在这个支部了。", name=member.name))
    if successor_id == member.id or successor_id not in serving:
        raise BadField("successor", _("请从同一个支部的人里选一位接手"))
    before = duties_of(session, actor, member.id)
    spare = _spare(session, branch_id, [one for one in serving if one != member.id], successor_id)
    moved = events.announce(session, actor, events.MemberLeaves(member.id, successor_id, spare))
    left = duties_of(session, actor, member.id)
    if left:
        raise Refused(
            _("这些没有人接：%(what)s。什么都没有改动。", what="、".join(one.words for one in left))
        )
    _end(session, actor, member, ending, to_branch_id)
    session.flush()
    audit.record(
        session,
        "member.leave",
        f"account:{member.id}",
        account=successor_id,
        ending=ending.value,
        n=sum(one.count for one in before),
    )
    key = f"handover:{member.id}:{clock.now():%Y%m%d%H%M}"
    events.announce(session, SYSTEM, events.AccountsConcerned((successor_id,), key))
    return moved


def _lock_branch(session: Session, branch_id: int) -> list[int]:
    """Return who serves in a branch, kept there until the transaction ends."""
    rows = session.exec(
        select(Account)
        .where(Account.branch_id == branch_id, Account.role == Role.STAFF)
        .order_by(col(Account.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return [row.id for row in rows if row.enabled]


def _spare(session: Session, branch_id: int, staying: list[int], successor_id: int) -> int | None:
    """Return who answers beside the successor: the secretary, else who was there first."""
    others = [one for one in staying if one != successor_id]
    secretary = secretary_of(session, branch_id)
    return secretary if secretary in others else next(iter(others), None)


def _end(
    session: Session, actor: Actor, member: Account, ending: Ending, to_branch_id: int | None
) -> None:
    if ending is Ending.LEAVES:
        accounts.set_enabled(session, actor, account_id=member.id, enabled=False)
        return
    if to_branch_id == member.branch_id or session.get(Branch, to_branch_id or 0) is None:
        raise BadField("to_branch", _("请选调到哪个支部"))
    member.branch_id, member.title = to_branch_id, ""
    session.add(member)
