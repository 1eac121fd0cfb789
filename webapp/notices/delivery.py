"""Send what stands in the outbox: after the commit, and never twice.

The scheduler takes due rows one by one: it claims a row by a conditional update, sends, and marks
it. Two schedulers never send one row; after a crash in between, the claim runs out and the row is
sent again with the same idempotency key, by which a gateway can drop it.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, delete, select, update

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.settings import Settings
from webapp.notices import quiet_hours, telephones
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.notices.outbox import BACKOFF
from webapp.notices.outside import SendFailed, send
from webapp.notices.push import Subscription, SubscriptionGone

log = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)  # far longer than a send takes
BATCH = 50
KEPT = timedelta(days=30)


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
