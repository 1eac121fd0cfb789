"""Where pay is to go, as its pages show it: masked, but for whom the services hand it to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.labels import label
from webapp.piecework.models.assignment import Assignment, AssignmentMember
from webapp.piecework.models.money import PaymentMethod
from webapp.piecework.models.payee import PayeeAccount, PayeeState
from webapp.residents.models import Resident

OPEN = (PayeeState.PENDING, PayeeState.IN_FORCE)
_NEWS_FOR = timedelta(days=30)
_MOST_HISTORY = 20


class Payee(NamedTuple):
    """A person who is to be paid, and the account that holds."""

    resident: Resident
    account: PayeeAccount


class OwnPayee(NamedTuple):
    """A person's account that holds, the one that waits, and what was; each with who wrote it."""

    in_force: PayeeAccount | None
    pending: PayeeAccount | None
    history: list[tuple[PayeeAccount, str]]

    @property
    def is_new(self) -> bool:
        """Whether something of it changed in the last month."""
        last = self.history[0][0] if self.history else None
        return last is not None and (last.settled_at or last.recorded_at) > clock.now() - _NEWS_FOR


def masked(account: PayeeAccount) -> str:
    """Return an account as everybody but its payer reads it.

    The tail is what the person and the bank tell it by; the rest is not said.
    """
    if account.method is PaymentMethod.CASH:
        return str(label(account.method))
    name = account.bank or str(label(account.method))
    return _("%(name)s，尾号 %(tail)s", name=name, tail=account.tail)


def in_full(account: PayeeAccount) -> str:
    """Return an account as its payer reads it, a bank's number in groups of four."""
    if account.number is None:
        return masked(account)
    number = account.number
    if account.method is PaymentMethod.BANK:
        number = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return f"{account.bank or label(account.method)} {number}"


def own(session: Session, resident_id: int) -> OwnPayee:
    """Return all of one person's accounts, the newest first."""
    rows = session.execute(
        select(PayeeAccount, col(Account.name))
        .join(Account, col(Account.id) == PayeeAccount.recorded_by_id)
        .where(col(PayeeAccount.resident_id) == resident_id)
        .order_by(col(PayeeAccount.id).desc())
        .limit(_MOST_HISTORY)
    ).all()
    by_state = {row.state: row for row, _name in rows}
    return OwnPayee(
        by_state.get(PayeeState.IN_FORCE),
        by_state.get(PayeeState.PENDING),
        [(row, name) for row, name in rows],
    )


def payees_of(session: Session, assignment_ids: Sequence[int]) -> dict[int, Payee]:
    """Return by assignment who is paid for it: whoever claimed it before others who work on it.

    Without somebody among them whose account holds, it has no entry; one query.
    """
    if not assignment_ids:
        return {}
    rows = session.execute(
        select(col(AssignmentMember.assignment_id), Resident, PayeeAccount)
        .join(Resident, col(Resident.id) == AssignmentMember.resident_id)
        .join(Assignment, col(Assignment.id) == AssignmentMember.assignment_id)
        .join(
            PayeeAccount,
            and_(
                col(PayeeAccount.resident_id) == Resident.id,
                col(PayeeAccount.state) == PayeeState.IN_FORCE,
            ),
        )
        .where(col(AssignmentMember.assignment_id).in_(assignment_ids))
        .order_by(
            col(AssignmentMember.assignment_id),
            case((col(Resident.account_id) == Assignment.claimed_by_id, 0), else_=1),
            col(AssignmentMember.id),
        )
    )
    found: dict[int, Payee] = {}
    for assignment_id, resident, account in rows:
        found.setdefault(assignment_id, Payee(resident, account))
    return found


def waiting(actor: Actor) -> Any:
    """Return the statement of accounts that wait to be looked at, the longest first.

    Staff see those of the people they look after.
    """
    statement: Any = (
        select(PayeeAccount, col(Resident.name), col(Account.name).label("recorded_by"))
        .join(Resident, col(Resident.id) == PayeeAccount.resident_id)
        .join(Account, col(Account.id) == PayeeAccount.recorded_by_id)
        .where(col(PayeeAccount.state) == PayeeState.PENDING)
        .order_by(col(PayeeAccount.recorded_at), col(PayeeAccount.id))
    )
    return (
        statement
        if actor.serves_all
        else statement.where(col(Resident.branch_id) == (actor.branch_id or 0))
    )


def count_waiting(session: Session, actor: Actor) -> int:
    """Return how many wait to be looked at."""
    counted = select(func.count()).select_from(waiting(actor).order_by(None).subquery())
    return int(session.execute(counted).scalar_one())
