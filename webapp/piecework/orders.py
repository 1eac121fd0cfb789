"""Use cases of orders: write, hand in, cancel, propose a change."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlmodel import Session, col

from webapp import audit, clock
from webapp.access import Actor
from webapp.employers.models import Employer
from webapp.errors import Conflict, Forbidden, Refused
from webapp.openings import service as openings
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.policy import Fault
from webapp.openings.service import BadField, Incomplete
from webapp.piecework import claims, passbook, policy, tie
from webapp.piecework.lifecycle import (
    CLAIMABLE,
    AssignmentAction,
    AssignmentState,
    OrderAction,
    OrderHold,
    OrderState,
)
from webapp.piecework.models import (
    Acceptance,
    MaterialUnit,
    Mode,
    OrderMaterial,
    PieceworkOrder,
)
from webapp.piecework.models_ledger import PassbookKind
from webapp.piecework.models_money import Compensation, CompensationCause
from webapp.piecework.models_work import Assignment
from webapp.piecework.numbers import MOST_FEN, MOST_PIECES, whole, words
from webapp.piecework.steps import (
    change_order,
    lock_order,
    materials_of,
    note_event,
    order_moved_on,
    take_order_step,
    take_step,
)
from webapp.vocabulary import Kind

#: What a company may ask to change once families work.
CHANGEABLE = frozenset({"quantity", "rate_fen", "price_fen", "deadline", "quality"})


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
    form_key: str,
    employer_id: int | None = None,
) -> PieceworkOrder:
    """Write a draft order and its opening; staff say for which employer.

    The same ``form_key`` again returns the order it made. Raises :class:`BadField`.
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
        fields=tie.opening_fields(fields, order),
        form_key=form_key,
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
        raise order_moved_on(order)
    _check(terms)
    employer = session.get_one(Employer, order.employer_id)
    change_order(session, order, version=order.version + 1, **_columns(terms))
    openings.edit_opening(
        session,
        actor,
        opening_id=order.opening_id,
        fields=tie.opening_fields(fields, order),
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
        raise order_moved_on(order)
    opening = session.get_one(Opening, order.opening_id)
    materials = materials_of(session, order.id)
    faults = policy.faults(order, materials, on=clock.today())
    dangerous = policy.danger_words(opening.title, opening.description, order.material_supply)
    if dangerous and opening.at_home:
        text = "、".join(dangerous)
        faults.append(
            Fault("description", _("提到了“%(words)s”：有危险的活不能拿回家做", words=text))
        )
    try:
        if opening.state in {OpeningState.DRAFT, OpeningState.RETURNED, OpeningState.EXPIRED}:
            openings.submit_opening(session, actor, opening_id=opening.id)
    except Incomplete as error:
        ours = {fault.field for fault in faults}
        theirs = [one for one in error.faults if _ORDER_FIELD.get(one.field) not in ours]
        raise Incomplete([*faults, *theirs]) from error
    if faults:
        raise Incomplete(faults)
    return take_order_step(session, actor, order, OrderAction.SUBMIT)


# The order's own fault stands where the opening would complain of the same thing.
_ORDER_FIELD = {"pay_text": "rate", "headcount": "quantity", "valid_until": "deadline"}


def cancel_order(
    session: Session, actor: Actor, *, order_id: int, reason: str, form_key: str
) -> PieceworkOrder:
    """End an order early; one that was public opens a compensation record.

    Shares nobody has material for end with it; all else is wound up: handed in, paid, returned.
    """
    order = lock_order(session, actor, order_id)
    reason = words(reason, "reason")
    public = order.state in CLAIMABLE
    if public:
        _open_compensation(session, actor, order, CompensationCause.CANCEL, reason, form_key, {})
    take_order_step(
        session,
        actor,
        order,
        OrderAction.CANCEL,
        reason=reason,
        hold=None,
        hold_reason="",
        second_inspector_not_id=None,
    )
    tie.close(session, actor, order)
    waiting = session.execute(
        select(Assignment).where(
            col(Assignment.order_id) == order.id,
            col(Assignment.state).in_([AssignmentState.CLAIMED, AssignmentState.TRIAL_PASSED]),
        )
    ).scalars()
    for assignment in waiting.all():
        take_step(session, actor, assignment, AssignmentAction.WITHDRAW, reason=_("订单取消了"))
        claims.give_back(session, order, assignment, 0, all_of_it=True)
        passbook.write(session, assignment, PassbookKind.WITHDRAW, reason=_("订单取消了"))
    return order


def propose_change(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    changes: dict[str, Any],
    reason: str,
    form_key: str,
) -> Compensation:
    """Ask to change what families already work by; the order rests until staff decide.

    ``changes`` maps names of :data:`CHANGEABLE` to new values.
    """
    order = lock_order(session, actor, order_id)
    known = session.execute(
        select(Compensation).where(col(Compensation.form_key) == form_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    reason = words(reason, "reason")
    if order.state not in CLAIMABLE:
        raise order_moved_on(order)
    if order.hold is not None:
        raise Conflict(_("这张订单已经暂停，等社区处理好再改"))
    details = _differences(order, changes)
    if not details:
        raise Refused(_("和现在的约定一样，没有要改的"))
    record = _open_compensation(
        session, actor, order, CompensationCause.CHANGE, reason, form_key, details
    )
    change_order(session, order, hold=OrderHold.REQUIREMENT_CHANGED, hold_reason=reason[:200])
    tie.hide(session, order, reason)
    note_event(session, actor, order.id, "propose_change", reason=reason, fields=sorted(details))
    return record


def _open_compensation(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    cause: CompensationCause,
    reason: str,
    form_key: str,
    details: dict[str, Any],
) -> Compensation:
    record = Compensation(
        order_id=order.id,
        cause=cause,
        reason=reason,
        details=details,
        opened_by_id=actor.account_id,
        opened_at=clock.now(),
        form_key=form_key,
    )
    session.add(record)
    session.flush()
    audit.record(session, "piecework.open_compensation", record, cause=cause)
    return record


def _differences(order: PieceworkOrder, changes: dict[str, Any]) -> dict[str, list[Any]]:
    if not set(changes) <= CHANGEABLE:
        raise Refused(_("这一项不能改"))
    found: dict[str, list[Any]] = {}
    for name, value in changes.items():
        if name == "deadline":
            if not isinstance(value, date) or value < clock.today():
                raise BadField(name, _("交齐的日子要在今天以后"))
        elif name == "quality":
            words(value, name, most=2000)
        else:
            most = MOST_PIECES if name == "quantity" else MOST_FEN
            whole(value, name, most=most)
        before = getattr(order, name)
        if before != value:
            found[name] = [_plain(before), _plain(value)]
    quantity = changes.get("quantity", order.quantity)
    if quantity < order.claimed:
        raise BadField("quantity", _("已经领走 %(n)d 件，不能比这少", n=order.claimed))
    rate = changes.get("rate_fen", order.rate_fen)
    if rate + order.margin_fen > changes.get("price_fen", order.price_fen):
        raise BadField("price_fen", _("单位出的价，要够付给家庭的工钱和社区留的部分"))
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


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
