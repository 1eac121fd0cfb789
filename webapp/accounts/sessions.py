"""Sign-in sessions kept on the server: the cookie holds a random token, the table its digest.

Deleting the row ends the session everywhere, for a copied cookie too.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlmodel import Session, col, delete

from webapp.accounts.models import Account, LoginSession
from webapp.core import clock

LIFETIME = timedelta(days=30)


def start(session: Session, account: Account) -> str:
    """Open a session for ``account`` and return its token."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_digest=_digest(token),
            account_id=account.id,
            created_at=clock.now(),
            expires_at=clock.now() + LIFETIME,
        )
    )
    return token


def end(session: Session, token: str) -> None:
    """End one session."""
    session.exec(delete(LoginSession).where(col(LoginSession.token_digest) == _digest(token)))


def end_all(session: Session, account_id: int) -> None:
    """End every session of an account: its password changed or it was disabled."""
    session.exec(delete(LoginSession).where(col(LoginSession.account_id) == account_id))


def purge(session: Session) -> None:
    """Drop sessions that ran out (a scheduled job)."""
    session.exec(delete(LoginSession).where(col(LoginSession.expires_at) <= clock.now()))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
