"""Use cases of waste beyond the allowance: charged only after a signed finding."""

from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import OVER, AssignmentHold
from webapp.piecework.models.assignment import Assignment, Delivery, WastageFinding
from webapp.piecework.models.ledger import EntryKind, LedgerAccount
from webapp.piecework.models.order import MaterialLot, OrderMaterial
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.policy import Duty
from webapp.piecework.services.access import (
    get_assignment,
    lock_assignment,
    materials_of,
    require_outsider,
    require_staff,
)
from webapp.piecework.services.transitions import require_postable, state_conflict
from webapp.piecework.services.validation import MOST_FEN, MOST_MATERIAL, whole, words


class Excess(NamedTuple):
    """Waste of one material: what is free, what was wasted, what may still be charged."""

    material: OrderMaterial
    allowed: int
    wasted: int
    excess: int
    most_fen: int


def excess(session: Session, actor: Actor, *, assignment_id: int) -> list[Excess]:
    """Return the waste of each material in an assignment, less what findings already cover."""
    return _excess(session, get_assignment(session, actor, assignment_id))


def sign_finding(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    material_id: int,
    excess: int,
    charge_fen: int,
    cause: str,
    heard: str,
    idempotency_key: str,
) -> WastageFinding:
    """Sign a finding: the cause of the excess waste, the household's account, and the charge.

    The charge is never above the material's cost; it is taken from pay within the month's cap.
    """
    signer_id = require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = session.execute(
        select(WastageFinding).where(col(WastageFinding.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    require_postable(order)
    if assignment.state in OVER:
        raise state_conflict(assignment)
    require_outsider(session, actor, Duty.SIGN_FINDING, assignment.household_id)
    if assignment.hold is AssignmentHold.DISPUTED:
        raise Conflict(_("这一份正在处理争议，处理完再签"))
    row = next(
        (one for one in _excess(session, assignment) if one.material.id == material_id), None
    )
    if row is None:
        raise NotFound
    whole(excess, "excess", most=MOST_MATERIAL)
    if excess > row.excess:
        raise BadField("excess", _("超出损耗的最多 %(n)d，允许的损耗不收钱", n=row.excess))
    whole(charge_fen, "charge", least=0, most=MOST_FEN)
    most = _cost(row.material, excess)
    if charge_fen > most:
        raise BadField("charge", _("最多只能照材料价收 %(yuan).2f 元", yuan=most / 100))
    cause = words(cause, "cause")
    heard = words(heard, "heard")
    entry = None
    if charge_fen:
        entry = posting.post(
            session,
            actor,
            order_id=order.id,
            kind=EntryKind.CHARGE,
            idempotency_key=idempotency_key,
            moves=[
                Move(
                    Slot(AccountType.RESERVE),
                    Slot(AccountType.ADVANCE, assignment_id=assignment.id),
                    charge_fen,
                )
            ],
            assignment_id=assignment.id,
            note=cause,
        )
    finding = WastageFinding(
        assignment_id=assignment.id,
        material_id=material_id,
        excess=excess,
        charge_fen=charge_fen,
        cause=cause,
        heard=heard,
        signed_by_id=signer_id,
        signed_at=clock.now(),
        entry_id=entry.id if entry else None,
        idempotency_key=idempotency_key,
    )
    session.add(finding)
    session.flush()
    audit.record(session, "piecework.sign_finding", finding, charge=charge_fen)
    passbook.write(
        session,
        assignment,
        PassbookKind.FINDING,
        entry_id=finding.entry_id,
        material=row.material.name,
        material_unit=str(row.material.unit),
        amount=excess,
        charge_fen=charge_fen,
        why=cause,
    )
    return finding


def waive_finding(
    session: Session, actor: Actor, *, finding_id: int, reason: str, idempotency_key: str
) -> WastageFinding:
    """Take a charge back; refused once it was deducted from pay."""
    require_staff(actor)
    finding = session.get(WastageFinding, finding_id)
    if finding is None:
        raise NotFound
    _order, assignment = lock_assignment(session, actor, finding.assignment_id)
    session.refresh(finding)
    if posting.posted(session, idempotency_key) is not None:
        return finding
    if finding.entry_id is None or finding.waived_by_entry_id is not None:
        raise Conflict(_("这一笔没有收钱，或者已经免了"))
    reason = words(reason, "reason")
    entry = posting.reverse(
        session, actor, entry_id=finding.entry_id, idempotency_key=idempotency_key, note=reason
    )
    finding.waived_by_entry_id = entry.id
    session.add(finding)
    session.flush()
    audit.record(session, "piecework.waive_finding", finding)
    passbook.write(
        session,
        assignment,
        PassbookKind.WAIVE,
        entry_id=entry.id,
        charge_fen=finding.charge_fen,
        why=reason,
    )
    return finding


def _excess(session: Session, assignment: Assignment) -> list[Excess]:
    made = -posting.balance(
        session, assignment.order_id, Slot(AccountType.MADE, assignment_id=assignment.id)
    )
    spoiled = dict(
        session.execute(
            select(col(MaterialLot.material_id), func.sum(col(LedgerAccount.balance)))
            .join(MaterialLot, col(MaterialLot.id) == col(LedgerAccount.lot_id))
            .where(
                col(LedgerAccount.assignment_id) == assignment.id,
                col(LedgerAccount.account_type).in_([AccountType.SCRAP, AccountType.LOST]),
            )
            .group_by(col(MaterialLot.material_id))
        ).all()
    )
    recorded = session.execute(
        select(col(Delivery.wastage)).where(col(Delivery.assignment_id) == assignment.id)
    ).scalars()
    wasted: dict[int, int] = {id_: int(amount) for id_, amount in spoiled.items()}
    for given in recorded:
        for id_, amount in given.items():
            wasted[int(id_)] = wasted.get(int(id_), 0) + amount
    signed = dict(
        session.execute(
            select(col(WastageFinding.material_id), func.sum(col(WastageFinding.excess)))
            .where(
                col(WastageFinding.assignment_id) == assignment.id,
                col(WastageFinding.waived_by_entry_id).is_(None),
            )
            .group_by(col(WastageFinding.material_id))
        ).all()
    )
    found = []
    for material in materials_of(session, assignment.order_id):
        allowed = made * material.use_amount * material.allowance_permille // 1000
        total = wasted.get(material.id, 0)
        over = max(0, total - allowed - int(signed.get(material.id, 0)))
        found.append(Excess(material, allowed, total, over, _cost(material, over)))
    return found


def _cost(material: OrderMaterial, amount: int) -> int:
    return amount * material.cost_fen // material.pack_size
