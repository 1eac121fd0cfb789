"""The current user: the account of a session token, with its resident, employer or branch."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_login import LoginManager, UserMixin
from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from webapp.accounts.models import Account, LoginSession
from webapp.accounts.sessions import digest, mark
from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.db import reader
from webapp.employers.models import EmployerMember
from webapp.residents.models import Resident


@dataclass(frozen=True)
class CurrentUser(UserMixin):
    """The current user for Flask-Login; ``token`` is the session's.

    ``mark`` is the session's name in the browser, ``keeps_page`` whether that keeps a page.
    """

    token: str
    actor: Actor
    large_print: bool
    picture_mode: bool
    mark: str
    keeps_page: bool

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token


def register(app: Flask) -> None:
    """Attach Flask-Login with the server-side sessions."""
    manager = LoginManager(app)
    manager.session_protection = None  # phones change networks; the token is the proof
    manager.user_loader(load)


# What an account stands for, in one query.
_STANDS_FOR = (
    select(
        col(Account.id),
        col(Account.role),
        col(Account.name),
        col(Account.branch_id),
        col(Account.large_print),
        col(Account.picture_mode),
        col(Resident.id),
        col(EmployerMember.employer_id),
        func.coalesce(col(Branch.serves_all), False),
    )
    .outerjoin(Branch, col(Branch.id) == Account.branch_id)
    .outerjoin(Resident, col(Resident.account_id) == Account.id)
    .outerjoin(EmployerMember, col(EmployerMember.account_id) == Account.id)
    .where(col(Account.enabled))
)
# Every page of a signed-in user runs this; it is built once, since building is the slow part.
_HOLDER = (
    _STANDS_FOR.add_columns(col(LoginSession.keeps_page))
    .join(LoginSession, col(LoginSession.account_id) == Account.id)
    .where(
        col(LoginSession.token_digest) == bindparam("digest"),
        col(LoginSession.expires_at) > bindparam("now"),
    )
)


def load(token: str) -> CurrentUser | None:
    """Return the user of ``token``, in one query; ``None`` if the session or account has ended."""
    row = reader().execute(_HOLDER, {"digest": digest(token), "now": clock.now()}).first()
    if row is None:
        return None
    *stands_for, keeps_page = row
    return CurrentUser(
        token=token,
        actor=_actor(stands_for),
        large_print=row[4],
        picture_mode=row[5],
        mark=mark(token),
        keeps_page=keeps_page,
    )


def actor_of(session: Session, account_id: int | None) -> Actor | None:
    """Return who acts with an account, for work done later; ``None`` once it is disabled."""
    row = session.execute(_STANDS_FOR.where(col(Account.id) == account_id)).first()
    return None if row is None else _actor(row)


def _actor(row: Any) -> Actor:
    account_id, role, name, branch_id, _large, _pictures, resident_id, employer_id, serves_all = row
    return Actor(
        account_id=account_id,
        role=role,
        name=name,
        resident_id=resident_id,
        employer_id=employer_id,
        branch_id=branch_id,
        serves_all=bool(serves_all),
    )
