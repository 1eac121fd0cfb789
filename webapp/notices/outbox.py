"""Outbox: short notices to outside channels, sent after the commit and never twice.

A row is written in the transaction of what it tells about, so nothing is told that was rolled
back. The scheduler takes due rows one by one: it claims a row by a conditional update, sends,
and marks it. Two schedulers never send one row; after a crash in between, the claim runs out and
the row is sent again with the same idempotency key, by which a gateway can drop it.

A notice says only that something new is there. A gateway to people gets the account's number
besides, which means nothing outside this database; no name, no telephone number, no text.
The exceptions are a code that somebody asked for: it goes to the telephone number it is to prove;
and what everybody may read already, which goes to the community's groups as it stands.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.settings import Settings
from webapp.notices import quiet_hours, telephones
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.notices.outside import SendFailed, send
from webapp.notices.push import Subscription, SubscriptionGone

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)  # far longer than a send takes
BATCH = 50
# Waiting times after the first, second, … failure; after the last one it takes a person.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
KEPT = timedelta(days=30)


def put(session: Session, *, key: str, channel_ids: list[int], account_id: int | None) -> int:
    """Write a notice for each channel in the caller's transaction; return how many.

    Where one for the same account waits already none is added: it would say the same.
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
            )
        )
    )
    fresh = [channel_id for channel_id in channel_ids if channel_id not in waiting]
    due = quiet_hours.next_allowed(clock.now())
    session.add_all(
        OutboxRow(
            key=f"{key}:{channel_id}",
            channel_id=channel_id,
            account_id=account_id,
            created_at=clock.now(),
            due_at=due,
        )
        for channel_id in fresh
    )
    return len(fresh)


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


def take_back_public(session: Session, *, key: str) -> int:
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


def deliver(db: Database) -> int:
    """Send what is due, in quiet hours only what is urgent; return how many arrived (a job)."""
    now_due = _is_due()
    if quiet_hours.next_allowed(clock.now()) > clock.now():
        now_due = and_(now_due, col(OutboxRow.urgent).is_not(None))
    with db.reader() as session:
        due = session.exec(
            select(OutboxRow.id).where(now_due).order_by(col(OutboxRow.due_at)).limit(BATCH)
        ).all()
    return sum(deliver_one(db, row_id) for row_id in due)


def deliver_one(db: Database, row_id: int) -> bool:
    """Send one notice if it is due and nobody else is at it; return whether it arrived."""
    token = secrets.token_hex(16)
    parcel = _claim(db, row_id, token)
    if parcel is None:
        return False
    try:
        _dispatch(parcel, current_app.extensions["settings"])
    except SubscriptionGone:
        telephones.forget(db, parcel.subscription_id)
        return False
    except SendFailed as failure:
        _note_failure(db, row_id, token, parcel, str(failure))
        return False
    with db.transaction(SYSTEM) as session:
        session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.id) == row_id, col(OutboxRow.claim) == token)
            .values(
                delivered_at=clock.now(), claim="", claimed_until=None, last_error="", urgent=None
            )
        )
        _note_on_channel(session, parcel.channel_id, "")
    return True


def _dispatch(parcel: "_Parcel", settings: Settings) -> None:
    if parcel.telephone is None:
        send(
            parcel.url,
            title=parcel.title,
            body=parcel.body,
            key=parcel.key,
            allowed=settings.notice_addresses,
        )
        return
    telephones.send(
        parcel.telephone, title=parcel.title, body=parcel.body, key=parcel.key, settings=settings
    )


def purge(session: Session) -> None:
    """Drop what arrived long ago, and what was void before it arrived (part of a scheduled job)."""
    gone = or_(
        and_(
            col(OutboxRow.delivered_at) < clock.now() - KEPT,
            col(OutboxRow.words).is_(None),
        ),
        col(OutboxRow.expires_at) < clock.now(),
    )
    session.exec(delete(OutboxRow).where(gone))


@dataclass(frozen=True)
class _Parcel:
    """What is sent: to a channel's ``url``, or to a ``telephone``."""

    title: str
    body: str
    key: str
    attempts: int
    url: str = ""
    channel_id: int | None = None
    telephone: Subscription | None = None
    subscription_id: int | None = None


def _is_due() -> ColumnElement[bool]:
    now = clock.now()
    free = or_(col(OutboxRow.claimed_until).is_(None), col(OutboxRow.claimed_until) < now)
    switched_on = col(OutboxRow.channel_id).in_(
        select(OutsideChannel.id).where(col(OutsideChannel.enabled))
    )
    return and_(
        col(OutboxRow.delivered_at).is_(None),
        col(OutboxRow.due_at) <= now,
        or_(col(OutboxRow.expires_at).is_(None), col(OutboxRow.expires_at) > now),
        col(OutboxRow.attempts) <= len(BACKOFF),
        free,
        or_(col(OutboxRow.is_test), switched_on, col(OutboxRow.subscription_id).is_not(None)),
    )


def _claim(db: Database, row_id: int, token: str) -> _Parcel | None:
    with db.transaction(SYSTEM) as session:
        claimed = session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.id) == row_id, _is_due())
            .values(
                claim=token,
                claimed_until=clock.now() + CLAIM,
                attempts=col(OutboxRow.attempts) + 1,
            )
            .execution_options(synchronize_session=False)
        )
        if claimed.rowcount != 1:
            return None
        row = session.get_one(OutboxRow, row_id)
        if row.subscription_id is not None:
            return _Parcel(
                _("富民"),
                _("您有一条新消息，点开看看。"),
                row.key,
                row.attempts,
                telephone=telephones.address_of(session, row.subscription_id),
                subscription_id=row.subscription_id,
            )
        channel = session.get_one(OutsideChannel, row.channel_id)
        title, body = _words(row, channel.audience)
        return _Parcel(title, body, row.key, row.attempts, url=channel.url, channel_id=channel.id)


def _words(row: OutboxRow, audience: Audience) -> tuple[str, str]:
    if row.urgent is not None:
        number, _line, text = row.urgent.partition("\n")
        return _("富民，给 %(number)s", number=number), text
    if row.words is not None:
        return _("华龙天空"), row.words
    if row.is_test:
        return _("富民试发"), _("这是一条试发的提醒，收到就说明接通了。")
    if audience is Audience.STAFF:
        return _("富民"), _("社区有一条新消息等着回，请打开富民看看。")
    return _("富民，给账号 %(number)s", number=row.account_id), _(
        "您有一条新消息，请打开富民看看。"
    )


def _note_failure(db: Database, row_id: int, token: str, parcel: _Parcel, error: str) -> None:
    log.warning("outbox row %s did not arrive: %s", row_id, error)
    waits = BACKOFF[min(parcel.attempts, len(BACKOFF)) - 1]
    with db.transaction(SYSTEM) as session:
        session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.id) == row_id, col(OutboxRow.claim) == token)
            .values(claim="", claimed_until=None, due_at=clock.now() + waits, last_error=error)
        )
        _note_on_channel(session, parcel.channel_id, error)


def _note_on_channel(session: Session, channel_id: int | None, error: str) -> None:
    if channel_id is None:
        return
    session.exec(
        update(OutsideChannel)
        .where(col(OutsideChannel.id) == channel_id)
        .values(tested_at=clock.now(), last_error=error)
    )
