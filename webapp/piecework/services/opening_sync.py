"""The order's opening: written, shown, hidden and closed by its order alone."""

from dataclasses import replace
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Fault
from webapp.core.formatting import yuan
from webapp.core.vocabulary import PayUnit
from webapp.engine import records
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing as openings
from webapp.openings.services import publication
from webapp.piecework.lifecycle import CLAIMABLE, OrderState
from webapp.piecework.models.order import PieceworkOrder


def opening_fields(fields: OpeningFields, order: PieceworkOrder) -> OpeningFields:
    """Return the opening's fields with what the order's terms say."""
    until = order.deadline
    if until is not None:
        until = min(until, clock.today() + timedelta(days=openings.longest_days()))
    return replace(
        fields,
        pay_text=pay_text(order) if order.rate_fen else "",
        headcount=_places(order.quantity, order.lot_pieces),
        valid_until=until,
        flexible=True,
    )


def pay_text(order: PieceworkOrder) -> str:
    """Return the rate as a pay text that is read back as pay by the piece."""
    text = f"{yuan(order.rate_fen).replace(',', '')}元/{order.piece_unit}"
    if records.read_pay(text).unit is PayUnit.PIECE:
        return text
    return f"{yuan(order.rate_fen).replace(',', '')}元/件"


def publishing_faults(session: Session, opening: Opening) -> list[Fault]:
    """Return why an opening of piecework cannot be public: its order decides."""
    state = session.execute(
        select(col(PieceworkOrder.state)).where(col(PieceworkOrder.opening_id) == opening.id)
    ).scalar_one_or_none()
    if state is None:
        return [Fault("description", _("手工活要先写成手工订单：数量、工价、材料、验收都写明"))]
    if state is not OrderState.SAMPLE_SEALED and state not in CLAIMABLE:
        return [Fault("description", _("先在手工订单里做完安全检查和封样"))]
    return []


def order_words(session: Session, opening: Opening) -> list[str]:
    """Return the order's own words that families read."""
    order = session.execute(
        select(PieceworkOrder).where(col(PieceworkOrder.opening_id) == opening.id)
    ).scalar_one_or_none()
    if order is None:
        return []
    return [order.quality, order.acceptance_note, order.material_supply, order.release_note]


def sync_places(session: Session, order: PieceworkOrder) -> None:
    """Set the number of vacancies of the opening to the number of lots left."""
    opening = session.get_one(Opening, order.opening_id)
    session.execute(
        update(Opening)
        .where(col(Opening.id) == opening.id)
        .values(
            headcount=opening.hired_count + _places(order.unclaimed, order.lot_pieces),
            updated_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
    session.refresh(opening)


def sync_terms(session: Session, order: PieceworkOrder) -> None:
    """Bring changed terms of the order into its opening."""
    opening = session.get_one(Opening, order.opening_id)
    text = pay_text(order)
    pay = records.read_pay(text)
    openings.change(
        session,
        opening,
        {
            "pay_text": text,
            "pay_min_fen": pay.min_fen,
            "pay_max_fen": pay.max_fen,
            "valid_until": opening_fields(OpeningFields(title=""), order).valid_until,
        },
    )
    sync_places(session, order)


def touch(session: Session, order: PieceworkOrder) -> None:
    """Have the lists draw the opening anew: something that they say of it has changed."""
    openings.change(session, session.get_one(Opening, order.opening_id), {})


def hide(session: Session, order: PieceworkOrder, reason: str) -> None:
    """Take the opening off the public lists while the order rests."""
    opening = session.get_one(Opening, order.opening_id)
    if opening.state is OpeningState.PUBLISHED:
        values = {"state": OpeningState.RETURNED, "state_reason": reason[:200]}
        openings.change(session, opening, values)


def show(session: Session, order: PieceworkOrder) -> None:
    """Put the opening back on the public lists; ``Incomplete`` when its words forbid it."""
    opening = session.get_one(Opening, order.opening_id)
    published = opening.published_at is not None and opening.valid_until is not None
    if opening.state is OpeningState.RETURNED and published:
        publication.make_public(session, opening, {})


def close(session: Session, actor: Actor, order: PieceworkOrder) -> None:
    """End the opening with its order."""
    opening = session.get_one(Opening, order.opening_id)
    if opening.state is not OpeningState.CLOSED:
        openings.close_opening(session, actor, opening_id=opening.id)


def title(session: Session, order: PieceworkOrder) -> str:
    """Return what the work is called."""
    return session.get_one(Opening, order.opening_id).title or _("手工活")


def _places(pieces: int, lot: int) -> int:
    return -(-max(pieces, 0) // max(lot, 1))
