"""Pay settled lines: by somebody who neither inspected the pieces nor lives in the household."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.openings.models import Opening
from webapp.piecework import policy
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.models.assignment import Assignment, Inspection
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import Payment, PaymentMethod, SettlementLine, SettlementRun
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.piecework.models.payee import PaymentPayee
from webapp.piecework.queries.payees import payees_of
from webapp.piecework.services import closing
from webapp.piecework.services.access import is_member, lock_assignment, require_staff
from webapp.residents.models import Household


class PayRow(NamedTuple):
    """One line of a payment list."""

    line_id: int
    household_id: int
    unit_address: str
    assignment_id: int
    order_id: int
    title: str
    gross_fen: int
    deduction_fen: int
    net_fen: int
    method: PaymentMethod | None
    reference: str
    paid_at: datetime | None


def pay(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    method: PaymentMethod,
    idempotency_key: str,
    reference: str = "",
) -> Payment:
    """Note that a settled line was paid out; once, whoever tries again."""
    require_staff(actor)
    line = session.get(SettlementLine, line_id)
    if line is None:
        raise NotFound
    order, assignment = lock_assignment(session, actor, line.assignment_id)
    paid = session.execute(
        select(Payment).where(col(Payment.line_id) == line.id)
    ).scalar_one_or_none()
    if paid is not None:
        if posting.posted(session, idempotency_key) is not None:
            return paid
        raise Conflict(_("这一笔已经付过了"))
    _refuse_payer(session, actor, assignment)
    return _pay(session, actor, order, assignment, line, method, idempotency_key, reference)


def pay_all(
    session: Session,
    actor: Actor,
    *,
    run_id: int,
    method: PaymentMethod,
    idempotency_key: str,
    reference: str = "",
) -> int:
    """Pay all unpaid lines of a run that the actor may pay; return how many were paid.

    Raises ``Refused`` when lines are left and the actor may pay none of them.
    """
    require_staff(actor)
    if session.get(SettlementRun, run_id) is None:
        raise NotFound
    lines = list(
        session.execute(
            select(SettlementLine)
            .outerjoin(Payment, col(Payment.line_id) == col(SettlementLine.id))
            .where(col(SettlementLine.run_id) == run_id, col(Payment.id).is_(None))
            .order_by(col(SettlementLine.id))
        ).scalars()
    )
    assignments = [line.assignment_id for line in lines]
    order_ids = (
        select(col(Assignment.order_id)).where(col(Assignment.id).in_(assignments)).distinct()
    )
    session.execute(
        select(col(PieceworkOrder.id))
        .where(col(PieceworkOrder.id).in_(order_ids))
        .order_by(col(PieceworkOrder.id))
        .with_for_update()
    ).all()
    count = 0
    for line in lines:
        order, assignment = lock_assignment(session, actor, line.assignment_id)
        done = session.execute(select(col(Payment.id)).where(col(Payment.line_id) == line.id))
        if done.first() is not None or may_not_pay(session, actor, assignment):
            continue
        _pay(
            session,
            actor,
            order,
            assignment,
            line,
            method,
            f"{idempotency_key}-{line.id}",
            reference,
        )
        count += 1
    if lines and not count:
        raise Refused(_("剩下的您都不能付：验过货的人和自己家的，要换一位来付"))
    return count


def payment_list(session: Session, run_id: int) -> list[PayRow]:
    """Return the lines of a run by unit address; one query."""
    rows = session.execute(
        select(
            col(SettlementLine.id),
            col(SettlementLine.household_id),
            col(Household.unit_address),
            col(SettlementLine.assignment_id),
            col(Assignment.order_id),
            col(Opening.title),
            col(SettlementLine.gross_fen),
            col(SettlementLine.deduction_fen),
            col(SettlementLine.net_fen),
            col(Payment.method),
            col(Payment.reference),
            col(Payment.paid_at),
        )
        .join(Household, col(Household.id) == col(SettlementLine.household_id))
        .join(Assignment, col(Assignment.id) == col(SettlementLine.assignment_id))
        .join(PieceworkOrder, col(PieceworkOrder.id) == col(Assignment.order_id))
        .join(Opening, col(Opening.id) == col(PieceworkOrder.opening_id))
        .outerjoin(Payment, col(Payment.line_id) == col(SettlementLine.id))
        .where(col(SettlementLine.run_id) == run_id)
        .order_by(col(Household.unit_address), col(SettlementLine.id))
    ).all()
    return [PayRow._make((*row[:10], row[10] or "", row[11])) for row in rows]


def _pay(
    session: Session,
    actor: Actor,
    order: PieceworkOrder,
    assignment: Assignment,
    line: SettlementLine,
    method: PaymentMethod,
    idempotency_key: str,
    reference: str,
) -> Payment:
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.PAY_OUT,
        idempotency_key=idempotency_key,
        moves=[
            Move(
                Slot(AccountType.BANK),
                Slot(AccountType.TO_PAY, assignment_id=assignment.id),
                line.net_fen,
            )
        ],
        assignment_id=assignment.id,
    )
    payment = Payment(
        line_id=line.id,
        method=method,
        reference=reference.strip()[:80],
        paid_by_id=require_staff(actor),
        paid_at=clock.now(),
        entry_id=entry.id,
    )
    session.add(payment)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("这一笔已经付过了")) from error
    payee = payees_of(session, [assignment.id]).get(assignment.id)
    if payee is not None and payee.account.method is method:
        session.add(PaymentPayee(payment_id=payment.id, payee_id=payee.account.id))
    audit.record(session, "piecework.pay", payment, fen=line.net_fen)
    passbook.write(
        session,
        assignment,
        PassbookKind.PAY_OUT,
        entry_id=entry.id,
        pay_fen=line.net_fen,
        method=str(method),
    )
    closing.close_if_done(session, actor, assignment)
    closing.mark_paid(session, actor, order)
    return payment


def _refuse_payer(session: Session, actor: Actor, assignment: Assignment) -> None:
    why = may_not_pay(session, actor, assignment)
    if why:
        raise Forbidden(why)


def may_not_pay(session: Session, actor: Actor, assignment: Assignment) -> str | None:
    """Return why the actor may not pay this household, ``None`` if they may."""
    member = is_member(session, actor.account_id, assignment.household_id)
    inspected = session.execute(
        select(col(Inspection.id)).where(
            col(Inspection.assignment_id) == assignment.id,
            col(Inspection.inspector_id) == actor.account_id,
        )
    ).first()
    return policy.payer_fault(is_member=member, has_inspected=inspected is not None)
