"""What waits for a member about spot checks, who leads where something was found, one's lines."""

from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.memo import built_once
from webapp.spot_checks.lifecycle import TO_FOLLOW_UP, Task
from webapp.spot_checks.models import SpotCheck, SpotCheckLine

Line = SpotCheckLine


def _leader() -> Any:
    """Return who says what was done about a line: its branch's secretary.

    Where the work was that member's own, or there is none: another branch's secretary, else a
    colleague; never who did the work or found fault with it.
    """
    own, secretary = col(Account.branch_id) == Line.branch_id, col(Account.is_secretary)
    return func.coalesce(_first(own, secretary), _first(secretary), _first(own))


def _first(*which: Any) -> Any:
    return (
        select(func.min(col(Account.id)))
        .where(
            col(Account.role) == Role.STAFF,
            col(Account.enabled),
            *which,
            or_(col(Line.member_id).is_(None), col(Account.id) != Line.member_id),
            or_(col(Line.reviewer_id).is_(None), col(Account.id) != Line.reviewer_id),
        )
        .correlate(Line)
        .scalar_subquery()
    )


def leader_of(session: Session, line: SpotCheckLine) -> int | None:
    """Return the account of who leads where a line's work was done."""
    return session.execute(
        select(_leader()).select_from(Line).where(col(Line.id) == line.id)
    ).scalar()


@built_once
def waiting(actor: Actor) -> Any:
    """Return the statement of what a member has to do about spot checks, the soonest due first.

    Look at it, reply while there is time (nobody has to), or say what the branch did about it.
    """
    me, today = actor.account_id, clock.today()
    look = and_(col(Line.reviewer_id) == me, col(Line.finding).is_(None))
    reply = and_(
        col(Line.member_id) == me,
        col(Line.finding).in_(sorted(TO_FOLLOW_UP)),
        col(Line.replied_at).is_(None),
        col(Line.reply_until) >= today,
    )
    follow_up = and_(
        col(Line.finding).in_(sorted(TO_FOLLOW_UP)),
        col(Line.measured_at).is_(None),
        _leader() == me,
    )
    task = case((look, Task.LOOK.value), (reply, Task.REPLY.value), else_=Task.FOLLOW_UP.value)
    return (
        select(
            col(Line.id),
            col(Line.code),
            col(Line.finding),
            col(Line.due_on),
            col(Line.reply_until),
            col(SpotCheck.quarter),
            col(SpotCheck.kind),
            task.label("task"),
        )
        .join(SpotCheck, col(SpotCheck.id) == Line.check_id)
        .where(or_(look, reply, follow_up))
        .order_by(col(Line.due_on), col(Line.id))
    )


def is_overdue(row: Any) -> bool:
    """Whether a line of :func:`waiting` should have been looked at by now."""
    return row.task == Task.LOOK and row.due_on < clock.today()


def of_member(actor: Actor) -> Any:
    """Return the statement of lines with a finding that concern a member, the newest first.

    What they looked at, what was their own work, and what they lead.
    """
    me = actor.account_id
    return (
        select(
            col(Line.id),
            col(Line.code),
            col(Line.finding),
            col(Line.found_at),
            col(Line.replied_at),
            col(SpotCheck.quarter),
            col(SpotCheck.kind),
            case((col(Line.reviewer_id) == me, 1), else_=0).label("looked"),
        )
        .join(SpotCheck, col(SpotCheck.id) == Line.check_id)
        .where(
            col(Line.finding).is_not(None),
            or_(col(Line.reviewer_id) == me, col(Line.member_id) == me, _leader() == me),
        )
        .order_by(col(Line.found_at).desc(), col(Line.id).desc())
    )


def one(session: Session, line_id: int) -> Any:
    """Return a line's quarter, kind, branch and the names of who looks at it and did it."""
    reviewer, member, measured = aliased(Account), aliased(Account), aliased(Account)
    return session.execute(
        select(
            col(SpotCheck.quarter),
            col(SpotCheck.kind),
            col(SpotCheck.id).label("check_id"),
            col(Branch.name).label("branch"),
            col(reviewer.name).label("reviewer"),
            col(member.name).label("member"),
            col(measured.name).label("measured_by"),
        )
        .select_from(Line)
        .join(SpotCheck, col(SpotCheck.id) == Line.check_id)
        .join(Branch, col(Branch.id) == Line.branch_id)
        .outerjoin(reviewer, col(reviewer.id) == Line.reviewer_id)
        .outerjoin(member, col(member.id) == Line.member_id)
        .outerjoin(measured, col(measured.id) == Line.measured_by_id)
        .where(col(Line.id) == line_id)
    ).one()
