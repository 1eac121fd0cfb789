"""Change the state of orders and assignments, each change with its event and audit entry."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict
from webapp.core.labels import label
from webapp.piecework.lifecycle import (
    ASSIGNMENT_TRANSITIONS,
    ORDER_TRANSITIONS,
    POSTABLE,
    AssignmentAction,
    OrderAction,
)
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import PieceworkEvent, PieceworkOrder


def require_postable(order: PieceworkOrder, *, on_hold_too: bool = True) -> None:
    """Raise ``Conflict`` when nothing may be posted to the order.

    Deliveries, returns and pay go on while an order is on hold; new claims, material and
    shipments do not (``on_hold_too=False``).
    """
    if order.state not in POSTABLE:
        raise order_state_conflict(order)
    if not on_hold_too and order.hold is not None:
        raise Conflict(_("这张订单暂停了：%(why)s。等社区处理好再来。", why=order.hold_reason))


def order_state_conflict(order: PieceworkOrder) -> Conflict:
    """Return the error for a step that the order's state does not allow."""
    return Conflict(
        _("这张订单现在是「%(state)s」，不能做这一步。请看看最新情况。", state=label(order.state))
    )


def state_conflict(assignment: Assignment) -> Conflict:
    """Return the error for a step that the assignment's state does not allow."""
    return Conflict(
        _(
            "这一份现在是「%(state)s」，不能做这一步。请看看最新情况。",
            state=label(assignment.state),
        )
    )


def change_order(session: Session, order: PieceworkOrder, **changes: Any) -> None:
    """Change columns of an order; raises ``Conflict`` if its state changed meanwhile."""
    statement = (
        update(PieceworkOrder)
        .where(col(PieceworkOrder.id) == order.id, col(PieceworkOrder.state) == order.state)
        .values(updated_at=clock.now(), **changes)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这张订单刚被别人处理过，请看看最新情况"))
    session.refresh(order)


def transition_order(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    action: OrderAction,
    *,
    reason: str = "",
    **changes: Any,
) -> PieceworkOrder:
    """Change the state of an order, with an event and an audit entry.

    ``changes`` are further columns. Raises ``Conflict`` when the state does not allow it.
    """
    before = order.state
    target = ORDER_TRANSITIONS.get((before, action))
    if target is None:
        raise order_state_conflict(order)
    change_order(session, order, state=target, **changes)
    note_event(session, actor, order.id, action, before=before, after=target, reason=reason)
    audit.record(session, f"piecework.order_{action}", order, was=before)
    return order


def transition(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    action: AssignmentAction,
    *,
    reason: str = "",
    **changes: Any,
) -> Assignment:
    """Change the state of an assignment, with an event and an audit entry.

    ``changes`` are further columns. Raises ``Conflict`` when the state does not allow it.
    """
    before = assignment.state
    target = ASSIGNMENT_TRANSITIONS.get((before, action))
    if target is None:
        raise state_conflict(assignment)
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
