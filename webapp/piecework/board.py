"""What waits today, in few statements; and what comes next for an order, in words."""

from collections import defaultdict
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from webapp import clock
from webapp.openings.models import Opening
from webapp.piecework.ledger import Place
from webapp.piecework.lifecycle import (
    AT_WORK,
    AssignmentHold,
    AssignmentState,
    OrderHold,
    OrderState,
)
from webapp.piecework.models import PieceworkOrder
from webapp.piecework.models_ledger import LedgerAccount
from webapp.piecework.models_money import (
    CompanyPayment,
    CompanyPaymentState,
    Compensation,
    Tranche,
    TrancheState,
)
from webapp.piecework.models_work import Assignment, Delivery, Dispute
from webapp.residents.models import Household

A = AssignmentState


class Waiting(NamedTuple):
    """How many of each kind wait for staff."""

    to_check: int
    to_publish: int
    to_try: int
    to_issue: int
    to_inspect: int
    overdue: int
    second_look: int
    payments: int
    compensations: int
    disputes: int


def waiting(session: Session) -> Waiting:
    """Return what waits for staff; one query."""
    orders, shares = col(PieceworkOrder.state), col(Assignment.state)
    late = AT_WORK - {A.SUBMITTED, A.INSPECTED, A.REWORK}
    overdue = or_(
        shares.in_(late) & (col(Assignment.due) < clock.today()),
        (shares == A.REWORK) & (col(Assignment.rework_due) < clock.today()),
    )
    counts: list[tuple[Any, Any]] = [
        (PieceworkOrder, orders == OrderState.SAFETY_REVIEW),
        (PieceworkOrder, orders == OrderState.SAMPLE_SEALED),
        (Assignment, shares == A.CLAIMED),
        (Assignment, _lacks_material()),
        (Delivery, col(Delivery.inspected).is_(False)),
        (Assignment, overdue),
        (PieceworkOrder, col(PieceworkOrder.second_inspector_not_id).is_not(None)),
        (CompanyPayment, col(CompanyPayment.state) == CompanyPaymentState.DECLARED),
        (Compensation, col(Compensation.decided_at).is_(None)),
        (Dispute, col(Dispute.decided_at).is_(None)),
    ]
    asked = [
        select(func.count()).select_from(table).where(wanted).scalar_subquery()
        for table, wanted in counts
    ]
    return Waiting._make(session.execute(select(*asked)).one())


def to_issue() -> Any:
    """Return the statement of shares that wait for material, the longest waiting first."""
    return _share_lines().where(_lacks_material()).order_by(
        col(Assignment.updated_at), col(Assignment.id)
    )  # fmt: skip


def to_inspect() -> Any:
    """Return the statement of tranches that nobody has looked at, oldest first."""
    return (
        _share_lines()
        .add_columns(
            col(Delivery.id).label("delivery_id"),
            col(Delivery.pieces).label("handed_in"),
            col(Delivery.submitted_at),
        )
        .join(Delivery, col(Delivery.assignment_id) == col(Assignment.id))
        .where(col(Delivery.inspected).is_(False))
        .order_by(col(Delivery.submitted_at), col(Delivery.id))
    )


def open_payments() -> Any:
    """Return the statement of money companies say they sent, oldest first."""
    return (
        select(
            col(CompanyPayment.id),
            col(CompanyPayment.order_id),
            col(CompanyPayment.amount_fen),
            col(CompanyPayment.reference),
            col(CompanyPayment.declared_at),
            col(Opening.title),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(CompanyPayment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(col(CompanyPayment.state) == CompanyPaymentState.DECLARED)
        .order_by(col(CompanyPayment.id))
    )


def open_compensations() -> Any:
    """Return the statement of compensations to be decided, oldest first."""
    return (
        select(
            col(Compensation.id), col(Compensation.cause), col(Compensation.reason),
            col(Opening.title),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Compensation.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(col(Compensation.decided_at).is_(None))
        .order_by(col(Compensation.id))
    )  # fmt: skip


def open_disputes() -> Any:
    """Return the statement of disputes to be decided, oldest first; ``door`` of a family's."""
    return (
        select(
            col(Dispute.id), col(Dispute.about), col(Dispute.words), col(Opening.title),
            col(Household.door),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Dispute.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .outerjoin(Assignment, col(Assignment.id) == col(Dispute.assignment_id))
        .outerjoin(Household, col(Household.id) == col(Assignment.household_id))
        .where(col(Dispute.decided_at).is_(None))
        .order_by(col(Dispute.id))
    )  # fmt: skip


def second_looks() -> Any:
    """Return the statement of orders paused for their rejects."""
    return (
        select(col(PieceworkOrder.id), col(PieceworkOrder.hold_reason), col(Opening.title))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .where(col(PieceworkOrder.second_inspector_not_id).is_not(None))
        .order_by(col(PieceworkOrder.id))
    )


def _share_lines() -> Any:
    return (
        select(
            col(Assignment.id),
            col(Assignment.pieces),
            col(Assignment.state),
            col(Assignment.hold),
            col(Assignment.due),
            col(PieceworkOrder.piece_unit),
            col(Opening.title),
            col(Household.door),
        )
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .join(Household, col(Household.id) == col(Assignment.household_id))
    )


def _lacks_material() -> Any:
    short = (col(Assignment.hold) == AssignmentHold.MATERIAL_SHORT) & col(Assignment.state).in_(
        AT_WORK
    )
    return or_(col(Assignment.state) == A.TRIAL_PASSED, short)


def balances(session: Session, order_ids: list[int]) -> dict[int, dict[Place, int]]:
    """Return the sum of each place of each order; one query."""
    found: dict[int, dict[Place, int]] = defaultdict(lambda: defaultdict(int))
    rows = session.execute(
        select(
            col(LedgerAccount.order_id),
            col(LedgerAccount.place),
            func.sum(col(LedgerAccount.balance)),
        )
        .where(col(LedgerAccount.order_id).in_(order_ids))
        .group_by(col(LedgerAccount.order_id), col(LedgerAccount.place))
    ).all()
    for order_id, place, amount in rows:
        found[order_id][place] = int(amount)
    return found


def owed_by(session: Session, employer_id: int) -> int:
    """Return what a company owes in all, in fen."""
    found = session.execute(
        select(func.coalesce(func.sum(col(LedgerAccount.balance)), 0))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(LedgerAccount.order_id))
        .where(
            col(PieceworkOrder.employer_id) == employer_id,
            col(LedgerAccount.place) == Place.RECEIVABLE,
        )
    ).scalar_one()
    return int(found)


def waiting_for_company(session: Session, employer_id: int) -> int:
    """Return how many tranches a company has still to look at."""
    count: int = session.execute(
        select(func.count())
        .select_from(Tranche)
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Tranche.order_id))
        .where(
            col(PieceworkOrder.employer_id) == employer_id,
            col(Tranche.state) == TrancheState.OFFERED,
        )
    ).scalar_one()
    return count


def count_households(session: Session, order_id: int) -> int:
    """Return how many households have a share of an order."""
    count: int = session.execute(
        select(func.count(func.distinct(col(Assignment.household_id)))).where(
            col(Assignment.order_id) == order_id, col(Assignment.state) != A.WITHDRAWN
        )
    ).scalar_one()
    return count


def company_next(order: PieceworkOrder, totals: dict[Place, int]) -> str:
    """Return what comes next, told to the company."""
    if order.hold is OrderHold.REQUIREMENT_CHANGED:
        return _("您提的修改，社区正在定要不要补偿。定好以前订单停着。")
    if order.hold is not None:
        return _("订单停着：%(why)s。社区在处理。", why=order.hold_reason)
    if totals.get(Place.OFFERED, 0):
        return _("有一批货等您来看。和样品一样好就收下。")
    if totals.get(Place.RECEIVABLE, 0) and totals.get(Place.TAKEN, 0):
        return _("收下的货，付了钱就能提走。")
    returned = _("社区退回来了：%(why)s。改好再交。", why=order.hold_reason)
    return {
        OrderState.DRAFT: returned if order.hold_reason
        else _("还没有交。核对好了，交给社区做安全检查。"),
        OrderState.SAFETY_REVIEW: _("社区在看有没有危险。请准备一件样品，送到社区封样。"),
        OrderState.SAMPLE_SEALED: _("样品封好了，社区请人试做，算出一小时能挣多少。"),
        OrderState.PUBLISHED: _("家庭可以领了。请把材料送到社区。"),
        OrderState.MATERIAL_IN: _("材料到了，家庭来领料。"),
        OrderState.IN_PRODUCTION: _("家里正在做。做好一批，社区验过就请您来看。"),
        OrderState.PART_DELIVERED: _("交了一部分，别的还在做。"),
        OrderState.COMPANY_ACCEPTED: _("整单验收了，等钱付清。"),
        OrderState.PAID: _("钱都付清了，社区在结账。"),
        OrderState.CLOSED: _("结清了。谢谢。"),
        OrderState.CANCELLED: _("订单取消了，社区在了结材料和钱。"),
    }[order.state]  # fmt: skip


def staff_next(order: PieceworkOrder) -> str:
    """Return what waits for staff on an order, in a few words."""
    if order.second_inspector_not_id is not None:
        return _("请第二位验收人来看")
    if order.hold is not None:
        return _("停着：%(why)s", why=order.hold_reason)
    return {
        OrderState.DRAFT: _("单位还在写"),
        OrderState.SAFETY_REVIEW: _("做安全检查、封样"),
        OrderState.SAMPLE_SEALED: _("试做计时、发布"),
        OrderState.PUBLISHED: _("收材料"),
        OrderState.MATERIAL_IN: _("发料"),
        OrderState.IN_PRODUCTION: _("收货、验收、交单位"),
        OrderState.PART_DELIVERED: _("等单位收货"),
        OrderState.COMPANY_ACCEPTED: _("等钱付清"),
        OrderState.PAID: _("结清订单"),
        OrderState.CLOSED: "",
        OrderState.CANCELLED: _("了结材料和钱"),
    }[order.state]
