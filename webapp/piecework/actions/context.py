"""Find what an act is about, as far as the actor may see it, with the facts for its page."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.formatting import date_words, moment_words, yuan
from webapp.core.labels import label
from webapp.openings.models import Opening
from webapp.piecework import policy
from webapp.piecework.actions.base import ActionContext, Fact
from webapp.piecework.models.assignment import Assignment, Dispute, Inspection, WastageFinding
from webapp.piecework.models.money import (
    CompanyPayment,
    Compensation,
    SettlementLine,
    SettlementRun,
    Shipment,
)
from webapp.piecework.models.order import MaterialLot, OrderMaterial, PieceworkOrder
from webapp.piecework.presentation.passbook_text import amount_words
from webapp.piecework.queries import detail_pages
from webapp.piecework.queries.stock import stock
from webapp.piecework.services.access import get_assignment, get_order
from webapp.residents.models import Household


def order_context(session: Session, actor: Actor, order_id: int) -> ActionContext:
    """Return the context of a whole order; raises ``NotFound`` if the actor may not see it."""
    order = get_order(session, actor, order_id)
    shown = detail_pages.order_page(session, order)
    return ActionContext(order, order, shown.opening.title, order_url(actor, order.id), shown)


def order_url(actor: Actor, order_id: int) -> str:
    """Return the page of an order for staff, or for its company."""
    if policy.can_manage(actor):
        return url_for("piecework.staff_order", order_id=order_id)
    return url_for("piecework.employer_order", order_id=order_id)


def assignment_context(session: Session, actor: Actor, assignment_id: int) -> ActionContext:
    """Return the context of one household's assignment."""
    assignment = get_assignment(session, actor, assignment_id)
    shown = detail_pages.assignment_page(session, assignment)
    centre: dict[int, int] = {}
    for lot in stock(session, assignment.order_id):
        centre[lot.material_id] = centre.get(lot.material_id, 0) + lot.amount
    facts: list[Fact] = [
        (_("谁做"), "、".join(one.name for one in shown.members)),
        (_("领了"), f"{assignment.pieces:,} {shown.order.piece_unit}"),
    ]
    for row in shown.materials:
        unit = row.material.unit
        words = _(
            "手里 %(held)s，还可以发 %(may)s，仓库有 %(centre)s",
            held=amount_words(sum(n for _lot, n in row.held + row.replacement), unit),
            may=amount_words(row.may_issue, unit),
            centre=amount_words(centre.get(row.material.id, 0), unit),
        )
        facts.append((row.material.name, words))
    name = f"{shown.opening.title} · {shown.household.unit_address}"
    back = url_for("piecework.staff_assignment", assignment_id=assignment.id)
    return ActionContext(shown.order, assignment, name, back, shown, facts)


def shipment_context(session: Session, actor: Actor, shipment_id: int) -> ActionContext:
    """Return the context of a shipment of goods."""
    row, context = _of_order(session, actor, Shipment, shipment_id)
    facts = [
        (_("第几批"), row.number),
        (_("多少"), f"{row.pieces:,} {context.order.piece_unit}"),
        (_("值多少"), _("%(yuan)s 元", yuan=yuan(row.value_fen))),
        (_("哪天交出来看"), date_words(row.offered_at)),
    ]
    return _with(context, row, facts)


def _payment(session: Session, actor: Actor, payment_id: int) -> ActionContext:
    row, context = _of_order(session, actor, CompanyPayment, payment_id)
    facts = [
        (_("多少"), _("%(yuan)s 元", yuan=yuan(row.amount_fen))),
        (_("凭据"), row.reference),
        (_("哪天说的"), moment_words(row.declared_at)),
    ]
    return _with(context, row, facts)


def _compensation(session: Session, actor: Actor, record_id: int) -> ActionContext:
    row, context = _of_order(session, actor, Compensation, record_id)
    return _with(context, row, [(_("什么事"), label(row.cause))])


def _disagreement(session: Session, actor: Actor, dispute_id: int) -> ActionContext:
    row, context = _of_order(session, actor, Dispute, dispute_id)
    back = (
        url_for("piecework.staff_assignment", assignment_id=row.assignment_id)
        if row.assignment_id
        else context.back
    )
    facts = [(_("哪里不对"), label(row.about)), (_("怎么说的"), row.words)]
    return ActionContext(context.order, row, context.name, back, context.shown, facts)


def _finding(session: Session, actor: Actor, finding_id: int) -> ActionContext:
    row = _row(session, WastageFinding, finding_id)
    facts = [
        (_("收了"), _("%(yuan)s 元", yuan=yuan(row.charge_fen))),
        (_("怎么造成的"), row.cause),
        (_("家里人怎么说"), row.heard),
    ]
    return _with(assignment_context(session, actor, row.assignment_id), row, facts)


def _inspection(session: Session, actor: Actor, inspection_id: int) -> ActionContext:
    row = _row(session, Inspection, inspection_id)
    words = _("合格 %(a)d，返工 %(r)d，不合格 %(x)d", a=row.accepted, r=row.rework, x=row.rejected)
    facts = [(_("原来验的"), words), (_("写的话"), row.note), (_("哪天"), moment_words(row.at))]
    return _with(assignment_context(session, actor, row.assignment_id), row, facts)


def _lot(session: Session, actor: Actor, lot_id: int) -> ActionContext:
    row, context = _of_order(session, actor, MaterialLot, lot_id)
    material = session.get_one(OrderMaterial, row.material_id)
    here = next((one.amount for one in stock(session, row.order_id) if one.lot_id == row.id), 0)
    facts = [
        (_("材料"), material.name),
        (_("批号"), row.label),
        (_("仓库里有"), amount_words(here, material.unit)),
    ]
    return _with(context, row, facts)


def _line(session: Session, actor: Actor, line_id: int) -> ActionContext:
    row = _row(session, SettlementLine, line_id)
    assignment = session.get_one(Assignment, row.assignment_id)
    order = session.get_one(PieceworkOrder, assignment.order_id)
    unit_address = session.get_one(Household, row.household_id).unit_address
    facts = [
        (_("哪一家"), unit_address),
        (_("做的活"), session.get_one(Opening, order.opening_id).title),
        (_("实付"), _("%(yuan)s 元", yuan=yuan(row.net_fen))),
    ]
    back = url_for("piecework.settlement", run_id=row.run_id)
    return ActionContext(order, row, unit_address, back, None, facts)


def _run(session: Session, actor: Actor, run_id: int) -> ActionContext:
    row = _row(session, SettlementRun, run_id)
    facts = [
        (_("结算"), f"{date_words(row.period_from)} – {date_words(row.period_to)}"),
        (_("几笔"), row.lines),
        (_("实付合计"), _("%(yuan)s 元", yuan=yuan(row.net_fen))),
    ]
    back = url_for("piecework.settlement", run_id=row.id)
    return ActionContext(None, row, _("付款单"), back, None, facts)


def _row(session: Session, table: Any, row_id: int) -> Any:
    row = session.get(table, row_id)
    if row is None:
        raise NotFound
    return row


def _of_order(session: Session, actor: Actor, table: Any, row_id: int) -> tuple[Any, ActionContext]:
    row = _row(session, table, row_id)
    order = get_order(session, actor, row.order_id)
    name = session.get_one(Opening, order.opening_id).title
    return row, ActionContext(order, row, name, order_url(actor, order.id))


def _with(context: ActionContext, row: Any, facts: list[Fact]) -> ActionContext:
    return ActionContext(context.order, row, context.name, context.back, context.shown, facts)


def read_context(thing: str, thing_id: int, actor: Actor) -> ActionContext:
    """Return the context of a thing; raises ``NotFound`` where the actor may not see it."""
    return CONTEXTS[thing](reader(), actor, thing_id)


#: By the word of the address; ``share`` and ``tranche`` are explained in ``registry.py``.
CONTEXTS: dict[str, Callable[[Session, Actor, int], ActionContext]] = {
    "order": order_context,
    "share": assignment_context,
    "tranche": shipment_context,
    "payment": _payment,
    "compensation": _compensation,
    "disagreement": _disagreement,
    "finding": _finding,
    "inspection": _inspection,
    "lot": _lot,
    "line": _line,
    "run": _run,
}
