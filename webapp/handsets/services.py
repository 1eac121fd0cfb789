"""What a person has their telephone do: keep a page to be read without network."""

from sqlmodel import Session

from webapp.accounts import sessions
from webapp.core import audit
from webapp.core.access import Actor, Permission
from webapp.core.errors import Forbidden, NotFound


def keep_page(session: Session, actor: Actor, *, token: str, on: bool) -> None:
    """Have the browser of this session keep the page, or keep it no longer.

    The wish belongs to the session: it ends when that does, and another browser has its own.
    """
    if not actor.may(Permission.RESIDENT_SELF):
        raise Forbidden
    row = sessions.keep_page(session, token, account_id=actor.account_id, on=on)
    if row is None:
        raise NotFound
    audit.record(session, "handset.keep" if on else "handset.forget", row)
