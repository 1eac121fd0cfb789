"""Who of the branches is asked: secretaries, members on duty, and who may take a ticket."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.queries import members as branches
from webapp.branches.queries import rota
from webapp.branches.queries.members import Member
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.memo import built_once
from webapp.tickets.lifecycle import Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.policy import Standing


def secretaries(session: Session) -> dict[int, int]:
    """Return branch → account of its secretary; who was there first, while none is named."""
    found: dict[int, int] = {}
    for member in sorted(branches.members(session), key=lambda one: not one.is_secretary):
        found.setdefault(member.branch_id, member.account_id)
    return found


def on_duty(session: Session, branch_id: int | None = None) -> list[int]:
    """Return the accounts that a danger rings now; where nobody is on duty, everybody's.

    Somebody has to hear of it at any hour.
    """
    rung = rota.on_duty(session, clock.now(), branch_id=branch_id)
    if rung is not None:
        return [rung.account_id]
    return [member.account_id for member in branches.members(session)]


def standing_of(session: Session, actor: Actor) -> Standing:
    """Return what a member is among the branches now, mostly in one query.

    Who is on duty is asked only while a danger waits to be sorted: nothing else hangs on it.
    """
    rows = session.execute(_secretaries_first()).all()
    first: dict[int, int] = {}
    for branch_id, account_id, _danger in rows:
        first.setdefault(branch_id, account_id)
    own = frozenset(branch for branch, one in first.items() if one == actor.account_id)
    waits = any(row[2] for row in rows[:1])
    return Standing(own, waits and actor.account_id in on_duty(session))


@built_once
def _secretaries_first() -> Any:
    danger = (
        select(Ticket.id)
        .where(col(Ticket.branch_id).is_(None), Ticket.urgency == Urgency.DANGER)
        .exists()
    )
    return (
        select_columns(col(Account.branch_id), col(Account.id), danger)
        .where(col(Account.role) == Role.STAFF, col(Account.enabled))
        .order_by(~col(Account.is_secretary), col(Account.id))
    )


def may_take(session: Session, *, without: Collection[int | None] = ()) -> list[Member]:
    """Return the members a ticket may be given to, by branch."""
    found = [one for one in branches.members(session) if one.account_id not in without]
    return sorted(found, key=lambda one: (one.branch_id, one.account_id))


def away(session: Session) -> set[int]:
    """Return who is on leave now."""
    return branches.away(session, clock.now())


def stand_in(session: Session, branch_id: int, *, without: Collection[int | None]) -> int | None:
    """Return who takes over in a branch: its secretary, else another member, else anybody."""
    members = may_take(session, without={*without, *away(session)})
    own = [one.account_id for one in members if one.branch_id == branch_id]
    secretary = secretaries(session).get(branch_id)
    if secretary in own:
        return secretary
    return next(iter(own), None) or next((one.account_id for one in members), None)
