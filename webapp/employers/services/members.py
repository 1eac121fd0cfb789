"""Use cases of the people who act for an employer: who leads it, and colleagues who go."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, delete, select, update

from webapp.accounts import service as accounts
from webapp.accounts.models import Account
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.employers import policy
from webapp.employers.models import Employer, EmployerInvitation, EmployerMember

MOST = 20


class Person(NamedTuple):
    """Somebody who acts for an employer."""

    account_id: int
    name: str
    phone: str
    is_owner: bool
    joined_at: datetime | None


def members_of(session: Session, employer_id: int) -> list[Person]:
    """Return everybody who acts for the employer, the first to join first."""
    statement = (
        select_columns(
            col(Account.id),
            col(Account.name),
            col(Account.phone),
            col(EmployerMember.is_owner),
            col(EmployerMember.joined_at),
        )
        .join(EmployerMember, col(EmployerMember.account_id) == Account.id)
        .where(col(EmployerMember.employer_id) == employer_id)
        .order_by(col(EmployerMember.id))
    )
    return [Person(*row) for row in session.execute(statement)]


def leads(session: Session, actor: Actor, employer: Employer) -> bool:
    """Whether the actor says who acts for the employer; one query for its own people."""
    own = select(EmployerMember.is_owner).where(
        EmployerMember.employer_id == employer.id, EmployerMember.account_id == actor.account_id
    )
    return policy.can_lead(actor, employer, is_owner=bool(session.exec(own).first()))


def add_member(session: Session, employer: Employer, account: Account) -> None:
    """Let an account act for the employer; whoever is the first leads it.

    The caller holds the employer's row, or has just made it.
    """
    session.add(
        EmployerMember(
            employer_id=employer.id,
            account_id=account.id,
            is_owner=_count(session, employer.id, owners=True) == 0,
            joined_at=clock.now(),
        )
    )
    session.flush()


def remove_member(session: Session, actor: Actor, *, employer_id: int, account_id: int) -> None:
    """Close a colleague's account: they are signed out at once. The last owner stays.

    Owners remove whom they like, everybody may go themself. Invitations of whoever goes are void.
    """
    employer = locked(session, actor, employer_id)
    member = _member(session, employer_id, account_id)
    if account_id != actor.account_id and not leads(session, actor, employer):
        raise Forbidden
    if member.is_owner and _count(session, employer_id, owners=True) < 2:
        raise Conflict(_("这是最后一个管人的人，不能移走。先让一个同事也管人，或者注销单位"))
    session.exec(delete(EmployerMember).where(col(EmployerMember.id) == member.id))
    account = session.get_one(Account, account_id)
    accounts.close_account(session, account_id, name=account.name)
    void = (
        update(EmployerInvitation)
        .where(
            col(EmployerInvitation.employer_id) == employer_id,
            col(EmployerInvitation.invited_by_id) == account_id,
            col(EmployerInvitation.used_at).is_(None),
            col(EmployerInvitation.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=clock.now(), code=None)
    )
    voided = session.exec(void).rowcount
    audit.record(session, "employer.remove_member", employer, account=account_id, count=voided)


def make_owner(session: Session, actor: Actor, *, employer_id: int, account_id: int) -> None:
    """Let a colleague lead the employer as well."""
    employer = locked(session, actor, employer_id)
    if not leads(session, actor, employer):
        raise Forbidden
    member = _member(session, employer_id, account_id)
    promote = (
        update(EmployerMember)
        .where(col(EmployerMember.id) == member.id, ~col(EmployerMember.is_owner))
        .values(is_owner=True)
    )
    if session.exec(promote).rowcount != 1:
        raise Conflict(_("这个人已经能管人了"))
    audit.record(session, "employer.make_owner", employer, account=account_id)


def locked(session: Session, actor: Actor, employer_id: int) -> Employer:
    """Return the employer with its row locked: two people who remove each other queue here."""
    employer = session.get(Employer, employer_id)
    if employer is None or not policy.can_see_people(actor, employer):
        raise NotFound
    lock(session, employer)
    return employer


def lock(session: Session, employer: Employer) -> None:
    """Keep other writers from the employer's people until the transaction ends."""
    touch = (
        update(Employer)
        .where(col(Employer.id) == employer.id)
        .values(revision=col(Employer.revision) + 1)
    )
    session.exec(touch)
    session.refresh(employer)


def count_people(session: Session, employer_id: int) -> int:
    """Return how many act for the employer."""
    return _count(session, employer_id)


def _member(session: Session, employer_id: int, account_id: int) -> EmployerMember:
    found = session.exec(
        select(EmployerMember).where(
            EmployerMember.employer_id == employer_id, EmployerMember.account_id == account_id
        )
    ).first()
    if found is None:
        raise NotFound
    session.refresh(found)
    return found


def _count(session: Session, employer_id: int, *, owners: bool = False) -> int:
    statement = (
        select(func.count())
        .select_from(EmployerMember)
        .where(EmployerMember.employer_id == employer_id)
    )
    return session.exec(statement.where(EmployerMember.is_owner) if owners else statement).one()
