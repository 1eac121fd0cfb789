"""Use cases of staff before work is given out: safety, sealed sample, publishing; pausing."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Fault, Incomplete, Refused
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import review as opening_review
from webapp.piecework import policy
from webapp.piecework.lifecycle import CLAIMABLE, OrderAction, OrderHold, OrderState
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import hourly_rates
from webapp.piecework.services import danger, opening_sync
from webapp.piecework.services.access import lock_order, materials_of, require_staff
from webapp.piecework.services.transitions import (
    change_order,
    note_event,
    order_state_conflict,
    transition_order,
)
from webapp.piecework.services.validation import whole, words
from webapp.rulebook.figures import rule


def return_order(session: Session, actor: Actor, *, order_id: int, reason: str) -> PieceworkOrder:
    """Send an order back to its writer with a reason; it becomes a draft again."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    reason = words(reason, "reason", most=200)
    transition_order(session, actor, order, OrderAction.RETURN, reason=reason, hold_reason=reason)
    opening = session.get_one(Opening, order.opening_id)
    if opening.state is OpeningState.SUBMITTED:
        opening_review.return_opening(session, actor, opening_id=opening.id, reason=reason)
    return order


def check_safety_and_seal(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    answers: dict[str, bool],
    note: str,
    sample_code: str,
    sample_pieces: int,
    sample_passed: int,
) -> PieceworkOrder:
    """Confirm that the work is safe and seal the sample that all pieces are compared with.

    Of ``sample_pieces`` tries at the centre ``sample_passed`` were as good as the sample.
    Raises ``Refused`` naming what is not safe.
    """
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    unsafe = [str(text) for code, text in policy.SAFETY_ITEMS if answers.get(code) is not True]
    if unsafe:
        raise Refused(_("这几条没有确认，不能往下走：%(items)s", items="；".join(unsafe)))
    opening = session.get_one(Opening, order.opening_id)
    found = danger.find(session, order)
    danger.refuse_at_safety(opening, found, note)
    if any(one.certain for _field, one in found) and not opening.hazardous:
        opening.hazardous = True  # at the centre: nobody under 18
        session.add(opening)
    code = words(sample_code, "sample_code", most=40)
    whole(sample_pieces, "sample_pieces", most=1000)
    whole(sample_passed, "sample_passed", least=1, most=sample_pieces)
    return transition_order(
        session,
        actor,
        order,
        OrderAction.SEAL,
        reason=note[:300],
        safety={item: True for item, _words in policy.SAFETY_ITEMS},
        safety_note=note[:300],
        safety_by_id=actor.account_id,
        safety_at=clock.now(),
        sample_code=code,
        sample_pieces=sample_pieces,
        sample_passed=sample_passed,
        sealed_by_id=actor.account_id,
        sealed_at=clock.now(),
    )


def publishing_faults(session: Session, order: PieceworkOrder) -> list[Fault]:
    """Return all that stands in the way of publishing today."""
    today = clock.today()
    found = policy.faults(order, materials_of(session, order.id), on=today)
    opening = session.get_one(Opening, order.opening_id)
    found += opening_review.publishing_faults(session, opening)
    found += danger.faults(opening, danger.find(session, order))
    least = rule("piecework_timings", on=today)
    hourly = hourly_rates.hourly(session, order)
    if hourly is None or hourly.timings < least:
        found.append(Fault("timings", _("先在社区试做计时，至少 %(n)d 个人", n=least)))
    return found


def publish_order(
    session: Session, actor: Actor, *, order_id: int, note: str = ""
) -> PieceworkOrder:
    """Let families claim. Pay under the floor, or flagged words, need the reviewer's note.

    Raises :class:`Incomplete` with all that stands in the way, :class:`BadField` for ``note``.
    """
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    if order.state is not OrderState.SAMPLE_SEALED:
        raise order_state_conflict(order)
    faults = publishing_faults(session, order)
    if faults:
        raise Incomplete(faults)
    opening = session.get_one(Opening, order.opening_id)
    danger.refuse_at_publishing(actor, order, opening, danger.find(session, order), note)
    hourly = hourly_rates.hourly(session, order)
    floor = hourly_rates.floor(opening.place, on=clock.today())
    if hourly and floor and hourly.middle_fen < floor.value and not note.strip():
        raise BadField("note", _("中等手脚一小时还不到最低工资，写明为什么可以发"))
    opening_review.publish_opening(
        session, actor, opening_id=opening.id, seen=opening.updated_at, note=note
    )
    return transition_order(
        session,
        actor,
        order,
        OrderAction.PUBLISH,
        reason=note[:300],
        hold_reason="",
        published_at=clock.now(),
    )


def pause_order(session: Session, actor: Actor, *, order_id: int, reason: str) -> PieceworkOrder:
    """Stop claims, issues and releases; what households hold may still be delivered and paid."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    hold(session, actor, order, OrderHold.PAUSED, words(reason, "reason", most=200))
    return order


def hold(
    session: Session, actor: Actor, order: PieceworkOrder, why: OrderHold, reason: str
) -> None:
    """Put the order on hold; raises ``Conflict`` when it is on hold already."""
    if order.state not in CLAIMABLE:
        raise order_state_conflict(order)
    if order.hold is not None:
        raise Conflict(_("这张订单已经暂停了"))
    change_order(session, order, hold=why, hold_reason=reason[:200])
    note_event(session, actor, order.id, why, reason=reason)
    audit.record(session, f"piecework.order_{why}", order)
    opening_sync.hide(session, order, reason)


def hold_by_opening(session: Session, actor: Actor, opening: Opening, reason: str) -> None:
    """Stop the order of an opening that broke a rule; one at rest already stays as it is."""
    order = session.execute(
        select(PieceworkOrder).where(col(PieceworkOrder.opening_id) == opening.id)
    ).scalar_one_or_none()
    if order is not None and order.state in CLAIMABLE and order.hold is None:
        hold(session, actor, order, OrderHold.PAUSED, reason)


def resume_order(session: Session, actor: Actor, *, order_id: int) -> PieceworkOrder:
    """Resume a paused order in the state it had."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    if order.hold is not OrderHold.PAUSED:
        raise Conflict(_("这张订单没有暂停，或者要先处理变更、争议"))
    if order.second_inspector_not_id is not None:
        raise Conflict(_("要另一位验收人看过才能继续"))
    release_hold(session, actor, order)
    return order


def release_hold(session: Session, actor: Actor, order: PieceworkOrder, reason: str = "") -> None:
    """End the hold of the order."""
    change_order(session, order, hold=None, hold_reason="", second_inspector_not_id=None)
    note_event(session, actor, order.id, "resume", reason=reason)
    audit.record(session, "piecework.resume", order)
    if order.state in CLAIMABLE:
        opening_sync.show(session, order)
