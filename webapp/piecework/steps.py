"""Fetch orders and shares through the actor's scope, lock them, and move them on."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp import audit, clock
from webapp.access import Actor
from webapp.accounts.models import Account
from webapp.errors import Conflict, Forbidden, NotFound
from webapp.piecework import policy
from webapp.piecework.lifecycle import (
    ASSIGNMENT_TRANSITIONS,
    ORDER_TRANSITIONS,
    POSTABLE,
    AssignmentAction,
    OrderAction,
)
from webapp.piecework.models import OrderMaterial, PieceworkEvent, PieceworkOrder
from webapp.piecework.models_work import Assignment
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


def own_household(session: Session, actor: Actor) -> int | None:
    """Return the household of the resident who acts, ``None`` for everybody else."""
    if actor.resident_id is None:
        return None
    return session.execute(
        select(col(Resident.household_id)).where(col(Resident.id) == actor.resident_id)
    ).scalar_one_or_none()


def get_assignment(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Return a share of the actor's own household (any for staff); others raise ``NotFound``."""
    assignment = session.get(Assignment, assignment_id)
    if assignment is None or not policy.can_act_for(
        actor,
        own_household_id=own_household(session, actor),
        household_id=assignment.household_id,
    ):
        raise NotFound
    return assignment


def lock_assignment(
    session: Session, actor: Actor, assignment_id: int
) -> tuple[PieceworkOrder, Assignment]:
    """Return a share and its order, both fresh, the order's row locked."""
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


def require_postable(order: PieceworkOrder, *, held_too: bool = True) -> None:
    """Raise ``Conflict`` when nothing may be posted to the order (now)."""
    if order.state not in POSTABLE:
        raise order_moved_on(order)
    if not held_too and order.hold is not None:
        raise Conflict(_("这张订单暂停了：%(why)s。等社区处理好再来。", why=order.hold_reason))


def order_moved_on(order: PieceworkOrder) -> Conflict:
    """Return the refusal of a step that the order's present state does not allow."""
    from webapp.words import label

    return Conflict(
        _("这张订单现在是「%(state)s」，不能做这一步。请看看最新情况。", state=label(order.state))
    )


def moved_on(assignment: Assignment) -> Conflict:
    """Return the refusal of a step that the share's present state does not allow."""
    from webapp.words import label

    return Conflict(
        _(
            "这一份现在是「%(state)s」，不能做这一步。请看看最新情况。",
            state=label(assignment.state),
        )
    )


def change_order(session: Session, order: PieceworkOrder, **changes: Any) -> None:
    """Change columns of an order unless somebody else moved it meanwhile (``Conflict``)."""
    statement = (
        update(PieceworkOrder)
        .where(col(PieceworkOrder.id) == order.id, col(PieceworkOrder.state) == order.state)
        .values(updated_at=clock.now(), **changes)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这张订单刚被别人处理过，请看看最新情况"))
    session.refresh(order)


def take_order_step(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    action: OrderAction,
    *,
    reason: str = "",
    **changes: Any,
) -> PieceworkOrder:
    """Move an order on, with the event and the audit entry of it."""
    before = order.state
    target = ORDER_TRANSITIONS.get((before, action))
    if target is None:
        raise order_moved_on(order)
    change_order(session, order, state=target, **changes)
    note_event(session, actor, order.id, action, before=before, after=target, reason=reason)
    audit.record(session, f"piecework.order_{action}", order, was=before)
    return order


def take_step(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    action: AssignmentAction,
    *,
    reason: str = "",
    **changes: Any,
) -> Assignment:
    """Move a share on, with the event and the audit entry of it."""
    before = assignment.state
    target = ASSIGNMENT_TRANSITIONS.get((before, action))
    if target is None:
        raise moved_on(assignment)
    statement = (
        update(Assignment)
        .where(col(Assignment.id) == assignment.id, col(Assignment.state) == before)
        .values(state=target, updated_at=clock.now(), **changes)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这一份刚被别人处理过，请看看最新情况"))
    session.refresh(assignment)
    note_event(
        session,
        actor,
        assignment.order_id,
        action,
        assignment_id=assignment.id,
        before=before,
        after=target,
        reason=reason,
    )
    audit.record(session, f"piecework.share_{action}", assignment, was=before)
    return assignment


def note_event(
    session: Session,
    actor: Actor,
    order_id: int,
    action: str,
    *,
    assignment_id: int | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    **details: Any,
) -> None:
    """Add to the history: who did what, when and why."""
    session.add(
        PieceworkEvent(
            order_id=order_id,
            assignment_id=assignment_id,
            at=clock.now(),
            account_id=actor.account_id,
            action=str(action),
            from_state=str(before),
            to_state=str(after),
            reason=reason,
            details=details,
        )
    )
    session.flush()
