"""Finished goods and the company: show a tranche, take or refuse it, hand it over once paid."""

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound, Refused
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import Move, Place, Slot
from webapp.piecework.lifecycle import OrderAction, OrderState
from webapp.piecework.models.assignment import DisputeAbout
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import Tranche, TrancheState
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.services.access import lock_order, require_staff
from webapp.piecework.services.disputes import open_dispute
from webapp.piecework.services.transitions import order_moved_on, require_postable, take_order_step
from webapp.piecework.services.validation import whole, words

_MAKES = frozenset({OrderState.IN_PRODUCTION, OrderState.PART_DELIVERED})


def offer_tranche(
    session: Session, actor: Actor, *, order_id: int, pieces: int, form_key: str
) -> Tranche:
    """Show finished pieces to the company."""
    require_staff(actor)
    order = lock_order(session, actor, order_id)
    known = session.execute(
        select(Tranche).where(col(Tranche.form_key) == form_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    require_postable(order, held_too=False)
    if order.state not in _MAKES | {OrderState.CANCELLED}:
        raise order_moved_on(order)
    whole(pieces, "pieces")
    _move(session, actor, order, EntryKind.OFFER, Place.FINISHED, Place.OFFERED, pieces, form_key)
    last = session.execute(
        select(func.max(col(Tranche.number))).where(col(Tranche.order_id) == order.id)
    ).scalar_one()
    tranche = Tranche(
        order_id=order.id,
        number=(last or 0) + 1,
        pieces=pieces,
        value_fen=pieces * order.price_fen,
        offered_at=clock.now(),
        form_key=form_key,
    )
    session.add(tranche)
    session.flush()
    audit.record(session, "piecework.offer", tranche, pieces=pieces)
    if order.state is OrderState.IN_PRODUCTION:
        take_order_step(session, actor, order, OrderAction.DELIVER)
    return tranche


def take_tranche(session: Session, actor: Actor, *, tranche_id: int) -> Tranche:
    """The company takes a tranche as good; it is handed over once paid."""
    order, tranche = _locked(session, actor, tranche_id)
    if tranche.state is TrancheState.TAKEN:
        return tranche
    _step(session, tranche, TrancheState.OFFERED, TrancheState.TAKEN, answered_at=clock.now())
    _move(
        session, actor, order, EntryKind.COMPANY_TAKE, Place.OFFERED, Place.TAKEN,
        tranche.pieces, f"take-{tranche.id}",
    )  # fmt: skip
    audit.record(session, "piecework.take", tranche)
    _back_to_work(session, actor, order)
    return tranche


def refuse_tranche(session: Session, actor: Actor, *, tranche_id: int, reason: str) -> Tranche:
    """The company does not take a tranche: it stays at the centre and a dispute is opened.

    Families are paid for what the centre accepted, whatever comes of it.
    """
    order, tranche = _locked(session, actor, tranche_id)
    if tranche.state is TrancheState.REFUSED:
        return tranche
    reason = words(reason, "reason")
    _step(
        session, tranche, TrancheState.OFFERED, TrancheState.REFUSED,
        answered_at=clock.now(), reason=reason,
    )  # fmt: skip
    _move(
        session, actor, order, EntryKind.COMPANY_REFUSE, Place.OFFERED, Place.FINISHED,
        tranche.pieces, f"refuse-{tranche.id}",
    )  # fmt: skip
    audit.record(session, "piecework.refuse", tranche)
    _back_to_work(session, actor, order)
    open_dispute(
        session,
        actor,
        order_id=order.id,
        about=DisputeAbout.QUALITY,
        words=reason,
        form_key=f"refused-tranche-{tranche.id}",
    )
    return tranche


def release_tranche(session: Session, actor: Actor, *, tranche_id: int) -> Tranche:
    """Hand goods over; refused while they are not paid, unless the contract waives it."""
    require_staff(actor)
    order, tranche = _locked(session, actor, tranche_id)
    if tranche.state is TrancheState.RELEASED:
        return tranche
    require_postable(order, held_too=False)
    if tranche.state is not TrancheState.TAKEN:
        raise Conflict(_("单位还没有收下这一批"))
    after = col(PieceworkOrder.released_fen) + tranche.value_fen
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
    _step(session, tranche, TrancheState.TAKEN, TrancheState.RELEASED, released_at=clock.now())
    _move(
        session, actor, order, EntryKind.RELEASE, Place.TAKEN, Place.RELEASED,
        tranche.pieces, f"release-{tranche.id}",
    )  # fmt: skip
    audit.record(session, "piecework.release", tranche)
    return tranche


def _locked(session: Session, actor: Actor, tranche_id: int) -> tuple[PieceworkOrder, Tranche]:
    tranche = session.get(Tranche, tranche_id)
    if tranche is None:
        raise NotFound
    order = lock_order(session, actor, tranche.order_id)
    session.refresh(tranche)
    return order, tranche


def _step(
    session: Session,
    tranche: Tranche,
    before: TrancheState,
    after: TrancheState,
    **changes: object,
) -> None:
    moved = session.execute(
        update(Tranche)
        .where(col(Tranche.id) == tranche.id, col(Tranche.state) == before)
        .values(state=after, **changes)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这一批已经处理过了，请看看最新情况"))
    session.refresh(tranche)


def _move(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    kind: EntryKind,
    source: Place,
    target: Place,
    pieces: int,
    form_key: str,
) -> None:
    require_postable(order)
    posting.post(
        session,
        actor,
        order_id=order.id,
        kind=kind,
        form_key=form_key,
        moves=[Move(Slot(source), Slot(target), pieces)],
    )


def _back_to_work(session: Session, actor: Actor, order: PieceworkOrder) -> None:
    offered = posting.balance(session, order.id, Slot(Place.OFFERED))
    if order.state is OrderState.PART_DELIVERED and not offered:
        take_order_step(session, actor, order, OrderAction.CONTINUE)
