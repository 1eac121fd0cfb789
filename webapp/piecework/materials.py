"""Use cases of the material counter: issue, return, spoiled, replacement."""

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlmodel import Session, col

from webapp import audit, clock
from webapp.access import Actor
from webapp.errors import Conflict, NotFound, Refused
from webapp.openings.service import BadField
from webapp.piecework import ledger, passbook
from webapp.piecework.ledger import Move, Place, Slot
from webapp.piecework.lifecycle import (
    AssignmentAction,
    AssignmentHold,
    AssignmentState,
    OrderAction,
    OrderState,
)
from webapp.piecework.lots import get_lot, in_stock
from webapp.piecework.models import MaterialLot, OrderMaterial, PieceworkOrder
from webapp.piecework.models_ledger import EntryKind, LedgerEntry, PassbookKind
from webapp.piecework.models_work import Assignment, AssignmentMaterial
from webapp.piecework.numbers import MOST_MATERIAL, whole, words
from webapp.piecework.steps import (
    lock_assignment,
    moved_on,
    require_postable,
    require_staff,
    take_order_step,
    take_step,
)

_ISSUED_TO = frozenset(
    {
        AssignmentState.TRIAL_PASSED, AssignmentState.ISSUED, AssignmentState.WORKING,
        AssignmentState.SUBMITTED, AssignmentState.REWORK,
    }
)  # fmt: skip


def issue(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    form_key: str,
    pack_reason: str = "",
) -> LedgerEntry:
    """Hand material of one lot to a household; the first issue locks the rate.

    Never more than need × (1 + allowance) less what it has; only whole packs may go beyond,
    with a reason. Raises :class:`BadField` for ``amount`` and ``pack_reason``.
    """
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = ledger.posted(session, form_key)
    if known is not None:
        return known
    entry = _hand_out(session, actor, order, assignment, lot_id, amount, form_key, pack_reason)
    _begin(session, actor, order, assignment)
    return entry


def issue_all(
    session: Session, actor: Actor, *, assignment_id: int, form_key: str
) -> list[LedgerEntry]:
    """Hand out all the materials of a share up to its need, oldest lots first.

    What the centre lacks leaves the share marked as short of material.
    """
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    if ledger.posted(session, f"{form_key}-0") is not None:
        return []
    entries: list[LedgerEntry] = []
    short = False
    rows = session.execute(
        select(AssignmentMaterial)
        .where(col(AssignmentMaterial.assignment_id) == assignment.id)
        .order_by(col(AssignmentMaterial.material_id))
    ).scalars()
    for row in rows.all():
        wanted = row.ceiling - row.issued
        for lot_id, amount in in_stock(session, row.material_id):
            if wanted <= 0:
                break
            part = min(amount, wanted)
            key = f"{form_key}-{len(entries)}"
            entries.append(_hand_out(session, actor, order, assignment, lot_id, part, key, ""))
            wanted -= part
        short = short or wanted > 0
    if not entries:
        raise Refused(_("没有可以发的材料：已经发够，或者仓库里没有了"))
    _begin(session, actor, order, assignment)
    if short:
        _set_hold(session, assignment, AssignmentHold.MATERIAL_SHORT, _("仓库里的材料不够"))
    return entries


def begin_without_material(
    session: Session, actor: Actor, *, assignment_id: int, form_key: str
) -> Assignment:
    """Let a household begin that uses material of its own; locks the rate like an issue."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    if ledger.posted(session, form_key) is not None:
        return assignment
    require_postable(order, held_too=False)
    has_materials = session.execute(
        select(col(AssignmentMaterial.id)).where(
            col(AssignmentMaterial.assignment_id) == assignment.id
        )
    ).first()
    if has_materials:
        raise Refused(_("这张订单要先领料"))
    if assignment.state is not AssignmentState.TRIAL_PASSED:
        raise moved_on(assignment)
    ledger.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.ISSUE,
        form_key=form_key,
        moves=[],
        assignment_id=assignment.id,
    )
    _begin(session, actor, order, assignment)
    passbook.write(session, assignment, PassbookKind.ISSUE, rate_fen=assignment.rate_fen)
    return assignment


def issue_replacement(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    form_key: str,
    pack_reason: str = "",
) -> LedgerEntry:
    """Hand out new material for pieces sent back; rework uses nothing else."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = ledger.posted(session, form_key)
    if known is not None:
        return known
    return _hand_out(
        session, actor, order, assignment, lot_id, amount, form_key, pack_reason, replacement=True
    )


def take_back(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    form_key: str,
    replacement: bool = False,
) -> LedgerEntry:
    """Take unused material back, before or after deliveries; closes nothing."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = ledger.posted(session, form_key)
    if known is not None:
        return known
    require_postable(order)
    lot = get_lot(session, lot_id, order)
    whole(amount, "amount", most=MOST_MATERIAL)
    place = Place.REPLACEMENT if replacement else Place.HOUSEHOLD
    entry = ledger.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.RETURN,
        form_key=form_key,
        moves=[Move(Slot(place, lot.id, assignment.id), Slot(Place.CENTRE, lot.id), amount)],
        assignment_id=assignment.id,
    )
    _count_issued(session, assignment, lot.material_id, -amount, replacement=replacement)
    audit.record(session, "piecework.take_back", assignment, lot=lot.id, amount=amount)
    _write_line(session, assignment, PassbookKind.RETURN, entry, lot, amount)
    return entry


def record_spoiled(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    form_key: str,
    lost: bool = False,
    note: str = "",
) -> LedgerEntry:
    """Note material a household spoiled or lost; costs nothing without a signed finding."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = ledger.posted(session, form_key)
    if known is not None:
        return known
    require_postable(order)
    lot = get_lot(session, lot_id, order)
    whole(amount, "amount", most=MOST_MATERIAL)
    target = Slot(Place.LOST if lost else Place.SCRAP, lot.id, assignment.id)
    entry = ledger.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.SPOIL,
        form_key=form_key,
        moves=[Move(Slot(Place.HOUSEHOLD, lot.id, assignment.id), target, amount)],
        assignment_id=assignment.id,
        note=note[:300],
    )
    audit.record(session, "piecework.spoil", assignment, lot=lot.id, amount=amount, lost=lost)
    _write_line(session, assignment, PassbookKind.SPOIL, entry, lot, amount, lost=lost)
    return entry


def report_short(session: Session, actor: Actor, *, assignment_id: int, reason: str) -> Assignment:
    """Mark a share that waits because material is missing."""
    order, assignment = lock_assignment(session, actor, assignment_id)
    require_postable(order)
    if assignment.state not in _ISSUED_TO:
        raise moved_on(assignment)
    if assignment.hold is AssignmentHold.DISPUTED:
        raise Conflict(_("这一份正在处理争议，社区会联系您"))
    _set_hold(session, assignment, AssignmentHold.MATERIAL_SHORT, words(reason, "reason", most=200))
    audit.record(session, "piecework.report_short", assignment)
    return assignment


def _hand_out(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    assignment: Assignment,
    lot_id: int,
    amount: int,
    form_key: str,
    pack_reason: str,
    *,
    replacement: bool = False,
) -> LedgerEntry:
    require_postable(order, held_too=False)
    allowed = {AssignmentState.REWORK} if replacement else _ISSUED_TO
    if assignment.state not in allowed:
        raise moved_on(assignment)
    lot = get_lot(session, lot_id, order)
    whole(amount, "amount", most=MOST_MATERIAL)
    over = _count_issued(
        session, assignment, lot.material_id, amount, pack_reason, replacement=replacement
    )
    place = Place.REPLACEMENT if replacement else Place.HOUSEHOLD
    entry = ledger.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.ISSUE,
        form_key=form_key,
        moves=[Move(Slot(Place.CENTRE, lot.id), Slot(place, lot.id, assignment.id), amount)],
        assignment_id=assignment.id,
        note=pack_reason[:300] if over else "",
    )
    audit.record(
        session, "piecework.issue", assignment, lot=lot.id, amount=amount, over=over,
        replacement=replacement,
    )  # fmt: skip
    _write_line(
        session, assignment, PassbookKind.ISSUE, entry, lot, amount, replacement=replacement
    )
    return entry


def _count_issued(
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


def _begin(session: Session, actor: Actor, order: PieceworkOrder, assignment: Assignment) -> None:
    """After the first issue the rate is locked and the order is in production."""
    if assignment.state is AssignmentState.TRIAL_PASSED:
        take_step(session, actor, assignment, AssignmentAction.ISSUE, rate_fen=order.rate_fen)
    if order.state in {OrderState.PUBLISHED, OrderState.MATERIAL_IN}:
        take_order_step(session, actor, order, OrderAction.START)
    if assignment.hold is AssignmentHold.MATERIAL_SHORT:
        _set_hold(session, assignment, None, "")


def _set_hold(
    session: Session, assignment: Assignment, hold: AssignmentHold | None, reason: str
) -> None:
    session.execute(
        update(Assignment)
        .where(col(Assignment.id) == assignment.id)
        .values(hold=hold, hold_reason=reason, updated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(assignment)


def _write_line(
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
