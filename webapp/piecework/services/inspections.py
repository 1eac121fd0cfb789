"""Use cases of inspection: accept, send back, reject; undoing a mistake."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.core.photos import Kept
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import AssignmentAction
from webapp.piecework.models.assignment import (
    Assignment,
    AssignmentMaterial,
    Delivery,
    Inspection,
    InspectionPhoto,
)
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.order import OrderMaterial, PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.policy import Duty
from webapp.piecework.services import after_inspection, reject_monitor
from webapp.piecework.services.access import lock_assignment, require_outsider, require_staff
from webapp.piecework.services.transitions import require_postable, transition
from webapp.piecework.services.validation import whole, words

MOST_PHOTOS = 6
PHOTOS = "piecework"  # their folder among the uploads


def inspect(
    session: Session,
    actor: Actor,
    *,
    delivery_id: int,
    accepted: int,
    rework: int,
    rejected: int,
    idempotency_key: str,
    note: str = "",
    rework_days: int = 7,
    photos: Sequence[Kept] = (),
) -> Inspection:
    """Record the inspection of a delivery; accepted pieces are payable and owed at once.

    Nobody inspects their own household (``Forbidden``). Raises :class:`BadField` when the
    counts do not add up or nothing says what is wrong, ``Conflict`` when somebody was first.
    """
    inspector_id = require_staff(actor)
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound
    order, assignment = lock_assignment(session, actor, delivery.assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return session.execute(
            select(Inspection).where(col(Inspection.entry_id) == known.id)
        ).scalar_one()
    require_postable(order)
    _refuse_inspector(session, actor, order, assignment)
    for name, count in (("accepted", accepted), ("rework", rework), ("rejected", rejected)):
        whole(count, name, least=0)
    if accepted + rework + rejected != delivery.pieces:
        raise BadField("accepted", _("三个数加起来要正好 %(n)d 件", n=delivery.pieces))
    if rework + rejected and not note.strip():
        raise BadField("note", _("有返工或不合格的，写明哪里不行，好让家里知道怎么改"))
    whole(rework_days, "rework_days", most=60)
    if len(photos) > MOST_PHOTOS:
        raise BadField("photos", _("最多传 %(n)d 张照片", n=MOST_PHOTOS))
    _mark_inspected(session, delivery)
    transition(session, actor, assignment, AssignmentAction.INSPECT)
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.INSPECT,
        idempotency_key=idempotency_key,
        moves=_moves(order, assignment, accepted, rework, rejected),
        assignment_id=assignment.id,
    )
    inspection = Inspection(
        order_id=order.id,
        assignment_id=assignment.id,
        delivery_id=delivery.id,
        accepted=accepted,
        rework=rework,
        rejected=rejected,
        note=note.strip()[:300],
        inspector_id=inspector_id,
        at=clock.now(),
        entry_id=entry.id,
    )
    session.add(inspection)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("这一批刚被别人验过了")) from error
    _add_photos(session, inspection, photos)
    _allow_replacement(session, assignment, rework)
    audit.record(
        session, "piecework.inspect", inspection,
        accepted=accepted, rework=rework, rejected=rejected,
    )  # fmt: skip
    passbook.write(
        session,
        assignment,
        PassbookKind.INSPECT,
        entry_id=entry.id,
        tranche=delivery.number,
        accepted=accepted,
        rework=rework,
        rejected=rejected,
        unit=order.piece_unit,
        pay_fen=accepted * (assignment.rate_fen or 0),
        why=inspection.note or None,
    )
    due = clock.today() + timedelta(days=rework_days)
    after_inspection.advance_after_inspection(session, actor, assignment, rework_due=due)
    reject_monitor.watch(session, actor, order)
    return inspection


def reverse_inspection(
    session: Session, actor: Actor, *, inspection_id: int, reason: str, idempotency_key: str
) -> Inspection:
    """Reverse a mistaken inspection; the delivery waits to be inspected again.

    Raises ``Refused`` when what it gave is used already: paid, delivered, or replaced.
    """
    require_staff(actor)
    inspection = session.get(Inspection, inspection_id)
    if inspection is None:
        raise NotFound
    order, assignment = lock_assignment(session, actor, inspection.assignment_id)
    session.refresh(inspection)
    if posting.posted(session, idempotency_key) is not None:
        return inspection
    require_postable(order)
    if inspection.reversed_by_id is not None:
        raise Conflict(_("这次验收已经更正过了"))
    require_outsider(session, actor, Duty.INSPECT, assignment.household_id)
    reason = words(reason, "reason")
    entry = posting.reverse(
        session, actor, entry_id=inspection.entry_id, idempotency_key=idempotency_key, note=reason
    )
    _allow_replacement(session, assignment, -inspection.rework)
    inspection.reversed_by_id = entry.id
    delivery = session.get_one(Delivery, inspection.delivery_id)
    delivery.inspected = False
    session.add_all([inspection, delivery])
    session.flush()
    transition(session, actor, assignment, AssignmentAction.REOPEN, reason=reason)
    audit.record(session, "piecework.reverse_inspection", inspection)
    passbook.write(
        session,
        assignment,
        PassbookKind.CORRECT,
        entry_id=entry.id,
        tranche=delivery.number,
        why=reason,
    )
    return inspection


def _refuse_inspector(
    session: Session, actor: Actor, order: PieceworkOrder, assignment: Assignment
) -> None:
    require_outsider(session, actor, Duty.INSPECT, assignment.household_id)
    if order.second_inspector_not_id is not None and (
        order.second_inspector_not_id == actor.account_id
    ):
        raise Conflict(_("这张订单在等第二位验收人，请换一位来验"))


def _mark_inspected(session: Session, delivery: Delivery) -> None:
    marked = session.execute(
        update(Delivery)
        .where(col(Delivery.id) == delivery.id, col(Delivery.inspected).is_(False))
        .values(inspected=True)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这一批刚被别人验过了"))
    session.refresh(delivery)


def _moves(
    order: PieceworkOrder, assignment: Assignment, accepted: int, rework: int, rejected: int
) -> list[Move]:
    def slot_of(account_type: AccountType) -> Slot:
        return Slot(account_type, assignment_id=assignment.id)

    rate = assignment.rate_fen or 0
    rest = order.price_fen - rate - order.margin_fen
    owed = Slot(AccountType.RECEIVABLE)
    return [
        Move(slot_of(AccountType.PENDING), slot_of(AccountType.ACCEPTED), accepted),
        Move(slot_of(AccountType.PENDING), slot_of(AccountType.REWORK), rework),
        Move(slot_of(AccountType.PENDING), slot_of(AccountType.REJECTED), rejected),
        Move(Slot(AccountType.STOCK_IN), Slot(AccountType.FINISHED), accepted),
        Move(slot_of(AccountType.PAYABLE), owed, accepted * rate),
        Move(Slot(AccountType.MARGIN), owed, accepted * order.margin_fen),
        Move(Slot(AccountType.RESERVE), owed, accepted * rest),
    ]


def stored_photos(session: Session) -> set[str]:
    """Return the names of the files that are still needed."""
    return set(session.execute(select(col(InspectionPhoto.stored))).scalars())


def _add_photos(session: Session, inspection: Inspection, photos: Sequence[Kept]) -> None:
    for photo in photos:
        session.add(
            InspectionPhoto(
                inspection_id=inspection.id,
                stored=photo.stored,
                width=photo.width,
                height=photo.height,
                added_at=clock.now(),
            )
        )
    session.flush()


def _allow_replacement(session: Session, assignment: Assignment, pieces: int) -> None:
    """Let new material be issued for ``pieces`` more sent back (fewer when negative)."""
    if not pieces:
        return
    rows = session.execute(
        select(AssignmentMaterial, OrderMaterial)
        .join(OrderMaterial, col(OrderMaterial.id) == col(AssignmentMaterial.material_id))
        .where(col(AssignmentMaterial.assignment_id) == assignment.id)
    ).all()
    for row, material in rows:
        amount = abs(pieces) * material.use_amount * (1000 + material.allowance_permille) // 1000
        row.replacement_ceiling += amount if pieces > 0 else -amount
        if row.replacement_issued > row.replacement_ceiling + row.replacement_override:
            raise Refused(_("返工的料已经发出去了，先退回来再更正"))
        session.add(row)
    session.flush()
