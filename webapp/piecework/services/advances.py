"""Advances on pay: paid out and cleared."""

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Refused
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import OVER
from webapp.piecework.models.ledger import EntryKind, LedgerEntry
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.policy import Duty
from webapp.piecework.services.access import lock_assignment, require_outsider, require_staff
from webapp.piecework.services.transitions import require_postable, state_conflict
from webapp.piecework.services.validation import MOST_FEN, whole, words
from webapp.rulebook.figures import rule


def pay_advance(
    session: Session, actor: Actor, *, assignment_id: int, amount_fen: int, idempotency_key: str
) -> LedgerEntry:
    """Hand out money ahead of pay: all advances together at most the share of pay that may be
    deducted of what the claimed pieces earn."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    require_postable(order, on_hold_too=False)
    if assignment.state in OVER or assignment.rate_fen is None:
        raise state_conflict(assignment)
    require_outsider(session, actor, Duty.PAY, assignment.household_id)
    whole(amount_fen, "amount", most=MOST_FEN)
    slot = Slot(AccountType.ADVANCE, assignment_id=assignment.id)
    permille = rule("piecework_deduction_permille", on=clock.today())
    made = -posting.balance(session, order.id, Slot(AccountType.MADE, assignment_id=assignment.id))
    ahead = max(0, assignment.pieces - made) * assignment.rate_fen * permille // 1000
    left = ahead - posting.balance(session, order.id, slot)
    if amount_fen > left:
        raise BadField("amount", _("最多还能预支 %(yuan).2f 元", yuan=max(0, left) / 100))
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.ADVANCE,
        idempotency_key=idempotency_key,
        moves=[Move(Slot(AccountType.BANK), slot, amount_fen)],
        assignment_id=assignment.id,
    )
    audit.record(session, "piecework.advance", assignment, fen=amount_fen)
    passbook.write(session, assignment, PassbookKind.ADVANCE, entry_id=entry.id, pay_fen=amount_fen)
    return entry


def clear_advance(
    session: Session,
    actor: Actor,
    *,
    assignment_id: int,
    reason: str,
    idempotency_key: str,
    repaid: bool = False,
) -> LedgerEntry:
    """End what a household still owes of advances and charges: it brought the money back
    (``repaid``), or is let off and the centre bears it out of its margin."""
    require_staff(actor)
    order, assignment = lock_assignment(session, actor, assignment_id)
    known = posting.posted(session, idempotency_key)
    if known is not None:
        return known
    require_postable(order)
    require_outsider(session, actor, Duty.WAIVE, assignment.household_id)
    reason = words(reason, "reason")
    slot = Slot(AccountType.ADVANCE, assignment_id=assignment.id)
    owed = posting.balance(session, order.id, slot)
    if not owed:
        raise Refused(_("没有欠的钱"))
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.WAIVE,
        idempotency_key=idempotency_key,
        moves=[Move(slot, Slot(AccountType.BANK if repaid else AccountType.MARGIN), owed)],
        assignment_id=assignment.id,
        note=reason,
    )
    audit.record(session, "piecework.clear_advance", assignment, fen=owed, repaid=repaid)
    passbook.write(
        session,
        assignment,
        PassbookKind.WAIVE,
        entry_id=entry.id,
        charge_fen=owed,
        repaid=repaid or None,
        why=reason,
    )
    return entry
