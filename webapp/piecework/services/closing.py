"""The end: the company takes the whole, all is paid, and both close at zero balances."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Refused
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import Move, Place, Slot
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
from webapp.piecework.services.transitions import order_moved_on, take_order_step, take_step


def accept_order(session: Session, actor: Actor, *, order_id: int) -> PieceworkOrder:
    """The company has taken all there is and nobody has work left."""
    order = lock_order(session, actor, order_id)
    if order.state is OrderState.COMPANY_ACCEPTED:
        return order
    if order.hold is not None:
        raise Refused(_("这张订单暂停了：%(why)s", why=order.hold_reason))
    at_work = _shares(session, order.id, AT_WORK)
    if at_work:
        raise Refused(_("还有 %(n)d 家没有做完，做完才能整单验收", n=at_work))
    totals = posting.totals(session, order_id=order.id)
    if totals[Place.FINISHED] or totals[Place.OFFERED]:
        raise Refused(_("还有成品单位没有收下"))
    if not totals[Place.TAKEN] + totals[Place.RELEASED]:
        raise Refused(_("单位一件都没有收下，不能整单验收"))
    take_order_step(session, actor, order, OrderAction.COMPANY_ACCEPT)
    opening_sync.close(session, actor, order)
    mark_paid(session, actor, order)
    return order


def mark_paid(session: Session, actor: Actor, order: PieceworkOrder) -> None:
    """Move an accepted order on once the company has paid and so have the families been."""
    if order.state is not OrderState.COMPANY_ACCEPTED:
        return
    totals = posting.totals(session, order_id=order.id)
    if not (totals[Place.RECEIVABLE] or totals[Place.PAYABLE] or totals[Place.TO_PAY]):
        take_order_step(session, actor, order, OrderAction.PAY)


def close_assignment(session: Session, actor: Actor, *, assignment_id: int) -> Assignment:
    """Close a settled share; raises ``Refused`` naming what is not at zero."""
    require_staff(actor)
    _order, assignment = lock_assignment(session, actor, assignment_id)
    if assignment.state is AssignmentState.CLOSED:
        return assignment
    faults = share_faults(session, assignment)
    if faults:
        raise Refused("；".join(faults))
    return take_step(session, actor, assignment, AssignmentAction.CLOSE)


def close_if_done(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Close a settled share when nothing is left to do for it."""
    if assignment.state is AssignmentState.SETTLED and not share_faults(session, assignment):
        take_step(session, actor, assignment, AssignmentAction.CLOSE)


def share_faults(session: Session, assignment: Assignment) -> list[str]:
    """Return what keeps a share open."""
    totals = posting.totals(session, assignment_id=assignment.id)
    disputes = session.execute(
        select(col(Dispute.id)).where(
            col(Dispute.assignment_id) == assignment.id, col(Dispute.decided_at).is_(None)
        )
    ).first()
    lacks = [
        (totals[Place.HOUSEHOLD] or totals[Place.REPLACEMENT], _("手里还有材料，先退回或记损耗")),
        (totals[Place.PENDING], _("还有交来的货没有验")),
        (totals[Place.REWORK], _("还有要返工的没有交")),
        (totals[Place.PAYABLE], _("还有工钱没有结算")),
        (totals[Place.TO_PAY], _("还有工钱没有付")),
        (totals[Place.ADVANCE], _("预支或赔料的钱还没有了结")),
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
    shares = _shares(session, order.id, frozenset(AssignmentState) - OVER)
    lacks = [
        (shares, _("还有 %(n)d 家没有结清", n=shares)),
        (totals[Place.CENTRE], _("仓库里还有这家单位的材料，先退还")),
        (totals[Place.HOUSEHOLD] or totals[Place.REPLACEMENT], _("家庭手里还有材料")),
        (totals[Place.PENDING] or totals[Place.REWORK], _("还有货没有验完")),
        (totals[Place.FINISHED] or totals[Place.OFFERED], _("还有成品单位没有收下")),
        (totals[Place.TAKEN], _("还有成品没有提走")),
        (totals[Place.RECEIVABLE], _("单位还欠钱")),
        (totals[Place.PAYABLE] or totals[Place.TO_PAY], _("还有工钱没有付清")),
        (totals[Place.ADVANCE], _("还有预支没有了结")),
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
        raise order_moved_on(order)
    faults = closing_faults(session, order)
    if faults:
        raise Refused("；".join(faults))
    totals = posting.totals(session, order_id=order.id)
    posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.CLOSE,
        form_key=f"close-{order.id}",
        moves=[
            Move(Slot(Place.BANK), Slot(Place.MARGIN), -totals[Place.MARGIN]),
            Move(Slot(Place.BANK), Slot(Place.RESERVE), -totals[Place.RESERVE]),
        ],
    )
    return take_order_step(session, actor, order, OrderAction.CLOSE, closed_at=clock.now())


def _shares(session: Session, order_id: int, states: frozenset[AssignmentState]) -> int:
    count: int = session.execute(
        select(func.count()).where(
            col(Assignment.order_id) == order_id, col(Assignment.state).in_(states)
        )
    ).scalar_one()
    return count
