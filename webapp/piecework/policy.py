"""Who may do what with piecework, and what an order lacks before it goes on. Pure."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from webapp.core.access import Actor, Permission
from webapp.core.errors import Fault
from webapp.core.labels import LabelledEnum
from webapp.piecework.lifecycle import AT_WORK, CLAIMABLE, EDITABLE, AssignmentState, OrderState
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.order import Mode, OrderMaterial, PieceworkOrder
from webapp.residents import policy as residents
from webapp.residents.models import Resident

#: What staff look at before work is given into homes; each must be confirmed.
SAFETY_ITEMS = (
    ("toxic", lazy_gettext("没有毒：不用有毒的胶、漆、药水")),
    ("flammable", lazy_gettext("不容易着火：不用汽油、香蕉水、打火机一类")),
    ("explosive", lazy_gettext("不会爆炸：不碰火药、鞭炮、压缩气")),
    ("dust", lazy_gettext("没有呛人的粉尘和烟气")),
    ("tools", lazy_gettext("工具不伤人：不用烫的、快速转的机器")),
    ("children", lazy_gettext("小件和尖的东西，有孩子的家里能收好")),
    ("eyes", lazy_gettext("不特别费眼，光线够就能做")),
)


class Duty(LabelledEnum):
    """What staff do about a household's work; the label is what a member of it is told."""

    INSPECT = "inspect", "不能验自己家的货，请换一位工作人员"
    SIGN_FINDING = "sign_finding", "不能给自己家签认定，请换一位工作人员"
    PAY = "pay", "不能给自己家付钱，请换一位工作人员"
    WAIVE = "waive", "不能给自己家免，请换一位工作人员"


def outsider_fault(duty: Duty, *, is_member: bool) -> str | None:
    """Return why somebody may not do this duty: it is about the household they are of.

    Invariant 13 of piecework: inspector ≠ payer ≠ member of that household. Triggers of the
    database hold it too.
    """
    return duty.label if is_member else None


def payer_fault(*, is_member: bool, has_inspected: bool) -> str | None:
    """Return why somebody may not pay a household for work: of it, or inspector of the work."""
    inspected = _("您验过这家的货，付钱要换一位工作人员") if has_inspected else None
    return outsider_fault(Duty.PAY, is_member=is_member) or inspected


def can_manage(actor: Actor) -> bool:
    """Whether the actor runs piecework at the centre."""
    return actor.is_staff and actor.may(Permission.PIECEWORK_MANAGE)


def can_record_payee(actor: Actor, resident: Resident) -> bool:
    """Whether the actor may say where a person's pay goes: the person, or staff who care for them.

    Nobody of the same household, no employer, and no staff of another branch.
    """
    if not residents.can_edit(actor, resident):
        return False
    return can_manage(actor) or actor.may(Permission.PIECEWORK_WORK)


def can_read_payee(actor: Actor, resident: Resident) -> bool:
    """Whether the actor is of the branch that cares for the person, and may run piecework."""
    return can_manage(actor) and residents.cares_for(actor, resident)


def can_order(actor: Actor) -> bool:
    """Whether the actor may give out work: a company, or staff for one."""
    own = actor.may(Permission.PIECEWORK_ORDER) and actor.employer_id is not None
    return own or can_manage(actor)


def can_see_order(actor: Actor, order: PieceworkOrder) -> bool:
    """Whether the actor sees all of this order: its company, or staff."""
    own = actor.employer_id is not None and actor.employer_id == order.employer_id
    return can_manage(actor) or (own and actor.may(Permission.PIECEWORK_ORDER))


def can_edit(actor: Actor, order: PieceworkOrder) -> bool:
    """Whether the actor may write the order's terms now."""
    return can_see_order(actor, order) and order.state in EDITABLE


def can_act_for(actor: Actor, *, own_household_id: int | None, household_id: int) -> bool:
    """Whether the actor acts for this household: one of it, or staff told so."""
    own = own_household_id is not None and own_household_id == household_id
    return can_manage(actor) or (own and actor.may(Permission.PIECEWORK_WORK))


def is_claimable(order: PieceworkOrder, *, on: date) -> bool:
    """Whether households may claim pieces on that day."""
    in_time = order.deadline is not None and order.deadline >= on
    return order.state in CLAIMABLE and order.hold is None and in_time and order.unclaimed > 0


def due_date(assignment: Assignment) -> date:
    """Return when the household's pieces have to be back."""
    if assignment.state is AssignmentState.REWORK and assignment.rework_due:
        return assignment.rework_due
    return assignment.due


def is_overdue(assignment: Assignment, *, on: date) -> bool:
    """Whether the household is late; drives list, badge and report alike."""
    waits = assignment.state in {AssignmentState.SUBMITTED, AssignmentState.INSPECTED}
    return assignment.state in AT_WORK and not waits and due_date(assignment) < on


def faults(order: PieceworkOrder, materials: Sequence[OrderMaterial], *, on: date) -> list[Fault]:
    """Return what an order still lacks before it may be handed in or published."""
    unsupplied = order.mode is Mode.SUPPLIED and not materials
    lacks = [
        (order.quantity < 1, "quantity", _("没写要做多少件")),
        (not order.quality.strip(), "quality", _("没写做成什么样算合格")),
        (order.rate_fen < 1, "rate", _("没写做一件给多少钱")),
        (order.price_fen < 1, "price", _("没写单位一件出多少钱")),
        (
            order.rate_fen + order.margin_fen > order.price_fen,
            "price",
            _("单位出的价，要够付给家庭的工钱和社区留的部分"),
        ),
        (not order.material_supply.strip(), "material_supply", _("没写材料怎么给")),
        (unsupplied, "materials", _("来料加工要写明每件用多少材料")),
        (order.acceptance is None, "acceptance", _("没选怎么验收")),
        (order.lot_pieces > max(order.quantity, 1), "lot_pieces", _("一份比总数还多")),
        (order.release_unpaid and not order.release_note.strip(), "release_note",
         _("没写合同里怎么约定先交货后付款")),
    ]  # fmt: skip
    found = [Fault(field, message) for lacking, field, message in lacks if lacking]
    if order.deadline is None:
        found.append(Fault("deadline", _("没写哪天交齐")))
    elif order.deadline < on:
        found.append(Fault("deadline", _("交齐的日子已经过了，请改一个")))
    return found


def shows_price(state: OrderState) -> bool:
    """Whether families see price and margin beside the rate: always, once it is public."""
    return state not in {OrderState.DRAFT, OrderState.SAFETY_REVIEW}
