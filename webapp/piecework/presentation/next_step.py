"""What has to happen next with an order, in words."""

from flask_babel import gettext as _

from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import OrderHold, OrderState
from webapp.piecework.models.order import PieceworkOrder


def employer_next(order: PieceworkOrder, totals: dict[AccountType, int]) -> str:
    """Return what comes next, told to the company."""
    if order.hold is OrderHold.REQUIREMENT_CHANGED:
        return _("您提的修改，社区正在定要不要补偿。定好以前订单停着。")
    if order.hold is not None:
        return _("订单停着：%(why)s。社区在处理。", why=order.hold_reason)
    if totals.get(AccountType.OFFERED, 0):
        return _("有一批货等您来看。和样品一样好就收下。")
    if totals.get(AccountType.RECEIVABLE, 0) and totals.get(AccountType.TAKEN, 0):
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
