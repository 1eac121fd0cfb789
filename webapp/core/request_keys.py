"""Idempotency keys: a form that is sent twice is carried out once and answered twice.

Every page that may move something carries a random key. The first sending claims the key in
the transaction of what it does; a second one that says the same gets the first one's answer,
one that says something else is refused. A key belongs to whoever sent it: for anybody else the
same key is another one. Two sendings at the same moment meet at the unique constraint, where
the second waits for the first (PostgreSQL) or for its lock (SQLite).
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict
from webapp.core.models import RequestKey

WELL_FORMED = re.compile(r"[0-9a-f]{32}")
_LONGEST_ACTION, _LONGEST_MESSAGE = 200, 500


@dataclass(frozen=True)
class Sending:
    """One sending of a form: by whom, with which key, to which address, and all that it says."""

    owner: str
    key: str
    action: str
    digest: str


@dataclass(frozen=True)
class Answer:
    """Where the sender of a form was led, and what they were told."""

    location: str
    message: str


class SentBefore(Exception):
    """The same form was carried out already, and answered so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.location)
        self.answer = answer


def fresh() -> str:
    """Return a new key."""
    return secrets.token_hex(16)


def owner(actor: Actor, visitor: str) -> str:
    """Return whose keys these are: an account's, or those of a visitor's browser."""
    if actor.account_id is not None:
        return f"account:{actor.account_id}"
    return "visitor:" + hashlib.sha256(visitor.encode()).hexdigest()[:48]


def scoped(owner_name: str, key: str) -> str:
    """Return the key as rows keep it that need one of their own (32 hex digits).

    It is made of the owner too, so that nobody reaches another's row by sending its key.
    """
    return hashlib.sha256(f"{owner_name}\n{key}".encode()).hexdigest()[:32]


def find(session: Session, sending: Sending) -> Answer | None:
    """Return what the same form was answered before, or ``None``.

    Raises ``Conflict`` when the key was used for something else.
    """
    row = session.exec(
        select(RequestKey).where(
            col(RequestKey.owner) == sending.owner, col(RequestKey.key) == sending.key
        )
    ).first()
    if row is not None and row.digest != sending.digest:
        raise Conflict(
            _("这张表刚才已经交过一次，这次填的跟那次不一样，没有再办。要再办，请刷新页面重新填。")
        )
    return None if row is None else Answer(row.location, row.message)


def claim(session: Session, sending: Sending) -> None:
    """Take the key for this transaction, before anything else is done in it.

    Raises :class:`SentBefore` when it was taken by the same form, ``Conflict`` by another one.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Past the session's own hooks: taking a key is no deed that needs an audit entry.
    taken = session.connection().execute(
        dialect.insert(RequestKey)
        .values(
            owner=sending.owner,
            key=sending.key,
            action=sending.action[:_LONGEST_ACTION],
            digest=sending.digest,
            location="",
            message="",
            at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["owner", "key"])
        .returning(col(RequestKey.id))
    )
    if taken.first() is None:
        earlier = find(session, sending)
        if earlier is None:  # its answer was removed in between
            raise Conflict
        raise SentBefore(earlier)


def keep_answer(session: Session, sending: Sending, *, location: str, message: str) -> None:
    """Keep what the sender is told, in the transaction that claimed the key."""
    session.connection().execute(
        update(RequestKey)
        .where(col(RequestKey.owner) == sending.owner, col(RequestKey.key) == sending.key)
        .values(location=location, message=message[:_LONGEST_MESSAGE])
    )


def forget(session: Session, *, before: datetime) -> int:
    """Delete the keys taken before a moment; return how many."""
    return session.exec(delete(RequestKey).where(col(RequestKey.at) < before)).rowcount
