"""Acts on one thing of an order: a shipment, a payment, a dispute, a settlement line."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.formatting import yuan
from webapp.piecework.actions.base import Act, ActionContext, simple
from webapp.piecework.forms.fields import PieceworkForm
from webapp.piecework.forms.staff_assignment import ConfirmForm, ReasonForm
from webapp.piecework.forms.staff_order import BackForm, CompensationForm, OutcomeForm, PayForm
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import OVER
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.ledger import LedgerAccount
from webapp.piecework.models.money import Compensation, PaymentMethod
from webapp.piecework.presentation.order_figures import change_facts
from webapp.piecework.services import (
    company_payments,
    compensation,
    disputes,
    inspections,
    material_lots,
    payouts,
    shipments,
    wastage,
)
from webapp.residents.models import Household

TAKE = Act(
    _("收下这一批"),
    lambda s, a, i, _f: shipments.take_shipment(s, a, shipment_id=i),
    _("收下了。付了钱就能提货。"),
    simple(ConfirmForm),
)
REFUSE = Act(
    _("不收这一批"),
    lambda s, a, i, f: shipments.refuse_shipment(s, a, shipment_id=i, reason=f.reason.data),
    _("记下了。货先放在社区，社区会来查。"),
    simple(ReasonForm),
    hint=_("写明哪里和样品不一样，社区拿样品来比"),
    danger=True,
)


def reached(session: Session, order_id: int) -> list[Any]:
    """Return assignments that may get compensation: (id, unit address, pieces, pieces not made)."""
    rows = session.execute(
        select(
            col(Assignment.id),
            col(Household.unit_address),
            col(Assignment.pieces),
            col(LedgerAccount.balance),
        )
        .join(Household, col(Household.id) == col(Assignment.household_id))
        .outerjoin(
            LedgerAccount,
            (col(LedgerAccount.assignment_id) == col(Assignment.id))
            & (col(LedgerAccount.account_type) == AccountType.MADE),
        )
        .where(col(Assignment.order_id) == order_id, col(Assignment.state).not_in(OVER))
        .order_by(col(Assignment.id))
    ).all()
    return [
        (id_, unit_address, pieces, max(0, pieces + (made or 0)))
        for id_, unit_address, pieces, made in rows
    ]


def split_fen(amount: int, weights: dict[int, int]) -> dict[int, int]:
    """Return ``amount`` fen split by weight to the last fen (largest remainder method).

    >>> split_fen(100, {1: 1, 2: 1, 3: 1})
    {1: 34, 2: 33, 3: 33}
    """
    total = sum(weights.values())
    if not amount or not total:
        return {}
    portions = {key: amount * weight // total for key, weight in weights.items()}
    left = amount - sum(portions.values())
    by_rest = sorted(weights, key=lambda key: (-(amount * weights[key] % total), key))
    for key in by_rest[:left]:
        portions[key] += 1
    return {key: fen for key, fen in portions.items() if fen}


def _compensate(session: Session, actor: Actor, record_id: int, form: Any) -> object:
    record = session.get_one(Compensation, record_id)
    rows = reached(session, record.order_id)
    at = 3 if form.split.data == "unmade" else 2
    portions = split_fen(form.amount.data, {row[0]: row[at] for row in rows})
    if form.amount.data and not portions and record.decided_at is None:
        raise BadField("amount", gettext("没有可以分的家庭，填 0 写明原因，或换一种分法"))
    return compensation.decide_compensation(
        session,
        actor,
        compensation_id=record_id,
        amount_fen=form.amount.data,
        decision=form.decision.data,
        portions=portions,
        idempotency_key=form.own_key,
    )


def _compensation_context(context: ActionContext) -> ActionContext:
    record: Compensation = context.row
    rows = reached(reader(), record.order_id)
    context.facts.append((gettext("单位说"), record.reason))
    context.facts.extend(change_facts(record))
    context.facts.append((gettext("牵涉的家庭"), gettext("%(n)d 家", n=len(rows))))
    unmade = sum(row[3] for row in rows)
    worth = gettext(
        "%(n)s 件，照工价是 %(yuan)s 元",
        n=f"{unmade:,}",
        yuan=yuan(unmade * context.order.rate_fen),
    )
    context.facts.append((gettext("领了还没交的"), worth))
    return context


def _pay_form(context: ActionContext) -> PieceworkForm:
    form = PayForm()
    if not form.is_submitted():
        form.method.data = PaymentMethod.BANK.value
    return form


ITEM_ACTS: dict[tuple[str, str], Act] = {
    ("tranche", "take"): TAKE,
    ("tranche", "refuse"): REFUSE,
    ("tranche", "release"): Act(
        _("提货"),
        lambda s, a, i, _f: shipments.release_shipment(s, a, shipment_id=i),
        _("货交出去了。"),
        simple(ConfirmForm),
        hint=_("付了钱才能提货，合同另有约定的除外"),
    ),
    ("payment", "confirm"): Act(
        _("查到了，确认收款"),
        lambda s, a, i, _f: company_payments.confirm_payment(s, a, payment_id=i),
        _("收款确认了。"),
        simple(ConfirmForm),
    ),
    ("payment", "missing"): Act(
        _("没有查到"),
        lambda s, a, i, _f: company_payments.payment_not_found(s, a, payment_id=i),
        _("记下了，单位那边看得到。"),
        simple(ConfirmForm),
        danger=True,
    ),
    ("compensation", "decide"): Act(
        _("定补偿"),
        _compensate,
        _("定好了。补给各家的钱和工钱一起结。"),
        simple(CompensationForm),
        context=_compensation_context,
    ),
    ("disagreement", "decide"): Act(
        _("处理争议"),
        lambda s, a, i, f: disputes.decide_dispute(s, a, dispute_id=i, outcome=f.outcome.data),
        _("有结果了，两边都看得到。"),
        simple(OutcomeForm),
    ),
    ("finding", "waive"): Act(
        _("免掉这笔赔料"),
        lambda s, a, i, f: wastage.waive_finding(
            s, a, finding_id=i, reason=f.reason.data, idempotency_key=f.own_key
        ),
        _("免掉了，存折上记了。"),
        simple(ReasonForm),
    ),
    ("inspection", "reverse"): Act(
        _("更正这次验收"),
        lambda s, a, i, f: inspections.reverse_inspection(
            s, a, inspection_id=i, reason=f.reason.data, idempotency_key=f.own_key
        ),
        _("更正了，这一批等着重新验。"),
        simple(ReasonForm),
        hint=_("原来的记录留着，另记一笔冲掉"),
        danger=True,
    ),
    ("lot", "back"): Act(
        _("退还单位"),
        lambda s, a, i, f: material_lots.return_to_company(
            s, a, lot_id=i, amount=f.amount.data, idempotency_key=f.own_key
        ),
        _("退还记好了。"),
        simple(BackForm),
    ),
    ("line", "pay"): Act(
        _("付这一笔"),
        lambda s, a, i, f: payouts.pay(
            s, a, line_id=i, method=PaymentMethod(f.method.data),
            idempotency_key=f.own_key, reference=f.reference.data or "",
        ),
        _("付了，存折上记了。"),
        _pay_form,
        hint=_("验过这家货的人和自己家的，不能付"),
    ),
    ("run", "pay"): Act(
        _("剩下的全部付了"),
        lambda s, a, i, f: payouts.pay_all(
            s, a, run_id=i, method=PaymentMethod(f.method.data),
            idempotency_key=f.own_key, reference=f.reference.data or "",
        ),
        _("您能付的都付了。"),
        _pay_form,
        hint=_("您验过货的和您自己家的会留着，请另一位来付"),
    ),
}  # fmt: skip
