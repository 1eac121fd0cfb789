"""Use cases of the material counter: issue what an assignment needs, or material for rework."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import Refused
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import (
    AssignmentAction,
    AssignmentHold,
    AssignmentState,
    OrderAction,
    OrderState,
)
from webapp.piecework.models.assignment import Assignment, AssignmentMaterial
from webapp.piecework.models.ledger import EntryKind, LedgerEntry
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.services.access import lock_assignment, require_staff
from webapp.piecework.services.material_lots import get_lot, in_stock
from webapp.piecework.services.material_returns import ISSUED_TO, count_issued, set_hold, write_line
from webapp.piecework.services.transitions import (
    require_postable,
    state_conflict,
    transition,
    transition_order,
)
from webapp.piecework.services.validation import MOST_MATERIAL, whole


def issue(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    lot_id: int,
    amount: int,
    idempotency_key: str,
    pack_reason: str = "",
) -> LedgerEntry:
    """Hand material of one lot to a household; the first issue locks the rate.

    Never more than need × (1 + allowance) less what it has; only whole packs may go beyond,
    with a reason. Raises :class:`BadField` for ``amount`` and ``pack_reason``.
    """
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    entry = _hand_out(
        session, actor, order, assignment, lot_id, amount, idempotency_key, pack_reason
    )
    _begin(session, actor, order, assignment)
    return entry


def issue_all(
    session: Session, actor: Actor, *, assignment_id: int, idempotency_key: str
) -> list[LedgerEntry]:
    """Hand out all the materials of an assignment up to its need, oldest lots first.

    What the centre lacks leaves the assignment marked as short of material.
    """
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    if posting.posted(session, f"{idempotency_key}-0") is not None:
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
            key = f"{idempotency_key}-{len(entries)}"
            entries.append(_hand_out(session, actor, order, assignment, lot_id, part, key, ""))
            wanted -= part
        short = short or wanted > 0
    if not entries:
        raise Refused(_("没有可以发的材料：已经发够，或者仓库里没有了"))
    _begin(session, actor, order, assignment)
    if short:
        set_hold(session, assignment, AssignmentHold.MATERIAL_SHORT, _("仓库里的材料不够"))
    return entries


def begin_without_material(
    session: Session, actor: Actor, *, assignment_id: int, idempotency_key: str
) -> Assignment:
    """Let a household begin that uses material of its own; locks the rate like an issue."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    if posting.posted(session, idempotency_key) is not None:
        return assignment
    require_postable(order, on_hold_too=False)
    has_materials = session.execute(
        select(col(AssignmentMaterial.id)).where(
            col(AssignmentMaterial.assignment_id) == assignment.id
        )
    ).first()
    if has_materials:
        raise Refused(_("这张订单要先领料"))
    if assignment.state is not AssignmentState.TRIAL_PASSED:
        raise state_conflict(assignment)
    posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.ISSUE,
        idempotency_key=idempotency_key,
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
    idempotency_key: str,
    pack_reason: str = "",
) -> LedgerEntry:
    """Hand out new material for pieces sent back; rework uses nothing else."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    return _hand_out(
        session,
        actor,
        order,
        assignment,
        lot_id,
        amount,
        idempotency_key,
        pack_reason,
        replacement=True,
    )


def _hand_out(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    assignment: Assignment,
    lot_id: int,
    amount: int,
    idempotency_key: str,
    pack_reason: str,
    *,
    replacement: bool = False,
) -> LedgerEntry:
    require_postable(order, on_hold_too=False)
    allowed = {AssignmentState.REWORK} if replacement else ISSUED_TO
    if assignment.state not in allowed:
        raise state_conflict(assignment)
    lot = get_lot(session, lot_id, order)
    whole(amount, "amount", most=MOST_MATERIAL)
    over = count_issued(
        session, assignment, lot.material_id, amount, pack_reason, replacement=replacement
    )
    account_type = AccountType.REPLACEMENT if replacement else AccountType.HOUSEHOLD
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.ISSUE,
        idempotency_key=idempotency_key,
        moves=[
            Move(
                Slot(AccountType.CENTRE, lot.id), Slot(account_type, lot.id, assignment.id), amount
            )
        ],
        assignment_id=assignment.id,
        note=pack_reason[:300] if over else "",
    )
    audit.record(
        session, "piecework.issue", assignment, lot=lot.id, amount=amount, over=over,
        replacement=replacement,
    )  # fmt: skip
    write_line(session, assignment, PassbookKind.ISSUE, entry, lot, amount, replacement=replacement)
    return entry


def _begin(session: Session, actor: Actor, order: PieceworkOrder, assignment: Assignment) -> None:
    """After the first issue the rate is locked and the order is in production."""
    if assignment.state is AssignmentState.TRIAL_PASSED:
        transition(session, actor, assignment, AssignmentAction.ISSUE, rate_fen=order.rate_fen)
    if order.state in {OrderState.PUBLISHED, OrderState.MATERIAL_IN}:
        transition_order(session, actor, order, OrderAction.START)
    if assignment.hold is AssignmentHold.MATERIAL_SHORT:
        set_hold(session, assignment, None, "")
