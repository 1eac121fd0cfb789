"""A colleague is invited by a code that opens one account, once, until a day.

Who joins is whoever has the code: what they type as their name proves nothing, and no account
that exists is ever let in by it. Owners see who came, and remove whom they do not know.
"""

import hashlib
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func
from sqlmodel import Session, col, select, update

from webapp.accounts import service as accounts
from webapp.accounts import sessions
from webapp.core import audit, clock, receipt_codes
from webapp.core.access import Actor, Role
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerInvitation
from webapp.employers.services import members
from webapp.rulebook.figures import rule


def open_invitations(session: Session, employer_id: int) -> list[EmployerInvitation]:
    """Return the invitations that can still be used, the newest first."""
    return list(
        session.exec(
            select(EmployerInvitation)
            .where(EmployerInvitation.employer_id == employer_id, *_usable())
            .order_by(col(EmployerInvitation.id).desc())
        )
    )


def invite(session: Session, actor: Actor, *, employer_id: int) -> EmployerInvitation:
    """Make an invitation; whoever leads the employer hands its code to the colleague."""
    employer = members.locked(session, actor, employer_id)
    if not members.leads(session, actor, employer):
        raise Forbidden
    _refuse_closed(employer)
    open_ = select(func.count()).select_from(EmployerInvitation)
    waiting = session.exec(
        open_.where(EmployerInvitation.employer_id == employer_id, *_usable())
    ).one()
    if members.count_people(session, employer_id) + waiting >= members.MOST:
        raise Conflict(_("一家单位最多 %(n)d 个人登录，没用的邀请也算在内", n=members.MOST))
    code = receipt_codes.fresh()
    invitation = EmployerInvitation(
        employer_id=employer_id,
        code=code,
        code_digest=_digest(code),
        invited_at=clock.now(),
        invited_by_id=actor.account_id or 0,
        expires_at=clock.now() + timedelta(days=rule("employer_invitation_days", on=clock.today())),
    )
    session.add(invitation)
    session.flush()
    audit.record(session, "employer.invite", employer)
    return invitation


def withdraw(session: Session, actor: Actor, *, employer_id: int, invitation_id: int) -> None:
    """Take an invitation back before anybody used it."""
    employer = members.locked(session, actor, employer_id)
    if not members.leads(session, actor, employer):
        raise Forbidden
    invitation = session.get(EmployerInvitation, invitation_id)
    if invitation is None or invitation.employer_id != employer_id:
        raise NotFound
    take_back = (
        update(EmployerInvitation)
        .where(
            col(EmployerInvitation.id) == invitation_id,
            col(EmployerInvitation.used_at).is_(None),
            col(EmployerInvitation.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=clock.now(), code=None)
    )
    if session.exec(take_back).rowcount != 1:
        raise Conflict(_("这个邀请已经用过或者收回了"))
    audit.record(session, "employer.withdraw_invitation", employer)


def inviting(session: Session, code: str) -> Employer:
    """Return whose invitation a code is; :class:`NotFound` once it cannot be used."""
    employer = session.exec(
        select(Employer)
        .join(EmployerInvitation, col(EmployerInvitation.employer_id) == Employer.id)
        .where(
            EmployerInvitation.code_digest == _digest(code),
            Employer.state != EmployerState.CLOSED,
            *_usable(),
        )
    ).first()
    if employer is None:
        raise NotFound
    return employer


def join(session: Session, *, code: str, name: str, phone: str, password_hash: str) -> str:
    """Open the account of whoever has the code; return a session token.

    Raises :class:`NotFound` for a code that cannot be used, used in the same moment included.
    """
    employer = inviting(session, code)
    members.lock(session, employer)
    _refuse_closed(employer)
    account = accounts.open_account(
        session, phone=phone, name=name, password_hash=password_hash, role=Role.EMPLOYER
    )
    use = (
        update(EmployerInvitation)
        .where(col(EmployerInvitation.code_digest) == _digest(code), *_usable())
        .values(used_at=clock.now(), used_by_id=account.id, code=None)
    )
    if session.exec(use).rowcount != 1:
        raise NotFound
    members.add_member(session, employer, account)
    audit.record(session, "employer.join", employer, account=account.id)
    return sessions.start(session, account)


def _usable() -> tuple[Any, ...]:
    return (
        col(EmployerInvitation.used_at).is_(None),
        col(EmployerInvitation.withdrawn_at).is_(None),
        col(EmployerInvitation.expires_at) > clock.now(),
    )


def _refuse_closed(employer: Employer) -> None:
    if employer.state is EmployerState.CLOSED:
        raise Conflict(_("这家单位已注销，不能再加人"))


def _digest(code: str) -> str:
    return hashlib.sha256((receipt_codes.plain(code) or "").encode()).hexdigest()
