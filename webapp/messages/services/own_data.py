"""A resident's own messages: a copy for them, and their end with the service."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from webapp.core import clock
from webapp.matches.models import Match
from webapp.messages.models import (
    ContactAgreement,
    Message,
    MessageReport,
    MessageThread,
    PrintedNotice,
    Side,
)


def copy_for(session: Session, *, resident_id: int) -> list[dict[str, Any]]:
    """Return what was written in a resident's threads, and their own agreements, as JSON values."""
    messages = session.execute(
        select(Message, col(MessageThread.match_id))
        .join(MessageThread, col(MessageThread.id) == Message.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .where(col(Match.resident_id) == resident_id, col(Message.hidden_at).is_(None))
        .order_by(col(Message.id))
    )
    agreements = session.execute(
        select(ContactAgreement, col(MessageThread.match_id))
        .join(MessageThread, col(MessageThread.id) == ContactAgreement.thread_id)
        .join(Match, col(Match.id) == MessageThread.match_id)
        .where(
            col(Match.resident_id) == resident_id,
            col(ContactAgreement.side) == Side.RESIDENT,
        )
        .order_by(col(ContactAgreement.id))
    )
    written = [
        {
            "match_id": match_id,
            "at": message.sent_at.isoformat(),
            "by": message.side.value,
            "on_behalf": message.on_behalf,
            "text": message.text,
        }
        for message, match_id in messages
    ]
    agreed = [
        {
            "match_id": match_id,
            "contacts_agreed_at": row.given_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row, match_id in agreements
    ]
    return written + agreed


def erase(session: Session, *, resident_id: int) -> None:
    """Delete what was written in a resident's threads; only what was reported stays, for staff.

    Agreements to exchange numbers end, printed notices that wait are thrown away.
    """
    threads = (
        select(col(MessageThread.id))
        .join(Match, col(Match.id) == MessageThread.match_id)
        .where(col(Match.resident_id) == resident_id)
    )
    reported = select(col(MessageReport.message_id))
    session.execute(
        delete(Message).where(col(Message.thread_id).in_(threads), col(Message.id).not_in(reported))
    )
    session.execute(
        delete(PrintedNotice).where(
            col(PrintedNotice.thread_id).in_(threads), col(PrintedNotice.handed_at).is_(None)
        )
    )
    session.execute(
        update(ContactAgreement)
        .where(
            col(ContactAgreement.thread_id).in_(threads),
            col(ContactAgreement.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=clock.now())
        .execution_options(synchronize_session=False)
    )
