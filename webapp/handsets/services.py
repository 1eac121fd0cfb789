"""What a person has their telephone do: keep a page for reading without network, show notices."""

import hashlib

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, or_

from webapp.accounts import sessions
from webapp.core import audit, clock
from webapp.core.access import Actor, Permission
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.notices import push
from webapp.notices.models import PushSubscription
from webapp.notices.push_encryption import is_browser_key


def keep_page(session: Session, actor: Actor, *, token: str, on: bool) -> None:
    """Have the browser of this session keep the page, or keep it no longer.

    The wish belongs to the session: it ends when that does, and another browser has its own.
    """
    if not actor.may(Permission.RESIDENT_SELF):
        raise Forbidden
    row = sessions.find(session, token, account_id=actor.account_id)
    if row is None:
        raise NotFound
    row.keeps_page = on
    session.add(row)
    audit.record(session, "handset.keep" if on else "handset.forget", row)


def show_notices(
    session: Session,
    actor: Actor,
    *,
    token: str,
    to: push.Subscription,
    services: tuple[str, ...],
) -> PushSubscription:
    """Have notices shown on the screen of the telephone that holds this session.

    A telephone shows those of one person at a time: whoever asks last. Raises :class:`BadField`
    for an address of no push service that the settings name, and for keys that are none.
    """
    if not actor.may(Permission.RESIDENT_SELF):
        raise Forbidden
    if not push.is_allowed(to.endpoint, services) or not is_browser_key(to.p256dh, to.auth):
        raise BadField("endpoint", _("这台手机的提醒服务这里用不了，用短信或者请社区打电话"))
    own = sessions.find(session, token, account_id=actor.account_id)
    if own is None or actor.account_id is None:
        raise NotFound
    digest = hashlib.sha256(to.endpoint.encode()).hexdigest()
    session.exec(
        delete(PushSubscription).where(
            or_(
                col(PushSubscription.endpoint_digest) == digest,
                col(PushSubscription.session_id) == own.id,
            )
        )
    )
    row = PushSubscription(
        account_id=actor.account_id,
        session_id=own.id,
        endpoint=to.endpoint,
        endpoint_digest=digest,
        p256dh=to.p256dh,
        auth=to.auth,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, "handset.notify", own)
    return row


def hide_notices(session: Session, actor: Actor, *, token: str) -> None:
    """Have this telephone show no more notices; what waited for it goes unsent."""
    if not actor.may(Permission.RESIDENT_SELF):
        raise Forbidden
    own = sessions.find(session, token, account_id=actor.account_id)
    if own is None:
        raise NotFound
    session.exec(delete(PushSubscription).where(col(PushSubscription.session_id) == own.id))
    audit.record(session, "handset.hush", own)
