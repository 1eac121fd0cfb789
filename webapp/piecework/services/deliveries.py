"""Use cases of handing in: deliver pieces, or end an assignment early."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Refused
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, NotEnough, Slot
from webapp.piecework.lifecycle import AssignmentAction, AssignmentState
from webapp.piecework.models.assignment import Assignment, Delivery
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.order import OrderMaterial, PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services import after_inspection, claim_returns
from webapp.piecework.services.access import lock_assignment, materials_of, require_staff
from webapp.piecework.services.transitions import require_postable, state_conflict, transition
from webapp.piecework.services.validation import MOST_MATERIAL, whole, words

#: States in which a household may hand pieces in.
HANDS_IN = frozenset(
    {
        AssignmentState.ISSUED, AssignmentState.WORKING, AssignmentState.REWORK,
        AssignmentState.SUBMITTED,
    }
)  # fmt: skip


def submit(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    pieces: int,
    idempotency_key: str,
    wastage: dict[int, int] | None = None,
    replacement: dict[int, int] | None = None,
    rework: bool | None = None,
) -> Delivery:
    """Hand in a delivery.

    Material is consumed now and once: pieces × unit use + recorded ``wastage`` (units per
    material id), from what was issued first. Pieces sent back (``rework``, by default what a
    assignment in rework hands in) consume only ``replacement`` material. Raises
    :class:`BadField` for ``pieces``, ``wastage`` and ``replacement``.
    """
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return session.execute(
            select(Delivery).where(col(Delivery.entry_id) == known.id)
        ).scalar_one()
    require_postable(order)
    if assignment.state not in HANDS_IN:
        raise state_conflict(assignment)
    whole(pieces, "pieces")
    if rework is None:
        rework = assignment.state is AssignmentState.REWORK
    materials = materials_of(session, order.id)
    wasted = {} if rework else _amounts(wastage or {}, materials, "wastage")
    if rework:
        used = _amounts(replacement or {}, materials, "replacement")
        moves = _rework_moves(session, assignment, materials, pieces, used)
    else:
        moves = _first_moves(session, order, assignment, materials, pieces, wasted)
    try:
        entry = posting.post(
            session,
            actor,
            order_id=order.id,
            kind=EntryKind.SUBMIT,
            idempotency_key=idempotency_key,
            moves=moves,
            assignment_id=assignment.id,
        )
    except NotEnough as error:
        raise BadField("pieces", error.message) from error
    delivery = Delivery(
        assignment_id=assignment.id,
        number=_next_number(session, assignment.id),
        pieces=pieces,
        is_rework=rework,
        wastage={str(id_): amount for id_, amount in wasted.items() if amount},
        submitted_at=clock.now(),
        submitted_by_id=actor.account_id,
        entry_id=entry.id,
    )
    session.add(delivery)
    session.flush()
    transition(session, actor, assignment, AssignmentAction.SUBMIT)
    audit.record(session, "piecework.submit", delivery, pieces=pieces, rework=rework)
    passbook.write(
        session,
        assignment,
        PassbookKind.SUBMIT,
        entry_id=entry.id,
        tranche=delivery.number,
        pieces=pieces,
        unit=order.piece_unit,
        rework=rework or None,
        wastage={
            one.name: [wasted[one.id], str(one.unit)] for one in materials if wasted.get(one.id)
        }
        or None,
    )
    return delivery


def finish(
    session: Session, actor: Actor, *, assignment_id: int, reason: str, idempotency_key: str
) -> Assignment:
    """End an assignment early.

    Others may claim the pieces not made; rework not returned counts as rejected. It may end so
    more than once: a corrected inspection reopens it. Raises ``Conflict`` while a delivery waits
    for inspection, ``Refused`` when nothing was delivered.
    """
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    if posting.posted(session, idempotency_key) is not None:
        return assignment
    require_postable(order)
    reason = words(reason, "reason")
    totals = posting.totals(session, assignment_id=assignment.id)
    if totals[AccountType.PENDING]:
        raise Conflict(_("还有交来的货没有验，先验收"))
    made = -totals[AccountType.MADE]
    if not made:
        raise Refused(_("一件都没有交过，请办“退回这一份”"))
    transition(session, actor, assignment, AssignmentAction.FINISH, reason=reason)
    if totals[AccountType.REWORK]:
        entry = posting.post(
            session,
            actor,
            order_id=order.id,
            kind=EntryKind.GIVE_UP_REWORK,
            idempotency_key=idempotency_key,
            moves=[
                Move(
                    Slot(AccountType.REWORK, assignment_id=assignment.id),
                    Slot(AccountType.REJECTED, assignment_id=assignment.id),
                    totals[AccountType.REWORK],
                )
            ],
            assignment_id=assignment.id,
            note=reason,
        )
        passbook.write(
            session,
            assignment,
            PassbookKind.INSPECT,
            entry_id=entry.id,
            accepted=0,
            rework=0,
            rejected=totals[AccountType.REWORK],
            unit=order.piece_unit,
        )
    if made < assignment.pieces:
        claim_returns.give_back(session, order, assignment, made)
        passbook.write(session, assignment, PassbookKind.CHANGE, pieces=made, unit=order.piece_unit)
    after_inspection.advance_after_inspection(session, actor, assignment)
    return assignment


def _first_moves(
    session: Session,
    order: PieceworkOrder,
    assignment: Assignment,
    materials: list[OrderMaterial],
    pieces: int,
    wasted: dict[int, int],
) -> list[Move]:
    made = Slot(AccountType.MADE, assignment_id=assignment.id)
    if not materials and pieces - posting.balance(session, order.id, made) > assignment.pieces:
        raise BadField("pieces", _("比领的件数多，请先再领一份"))
    moves = [Move(made, Slot(AccountType.PENDING, assignment_id=assignment.id), pieces)]
    for material in materials:
        amount = pieces * material.use_amount + wasted.get(material.id, 0)
        moves += _consume(session, assignment, material, amount, AccountType.HOUSEHOLD)
    return moves


def _rework_moves(
    session: Session,
    assignment: Assignment,
    materials: list[OrderMaterial],
    pieces: int,
    used: dict[int, int],
) -> list[Move]:
    moves = [
        Move(
            Slot(AccountType.REWORK, assignment_id=assignment.id),
            Slot(AccountType.PENDING, assignment_id=assignment.id),
            pieces,
        )
    ]
    for material in materials:
        amount = used.get(material.id, 0)
        moves += _consume(session, assignment, material, amount, AccountType.REPLACEMENT)
    return moves


def _consume(
    session: Session,
    assignment: Assignment,
    material: OrderMaterial,
    amount: int,
    account_type: AccountType,
) -> list[Move]:
    """Return moves that take ``amount`` from the household's lots of a material, oldest first."""
    from webapp.piecework.models.order import MaterialLot

    lots = set(
        session.execute(
            select(col(MaterialLot.id)).where(col(MaterialLot.material_id) == material.id)
        ).scalars()
    )
    moves = []
    missing = amount
    for lot_id, held in posting.holdings(session, assignment.id, account_type):
        if lot_id in lots and missing:
            part = min(held, missing)
            moves.append(
                Move(
                    Slot(account_type, lot_id, assignment.id),
                    Slot(AccountType.CONSUMED, lot_id, assignment.id),
                    part,
                )
            )
            missing -= part
    if missing:
        if account_type is AccountType.REPLACEMENT:
            raise BadField("replacement", _("返工只能用新补的料，补的料没有这么多"))
        enough = (amount - missing) // material.use_amount
        raise BadField(
            "pieces",
            _("手里的“%(name)s”只够 %(n)d 件，请点清楚再填", name=material.name, n=enough),
        )
    return moves


def _amounts(given: dict[int, int], materials: list[OrderMaterial], field: str) -> dict[int, int]:
    known = {one.id for one in materials}
    for material_id, amount in given.items():
        if material_id not in known:
            raise BadField(field, _("没有这种材料"))
        whole(amount, field, least=0, most=MOST_MATERIAL)
    return dict(given)


def _next_number(session: Session, assignment_id: int) -> int:
    last = session.execute(
        select(func.max(col(Delivery.number))).where(col(Delivery.assignment_id) == assignment_id)
    ).scalar_one()
    return (last or 0) + 1
