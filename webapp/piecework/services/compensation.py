"""What a company owes families for changing or cancelling what they work by."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import OVER, OrderHold
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import Compensation, CompensationCause
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services import closing, opening_sync
from webapp.piecework.services.access import lock_order, require_staff
from webapp.piecework.services.order_review import release_hold
from webapp.piecework.services.transitions import change_order
from webapp.piecework.services.validation import MOST_FEN, whole, words


def decide_compensation(
    session: Session,
    actor: Actor,
    *,
    compensation_id: int,
    amount_fen: int,
    decision: str,
    portions: dict[int, int],
    idempotency_key: str,
) -> Compensation:
    """Settle what the company pays on top and to whom; a change then takes effect.

    ``portions`` maps assignment ids to fen and sums to ``amount_fen``; nothing due needs no
    portions, but a reason all the same. Rates locked at issue stay as they are.
    """
    require_staff(actor)
    record = session.get(Compensation, compensation_id)
    if record is None:
        raise NotFound
    order = lock_order(session, actor, record.order_id)
    session.refresh(record)
    if posting.posted(session, idempotency_key) is not None:
        return record
    if record.decided_at is not None:
        raise Conflict(_("这笔补偿已经定下来了"))
    whole(amount_fen, "amount", least=0, most=MOST_FEN)
    decision = words(decision, "decision")
    for fen in portions.values():
        whole(fen, "portions", least=0, most=MOST_FEN)
    if sum(portions.values()) != amount_fen:
        raise BadField("portions", _("分给各家的加起来要等于补偿总数"))
    assignments = _assignments(session, order, portions)
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.COMPENSATE,
        idempotency_key=idempotency_key,
        moves=[
            Move(Slot(AccountType.PAYABLE, assignment_id=id_), Slot(AccountType.RECEIVABLE), fen)
            for id_, fen in sorted(portions.items())
        ],
        note=decision,
    )
    record.amount_fen = amount_fen
    record.decision = decision
    record.decided_by_id = actor.account_id
    record.decided_at = clock.now()
    record.entry_id = entry.id
    session.add(record)
    session.flush()
    audit.record(session, "piecework.decide_compensation", record, fen=amount_fen)
    for assignment in assignments:
        if portions[assignment.id]:
            passbook.write(
                session,
                assignment,
                PassbookKind.COMPENSATE,
                entry_id=entry.id,
                pay_fen=portions[assignment.id],
                why=decision,
            )
    if record.cause is CompensationCause.CHANGE:
        _apply(session, actor, order, record)
    closing.mark_paid(session, actor, order)
    return record


def _assignments(
    session: Session, order: PieceworkOrder, portions: dict[int, int]
) -> list[Assignment]:
    found = list(
        session.execute(
            select(Assignment)
            .where(col(Assignment.order_id) == order.id, col(Assignment.id).in_(portions))
            .order_by(col(Assignment.id))
        ).scalars()
    )
    if len(found) != len(portions):
        raise BadField("portions", _("有一家不在这张订单里"))
    return found


def _apply(session: Session, actor: Actor, order: PieceworkOrder, record: Compensation) -> None:
    """Bring the changed terms into the order; it goes on where it stood."""
    if order.hold is not OrderHold.REQUIREMENT_CHANGED:
        return  # cancelled meanwhile: there is nothing to change any more
    changes: dict[str, Any] = {name: after for name, (_before, after) in record.details.items()}
    if "deadline" in changes:
        changes["deadline"] = date.fromisoformat(changes["deadline"])
    if changes.get("quantity", order.quantity) < order.claimed:
        raise Refused(_("已经领走 %(n)d 件，不能比这少", n=order.claimed))
    price = changes.get("price_fen", order.price_fen)
    highest = session.execute(
        select(func.max(col(Assignment.rate_fen))).where(
            col(Assignment.order_id) == order.id, col(Assignment.state).not_in(OVER)
        )
    ).scalar_one()
    if max(highest or 0, changes.get("rate_fen", order.rate_fen)) + order.margin_fen > price:
        raise Refused(_("有的家庭已经按原来的工价领了料，单位出的价不够付"))
    change_order(session, order, version=order.version + 1, **changes)
    release_hold(session, actor, order, record.decision)
    opening_sync.sync_terms(session, order)
