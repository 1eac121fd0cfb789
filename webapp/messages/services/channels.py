"""The admin's side of the outbox: which channels there are, and what did not arrive."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import Actor, Permission
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.notices import outbox
from webapp.notices.models import Audience, OutboxRow, OutsideChannel


def all_channels(session: Session) -> list[OutsideChannel]:
    """Return the channels by name."""
    return list(
        session.execute(select(OutsideChannel).order_by(col(OutsideChannel.name))).scalars()
    )


def undelivered() -> Any:
    """Return the statement of notices that did not arrive yet, the oldest first."""
    return (
        select(
            col(OutboxRow.id),
            col(OutboxRow.created_at),
            col(OutboxRow.due_at),
            col(OutboxRow.attempts),
            col(OutboxRow.last_error),
            col(OutboxRow.is_test),
            col(OutsideChannel.name),
        )
        .join(OutsideChannel, col(OutsideChannel.id) == OutboxRow.channel_id)
        .where(col(OutboxRow.delivered_at).is_(None))
        .order_by(col(OutboxRow.id))
    )


def add_channel(
    session: Session, actor: Actor, *, name: str, url: str, audience: Audience
) -> OutsideChannel:
    """Add a channel; :class:`Conflict` for a name that is taken."""
    _must_manage(actor)
    channel = OutsideChannel(name=name, url=url, audience=audience, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(channel)
    except IntegrityError as error:
        raise Conflict(_("这个名字已经有了，换一个")) from error
    audit.record(session, "channel.add", channel, audience=audience.value)
    return channel


def switch_channel(session: Session, actor: Actor, *, channel_id: int, enabled: bool) -> None:
    """Switch a channel on or off; what waits for it waits on."""
    channel = _channel(session, actor, channel_id)
    channel.enabled = enabled
    session.add(channel)
    session.flush()
    audit.record(session, "channel.switch", channel, enabled=enabled)


def remove_channel(session: Session, actor: Actor, *, channel_id: int) -> None:
    """Take a channel away, and what waits for it with it."""
    channel = _channel(session, actor, channel_id)
    audit.record(session, "channel.remove", channel)
    session.delete(channel)


def put_test(session: Session, actor: Actor, *, channel_id: int) -> OutboxRow:
    """Write a test notice for a channel."""
    channel = _channel(session, actor, channel_id)
    row = outbox.put_test(session, channel_id=channel.id)
    audit.record(session, "channel.test", channel)
    return row


def send_again(session: Session, actor: Actor, *, row_id: int) -> None:
    """Have a failed notice sent once more; :class:`NotFound` when there is none such."""
    _must_manage(actor)
    if not outbox.send_again(session, row_id=row_id):
        raise NotFound
    audit.record(session, "channel.send_again", f"outbox:{row_id}")


def _channel(session: Session, actor: Actor, channel_id: int) -> OutsideChannel:
    _must_manage(actor)
    channel = session.get(OutsideChannel, channel_id)
    if channel is None:
        raise NotFound
    return channel


def _must_manage(actor: Actor) -> None:
    if not actor.may(Permission.ACCOUNT_MANAGE):
        raise Forbidden
