"""Acts on one assignment: trial, delivery, its members and pieces, money, the end."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.db import reader
from webapp.piecework.actions.base import Act, ActionContext, simple
from webapp.piecework.forms.fields import PieceworkForm, WorkersForm, asking_ages
from webapp.piecework.forms.staff_assignment import (
    AmountForm,
    ClearForm,
    ConfirmForm,
    DeskDisputeForm,
    ReasonForm,
    ReduceForm,
    TrialForm,
    hand_in_desk_form,
)
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment, Delivery, DisputeAbout
from webapp.piecework.queries import assignments
from webapp.piecework.services import (
    advances,
    claim_returns,
    claims,
    closing,
    deliveries,
    disputes,
    timed_trials,
)


def _hand_in_form(context: ActionContext) -> PieceworkForm:
    rework = context.row.state is AssignmentState.REWORK
    used = [row.material for row in context.shown.materials]
    form = hand_in_desk_form(used, rework=rework)()
    form.suffixes = {**form.suffixes, "pieces": context.order.piece_unit}
    if rework and not form.is_submitted():
        form.pieces.data = context.shown.totals.get(AccountType.REWORK) or None
        for row in context.shown.materials:
            form[f"used_{row.material.id}"].data = sum(n for _lot, n in row.replacement) or None
    return form


def _hand_in(session: Session, actor: Actor, assignment_id: int, form: Any) -> Delivery:
    assignment = session.get_one(Assignment, assignment_id)
    rework = assignment.state is AssignmentState.REWORK
    return deliveries.submit(
        session,
        actor,
        assignment_id=assignment_id,
        pieces=form.pieces.data,
        idempotency_key=form.own_key,
        wastage=None if rework else form.amounts,
        replacement=form.amounts if rework else None,
    )


def _members_form(context: ActionContext) -> PieceworkForm:
    session = reader()
    least = claims.youngest_for(session, context.order)
    people = assignments.may_work(session, context.row.household_id, least=least)
    form: PieceworkForm = asking_ages(WorkersForm, people)
    if not form.is_submitted():
        form.members.data = [one.id for one in context.shown.members]
    return form


ASSIGNMENT_ACTS: dict[str, Act] = {
    "trial": Act(
        _("试做合格"),
        lambda s, a, i, f: timed_trials.pass_trial(
            s, a, assignment_id=i, pieces=f.pieces.data, seconds=f.duration,
            passed=f.passed.data, idempotency_key=f.own_key,
        ),
        _("试做记好了。下一步：发料。"),
        simple(TrialForm),
        hint=_("在社区做几件，记下时间，合格的至少一件"),
    ),
    "hand-in": Act(
        _("收货"),
        _hand_in,
        _("货收下了。下一步：点数验收。"),
        _hand_in_form,
        hint=_("当面点清件数；做坏的料在允许的范围里不用赔"),
        next_url=lambda done, _context: url_for("piecework.inspect", delivery_id=done.id),
    ),
    "members": Act(
        _("换谁来做"),
        lambda s, a, i, f: claims.change_members(
            s, a, assignment_id=i, member_ids=f.members.data, birth_dates=f.birth_dates
        ),
        _("改好了。"),
        _members_form,
    ),
    "reduce": Act(
        _("少做一点"),
        lambda s, a, i, f: claim_returns.reduce(
            s, a, assignment_id=i, pieces=f.pieces.data, idempotency_key=f.own_key
        ),
        _("改好了，多出来的别家可以领。"),
        simple(ReduceForm),
    ),
    "withdraw": Act(
        _("退回这一份"),
        lambda s, a, i, f: claim_returns.withdraw(s, a, assignment_id=i, reason=f.reason.data),
        _("退好了，别的家庭可以领。"),
        simple(ReasonForm),
        danger=True,
    ),
    "finish": Act(
        _("提前结束"),
        lambda s, a, i, f: deliveries.finish(
            s, a, assignment_id=i, reason=f.reason.data, idempotency_key=f.own_key
        ),
        _("结束了。合格的照样结工钱。"),
        simple(ReasonForm),
        hint=_("没做的还给别家领；没交回的返工算不合格"),
        danger=True,
    ),
    "advance": Act(
        _("预支工钱"),
        lambda s, a, i, f: advances.pay_advance(
            s, a, assignment_id=i, amount_fen=f.amount.data, idempotency_key=f.own_key
        ),
        _("预支记好了，结算时扣。"),
        simple(AmountForm),
    ),
    "clear": Act(
        _("了结欠的钱"),
        lambda s, a, i, f: advances.clear_advance(
            s, a, assignment_id=i, reason=f.reason.data, idempotency_key=f.own_key,
            repaid=f.repaid.data == "yes",
        ),
        _("了结了。"),
        simple(ClearForm),
    ),
    "dispute": Act(
        _("记一件争议"),
        lambda s, a, i, f: disputes.open_dispute(
            s, a, order_id=s.get_one(Assignment, i).order_id, assignment_id=i,
            about=DisputeAbout(f.about.data), words=f.words.data,
            idempotency_key=f.own_key,
        ),
        _("记下了。查清以前不扣钱、不结清。"),
        simple(DeskDisputeForm),
    ),
    "close": Act(
        _("结清这一份"),
        lambda s, a, i, f: closing.close_assignment(s, a, assignment_id=i),
        _("结清了。"),
        simple(ConfirmForm),
    ),
}  # fmt: skip
