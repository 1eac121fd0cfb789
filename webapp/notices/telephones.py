"""Notices on telephones' screens: rows of the outbox, one for each browser that takes them."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, delete, select

from webapp.accounts.models import LoginSession
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.settings import Settings
from webapp.notices import push, push_key, quiet_hours
from webapp.notices.models import OutboxRow, PushSubscription
from webapp.notices.outbox import is_firm
from webapp.notices.outside import SendFailed

MOST_TRIES = 4  # what is news for an hour or so; a channel's notice is tried for longer


def put(
    session: Session,
    *,
    key: str,
    account_ids: Iterable[int],
    firm_at: datetime | None = None,
) -> int:
    """Write a notice for each telephone on which one of the accounts wants them; return how many.

    Where one waits already none is added: it would say the same.
    """
    waiting = select(OutboxRow.subscription_id).where(
        col(OutboxRow.subscription_id).is_not(None),
        col(OutboxRow.delivered_at).is_(None),
        col(OutboxRow.attempts) < MOST_TRIES,
        is_firm(),
    )
    wanted = session.exec(
        select(PushSubscription.id, PushSubscription.account_id)
        .join(LoginSession, col(LoginSession.id) == PushSubscription.session_id)
        .where(
            col(PushSubscription.account_id).in_(list(account_ids)),
            LoginSession.expires_at > clock.now(),
            col(PushSubscription.id).not_in(waiting),
        )
        .order_by(col(PushSubscription.id))
    ).all()
    session.add_all(
        OutboxRow(
            key=f"{key}:phone:{subscription_id}",
            subscription_id=subscription_id,
            account_id=account_id,
            created_at=clock.now(),
            due_at=quiet_hours.next_allowed(firm_at or clock.now()),
            firm_at=firm_at,
        )
        for subscription_id, account_id in wanted
    )
    return len(wanted)


def address_of(session: Session, subscription_id: int) -> push.Subscription:
    """Return where a telephone takes messages."""
    found = session.get_one(PushSubscription, subscription_id)
    return push.Subscription(found.endpoint, found.p256dh, found.auth)


def send(to: push.Subscription, *, title: str, body: str, key: str, settings: Settings) -> None:
    """Send a message with this installation's key; raises :class:`SendFailed`."""
    sender = push_key.load(settings.push_key)
    if sender is None:
        raise SendFailed("no key for push messages")
    push.send(
        to,
        title=title,
        body=body,
        key=key,
        sender=sender,
        services=settings.push_services,
        now=int(clock.now().timestamp()),
    )


def forget(db: Database, subscription_id: int | None) -> None:
    """Delete a subscription that is over, and with it what waits for it."""
    with db.transaction(SYSTEM) as session:
        session.exec(delete(PushSubscription).where(col(PushSubscription.id) == subscription_id))
