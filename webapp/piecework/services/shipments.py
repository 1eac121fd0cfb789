"""Use cases of shipments: offered to the company, taken or refused, released once paid."""

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound, Refused
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import OrderAction, OrderState
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import Shipment, ShipmentState
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.services.access import lock_order, require_staff
from webapp.piecework.services.disputes import open_dispute
from webapp.piecework.services.transitions import (
    order_state_conflict,
    require_postable,
    transition_order,
)
from webapp.piecework.services.validation import whole, words

_MAKES = frozenset({OrderState.IN_PRODUCTION, OrderState.PART_DELIVERED})


def offer_shipment(
    session: Session, actor: Actor, *, order_id: int, pieces: int, idempotency_key: str
) -> Shipment:
    """Offer finished pieces to the company as a shipment.

    The same ``idempotency_key`` again returns the shipment it made.
    """
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    known = session.execute(
        select(Shipment).where(col(Shipment.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    require_postable(order, on_hold_too=False)
    if order.state not in _MAKES | {OrderState.CANCELLED}:
        raise order_state_conflict(order)
    whole(pieces, "pieces")
    _move(
        session,
        actor,
        order,
        EntryKind.OFFER,
        AccountType.FINISHED,
        AccountType.OFFERED,
        pieces,
        idempotency_key,
    )
    last = session.execute(
        select(func.max(col(Shipment.number))).where(col(Shipment.order_id) == order.id)
    ).scalar_one()
    shipment = Shipment(
        order_id=order.id,
        number=(last or 0) + 1,
        pieces=pieces,
        value_fen=pieces * order.price_fen,
        offered_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    session.add(shipment)
    session.flush()
    audit.record(session, "piecework.offer", shipment, pieces=pieces)
    if order.state is OrderState.IN_PRODUCTION:
        transition_order(session, actor, order, OrderAction.DELIVER)
    return shipment


def take_shipment(session: Session, actor: Actor, *, shipment_id: int) -> Shipment:
    """Take a shipment as good, for the company; it is released once paid."""
    order, shipment = _locked(session, actor, shipment_id)
    if shipment.state is ShipmentState.TAKEN:
        return shipment
    _step(session, shipment, ShipmentState.OFFERED, ShipmentState.TAKEN, answered_at=clock.now())
    _move(
        session, actor, order, EntryKind.COMPANY_TAKE, AccountType.OFFERED, AccountType.TAKEN,
        shipment.pieces, f"take-{shipment.id}",
    )  # fmt: skip
    audit.record(session, "piecework.take", shipment)
    _back_to_work(session, actor, order)
    return shipment


def refuse_shipment(session: Session, actor: Actor, *, shipment_id: int, reason: str) -> Shipment:
    """Refuse a shipment, for the company: it stays at the centre and a dispute is opened.

    Households are paid for what the centre accepted, however the dispute ends.
    """
    order, shipment = _locked(session, actor, shipment_id)
    if shipment.state is ShipmentState.REFUSED:
        return shipment
    reason = words(reason, "reason")
    _step(
        session, shipment, ShipmentState.OFFERED, ShipmentState.REFUSED,
        answered_at=clock.now(), reason=reason,
    )  # fmt: skip
    _move(
        session, actor, order, EntryKind.COMPANY_REFUSE, AccountType.OFFERED, AccountType.FINISHED,
        shipment.pieces, f"refuse-{shipment.id}",
    )  # fmt: skip
    audit.record(session, "piecework.refuse", shipment)
    _back_to_work(session, actor, order)
    open_dispute(
        session,
        actor,
        order_id=order.id,
        about=DisputeAbout.QUALITY,
        words=reason,
        idempotency_key=f"refused-tranche-{shipment.id}",
    )
    return shipment


def release_shipment(session: Session, actor: Actor, *, shipment_id: int) -> Shipment:
    """Hand a shipment over; raises ``Refused`` until it is paid or the contract waives that."""
    require_staff(actor)
    order, shipment = _locked(session, actor, shipment_id)
    if shipment.state is ShipmentState.RELEASED:
        return shipment
    require_postable(order, on_hold_too=False)
    if shipment.state is not ShipmentState.TAKEN:
        raise Conflict(_("单位还没有收下这一批"))
    after = col(PieceworkOrder.released_fen) + shipment.value_fen
    counted = session.execute(
        update(PieceworkOrder)
        .where(
            col(PieceworkOrder.id) == order.id,
            or_(after <= col(PieceworkOrder.paid_fen), col(PieceworkOrder.release_unpaid)),
        )
        .values(released_fen=after)
        .execution_options(synchronize_session=False)
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(_("单位还没付这一批的钱，付了才能提货"))
    session.refresh(order)
    _step(session, shipment, ShipmentState.TAKEN, ShipmentState.RELEASED, released_at=clock.now())
    _move(
        session, actor, order, EntryKind.RELEASE, AccountType.TAKEN, AccountType.RELEASED,
        shipment.pieces, f"release-{shipment.id}",
    )  # fmt: skip
    audit.record(session, "piecework.release", shipment)
    return shipment


def _locked(session: Session, actor: Actor, shipment_id: int) -> tuple[PieceworkOrder, Shipment]:
    shipment = session.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound
    order = lock_order(session, actor, shipment.order_id)
    session.refresh(shipment)
    return order, shipment


def _step(
    session: Session,
    shipment: Shipment,
    before: ShipmentState,
    after: ShipmentState,
    **changes: object,
) -> None:
    moved = session.execute(
        update(Shipment)
        .where(col(Shipment.id) == shipment.id, col(Shipment.state) == before)
        .values(state=after, **changes)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这一批已经处理过了，请看看最新情况"))
    session.refresh(shipment)


def _move(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    kind: EntryKind,
    source: AccountType,
    target: AccountType,
    pieces: int,
    idempotency_key: str,
) -> None:
    require_postable(order)
    posting.post(
        session,
        actor,
        order_id=order.id,
        kind=kind,
        idempotency_key=idempotency_key,
        moves=[Move(Slot(source), Slot(target), pieces)],
    )


def _back_to_work(session: Session, actor: Actor, order: PieceworkOrder) -> None:
    offered = posting.balance(session, order.id, Slot(AccountType.OFFERED))
    if order.state is OrderState.PART_DELIVERED and not offered:
        transition_order(session, actor, order, OrderAction.CONTINUE)
