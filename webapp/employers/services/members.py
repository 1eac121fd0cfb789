"""Use cases of the people who act for an employer: add a colleague, remove one."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from webapp.accounts import service as accounts
from webapp.accounts.models import Account
from webapp.core import audit
from webapp.core.access import Actor, Role
from webapp.core.errors import Conflict, NotFound
from webapp.employers import policy
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember

MOST = 20


def members_of(session: Session, employer_id: int) -> list[Any]:
    """Return (account id, name, phone) of everybody who acts for the employer."""
    statement = (
        select(Account.id, Account.name, Account.phone)
        .join(EmployerMember, col(EmployerMember.account_id) == Account.id)
        .where(EmployerMember.employer_id == employer_id)
        .order_by(col(EmployerMember.id))
    )
    return list(session.exec(statement).all())


def add_member(
    session: Session, actor: Actor, *, employer_id: int, name: str, phone: str, password_hash: str
) -> Account:
    """Open an account for a colleague; they get the password in person.

    Raises ``PhoneTaken``, and ``Conflict`` for a closed file or too many people.
    """
    employer = _locked(session, actor, employer_id)
    if employer.state is EmployerState.CLOSED:
        raise Conflict(_("这家单位已注销，不能再加人"))
    if _count(session, employer_id) >= MOST:
        raise Conflict(_("一家单位最多 %(n)d 个人登录", n=MOST))
    if any(one.phone == phone for one in members_of(session, employer_id)):
        raise accounts.PhoneTaken(_("这个手机号已经能登录这家单位了"))
    account = accounts.open_account(
        session,
        phone=phone,
        name=name,
        password_hash=password_hash,
        role=Role.EMPLOYER,
        verified=actor.is_staff,
    )
    session.add(EmployerMember(employer_id=employer_id, account_id=account.id))
    session.flush()
    audit.record(session, "employer.add_member", employer, account=account.id)
    return account


def remove_member(session: Session, actor: Actor, *, employer_id: int, account_id: int) -> None:
    """Close a colleague's account: they are signed out at once. The last one stays."""
    employer = _locked(session, actor, employer_id)
    member = select(EmployerMember.id).where(
        EmployerMember.employer_id == employer_id, EmployerMember.account_id == account_id
    )
    found = session.exec(member).first()
    if found is None:
        raise NotFound
    if _count(session, employer_id) < 2:
        raise Conflict(_("这是最后一个能登录的人，不能移走。先加一个同事，或者注销单位"))
    session.exec(delete(EmployerMember).where(col(EmployerMember.id) == found))
    account = session.get_one(Account, account_id)
    accounts.close_account(session, account_id, name=account.name)
    audit.record(session, "employer.remove_member", employer, account=account_id)


def _locked(session: Session, actor: Actor, employer_id: int) -> Employer:
    """Return the employer with its row locked: two people who remove each other queue here."""
    employer = session.get(Employer, employer_id)
    if employer is None or not policy.can_manage(actor, employer):
        raise NotFound
    touch = (
        update(Employer)
        .where(col(Employer.id) == employer_id)
        .values(revision=col(Employer.revision) + 1)
    )
    session.exec(touch)
    session.refresh(employer)
    return employer


def _count(session: Session, employer_id: int) -> int:
    statement = (
        select(func.count())
        .select_from(EmployerMember)
        .where(EmployerMember.employer_id == employer_id)
    )
    return session.exec(statement).one()
