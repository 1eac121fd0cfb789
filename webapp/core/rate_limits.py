"""Limits on how often something may be tried, counted in the database for all workers and hosts.

One statement checks and counts, so tries that come at the same moment cannot pass together.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import case, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from webapp.core import clock
from webapp.core.errors import TooMany
from webapp.core.models import RateLimit


@dataclass(frozen=True)
class Limit:
    """At most ``most`` tries of ``name`` in a ``window`` that begins with the first of them."""

    name: str
    most: int
    window: timedelta

    @property
    def bucket(self) -> str:
        """The key in the table: a digest, since names hold phone numbers and addresses."""
        return hashlib.sha256(self.name.encode()).hexdigest()


def take(session: Session, limits: Iterable[Limit]) -> None:
    """Count one try under each limit; raise :class:`TooMany` when one of them is used up.

    The caller's transaction is rolled back by the error, so a refused try counts nowhere.
    """
    # In one order for everybody, so that two tries never wait for each other in a circle.
    for limit in sorted(limits, key=lambda one: one.bucket):
        _take_one(session, limit)


def give_back(session: Session, limits: Iterable[Limit]) -> None:
    """Take back one counted try under each limit: it turned out to be a legitimate one."""
    buckets = [limit.bucket for limit in limits]
    session.exec(
        update(RateLimit)
        .where(col(RateLimit.bucket).in_(buckets), col(RateLimit.count) > 0)
        .values(count=col(RateLimit.count) - 1)
        .execution_options(synchronize_session=False)
    )


def clear(session: Session, limits: Iterable[Limit]) -> None:
    """Forget all tries counted under these limits."""
    buckets = [limit.bucket for limit in limits]
    session.exec(delete(RateLimit).where(col(RateLimit.bucket).in_(buckets)))


def purge(session: Session) -> None:
    """Drop counters whose window has passed (a scheduled job)."""
    session.exec(delete(RateLimit).where(col(RateLimit.until) <= clock.now()))


def _take_one(session: Session, limit: Limit) -> None:
    now = clock.now()
    over = col(RateLimit.until) <= now
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    counted = (
        dialect.insert(RateLimit)
        .values(bucket=limit.bucket, until=now + limit.window, count=1)
        .on_conflict_do_update(
            index_elements=["bucket"],
            set_={
                "count": case((over, 1), else_=col(RateLimit.count) + 1),
                "until": case((over, now + limit.window), else_=col(RateLimit.until)),
            },
            where=or_(over, col(RateLimit.count) < limit.most),
        )
        .returning(col(RateLimit.id))
    )
    if session.execute(counted).first() is not None:
        return
    until = session.execute(
        select(col(RateLimit.until)).where(col(RateLimit.bucket) == limit.bucket)
    ).scalar_one()
    wait = max(1, int((until - now).total_seconds()) + 1)
    raise TooMany(_("试的次数太多了，请过 %(n)d 分钟再试", n=-(-wait // 60)), retry_after=wait)
