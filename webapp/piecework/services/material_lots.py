"""Lots of material: in from the company, and what is unused back to it."""

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import CLAIMABLE, OrderAction, OrderState
from webapp.piecework.models.ledger import EntryKind, LedgerAccount, LedgerEntry, LedgerLine
from webapp.piecework.models.order import MaterialLot, OrderMaterial, PieceworkOrder
from webapp.piecework.services.access import lock, lock_order, require_staff
from webapp.piecework.services.transitions import (
    order_state_conflict,
    require_postable,
    transition_order,
)
from webapp.piecework.services.validation import MOST_MATERIAL, whole


def receive_lot(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    material_id: int,
    amount: int,
    idempotency_key: str,
    label: str = "",
) -> MaterialLot:
    """Take in material from the company; the first lot moves the order on."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return session.get_one(MaterialLot, _lot_of(session, known))
    if order.state not in CLAIMABLE:
        raise order_state_conflict(order)
    material = session.get(OrderMaterial, material_id)
    if material is None or material.order_id != order.id:
        raise NotFound
    whole(amount, "amount", most=MOST_MATERIAL)
    lot = MaterialLot(
        order_id=order.id,
        material_id=material.id,
        label=label.strip()[:40],
        received_at=clock.now(),
        received_by_id=actor.account_id,
    )
    session.add(lot)
    session.flush()
    posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.RECEIVE,
        idempotency_key=idempotency_key,
        moves=[Move(Slot(AccountType.COMPANY, lot.id), Slot(AccountType.CENTRE, lot.id), amount)],
    )
    audit.record(session, "piecework.receive", lot, amount=amount)
    if order.state is OrderState.PUBLISHED:
        transition_order(session, actor, order, OrderAction.RECEIVE)
    return lot


def return_to_company(
    session: Session, actor: Actor, *, lot_id: int, amount: int, idempotency_key: str
) -> LedgerEntry:
    """Give unused material back to the company; closes nothing."""
    require_staff(actor)
    lot = get_lot(session, lot_id)
    order = lock(session, lot.order_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    require_postable(order)
    whole(amount, "amount", most=MOST_MATERIAL)
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.RETURN_TO_COMPANY,
        idempotency_key=idempotency_key,
        moves=[Move(Slot(AccountType.CENTRE, lot.id), Slot(AccountType.RETURNED, lot.id), amount)],
    )
    audit.record(session, "piecework.return_to_company", lot, amount=amount)
    return entry


def get_lot(session: Session, lot_id: int, order: PieceworkOrder | None = None) -> MaterialLot:
    """Return a lot (of that order); raise ``NotFound`` otherwise."""
    lot = session.get(MaterialLot, lot_id)
    if lot is None or (order is not None and lot.order_id != order.id):
        raise NotFound
    return lot


def in_stock(session: Session, material_id: int) -> list[tuple[int, int]]:
    """Return the lots of a material the centre has, oldest first, as (lot, amount)."""
    rows = session.execute(
        select(col(LedgerAccount.lot_id), col(LedgerAccount.balance))
        .join(MaterialLot, col(MaterialLot.id) == col(LedgerAccount.lot_id))
        .where(
            col(MaterialLot.material_id) == material_id,
            col(LedgerAccount.account_type) == AccountType.CENTRE,
            col(LedgerAccount.balance) > 0,
        )
        .order_by(col(LedgerAccount.lot_id))
    ).all()
    return [(lot_id, amount) for lot_id, amount in rows]


def _lot_of(session: Session, entry: LedgerEntry) -> int | None:
    return session.execute(
        select(col(LedgerAccount.lot_id))
        .join(LedgerLine, col(LedgerLine.to_account_id) == col(LedgerAccount.id))
        .where(col(LedgerLine.entry_id) == entry.id)
    ).scalar_one()
