"""The audit trail: who did what, when, in the same transaction as the action.

Rows are append-only (a trigger refuses UPDATE and DELETE) and chained: each carries the
SHA-256 of the row before it and of its own content, so a later change is seen by
:func:`verify_chain`. Details name fields, never the personal data in them.
"""

import hashlib
import json
from typing import Any

from flask import g, has_request_context
from sqlalchemy import event, text
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session, SQLModel, col, select

from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.models import AuditEvent

GENESIS = "0" * 64
_CHAIN_LOCK = 7_206_001  # any fixed number; names the chain to PostgreSQL's advisory locks


class AuditMissing(RuntimeError):
    """A person's write reached the end of its transaction without an audit entry."""


def record(session: Session, action: str, subject: SQLModel | str, **details: Any) -> None:
    """Note that the transaction's actor did ``action`` to ``subject``.

    ``action`` reads ``part.verb``; ``details`` must be JSON values without personal data.
    Call it after the subject has its id (flush first).
    """
    name = subject if isinstance(subject, str) else _name(subject)
    session.info.setdefault("audit", []).append((action, name, details))


def write_pending(session: Session, actor: Actor) -> None:
    """Write the transaction's entries at the end of the chain; called right before commit.

    Raises :class:`AuditMissing` when a person wrote something and no entry was recorded.
    """
    pending = session.info.pop("audit", [])
    wrote = session.info.pop("wrote", False)
    if not pending:
        if wrote and actor is not SYSTEM:
            raise AuditMissing("a write by a person needs an audit entry")
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = session.exec(
        select(AuditEvent.digest).order_by(col(AuditEvent.id).desc()).limit(1)
    ).first()
    previous = last or GENESIS
    for action, subject, details in pending:
        row = AuditEvent(
            at=clock.now(),
            account_id=actor.account_id,
            action=action,
            subject=subject,
            details=details,
            request_id=g.get("request_id", "") if has_request_context() else "",
            previous=previous,
            digest="",
        )
        row.digest = previous = digest(row)
        session.add(row)
        session.flush()  # one by one: ids follow the chain


def digest(row: AuditEvent) -> str:
    """Return the SHA-256 (hex) over the row's content and its predecessor's digest."""
    content = [
        row.previous,
        row.at.isoformat(timespec="microseconds"),
        row.account_id,
        row.action,
        row.subject,
        row.details,
        row.request_id,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def verify_chain(session: Session) -> list[str]:
    """Return what is wrong with the chain, one line a break; empty when it holds."""
    faults = []
    previous = GENESIS
    for row in session.exec(
        select(AuditEvent).order_by(col(AuditEvent.id)).execution_options(yield_per=1000)
    ):
        if row.previous != previous:
            faults.append(f"audit row {row.id}: does not follow the row before it")
        if row.digest != digest(row):
            faults.append(f"audit row {row.id}: content was changed")
        previous = row.digest
    return faults


def _name(subject: SQLModel) -> str:
    identity = subject.id  # type: ignore[attr-defined]
    if identity is None:
        raise ValueError("flush before recording: the subject has no id yet")
    return f"{subject.__tablename__}:{identity}"


@event.listens_for(OrmSession, "after_flush")
def _notice_write(session: OrmSession, _context: Any) -> None:
    if session.new or session.dirty or session.deleted:
        session.info["wrote"] = True


@event.listens_for(OrmSession, "do_orm_execute")
def _notice_bulk_write(state: Any) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["wrote"] = True
