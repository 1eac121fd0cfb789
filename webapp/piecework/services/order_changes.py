"""Use cases of changing and cancelling an order; both open a compensation record."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Refused
from webapp.openings.models import Opening
from webapp.piecework.ledger import passbook
from webapp.piecework.lifecycle import (
    CLAIMABLE,
    AssignmentAction,
    AssignmentState,
    OrderAction,
    OrderHold,
)
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.money import Compensation, CompensationCause
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services import claim_returns, danger, opening_sync
from webapp.piecework.services.access import lock_order
from webapp.piecework.services.transitions import (
    change_order,
    note_event,
    order_state_conflict,
    transition,
    transition_order,
)
from webapp.piecework.services.validation import MOST_FEN, MOST_PIECES, whole, words

#: What a company may ask to change once families work.
CHANGEABLE = frozenset({"quantity", "rate_fen", "price_fen", "deadline", "quality"})


def cancel_order(
    session: Session, actor: Actor, *, order_id: int, reason: str, idempotency_key: str
) -> PieceworkOrder:
    """End an order early; one that was public opens a compensation record.

    Assignments without material end with it; the others are wound up: handed in, paid, returned.
    """
    order = lock_order(session, actor, order_id)
    reason = words(reason, "reason")
    public = order.state in CLAIMABLE
    if public:
        _open_compensation(
            session, actor, order, CompensationCause.CANCEL, reason, idempotency_key, {}
        )
    transition_order(
        session,
        actor,
        order,
        OrderAction.CANCEL,
        reason=reason,
        hold=None,
        hold_reason="",
        second_inspector_not_id=None,
    )
    opening_sync.close(session, actor, order)
    waiting = session.execute(
        select(Assignment).where(
            col(Assignment.order_id) == order.id,
            col(Assignment.state).in_([AssignmentState.CLAIMED, AssignmentState.TRIAL_PASSED]),
        )
    ).scalars()
    for assignment in waiting.all():
        transition(session, actor, assignment, AssignmentAction.WITHDRAW, reason=_("订单取消了"))
        claim_returns.give_back(session, order, assignment, 0, all_of_it=True)
        passbook.write(session, assignment, PassbookKind.WITHDRAW, reason=_("订单取消了"))
    return order


def propose_change(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    changes: dict[str, Any],
    reason: str,
    idempotency_key: str,
) -> Compensation:
    """Ask to change what families already work by; the order rests until staff decide.

    ``changes`` maps names of :data:`CHANGEABLE` to new values.
    """
    order = lock_order(session, actor, order_id)
    known = session.execute(
        select(Compensation).where(col(Compensation.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    reason = words(reason, "reason")
    if order.state not in CLAIMABLE:
        raise order_state_conflict(order)
    if order.hold is not None:
        raise Conflict(_("这张订单已经暂停，等社区处理好再改"))
    details = _differences(order, changes)
    opening = session.get_one(Opening, order.opening_id)
    danger.refuse_in_change(opening, "quality", str(details.get("quality", ("", ""))[1]))
    danger.refuse_in_change(opening, "reason", reason)
    if not details:
        raise Refused(_("和现在的约定一样，没有要改的"))
    record = _open_compensation(
        session, actor, order, CompensationCause.CHANGE, reason, idempotency_key, details
    )
    change_order(session, order, hold=OrderHold.REQUIREMENT_CHANGED, hold_reason=reason[:200])
    opening_sync.hide(session, order, reason)
    note_event(session, actor, order.id, "propose_change", reason=reason, fields=sorted(details))
    return record


def _open_compensation(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    cause: CompensationCause,
    reason: str,
    idempotency_key: str,
    details: dict[str, Any],
) -> Compensation:
    record = Compensation(
        order_id=order.id,
        cause=cause,
        reason=reason,
        details=details,
        opened_by_id=actor.account_id,
        opened_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    session.add(record)
    session.flush()
    audit.record(session, "piecework.open_compensation", record, cause=cause)
    return record


def _differences(order: PieceworkOrder, changes: dict[str, Any]) -> dict[str, list[Any]]:
    if not set(changes) <= CHANGEABLE:
        raise Refused(_("这一项不能改"))
    found: dict[str, list[Any]] = {}
    for name, value in changes.items():
        if name == "deadline":
            if not isinstance(value, date) or value < clock.today():
                raise BadField(name, _("交齐的日子要在今天以后"))
        elif name == "quality":
            words(value, name, most=2000)
        else:
            most = MOST_PIECES if name == "quantity" else MOST_FEN
            whole(value, name, most=most)
        before = getattr(order, name)
        if before != value:
            found[name] = [_plain(before), _plain(value)]
    quantity = changes.get("quantity", order.quantity)
    if quantity < order.claimed:
        raise BadField("quantity", _("已经领走 %(n)d 件，不能比这少", n=order.claimed))
    rate = changes.get("rate_fen", order.rate_fen)
    if rate + order.margin_fen > changes.get("price_fen", order.price_fen):
        raise BadField("price_fen", _("单位出的价，要够付给家庭的工钱和社区留的部分"))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
