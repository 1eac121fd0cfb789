"""Use cases of material a household has: taken back, spoiled or lost, missing."""

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import AssignmentHold, AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMaterial
from webapp.piecework.models.ledger import EntryKind, LedgerEntry
from webapp.piecework.models.order import MaterialLot, OrderMaterial
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services.access import lock_assignment, require_staff
from webapp.piecework.services.material_lots import get_lot
from webapp.piecework.services.transitions import require_postable, state_conflict
from webapp.piecework.services.validation import MOST_MATERIAL, whole, words

#: States in which a household may have material.
ISSUED_TO = frozenset(
    {
        AssignmentState.TRIAL_PASSED, AssignmentState.ISSUED, AssignmentState.WORKING,
        AssignmentState.SUBMITTED, AssignmentState.REWORK,
    }
)  # fmt: skip


def take_back(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    idempotency_key: str,
    replacement: bool = False,
) -> LedgerEntry:
    """Take unused material back, before or after deliveries; closes nothing."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    require_postable(order)
    lot = get_lot(session, lot_id, order)
    whole(amount, "amount", most=MOST_MATERIAL)
    account_type = AccountType.REPLACEMENT if replacement else AccountType.HOUSEHOLD
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.RETURN,
        idempotency_key=idempotency_key,
        moves=[
            Move(
                Slot(account_type, lot.id, assignment.id), Slot(AccountType.CENTRE, lot.id), amount
            )
        ],
        assignment_id=assignment.id,
    )
    count_issued(session, assignment, lot.material_id, -amount, replacement=replacement)
    audit.record(session, "piecework.take_back", assignment, lot=lot.id, amount=amount)
    write_line(session, assignment, PassbookKind.RETURN, entry, lot, amount)
    return entry


def record_spoiled(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    idempotency_key: str,
    lost: bool = False,
    note: str = "",
) -> LedgerEntry:
    """Note material a household spoiled or lost; costs nothing without a signed finding."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    require_postable(order)
    lot = get_lot(session, lot_id, order)
    whole(amount, "amount", most=MOST_MATERIAL)
    target = Slot(AccountType.LOST if lost else AccountType.SCRAP, lot.id, assignment.id)
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.SPOIL,
        idempotency_key=idempotency_key,
        moves=[Move(Slot(AccountType.HOUSEHOLD, lot.id, assignment.id), target, amount)],
        assignment_id=assignment.id,
        note=note[:300],
    )
    audit.record(session, "piecework.spoil", assignment, lot=lot.id, amount=amount, lost=lost)
    write_line(session, assignment, PassbookKind.SPOIL, entry, lot, amount, lost=lost)
    return entry


def report_short(session: Session, actor: Actor, *, assignment_id: int, reason: str) -> Assignment:
    """Mark an assignment that waits because material is missing."""
    order, assignment = lock_assignment(session, actor, assignment_id)
    require_postable(order)
    if assignment.state not in ISSUED_TO:
        raise state_conflict(assignment)
    if assignment.hold is AssignmentHold.DISPUTED:
        raise Conflict(_("这一份正在处理争议，社区会联系您"))
    set_hold(session, assignment, AssignmentHold.MATERIAL_SHORT, words(reason, "reason", most=200))
    audit.record(session, "piecework.report_short", assignment)
    return assignment


def count_issued(
    session: Session,
    assignment: Assignment,
    material_id: int,
    amount: int,
    pack_reason: str = "",
    *,
    replacement: bool,
) -> int:
    """Count what is out; return by how much a reasoned pack goes beyond the need."""
    row = session.execute(
        select(AssignmentMaterial)
        .where(
            col(AssignmentMaterial.assignment_id) == assignment.id,
            col(AssignmentMaterial.material_id) == material_id,
        )
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    prefix = "replacement_" if replacement else ""
    issued, ceiling, override = (
        getattr(row, prefix + name) for name in ("issued", "ceiling", "override")
    )
    over = max(0, issued + amount - ceiling - override)
    if over and amount > 0:
        pack = session.get_one(OrderMaterial, material_id).pack_size
        if pack == 1 or amount % pack or over >= pack:
            left = max(0, ceiling + override - issued)
            raise BadField("amount", _("最多还能发 %(n)d，不能超过用量加损耗", n=left))
        if not pack_reason.strip():
            raise BadField("pack_reason", _("整包发会超出用量，请写明原因"))
        setattr(row, prefix + "override", override + over)
    setattr(row, prefix + "issued", issued + amount)
    session.add(row)
    session.flush()
    return over


def set_hold(
    session: Session, assignment: Assignment, hold: AssignmentHold | None, reason: str
) -> None:
    """Note what an assignment waits for, or that it waits no more."""
    session.execute(
        update(Assignment)
        .where(col(Assignment.id) == assignment.id)
        .values(hold=hold, hold_reason=reason, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(assignment)


def write_line(
    session: Session,
    assignment: Assignment,
    kind: PassbookKind,
    entry: LedgerEntry,
    lot: MaterialLot,
    amount: int,
    *,
    lost: bool = False,
    replacement: bool = False,
) -> None:
    """Write a line on material in the household's passbook."""
    material = session.get_one(OrderMaterial, lot.material_id)
    passbook.write(
        session,
        assignment,
        kind,
        entry_id=entry.id,
        material=material.name,
        material_unit=str(material.unit),
        amount=amount,
        lost=lost or None,
        replacement=replacement or None,
    )
