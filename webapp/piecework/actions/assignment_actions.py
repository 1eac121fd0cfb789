"""What staff do with one household's share: trial, material, pieces, money, the end."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlmodel import Session

from webapp.core.access import Actor, current_actor
from webapp.core.db import reader
from webapp.core.formatting import yuan
from webapp.core.formfields import as_choices
from webapp.piecework.actions.base import Act, Scene, simple
from webapp.piecework.forms.fields import PieceworkForm
from webapp.piecework.forms.staff_assignment import (
    AmountForm,
    ClearForm,
    ConfirmForm,
    DeskDisputeForm,
    FindingForm,
    IssueForm,
    LotForm,
    MembersForm,
    ReasonForm,
    ReduceForm,
    SpoilForm,
    TrialForm,
    hand_in_desk_form,
)
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import Place
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment, Delivery, DisputeAbout
from webapp.piecework.presentation.passbook_text import amount_words
from webapp.piecework.queries import assignments
from webapp.piecework.queries.stock import stock
from webapp.piecework.services import (
    advances,
    claim_returns,
    claims,
    closing,
    deliveries,
    disputes,
    material_issue,
    material_returns,
    timed_trials,
    wastage,
)


def _issue_form(scene: Scene) -> PieceworkForm:
    """Offer what the centre has; the amount starts at what the share may still have."""
    may = {row.material.id: row.may_issue for row in scene.shown.materials}
    rows = [row for row in stock(reader(), scene.order.id) if row.amount]
    form = IssueForm()
    form.lot.choices = as_choices((row.lot_id, _lot_words(row)) for row in rows)
    if not form.is_submitted() and len(rows) == 1:
        form.amount.data = min(rows[0].amount, may.get(rows[0].material_id, 0)) or None
    return form


def _held(scene: Scene, kind: type[LotForm]) -> PieceworkForm:
    form = kind()
    form.lot.choices = as_choices(
        (
            lot.id,
            f"{row.material.name} {lot.label or lot.id}（{amount_words(n, row.material.unit)}）",
        )
        for row in scene.shown.materials
        for lot, n in row.held
    )
    return form


def _lot_words(row: Any) -> str:
    return f"{row.material} {row.label or row.lot_id}（{amount_words(row.amount, row.unit)}）"


def _hand_in_form(scene: Scene) -> PieceworkForm:
    rework = scene.row.state is AssignmentState.REWORK
    used = [row.material for row in scene.shown.materials]
    form = hand_in_desk_form(used, rework=rework)()
    form.suffixes = {**form.suffixes, "pieces": scene.order.piece_unit}
    if rework and not form.is_submitted():
        form.pieces.data = scene.shown.totals.get(Place.REWORK) or None
        for row in scene.shown.materials:
            form[f"used_{row.material.id}"].data = sum(n for _lot, n in row.replacement) or None
    return form


def _hand_in(session: Session, actor: Actor, share_id: int, form: Any) -> Delivery:
    share = session.get_one(Assignment, share_id)
    rework = share.state is AssignmentState.REWORK
    return deliveries.submit(
        session,
        actor,
        assignment_id=share_id,
        pieces=form.pieces.data,
        form_key=form.form_key.data,
        wastage=None if rework else form.amounts,
        replacement=form.amounts if rework else None,
    )


def _return_all(session: Session, actor: Actor, share_id: int, form: Any) -> None:
    """Take back whatever the household holds, lot by lot, in one deed."""
    for place in (Place.HOUSEHOLD, Place.REPLACEMENT):
        for lot_id, amount in posting.holdings(session, share_id, place):
            material_returns.take_back(
                session,
                actor,
                assignment_id=share_id,
                lot_id=lot_id,
                amount=amount,
                form_key=f"{form.form_key.data}-{place.value[0]}{lot_id}",
                replacement=place is Place.REPLACEMENT,
            )


def _members_form(scene: Scene) -> PieceworkForm:
    form = MembersForm()
    adults = assignments.grown_ups(reader(), scene.row.household_id)
    form.members.choices = as_choices((one.id, one.name) for one in adults)
    if not form.is_submitted():
        form.members.data = [one.id for one in scene.shown.members]
    return form


def _finding_form(scene: Scene) -> PieceworkForm:
    form = FindingForm()
    form.material.choices = as_choices((row.material.id, row.material.name)
                                       for row in scene.shown.materials)  # fmt: skip
    return form


def _finding_look(scene: Scene) -> Scene:
    rows = wastage.excess(reader(), current_actor(), assignment_id=scene.row.id)
    for row in rows:
        unit = row.material.unit
        scene.facts.append(
            (
                row.material.name,
                _(
                    "损耗 %(wasted)s，允许 %(allowed)s，超出 %(over)s，最多收 %(most)s 元",
                    wasted=amount_words(row.wasted, unit),
                    allowed=amount_words(row.allowed, unit),
                    over=amount_words(row.excess, unit),
                    most=yuan(row.most_fen),
                ),
            )
        )
    return scene


SHARE_ACTS: dict[str, Act] = {
    "trial": Act(
        _("试做合格"),
        lambda s, a, i, f: timed_trials.pass_trial(
            s, a, assignment_id=i, pieces=f.pieces.data, seconds=f.duration,
            passed=f.passed.data, form_key=f.form_key.data,
        ),
        _("试做记好了。下一步：发料。"),
        simple(TrialForm),
        hint=_("在社区做几件，记下时间，合格的至少一件"),
    ),
    "issue-all": Act(
        _("全部发料"),
        lambda s, a, i, f: material_issue.issue_all(
            s, a, assignment_id=i, form_key=f.form_key.data
        ),
        _("料发好了，存折上记了。请家里人当面点清。"),
        simple(ConfirmForm),
        hint=_("每种材料照用量加允许的损耗，一次发够；仓库不够的先发有的"),
    ),
    "begin": Act(
        _("可以开工"),
        lambda s, a, i, f: material_issue.begin_without_material(
            s, a, assignment_id=i, form_key=f.form_key.data
        ),
        _("可以开工了，工价已经定住。"),
        simple(ConfirmForm),
        hint=_("家里自己备料，工价从现在起不变"),
    ),
    "issue": Act(
        _("发一种料"),
        lambda s, a, i, f: material_issue.issue(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            form_key=f.form_key.data, pack_reason=f.pack_reason.data or "",
        ),
        _("料发好了，存折上记了。"),
        _issue_form,
    ),
    "replace": Act(
        _("补返工的料"),
        lambda s, a, i, f: material_issue.issue_replacement(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            form_key=f.form_key.data, pack_reason=f.pack_reason.data or "",
        ),
        _("返工的料补好了。"),
        _issue_form,
        hint=_("返工只能用新补的料"),
    ),
    "hand-in": Act(
        _("收货"),
        _hand_in,
        _("货收下了。下一步：点数验收。"),
        _hand_in_form,
        hint=_("当面点清件数；做坏的料在允许的范围里不用赔"),
        then=lambda done, _scene: url_for("piecework.inspect", delivery_id=done.id),
    ),
    "take-back": Act(
        _("退一种料"),
        lambda s, a, i, f: material_returns.take_back(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            form_key=f.form_key.data,
        ),
        _("退料记好了。"),
        lambda scene: _held(scene, LotForm),
    ),
    "return-all": Act(
        _("剩料全退"),
        _return_all,
        _("剩的料都退回来了。"),
        simple(ConfirmForm),
        hint=_("先当面点清，数目和下面一样再按"),
    ),
    "spoil": Act(
        _("记做坏、丢失"),
        lambda s, a, i, f: material_returns.record_spoiled(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            form_key=f.form_key.data, lost=f.lost.data, note=f.note.data or "",
        ),
        _("记下了。没有签字认定，不扣钱。"),
        lambda scene: _held(scene, SpoilForm),
    ),
    "short": Act(
        _("缺材料"),
        lambda s, a, i, f: material_returns.report_short(
            s, a, assignment_id=i, reason=f.reason.data
        ),
        _("记下了，补发以后自动去掉。"),
        simple(ReasonForm),
    ),
    "members": Act(
        _("换谁来做"),
        lambda s, a, i, f: claims.change_members(
            s, a, assignment_id=i, member_ids=f.members.data
        ),
        _("改好了。"),
        _members_form,
    ),
    "reduce": Act(
        _("少做一点"),
        lambda s, a, i, f: claim_returns.reduce(
            s, a, assignment_id=i, pieces=f.pieces.data, form_key=f.form_key.data
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
        lambda s, a, i, f: deliveries.finish(s, a, assignment_id=i, reason=f.reason.data),
        _("结束了。合格的照样结工钱。"),
        simple(ReasonForm),
        hint=_("没做的还给别家领；没交回的返工算不合格"),
        danger=True,
    ),
    "finding": Act(
        _("签损耗认定"),
        lambda s, a, i, f: wastage.sign_finding(
            s, a, assignment_id=i, material_id=f.material.data, excess=f.excess.data,
            charge_fen=f.charge.data, cause=f.cause.data, heard=f.heard.data,
            form_key=f.form_key.data,
        ),
        _("认定签好了，存折上记了。"),
        _finding_form,
        hint=_("允许的损耗不收钱；超出的，听了家里人的话、签了字才能收"),
        look=_finding_look,
    ),
    "advance": Act(
        _("预支工钱"),
        lambda s, a, i, f: advances.pay_advance(
            s, a, assignment_id=i, amount_fen=f.amount.data, form_key=f.form_key.data
        ),
        _("预支记好了，结算时扣。"),
        simple(AmountForm),
    ),
    "clear": Act(
        _("了结欠的钱"),
        lambda s, a, i, f: advances.clear_advance(
            s, a, assignment_id=i, reason=f.reason.data, form_key=f.form_key.data,
            repaid=f.repaid.data == "yes",
        ),
        _("了结了。"),
        simple(ClearForm),
    ),
    "dispute": Act(
        _("记一件争议"),
        lambda s, a, i, f: disputes.open_dispute(
            s, a, order_id=s.get_one(Assignment, i).order_id, assignment_id=i,
            about=DisputeAbout(f.about.data), words=f.words.data, form_key=f.form_key.data,
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
