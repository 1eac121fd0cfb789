"""Slow password guessing without locking anybody out for good.

The pattern is OWASP's "device cookies": a browser that once signed in to an account carries a
signed cookie and is counted by itself; all other browsers share the account's count. So a
stranger who guesses at an account never keeps its owner's own phone out. Addresses are
counted besides, generously: a whole estate may share one.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from webapp.accounts.models import SignInFailure
from webapp.core import clock

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 8
PER_DEVICE = 8
PER_ADDRESS = 60


def buckets(phone: str, address: str, device: str | None) -> dict[str, int]:
    """Return the counters one try falls under, each with its limit.

    ``device`` is the id of a browser known to this very account, else ``None``.
    """
    account = (
        (f"device:{phone}:{device}", PER_DEVICE) if device else (f"phone:{phone}", PER_ACCOUNT)
    )
    return {_key(account[0]): account[1], **address_bucket(address)}


def address_bucket(address: str) -> dict[str, int]:
    """Return the counter of an address, for tries that name no account."""
    return {_key(f"address:{address}"): PER_ADDRESS}


def wait_seconds(session: Session, limits: dict[str, int]) -> int:
    """Return how long to wait before the next try, 0 for not at all."""
    since = clock.now() - WINDOW
    rows = session.exec(
        select(SignInFailure.bucket, func.count(), func.min(SignInFailure.at))
        .where(col(SignInFailure.bucket).in_(limits), SignInFailure.at > since)
        .group_by(SignInFailure.bucket)
    ).all()
    waits = [
        (first + WINDOW - clock.now()).total_seconds() for key, n, first in rows if n >= limits[key]
    ]
    return max((int(wait) + 1 for wait in waits), default=0)


def count_failure(session: Session, limits: dict[str, int]) -> None:
    """Note one failed try under each counter."""
    session.add_all(SignInFailure(bucket=key, at=clock.now()) for key in limits)


def forget(session: Session, limits: dict[str, int]) -> None:
    """Drop the failures of an account that has just signed in; its address keeps its count."""
    own = [key for key, limit in limits.items() if limit != PER_ADDRESS]
    session.exec(delete(SignInFailure).where(col(SignInFailure.bucket).in_(own)))


def purge(session: Session) -> None:
    """Drop what no longer counts (a scheduled job)."""
    session.exec(delete(SignInFailure).where(col(SignInFailure.at) <= clock.now() - WINDOW))


def _key(text: str) -> str:
    # Phone numbers and addresses are personal: only their digests are kept.
    return hashlib.sha256(text.encode()).hexdigest()
