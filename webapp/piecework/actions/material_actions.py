"""Acts on the material of an assignment: issued, returned, spoiled, missing, wasted."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlmodel import Session

from webapp.core.access import Actor, current_actor
from webapp.core.db import reader
from webapp.core.formatting import yuan
from webapp.core.formfields import as_choices
from webapp.piecework.actions.base import Act, ActionContext, simple
from webapp.piecework.forms.fields import PieceworkForm
from webapp.piecework.forms.staff_assignment import (
    ConfirmForm,
    FindingForm,
    IssueForm,
    LotForm,
    ReasonForm,
    SpoilForm,
)
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType
from webapp.piecework.presentation.passbook_text import amount_words
from webapp.piecework.queries.stock import stock
from webapp.piecework.services import (
    material_issue,
    material_returns,
    wastage,
)


def _issue_form(context: ActionContext) -> PieceworkForm:
    """Offer what the centre has; the amount starts at what the assignment may still have."""
    may = {row.material.id: row.may_issue for row in context.shown.materials}
    rows = [row for row in stock(reader(), context.order.id) if row.amount]
    form = IssueForm()
    form.lot.choices = as_choices((row.lot_id, _lot_words(row)) for row in rows)
    if not form.is_submitted() and len(rows) == 1:
        form.amount.data = min(rows[0].amount, may.get(rows[0].material_id, 0)) or None
    return form


def _held(context: ActionContext, kind: type[LotForm]) -> PieceworkForm:
    form = kind()
    form.lot.choices = as_choices(
        (
            lot.id,
            f"{row.material.name} {lot.label or lot.id}（{amount_words(n, row.material.unit)}）",
        )
        for row in context.shown.materials
        for lot, n in row.held
    )
    return form


def _lot_words(row: Any) -> str:
    return f"{row.material} {row.label or row.lot_id}（{amount_words(row.amount, row.unit)}）"


def _return_all(session: Session, actor: Actor, assignment_id: int, form: Any) -> None:
    """Take back whatever the household holds, lot by lot, in one transaction."""
    for account_type in (AccountType.HOUSEHOLD, AccountType.REPLACEMENT):
        for lot_id, amount in posting.holdings(session, assignment_id, account_type):
            material_returns.take_back(
                session,
                actor,
                assignment_id=assignment_id,
                lot_id=lot_id,
                amount=amount,
                idempotency_key=f"{form.own_key}-{account_type.value[0]}{lot_id}",
                replacement=account_type is AccountType.REPLACEMENT,
            )


def _finding_form(context: ActionContext) -> PieceworkForm:
    form = FindingForm()
    form.material.choices = as_choices((row.material.id, row.material.name)
                                       for row in context.shown.materials)  # fmt: skip
    return form


def _finding_context(context: ActionContext) -> ActionContext:
    rows = wastage.excess(reader(), current_actor(), assignment_id=context.row.id)
    for row in rows:
        unit = row.material.unit
        context.facts.append(
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
    return context


MATERIAL_ACTS: dict[str, Act] = {
    "issue-all": Act(
        _("全部发料"),
        lambda s, a, i, f: material_issue.issue_all(
            s, a, assignment_id=i, idempotency_key=f.own_key
        ),
        _("料发好了，存折上记了。请家里人当面点清。"),
        simple(ConfirmForm),
        hint=_("每种材料照用量加允许的损耗，一次发够；仓库不够的先发有的"),
    ),
    "begin": Act(
        _("可以开工"),
        lambda s, a, i, f: material_issue.begin_without_material(
            s, a, assignment_id=i, idempotency_key=f.own_key
        ),
        _("可以开工了，工价已经定住。"),
        simple(ConfirmForm),
        hint=_("家里自己备料，工价从现在起不变"),
    ),
    "issue": Act(
        _("发一种料"),
        lambda s, a, i, f: material_issue.issue(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            idempotency_key=f.own_key, pack_reason=f.pack_reason.data or "",
        ),
        _("料发好了，存折上记了。"),
        _issue_form,
    ),
    "replace": Act(
        _("补返工的料"),
        lambda s, a, i, f: material_issue.issue_replacement(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            idempotency_key=f.own_key, pack_reason=f.pack_reason.data or "",
        ),
        _("返工的料补好了。"),
        _issue_form,
        hint=_("返工只能用新补的料"),
    ),
    "take-back": Act(
        _("退一种料"),
        lambda s, a, i, f: material_returns.take_back(
            s, a, assignment_id=i, lot_id=f.lot.data, amount=f.amount.data,
            idempotency_key=f.own_key,
        ),
        _("退料记好了。"),
        lambda context: _held(context, LotForm),
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
            idempotency_key=f.own_key, lost=f.lost.data, note=f.note.data or "",
        ),
        _("记下了。没有签字认定，不扣钱。"),
        lambda context: _held(context, SpoilForm),
    ),
    "short": Act(
        _("缺材料"),
        lambda s, a, i, f: material_returns.report_short(
            s, a, assignment_id=i, reason=f.reason.data
        ),
        _("记下了，补发以后自动去掉。"),
        simple(ReasonForm),
    ),
    "finding": Act(
        _("签损耗认定"),
        lambda s, a, i, f: wastage.sign_finding(
            s, a, assignment_id=i, material_id=f.material.data, excess=f.excess.data,
            charge_fen=f.charge.data, cause=f.cause.data, heard=f.heard.data,
            idempotency_key=f.own_key,
        ),
        _("认定签好了，存折上记了。"),
        _finding_form,
        hint=_("允许的损耗不收钱；超出的，听了家里人的话、签了字才能收"),
        context=_finding_context,
    ),
}  # fmt: skip
