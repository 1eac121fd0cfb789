"""The end: the company takes the whole, all is paid, and both close at zero balances."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Refused
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import (
    AT_WORK,
    OVER,
    AssignmentAction,
    AssignmentState,
    OrderAction,
    OrderState,
)
from webapp.piecework.models.assignment import Assignment, Dispute
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import Compensation
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.services import opening_sync
from webapp.piecework.services.access import lock_assignment, lock_order, require_staff
from webapp.piecework.services.transitions import order_state_conflict, transition, transition_order


def accept_order(session: Session, actor: Actor, *, order_id: int) -> PieceworkOrder:
    """The company has taken all there is and nobody has work left."""
    order = lock_order(session, actor, order_id)
    if order.state is OrderState.COMPANY_ACCEPTED:
        return order
    if order.hold is not None:
        raise Refused(_("这张订单暂停了：%(why)s", why=order.hold_reason))
    at_work = _count_assignments(session, order.id, AT_WORK)
    if at_work:
        raise Refused(_("还有 %(n)d 家没有做完，做完才能整单验收", n=at_work))
    totals = posting.totals(session, order_id=order.id)
    if totals[AccountType.FINISHED] or totals[AccountType.OFFERED]:
        raise Refused(_("还有成品单位没有收下"))
    if not totals[AccountType.TAKEN] + totals[AccountType.RELEASED]:
        raise Refused(_("单位一件都没有收下，不能整单验收"))
    transition_order(session, actor, order, OrderAction.COMPANY_ACCEPT)
    opening_sync.close(session, actor, order)
    mark_paid(session, actor, order)
    return order


def mark_paid(session: Session, actor: Actor, order: PieceworkOrder) -> None:
    """Move an accepted order on once the company has paid and so have the families been."""
    if order.state is not OrderState.COMPANY_ACCEPTED:
        return
    totals = posting.totals(session, order_id=order.id)
    if not (
        totals[AccountType.RECEIVABLE] or totals[AccountType.PAYABLE] or totals[AccountType.TO_PAY]
    ):
        transition_order(session, actor, order, OrderAction.PAY)


def close_assignment(session: Session, actor: Actor, *, assignment_id: int) -> Assignment:
    """Close a settled assignment; raises ``Refused`` naming what is not at zero."""
    require_staff(actor)
    _order, assignment = lock_assignment(session, actor, assignment_id)
    if assignment.state is AssignmentState.CLOSED:
        return assignment
    faults = assignment_faults(session, assignment)
    if faults:
        raise Refused("；".join(faults))
    return transition(session, actor, assignment, AssignmentAction.CLOSE)


def close_if_done(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Close a settled assignment when nothing is left to do for it."""
    if assignment.state is AssignmentState.SETTLED and not assignment_faults(session, assignment):
        transition(session, actor, assignment, AssignmentAction.CLOSE)


def assignment_faults(session: Session, assignment: Assignment) -> list[str]:
    """Return what keeps an assignment open."""
    totals = posting.totals(session, assignment_id=assignment.id)
    disputes = session.execute(
        select(col(Dispute.id)).where(
            col(Dispute.assignment_id) == assignment.id, col(Dispute.decided_at).is_(None)
        )
    ).first()
    lacks = [
        (
            totals[AccountType.HOUSEHOLD] or totals[AccountType.REPLACEMENT],
            _("手里还有材料，先退回或记损耗"),
        ),
        (totals[AccountType.PENDING], _("还有交来的货没有验")),
        (totals[AccountType.REWORK], _("还有要返工的没有交")),
        (totals[AccountType.PAYABLE], _("还有工钱没有结算")),
        (totals[AccountType.TO_PAY], _("还有工钱没有付")),
        (totals[AccountType.ADVANCE], _("预支或赔料的钱还没有了结")),
        (disputes, _("还有争议没有处理")),
    ]
    return [message for lacking, message in lacks if lacking]


def closing_faults(session: Session, order: PieceworkOrder) -> list[str]:
    """Return what keeps an order open, in plain words."""
    totals = posting.totals(session, order_id=order.id)
    compensation = session.execute(
        select(col(Compensation.id)).where(
            col(Compensation.order_id) == order.id, col(Compensation.decided_at).is_(None)
        )
    ).first()
    disputes = session.execute(
        select(col(Dispute.id)).where(
            col(Dispute.order_id) == order.id, col(Dispute.decided_at).is_(None)
        )
    ).first()
    assignments = _count_assignments(session, order.id, frozenset(AssignmentState) - OVER)
    lacks = [
        (assignments, _("还有 %(n)d 家没有结清", n=assignments)),
        (totals[AccountType.CENTRE], _("仓库里还有这家单位的材料，先退还")),
        (totals[AccountType.HOUSEHOLD] or totals[AccountType.REPLACEMENT], _("家庭手里还有材料")),
        (totals[AccountType.PENDING] or totals[AccountType.REWORK], _("还有货没有验完")),
        (totals[AccountType.FINISHED] or totals[AccountType.OFFERED], _("还有成品单位没有收下")),
        (totals[AccountType.TAKEN], _("还有成品没有提走")),
        (totals[AccountType.RECEIVABLE], _("单位还欠钱")),
        (totals[AccountType.PAYABLE] or totals[AccountType.TO_PAY], _("还有工钱没有付清")),
        (totals[AccountType.ADVANCE], _("还有预支没有了结")),
        (compensation, _("补偿还没有定下来")),
        (disputes, _("还有争议没有处理")),
    ]
    return [message for lacking, message in lacks if lacking]


def close_order(session: Session, actor: Actor, *, order_id: int) -> PieceworkOrder:
    """Close an order at zero balances; the margin leaves its books."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    if order.state is OrderState.CLOSED:
        return order
    if order.state not in {OrderState.PAID, OrderState.CANCELLED}:
        raise order_state_conflict(order)
    if order.published_at is None:
        raise Refused(_("这张订单没有发布过，取消了就完了，没有账要结"))
    faults = closing_faults(session, order)
    if faults:
        raise Refused("；".join(faults))
    totals = posting.totals(session, order_id=order.id)
    posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.CLOSE,
        idempotency_key=f"close-{order.id}",
        moves=[
            Move(Slot(AccountType.BANK), Slot(AccountType.MARGIN), -totals[AccountType.MARGIN]),
            Move(Slot(AccountType.BANK), Slot(AccountType.RESERVE), -totals[AccountType.RESERVE]),
        ],
    )
    return transition_order(session, actor, order, OrderAction.CLOSE, closed_at=clock.now())


def _count_assignments(session: Session, order_id: int, states: frozenset[AssignmentState]) -> int:
    count: int = session.execute(
        select(func.count()).where(
            col(Assignment.order_id) == order_id, col(Assignment.state).in_(states)
        )
    ).scalar_one()
    return count
