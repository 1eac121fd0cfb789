"""Acts on a whole order: review, sample, timing, lots, shipments, holds, the end."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.formatting import yuan
from webapp.core.formfields import as_choices
from webapp.piecework.actions.base import Act, ActionContext, simple
from webapp.piecework.forms.fields import PieceworkForm
from webapp.piecework.forms.staff_assignment import (
    ConfirmForm,
    DeskDisputeForm,
    NoteForm,
    ReasonForm,
)
from webapp.piecework.forms.staff_order import (
    ChangeForm,
    DeclareForm,
    OfferForm,
    PublishForm,
    ReceiveForm,
    SafetyForm,
    TimingForm,
)
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.presentation.order_figures import declared_fen
from webapp.piecework.queries import hourly_rates, samples
from webapp.piecework.services import (
    closing,
    company_payments,
    danger,
    disputes,
    material_lots,
    order_changes,
    order_review,
    orders,
    reject_monitor,
    shipments,
    timed_trials,
)
from webapp.residents.models import Resident


def _time(session: Session, actor: Actor, order_id: int, form: Any) -> object:
    resident_id = None
    if form.phone.data:
        query = select(col(Resident.id)).where(col(Resident.phone) == form.phone.data).limit(1)
        resident_id = session.execute(query).scalar_one_or_none()
        if resident_id is None:
            raise BadField("phone", gettext("册里没有这个手机号，不知道就不填"))
    return timed_trials.record_timing(
        session,
        actor,
        order_id=order_id,
        pieces=form.pieces.data,
        seconds=form.duration,
        passed=form.passed.data,
        idempotency_key=form.own_key,
        resident_id=resident_id,
    )


def _seal_context(context: ActionContext) -> ActionContext:
    opening = context.shown.opening
    _warn_of_danger(context)
    _warn_of_unseen(context)
    context.facts.extend(
        [
            (gettext("做什么"), opening.title),
            (gettext("怎么做"), opening.description),
            (gettext("材料"), "、".join(one.name for one in context.shown.materials)),
            (gettext("材料怎么给"), context.order.material_supply),
            (gettext("怎样算合格"), context.order.quality),
            (gettext("验收还有什么要说"), context.order.acceptance_note),
        ]
    )
    return context


def _warn_of_unseen(context: ActionContext) -> None:
    found = samples.all_of(reader(), context.order.id)
    unseen = sum(one.released_at is None for one in found)
    if unseen:
        context.warnings.append(
            gettext("单位传了 %(n)d 张样品的照片，还没看过。看过、放出来，大家才看得到。", n=unseen)
        )


def _warn_of_danger(context: ActionContext) -> None:
    found = danger.find_in(context.order, context.shown.opening, context.shown.materials)
    if found:
        context.warnings.append(
            gettext(
                "单位写到了：%(words)s。问清楚，写明问了什么。拿回家做的，要两位同事都看过。",
                words=danger.words(found),
            )
        )


def _publish_context(context: ActionContext) -> ActionContext:
    _warn_of_danger(context)
    _warn_of_unseen(context)
    context.warnings.extend(
        fault.message for fault in order_review.publishing_faults(reader(), context.order)
    )
    hourly = context.shown.hourly
    floor = hourly_rates.floor(context.shown.opening.place, on=clock.today())
    if hourly:
        context.facts.append(
            (
                gettext("一小时挣"),
                gettext(
                    "慢 %(slow)s 元，一般 %(middle)s 元，快 %(fast)s 元（%(n)d 次计时）",
                    slow=yuan(hourly.slow_fen),
                    middle=yuan(hourly.middle_fen),
                    fast=yuan(hourly.fast_fen),
                    n=hourly.timings,
                ),
            )
        )
    if floor:
        words = gettext(
            "一小时 %(yuan)s 元，%(source)s", yuan=yuan(floor.value), source=floor.source
        )
        context.facts.append((gettext("本地最低工资"), words))
        if hourly and hourly.middle_fen < floor.value:
            context.warnings.append(
                gettext("一般手脚一小时不到最低工资：先和单位谈工价，要发得写明为什么。")
            )
    return context


def _receive_form(context: ActionContext) -> PieceworkForm:
    form = ReceiveForm()
    form.material.choices = as_choices((one.id, one.name) for one in context.shown.materials)
    return form


def _offer_form(context: ActionContext) -> PieceworkForm:
    form = OfferForm()
    if not form.is_submitted():
        form.pieces.data = context.shown.totals[AccountType.FINISHED] or None
    return form


def _change_form(context: ActionContext) -> PieceworkForm:
    order = context.order
    return ChangeForm(
        data={
            "quantity": order.quantity,
            "rate": order.rate_fen,
            "price": order.price_fen,
            "deadline": order.deadline,
            "quality": order.quality,
        }
    )


def _declare_form(context: ActionContext) -> PieceworkForm:
    form = DeclareForm()
    if not form.is_submitted():
        owed = context.shown.totals[AccountType.RECEIVABLE] - declared_fen(context.shown.payments)
        form.amount.data = max(owed, 0) or None
    return form


SUBMIT = Act(
    _("交给社区做安全检查"),
    lambda s, a, i, _f: orders.submit_order(s, a, order_id=i),
    _("交上去了。社区先看有没有危险，再封样、试做。"),
    simple(ConfirmForm),
)
CANCEL = Act(
    _("取消订单"),
    lambda s, a, i, f: order_changes.cancel_order(
        s, a, order_id=i, reason=f.reason.data, idempotency_key=f.own_key
    ),
    _("订单取消了。已经做的照样验收、付钱，要不要补偿由社区定。"),
    simple(ReasonForm),
    hint=_("已经有家庭领活的，取消以后社区要定单位补多少；材料、成品、钱都要了结"),
    danger=True,
)
CHANGE = Act(
    _("改要求"),
    lambda s, a, i, f: order_changes.propose_change(
        s,
        a,
        order_id=i,
        changes=f.changes,
        reason=f.reason.data,
        idempotency_key=f.own_key,
    ),
    _("提上去了。订单先停着，社区定好补偿以后按新的来。"),
    _change_form,
    hint=_("家里已经照原来的在做，改了可能要补偿。已经领料的，工价不变"),
)
DECLARE = Act(
    _("登记付款"),
    lambda s, a, i, f: company_payments.declare_payment(
        s, a, order_id=i, amount_fen=f.amount.data, reference=f.reference.data or "",
        idempotency_key=f.own_key,
    ),
    _("记下了。社区查到这笔钱就算付清。"),
    _declare_form,
)  # fmt: skip
ACCEPT = Act(
    _("整单验收"),
    lambda s, a, i, _f: closing.accept_order(s, a, order_id=i),
    _("整单验收了。"),
    simple(ConfirmForm),
    hint=_("家里都做完了、货也都收下了，才能整单验收"),
)
DISPUTE = Act(
    _("提一件争议"),
    lambda s, a, i, f: disputes.open_dispute(
        s, a, order_id=i, about=DisputeAbout(f.about.data), words=f.words.data,
        idempotency_key=f.own_key,
    ),
    _("记下了。社区换一位没经手的人来查，订单先停着。"),
    simple(DeskDisputeForm),
)  # fmt: skip

ORDER_ACTS: dict[str, Act] = {
    "submit": SUBMIT,
    "cancel": CANCEL,
    "change": CHANGE,
    "declare": DECLARE,
    "accept": ACCEPT,
    "dispute": DISPUTE,
    "return": Act(
        _("退回单位修改"),
        lambda s, a, i, f: order_review.return_order(s, a, order_id=i, reason=f.reason.data),
        _("退回去了，单位改好会再交上来。"),
        simple(ReasonForm),
        hint=_("单位会看到这句话"),
    ),
    "seal": Act(
        _("安全检查和封样"),
        lambda s, a, i, f: order_review.check_safety_and_seal(
            s, a, order_id=i, answers=f.answers, note=f.note.data or "",
            sample_code=f.sample_code.data, sample_pieces=f.sample_pieces.data,
            sample_passed=f.sample_passed.data,
        ),
        _("样品封好了。下一步：请人试做计时。"),
        simple(SafetyForm),
        hint=_("一条条看过再打勾；有一条不放心就退回去"),
        context=_seal_context,
    ),
    "time": Act(
        _("试做计时"),
        _time,
        _("记好了。"),
        simple(TimingForm),
        hint=_("至少三个手脚快慢不一样的人，照样品做，只算合格的"),
    ),
    "publish": Act(
        _("发布，让家庭来领"),
        lambda s, a, i, f: order_review.publish_order(s, a, order_id=i, note=f.note.data or ""),
        _("发布了。家里人看得到一小时大概挣多少。"),
        simple(PublishForm),
        context=_publish_context,
    ),
    "receive": Act(
        _("收材料"),
        lambda s, a, i, f: material_lots.receive_lot(
            s, a, order_id=i, material_id=f.material.data, amount=f.amount.data,
            idempotency_key=f.own_key, label=f.label.data or "",
        ),
        _("材料收下了。"),
        _receive_form,
    ),
    "pause": Act(
        _("暂停"),
        lambda s, a, i, f: order_review.pause_order(s, a, order_id=i, reason=f.reason.data),
        _("停了。手里的还可以交、可以结。"),
        simple(ReasonForm),
    ),
    "resume": Act(
        _("继续"),
        lambda s, a, i, _f: order_review.resume_order(s, a, order_id=i),
        _("继续了。"),
        simple(ConfirmForm),
    ),
    "uphold": Act(
        _("第二位验收人：验得对，继续"),
        lambda s, a, i, f: reject_monitor.uphold(s, a, order_id=i, note=f.note.data),
        _("记下了，订单继续。"),
        simple(NoteForm),
        hint=_("拿封好的样品比一比。觉得前一位验错了，到那一份里更正那次验收"),
    ),
    "offer": Act(
        _("交一批给单位看"),
        lambda s, a, i, f: shipments.offer_shipment(
            s, a, order_id=i, pieces=f.pieces.data, idempotency_key=f.own_key
        ),
        _("单位那边看得到这一批了。"),
        _offer_form,
    ),
    "close": Act(
        _("结清订单"),
        lambda s, a, i, _f: closing.close_order(s, a, order_id=i),
        _("结清了，账都平了。"),
        simple(ConfirmForm),
    ),
}  # fmt: skip
