"""Use cases of writing an order: a draft, its terms, handing it in."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Forbidden, Incomplete
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing as openings
from webapp.piecework import policy
from webapp.piecework.lifecycle import OrderAction, OrderState
from webapp.piecework.models.order import (
    Acceptance,
    MaterialUnit,
    Mode,
    OrderMaterial,
    PieceworkOrder,
)
from webapp.piecework.services import danger, opening_sync
from webapp.piecework.services.access import lock_order, materials_of
from webapp.piecework.services.transitions import (
    change_order,
    note_event,
    order_state_conflict,
    transition_order,
)
from webapp.piecework.services.validation import MOST_FEN, whole


@dataclass(frozen=True)
class MaterialLine:
    """One line of the bill of materials, in whole units."""

    name: str
    unit: MaterialUnit
    use_amount: int
    allowance_permille: int = 0
    pack_size: int = 1
    cost_fen: int = 0


@dataclass(frozen=True)
class OrderTerms:
    """What an order agrees on; money in fen per piece."""

    mode: Mode
    piece_unit: str = "件"
    quantity: int = 0
    lot_pieces: int = 1
    household_limit: int | None = None
    rate_fen: int = 0
    margin_fen: int = 0
    price_fen: int = 0
    deadline: date | None = None
    quality: str = ""
    acceptance: Acceptance | None = None
    acceptance_note: str = ""
    material_supply: str = ""
    release_unpaid: bool = False
    release_note: str = ""
    materials: list[MaterialLine] = field(default_factory=list)


def create_order(
    session: Session,
    actor: Actor,
    *,
    terms: OrderTerms,
    fields: OpeningFields,
    idempotency_key: str,
    employer_id: int | None = None,
) -> PieceworkOrder:
    """Write a draft order and its opening; staff say for which employer.

    The same ``idempotency_key`` again returns the order it made. Raises :class:`BadField`.
    """
    if not policy.can_order(actor):
        raise Forbidden
    if not policy.can_manage(actor):
        employer_id = actor.employer_id
    employer = session.get(Employer, employer_id) if employer_id else None
    if employer is None:
        raise BadField("employer", _("没有这家单位，先登记单位"))
    _check(terms)
    order = PieceworkOrder(
        opening_id=0,
        employer_id=employer.id,
        created_by_id=actor.account_id,
        created_at=clock.now(),
        updated_at=clock.now(),
        **_columns(terms),
    )
    opening = openings.create_opening(
        session,
        actor,
        kind=Kind.PIECEWORK,
        fields=opening_sync.opening_fields(fields, order),
        idempotency_key=idempotency_key,
        employer_name=employer.name,
    )
    known = session.execute(
        select(PieceworkOrder).where(col(PieceworkOrder.opening_id) == opening.id)
    ).scalar_one_or_none()
    if known is not None:
        return known
    order.opening_id = opening.id
    session.add(order)
    session.flush()
    _write_materials(session, order, terms.materials)
    note_event(session, actor, order.id, "create", after=order.state)
    audit.record(session, "piecework.create", order, mode=order.mode)
    return order


def edit_order(
    session: Session, actor: Actor, *, order_id: int, terms: OrderTerms, fields: OpeningFields
) -> PieceworkOrder:
    """Change the terms of a draft; raises :class:`BadField`, ``Conflict`` once handed in."""
    order = lock_order(session, actor, order_id)
    if not policy.can_edit(actor, order):
        raise order_state_conflict(order)
    _check(terms)
    employer = session.get_one(Employer, order.employer_id)
    change_order(session, order, version=order.version + 1, **_columns(terms))
    openings.edit_opening(
        session,
        actor,
        opening_id=order.opening_id,
        fields=opening_sync.opening_fields(fields, order),
        employer_name=employer.name,
    )
    session.execute(delete(OrderMaterial).where(col(OrderMaterial.order_id) == order.id))
    _write_materials(session, order, terms.materials)
    audit.record(session, "piecework.edit", order)
    return order


def submit_order(session: Session, actor: Actor, *, order_id: int) -> PieceworkOrder:
    """Hand a draft in for the safety review; raises :class:`Incomplete` with all that lacks."""
    order = lock_order(session, actor, order_id)
    if order.state is not OrderState.DRAFT:
        raise order_state_conflict(order)
    opening = session.get_one(Opening, order.opening_id)
    materials = materials_of(session, order.id)
    faults = policy.faults(order, materials, on=clock.today())
    faults += danger.faults(opening, danger.find_in(order, opening, materials))
    try:
        if opening.state in {OpeningState.DRAFT, OpeningState.RETURNED, OpeningState.EXPIRED}:
            openings.submit_opening(session, actor, opening_id=opening.id)
    except Incomplete as error:
        ours = {fault.field for fault in faults}
        theirs = [one for one in error.faults if _ORDER_FIELD.get(one.field) not in ours]
        raise Incomplete([*faults, *theirs]) from error
    if faults:
        raise Incomplete(faults)
    return transition_order(session, actor, order, OrderAction.SUBMIT)


# The order's own fault stands where the opening would complain of the same thing.
_ORDER_FIELD = {"pay_text": "rate", "headcount": "quantity", "valid_until": "deadline"}


def _check(terms: OrderTerms) -> None:
    whole(terms.quantity, "quantity", least=0)
    whole(terms.lot_pieces, "lot_pieces")
    if terms.household_limit is not None:
        whole(terms.household_limit, "household_limit")
    for name in ("rate_fen", "margin_fen", "price_fen"):
        whole(getattr(terms, name), name.removesuffix("_fen"), least=0, most=MOST_FEN)
    names = [line.name.strip() for line in terms.materials]
    if len(set(names)) < len(names) or not all(names):
        raise BadField("materials", _("每种材料写一行，名字不要重复"))
    for line in terms.materials:
        whole(line.use_amount, "materials", most=1_000_000)
        whole(line.allowance_permille, "materials", least=0, most=500)
        whole(line.pack_size, "materials", most=1_000_000)
        whole(line.cost_fen, "materials", least=0, most=MOST_FEN)


def _columns(terms: OrderTerms) -> dict[str, Any]:
    names = [name for name in OrderTerms.__dataclass_fields__ if name != "materials"]
    return {name: getattr(terms, name) for name in names}


def _write_materials(
    session: Session, order: PieceworkOrder, materials: list[MaterialLine]
) -> None:
    for line in materials:
        session.add(OrderMaterial(order_id=order.id, **vars(line)))
    session.flush()
