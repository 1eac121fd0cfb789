"""Use cases of payees: a person says where their pay goes, a second person looks, the payer reads.

An account is in the person's own name or it is not taken. Nobody changes another's: the person
does, with a number that is proven, or staff who look after them and were told so; it holds once
somebody else has seen the card. The person is told of every change.
"""

import unicodedata
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlmodel import Session, col, select

from webapp import events
from webapp.accounts import service as accounts
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.piecework import policy
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.money import Payment, PaymentMethod, SettlementLine
from webapp.piecework.models.payee import PayeeAccount, PayeeState
from webapp.piecework.queries import payees as queries
from webapp.piecework.services.access import is_member
from webapp.piecework.services.payouts import may_not_pay
from webapp.residents.models import ConsentChannel, Resident

TAIL = 4
SEEN = 6


def record(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    method: PaymentMethod,
    holder: str,
    bank: str,
    number: str,
    channel: ConsentChannel,
) -> PayeeAccount:
    """Write down where somebody's pay is to go; it holds once another has seen the card.

    One that still waits to be looked at is replaced. Raises :class:`BadField` for another's name.
    """
    resident = payable(session, actor, resident_id)
    own_name(resident, holder)
    _end(session, resident_id, PayeeState.PENDING)
    cash = method is PaymentMethod.CASH
    payee = PayeeAccount(
        resident_id=resident_id,
        method=method,
        holder=holder,
        bank=bank if method is PaymentMethod.BANK else "",
        number=None if cash else number,
        tail="" if cash else number[-TAIL:],
        channel=channel,
        recorded_at=clock.now(),
        recorded_by_id=actor.account_id or 0,
    )
    session.add(payee)
    session.flush()
    audit.record(session, "payee.record", resident, payment=method)
    _tell(session, resident, payee)
    return payee


def own_name(resident: Resident, holder: str) -> None:
    """Raise :class:`BadField` unless an account is in the person's own name."""
    if _plain(holder) != _plain(resident.name):
        raise BadField("holder", _("户名要和本人的姓名一样：%(name)s", name=resident.name))


def check(session: Session, actor: Actor, *, payee_id: int, seen: str) -> PayeeAccount:
    """Let an account hold: ``seen`` are its last six signs as they stand on the card.

    So nothing has to be read to check it. The one before ends. Raises :class:`BadField` for other
    signs, :class:`Forbidden` for who wrote it down or lives with the person.
    """
    payee, resident = checkable(session, actor, payee_id)
    if payee.number is not None and seen.casefold() != payee.number[-SEEN:].casefold():
        raise BadField("seen", _("和登记的不一样。再对一遍；真不一样就点“没对上”"))
    _end(session, resident.id, PayeeState.IN_FORCE)
    _move(
        session,
        payee,
        {"state": PayeeState.IN_FORCE, "checked_by_id": actor.account_id},
    )
    audit.record(session, "payee.check", resident, payment=payee.method)
    _tell(session, resident, payee)
    return payee


def refuse(session: Session, actor: Actor, *, payee_id: int, reason: str) -> PayeeAccount:
    """Send an account back that is not what the card says; the one before goes on."""
    payee, resident = checkable(session, actor, payee_id)
    gone = {"state": PayeeState.REFUSED, "reason": reason, "number": None, "holder": None}
    _move(session, payee, gone)
    audit.record(session, "payee.refuse", resident, reason=reason)
    _tell(session, resident, payee)
    return payee


def drop(session: Session, actor: Actor, *, resident_id: int) -> None:
    """Erase a person's account: from now on they are paid in cash."""
    resident = payable(session, actor, resident_id)
    ended = [_end(session, resident_id, state) for state in queries.OPEN]
    if not any(ended):
        raise Conflict(_("没有登记收款账户"))
    audit.record(session, "payee.drop", resident)
    _announce(session, resident, f"payee:{resident_id}:dropped:{clock.now().isoformat()}")


def reveal(session: Session, actor: Actor, *, line_id: int) -> queries.Payee:
    """Return where one unpaid line is to go, to whoever may pay it; each reading is audited."""
    line = session.get(SettlementLine, line_id)
    if line is None or not policy.can_manage(actor):
        raise NotFound
    found = read_for_payer(session, actor, [line])
    if not found:
        raise Forbidden(_("这一笔不归您付，或者没有登记收款账户"))
    return found[line.id]


def read_for_payer(
    session: Session, actor: Actor, lines: list[SettlementLine]
) -> dict[int, queries.Payee]:
    """Return by line where its pay goes: of those the actor may pay, and has not been paid.

    What was read of whom is written down.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    paid = set(
        session.exec(
            select(Payment.line_id).where(col(Payment.line_id).in_([line.id for line in lines]))
        )
    )
    owed = [line for line in lines if line.id not in paid and _may_pay(session, actor, line)]
    payees = queries.payees_of(session, [line.assignment_id for line in owed])
    found = {}
    for line in owed:
        payee = payees.get(line.assignment_id)
        if payee is None or not policy.can_read_payee(actor, payee.resident):
            continue
        found[line.id] = payee
        if payee.account.number is not None:
            audit.record(session, "payee.read", payee.resident, line=line.id)
    return found


def payable(session: Session, actor: Actor, resident_id: int) -> Resident:
    """Return a person whose account the actor may write down; others are not there."""
    resident = session.get(Resident, resident_id)
    if resident is None or not policy.can_record_payee(actor, resident):
        raise NotFound
    if actor.resident_id is not None and not accounts.is_verified(session, actor.account_id):
        raise accounts.Unverified
    return resident


def checkable(session: Session, actor: Actor, payee_id: int) -> tuple[PayeeAccount, Resident]:
    """Return an account that waits to be looked at, and whose it is."""
    payee = session.get(PayeeAccount, payee_id)
    resident = session.get(Resident, payee.resident_id) if payee else None
    if payee is None or resident is None or not policy.can_read_payee(actor, resident):
        raise NotFound
    if payee.state is not PayeeState.PENDING:
        raise Conflict(_("这个账户已经有人看过，或者换了"))
    member = is_member(session, actor.account_id, resident.household_id)
    if member or payee.recorded_by_id == actor.account_id:
        raise Forbidden(_("自己记的、自己家的，要换一位同事来核对"))
    return payee, resident


def erase(session: Session, *, resident_id: int) -> None:
    """Erase the numbers of somebody whose service ends."""
    for state in queries.OPEN:
        _end(session, resident_id, state)


def _may_pay(session: Session, actor: Actor, line: SettlementLine) -> bool:
    assignment = session.get_one(Assignment, line.assignment_id)
    return may_not_pay(session, actor, assignment) is None


def _end(session: Session, resident_id: int, state: PayeeState) -> bool:
    end = (
        update(PayeeAccount)
        .where(col(PayeeAccount.resident_id) == resident_id, col(PayeeAccount.state) == state)
        .values(state=PayeeState.ENDED, settled_at=clock.now(), number=None, holder=None)
        .execution_options(synchronize_session="fetch")
    )
    ended: Any = session.execute(end)
    return bool(ended.rowcount)


def _move(session: Session, payee: PayeeAccount, values: dict[str, Any]) -> None:
    move = (
        update(PayeeAccount)
        .where(col(PayeeAccount.id) == payee.id, col(PayeeAccount.state) == PayeeState.PENDING)
        .values(settled_at=clock.now(), **values)
    )
    moved: Any = session.execute(move)
    if moved.rowcount != 1:
        raise Conflict(_("这个账户已经有人看过，或者换了"))
    session.refresh(payee)


def _tell(session: Session, resident: Resident, payee: PayeeAccount) -> None:
    _announce(session, resident, f"payee:{payee.id}:{payee.state.value}")


def _announce(session: Session, resident: Resident, key: str) -> None:
    if resident.account_id is not None:
        events.announce(session, SYSTEM, events.AccountsConcerned((resident.account_id,), key))


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("•", "·").casefold()
