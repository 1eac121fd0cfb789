"""Fetch orders and assignments through the actor's rights, and lock them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.piecework import policy
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import OrderMaterial, PieceworkOrder
from webapp.residents.models import Resident


def require_staff(actor: Actor) -> int:
    """Return the account of staff who run piecework; raise ``Forbidden`` for anybody else."""
    if not policy.can_manage(actor) or actor.account_id is None:
        raise Forbidden
    return actor.account_id


def get_order(session: Session, actor: Actor, order_id: int) -> PieceworkOrder:
    """Return an order the actor sees in full; anybody else's raises ``NotFound``."""
    order = session.get(PieceworkOrder, order_id)
    if order is None or not policy.can_see_order(actor, order):
        raise NotFound
    return order


def lock_order(session: Session, actor: Actor, order_id: int) -> PieceworkOrder:
    """Return an order the actor sees in full, its row locked until the transaction ends."""
    order = lock(session, order_id)
    if not policy.can_see_order(actor, order):
        raise NotFound
    return order


def lock(session: Session, order_id: int) -> PieceworkOrder:
    """Return an order with its row locked: all that posts to one order queues here."""
    order = session.execute(
        select(PieceworkOrder)
        .where(col(PieceworkOrder.id) == order_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if order is None:
        raise NotFound
    return order


def materials_of(session: Session, order_id: int) -> list[OrderMaterial]:
    """Return the bill of materials of an order."""
    query = select(OrderMaterial).where(col(OrderMaterial.order_id) == order_id)
    return list(session.execute(query.order_by(col(OrderMaterial.id))).scalars())


class Membership(NamedTuple):
    """A person's household; ``since`` is when somebody who was let in joined it, else null."""

    household_id: int
    since: datetime | None

    def sees(self, assignment: Assignment) -> bool:
        """Whether the assignment is of the household, and of the time the person belongs to it."""
        own = assignment.household_id == self.household_id
        return own and (self.since is None or assignment.claimed_at >= self.since)


def own_membership(session: Session, actor: Actor) -> Membership | None:
    """Return the household of the resident who acts, ``None`` for everybody else."""
    if actor.resident_id is None:
        return None
    row = session.execute(
        select(col(Resident.household_id), col(Resident.joined_at)).where(
            col(Resident.id) == actor.resident_id
        )
    ).first()
    return None if row is None else Membership(row.household_id, row.joined_at)


def get_assignment(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Return an assignment of the actor's household, or any for staff; else raise ``NotFound``."""
    assignment = session.get(Assignment, assignment_id)
    own = own_membership(session, actor)
    if assignment is None or not policy.can_act_for(
        actor,
        own_household_id=own.household_id if own and own.sees(assignment) else None,
        household_id=assignment.household_id,
    ):
        raise NotFound
    return assignment


def lock_assignment(
    session: Session, actor: Actor, assignment_id: int
) -> tuple[PieceworkOrder, Assignment]:
    """Return an assignment and its order, both fresh, the order's row locked."""
    assignment = get_assignment(session, actor, assignment_id)
    order = lock(session, assignment.order_id)
    session.refresh(assignment)
    return order, assignment


def is_member(session: Session, account_id: int | None, household_id: int) -> bool:
    """Whether the account's owner lives in the household: by account, or by phone number."""
    if account_id is None:
        return False
    phone = select(col(Account.phone)).where(col(Account.id) == account_id).scalar_subquery()
    return (
        session.execute(
            select(col(Resident.id))
            .where(
                col(Resident.household_id) == household_id,
                (col(Resident.account_id) == account_id) | (col(Resident.phone) == phone),
            )
            .limit(1)
        ).first()
        is not None
    )


def require_outsider(session: Session, actor: Actor, duty: policy.Duty, household_id: int) -> None:
    """Refuse a duty about the household that the actor is of."""
    member = is_member(session, actor.account_id, household_id)
    fault = policy.outsider_fault(duty, is_member=member)
    if fault:
        raise Forbidden(fault)
