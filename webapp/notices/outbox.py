"""Outbox: short notices to outside channels, written here and sent by :mod:`.delivery`.

A row is written in the transaction of what it tells about, so nothing is told that was rolled
back.

A notice says only that something new is there. A gateway to people gets the account's number
besides, which means nothing outside this database; no name, no telephone number, no text.
The exceptions are a code that somebody asked for: it goes to the telephone number it is to prove;
and what everybody may read already, which goes to the community's groups as it stands.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from webapp.core import clock
from webapp.notices import quiet_hours
from webapp.notices.models import Audience, OutboxRow, OutsideChannel

# Waiting times after the first, second, … failure; after the last one it takes a person.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


def put(
    session: Session,
    *,
    key: str,
    channel_ids: list[int],
    account_id: int | None,
    firm_at: datetime | None = None,
) -> int:
    """Write a notice for each channel in the caller's transaction; return how many.

    Where one for the same account waits already none is added: it would say the same. One that
    may yet be taken back, before its ``firm_at``, is not counted upon.
    """
    if not channel_ids:
        return 0
    waiting = set(
        session.exec(
            select(OutboxRow.channel_id).where(
                col(OutboxRow.channel_id).in_(channel_ids),
                col(OutboxRow.account_id).is_not_distinct_from(account_id),
                col(OutboxRow.delivered_at).is_(None),
                col(OutboxRow.attempts) <= len(BACKOFF),
                col(OutboxRow.is_test).is_(False),
                col(OutboxRow.urgent).is_(None),
                is_firm(),
            )
        )
    )
    fresh = [channel_id for channel_id in channel_ids if channel_id not in waiting]
    due = quiet_hours.next_allowed(firm_at or clock.now())
    session.add_all(
        OutboxRow(
            key=f"{key}:{channel_id}",
            channel_id=channel_id,
            account_id=account_id,
            created_at=clock.now(),
            due_at=due,
            firm_at=firm_at,
        )
        for channel_id in fresh
    )
    return len(fresh)


def is_firm() -> ColumnElement[bool]:
    """Return the condition that a notice can no longer be taken back."""
    return or_(col(OutboxRow.firm_at).is_(None), col(OutboxRow.firm_at) <= clock.now())


def is_unsent(session: Session, *, key: str) -> bool:
    """Return whether nothing under a key was sent, nor is being sent now."""
    sent = select(OutboxRow.id).where(
        col(OutboxRow.key).startswith(f"{key}:", autoescape=True),
        or_(col(OutboxRow.delivered_at).is_not(None), col(OutboxRow.attempts) > 0),
    )
    return session.exec(sent).first() is None


def put_test(session: Session, *, channel_id: int) -> OutboxRow:
    """Write a test notice, due at once whatever the hour."""
    row = OutboxRow(
        key=f"test:{secrets.token_hex(8)}:{channel_id}",
        channel_id=channel_id,
        is_test=True,
        created_at=clock.now(),
        due_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def people_channels(session: Session) -> list[int]:
    """Return the channels switched on that reach people."""
    return list(
        session.exec(
            select(OutsideChannel.id).where(
                col(OutsideChannel.enabled), OutsideChannel.audience == Audience.PEOPLE
            )
        )
    )


def put_urgent(
    session: Session, *, key: str, account_id: int, to: str, text: str, expires_at: datetime
) -> int:
    """Write a notice that somebody waits for: due at once whatever the hour, void after a time.

    ``to`` is the number the gateway delivers ``text`` to. Returns for how many channels.
    """
    channel_ids = people_channels(session)
    session.add_all(
        OutboxRow(
            key=f"{key}:{channel_id}",
            channel_id=channel_id,
            account_id=account_id,
            urgent=f"{to}\n{text}",
            created_at=clock.now(),
            due_at=clock.now(),
            expires_at=expires_at,
        )
        for channel_id in channel_ids
    )
    return len(channel_ids)


def community_channels(session: Session) -> list[OutsideChannel]:
    """Return the channels that reach the community's groups, by name, those switched off too."""
    of_community = select(OutsideChannel).where(OutsideChannel.audience == Audience.COMMUNITY)
    return list(session.exec(of_community.order_by(col(OutsideChannel.name))))


def put_public(session: Session, *, key: str, channel_ids: list[int], words: str) -> int:
    """Write what everybody may read for each channel, once per key; return for how many.

    Whoever writes the row first has claimed it: a second one of the same key is left out.
    """
    written = 0
    for channel_id in channel_ids:
        row = OutboxRow(
            key=f"{key}:{channel_id}",
            channel_id=channel_id,
            words=words,
            created_at=clock.now(),
            due_at=quiet_hours.next_allowed(clock.now()),
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            continue
        written += 1
    return written


def public_rows(session: Session, *, key: str) -> list[tuple[OutboxRow, str]]:
    """Return what was written under a key, each with its channel's name."""
    rows = (
        select(OutboxRow, OutsideChannel.name)
        .join(OutsideChannel, col(OutsideChannel.id) == OutboxRow.channel_id)
        .where(col(OutboxRow.key).startswith(f"{key}:", autoescape=True))
        .order_by(col(OutboxRow.id))
    )
    return [(row, name) for row, name in session.exec(rows)]


def take_back(session: Session, *, key: str) -> int:
    """Delete what has not been sent yet of a key; return how many."""
    waiting = delete(OutboxRow).where(
        col(OutboxRow.key).startswith(f"{key}:", autoescape=True),
        col(OutboxRow.delivered_at).is_(None),
    )
    return session.exec(waiting).rowcount


def send_again(session: Session, *, row_id: int) -> bool:
    """Make a notice that failed due once more; return whether there was one to send."""
    renewed = session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.id) == row_id,
            col(OutboxRow.delivered_at).is_(None),
            col(OutboxRow.attempts) > 0,
        )
        .values(attempts=0, due_at=quiet_hours.next_allowed(clock.now()))
    )
    return renewed.rowcount == 1
