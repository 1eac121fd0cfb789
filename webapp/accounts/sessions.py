"""Sign-in sessions kept on the server: the cookie holds a random token, the table its digest.

Deleting the row ends the session everywhere, for a copied cookie too.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlmodel import Session, col, delete, select

from webapp.accounts.models import Account, LoginSession
from webapp.core import clock

LIFETIME = timedelta(days=30)


def start(session: Session, account: Account) -> str:
    """Open a session for ``account`` and return its token."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_digest=digest(token),
            account_id=account.id,
            created_at=clock.now(),
            expires_at=clock.now() + LIFETIME,
        )
    )
    return token


def find(session: Session, token: str, *, account_id: int | None) -> LoginSession | None:
    """Return the session of a token, if it is the account's."""
    return session.exec(
        select(LoginSession).where(
            LoginSession.token_digest == digest(token), LoginSession.account_id == account_id
        )
    ).first()


def mark(token: str) -> str:
    """Return the name by which a browser tells this session from another; tells nothing of it."""
    return hashlib.sha256(f"mark of {token}".encode()).hexdigest()[:32]


def end(session: Session, token: str) -> None:
    """End one session."""
    session.exec(delete(LoginSession).where(col(LoginSession.token_digest) == digest(token)))


def end_all(session: Session, account_id: int) -> None:
    """End every session of an account: its password changed or it was disabled."""
    session.exec(delete(LoginSession).where(col(LoginSession.account_id) == account_id))


def purge(session: Session) -> None:
    """Drop sessions that ran out (a scheduled job)."""
    session.exec(delete(LoginSession).where(col(LoginSession.expires_at) <= clock.now()))


def digest(token: str) -> str:
    """Return how a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
