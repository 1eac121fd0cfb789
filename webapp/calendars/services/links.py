"""Calendar links: make one, end it, find whose a token is."""

import hashlib
import secrets

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.accounts.actors import actor_of
from webapp.accounts.models import Account
from webapp.calendars.models import CalendarLink
from webapp.core import audit, clock
from webapp.core.access import Actor, Role
from webapp.core.errors import Conflict, Forbidden, NotFound

_LONGEST = 64  # characters of a token that are looked at


def make(session: Session, actor: Actor, *, member_id: int | None = None) -> str:
    """Make a link and return its token, which nobody can read again; an older one ends.

    ``member_id`` narrows a link of staff; :class:`NotFound` for anybody who is no member.
    """
    account_id = _may(actor)
    if member_id is not None and not _is_colleague(session, actor, member_id):
        raise NotFound
    _end(session, actor)
    token = secrets.token_urlsafe(32)
    link = CalendarLink(
        account_id=account_id,
        member_id=member_id,
        token_hash=_digest(token),
        made_at=clock.now(),
    )
    session.add(link)
    session.flush()
    audit.record(session, "calendar.link", link)
    return token


def stop(session: Session, actor: Actor) -> None:
    """End the actor's link; :class:`Conflict` when there is none."""
    _may(actor)
    link = live(session, actor)
    if link is None or not _end(session, actor):
        raise Conflict(_("现在没有日历链接。"))
    audit.record(session, "calendar.stop", link)


def live(session: Session, actor: Actor) -> CalendarLink | None:
    """Return the actor's link that works now."""
    return session.exec(
        select(CalendarLink).where(
            CalendarLink.account_id == actor.account_id, col(CalendarLink.revoked_at).is_(None)
        )
    ).first()


def holder(session: Session, token: str) -> tuple[CalendarLink, Actor] | None:
    """Return the link of a token and whose it is; ``None`` for wrong, ended and barred ones."""
    if len(token) > _LONGEST:
        return None
    link = session.exec(
        select(CalendarLink).where(
            CalendarLink.token_hash == _digest(token), col(CalendarLink.revoked_at).is_(None)
        )
    ).first()
    actor = actor_of(session, link.account_id) if link else None
    return None if link is None or actor is None else (link, actor)


def _may(actor: Actor) -> int:
    """Return the account of an actor who may have a link: a resident, or staff."""
    has_any = actor.is_staff or actor.resident_id is not None
    if actor.account_id is None or not has_any:
        raise Forbidden
    return actor.account_id


def _is_colleague(session: Session, actor: Actor, member_id: int) -> bool:
    found = select(Account.id).where(
        Account.id == member_id,
        Account.role == Role.STAFF,
        Account.branch_id == actor.branch_id,
        col(Account.enabled),
    )
    return actor.is_staff and session.exec(found).first() is not None


def _end(session: Session, actor: Actor) -> bool:
    end = (
        update(CalendarLink)
        .where(
            col(CalendarLink.account_id) == actor.account_id,
            col(CalendarLink.revoked_at).is_(None),
        )
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(session.exec(end).rowcount)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
