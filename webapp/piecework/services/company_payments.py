"""Money of the company: what it says it sent, what the centre has seen."""

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.piecework.ledger import posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.money import CompanyPayment, CompanyPaymentState
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.services import closing
from webapp.piecework.services.access import lock_order, require_staff
from webapp.piecework.services.transitions import require_postable
from webapp.piecework.services.validation import whole

_MOST = 1_000_000_000_000


def declare_payment(
    session: Session,
    actor: Actor,
    *,
    order_id: int,
    amount_fen: int,
    reference: str,
    idempotency_key: str,
) -> CompanyPayment:
    """The company says it sent money; never more than it owes for accepted pieces."""
    order = lock_order(session, actor, order_id)
    known = session.execute(
        select(CompanyPayment).where(col(CompanyPayment.idempotency_key) == idempotency_key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    require_postable(order)
    whole(amount_fen, "amount", most=_MOST)
    open_fen = session.execute(
        select(func.coalesce(func.sum(col(CompanyPayment.amount_fen)), 0)).where(
            col(CompanyPayment.order_id) == order.id,
            col(CompanyPayment.state) == CompanyPaymentState.DECLARED,
        )
    ).scalar_one()
    owed = posting.balance(session, order.id, Slot(AccountType.RECEIVABLE)) - int(open_fen)
    if amount_fen > owed:
        raise BadField("amount", _("现在只欠 %(yuan).2f 元，验收合格才要付", yuan=owed / 100))
    payment = CompanyPayment(
        order_id=order.id,
        amount_fen=amount_fen,
        reference=reference.strip()[:80],
        declared_by_id=actor.account_id,
        declared_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    session.add(payment)
    session.flush()
    audit.record(session, "piecework.declare_payment", payment, fen=amount_fen)
    return payment


def confirm_payment(session: Session, actor: Actor, *, payment_id: int) -> CompanyPayment:
    """Staff have seen the money."""
    order, payment = _locked(session, actor, payment_id)
    if payment.state is CompanyPaymentState.RECEIVED:
        return payment
    _decide(session, actor, payment, CompanyPaymentState.RECEIVED)
    entry = posting.post(
        session,
        actor,
        order_id=order.id,
        kind=EntryKind.COMPANY_PAY,
        idempotency_key=f"company-payment-{payment.id}",
        moves=[Move(Slot(AccountType.RECEIVABLE), Slot(AccountType.BANK), payment.amount_fen)],
    )
    payment.entry_id = entry.id
    session.add(payment)
    session.execute(
        update(PieceworkOrder)
        .where(col(PieceworkOrder.id) == order.id)
        .values(paid_fen=col(PieceworkOrder.paid_fen) + payment.amount_fen)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    session.refresh(order)
    audit.record(session, "piecework.confirm_payment", payment)
    closing.mark_paid(session, actor, order)
    return payment


def payment_not_found(session: Session, actor: Actor, *, payment_id: int) -> CompanyPayment:
    """Staff looked and did not find the money; the company is owed nothing for it."""
    _order, payment = _locked(session, actor, payment_id)
    _decide(session, actor, payment, CompanyPaymentState.NOT_FOUND)
    audit.record(session, "piecework.payment_not_found", payment)
    return payment


def _locked(
    session: Session, actor: Actor, payment_id: int
) -> tuple[PieceworkOrder, CompanyPayment]:
    require_staff(actor)
    payment = session.get(CompanyPayment, payment_id)
    if payment is None:
        raise NotFound
    order = lock_order(session, actor, payment.order_id)
    session.refresh(payment)
    require_postable(order)
    return order, payment


def _decide(
    session: Session, actor: Actor, payment: CompanyPayment, state: CompanyPaymentState
) -> None:
    decided = session.execute(
        update(CompanyPayment)
        .where(
            col(CompanyPayment.id) == payment.id,
            col(CompanyPayment.state) == CompanyPaymentState.DECLARED,
        )
        .values(state=state, decided_by_id=actor.account_id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_("这一笔已经处理过了"))
    session.refresh(payment)
