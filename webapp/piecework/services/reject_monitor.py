"""Pause orders with far more rejects than their sealed sample, until a second inspection."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden
from webapp.piecework.lifecycle import CLAIMABLE, OrderHold
from webapp.piecework.models.assignment import Inspection
from webapp.piecework.models.order import PieceworkEvent, PieceworkOrder
from webapp.piecework.services import opening_sync
from webapp.piecework.services.access import lock_order, require_staff
from webapp.piecework.services.order_review import release_hold
from webapp.piecework.services.transitions import change_order, note_event
from webapp.piecework.services.validation import words
from webapp.rulebook.figures import rule


def watch(session: Session, actor: Actor, order: PieceworkOrder) -> None:
    """Pause the order if its reject rate is far above that of its sealed sample."""
    if order.hold is not None or order.state not in CLAIMABLE or not order.sample_pieces:
        return
    upheld = (
        select(func.max(col(PieceworkEvent.at)))
        .where(col(PieceworkEvent.order_id) == order.id, col(PieceworkEvent.action) == "uphold")
        .scalar_subquery()
    )
    since = [] if session.execute(select(upheld)).scalar_one() is None else [
        col(Inspection.at) > upheld
    ]  # fmt: skip
    accepted, rework, rejected = session.execute(
        select(
            func.coalesce(func.sum(col(Inspection.accepted)), 0),
            func.coalesce(func.sum(col(Inspection.rework)), 0),
            func.coalesce(func.sum(col(Inspection.rejected)), 0),
        ).where(
            col(Inspection.order_id) == order.id, col(Inspection.reversed_by_id).is_(None), *since
        )
    ).one()
    today = clock.today()
    looked = accepted + rework + rejected
    if looked < rule("piecework_reject_pieces", on=today):
        return
    expected = 1000 * (order.sample_pieces - order.sample_passed) // order.sample_pieces
    most = expected + rule("piecework_reject_margin_permille", on=today)
    if rejected * 1000 <= looked * most:
        return
    reason = _("不合格的太多（%(bad)d / %(all)d），请另一位验收人看看", bad=rejected, all=looked)
    change_order(
        session,
        order,
        hold=OrderHold.PAUSED,
        hold_reason=reason,
        second_inspector_not_id=actor.account_id,
    )
    note_event(session, actor, order.id, "reject_all", reason=reason)
    audit.record(session, "piecework.reject_all", order, rejected=int(rejected), looked=int(looked))
    opening_sync.hide(session, order, reason)


def uphold(session: Session, actor: Actor, *, order_id: int, note: str) -> PieceworkOrder:
    """Resume an order paused for its rejects: a second inspector confirmed them."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    if order.hold is not OrderHold.PAUSED or order.second_inspector_not_id is None:
        raise Conflict(_("这张订单不在等第二位验收人"))
    if order.second_inspector_not_id == actor.account_id:
        raise Forbidden(_("要换一位验收人来看，不能还是同一个人"))
    note = words(note, "note")
    note_event(session, actor, order.id, "uphold", reason=note)
    release_hold(session, actor, order, note)
    return order
