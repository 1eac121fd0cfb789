"""Use cases of accounts: open, sign in, change, disable."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from webapp.accounts import sessions, throttle
from webapp.accounts.models import Account
from webapp.core import audit, clock, passwords
from webapp.core.access import Actor, Role
from webapp.core.db import Database
from webapp.core.errors import Conflict, NotFound, Refused, TooMany


class PhoneTaken(Conflict):
    """The phone number has an account already."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: its token and the account's id."""

    token: str
    account_id: int


def open_account(
    session: Session,
    *,
    phone: str,
    name: str,
    password_hash: str,
    role: Role,
    branch_id: int | None = None,
    title: str = "",
) -> Account:
    """Create an account; raise :class:`PhoneTaken` when the number has one."""
    account = Account(
        phone=phone,
        name=name,
        password_hash=password_hash,
        role=role,
        branch_id=branch_id,
        title=title,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise PhoneTaken(_("这个手机号已经注册过了，请直接登录")) from error
    audit.record(session, "account.open", account, role=role)
    return account


def sign_in(
    db: Database, *, phone: str, password: str, address: str, device: str | None
) -> SignedIn | None:
    """Return a fresh session, or ``None`` for a wrong phone or password.

    Hashing takes time, so it happens between two short transactions. Raises
    :class:`TooMany` when this account (from strange browsers) or address tried too often.
    """
    limits = throttle.buckets(phone, address, device)
    with db.reader() as session:
        wait = throttle.wait_seconds(session, limits)
        account = session.exec(select(Account).where(Account.phone == phone)).first()
    if wait:
        raise TooMany(_("试的次数太多了，请过 %(n)d 分钟再试", n=-(-wait // 60)), retry_after=wait)
    fits = passwords.verify(account.password_hash if account else None, password)
    if not account or not fits or not account.enabled:
        with db.transaction(Actor(account_id=account.id if account else None)) as session:
            throttle.count_failure(session, limits)
            audit.record(session, "account.sign_in_failed", "account:unknown")
        return None
    with db.transaction(Actor(account_id=account.id)) as session:
        throttle.forget(session, limits)
        token = sessions.start(session, account)
        audit.record(session, "account.sign_in", account)
    return SignedIn(token, account.id)


def sign_out(session: Session, actor: Actor, *, token: str) -> None:
    """End this browser's session."""
    sessions.end(session, token)
    audit.record(session, "account.sign_out", f"account:{actor.account_id}")


def change_password(session: Session, actor: Actor, *, password_hash: str) -> None:
    """Set the actor's own password and end all their sessions."""
    account = get_account(session, actor.account_id)
    account.password_hash = password_hash
    sessions.end_all(session, account.id)
    audit.record(session, "account.change_password", account)


def reset_password(
    session: Session, actor: Actor, *, account_id: int, password_hash: str
) -> Account:
    """Set another account's password (admin) and end all its sessions."""
    account = get_account(session, account_id)
    account.password_hash = password_hash
    sessions.end_all(session, account_id)
    audit.record(session, "account.reset_password", account)
    return account


def set_enabled(session: Session, actor: Actor, *, account_id: int, enabled: bool) -> Account:
    """Enable or disable an account; disabling ends its sessions. Nobody disables themselves."""
    if account_id == actor.account_id:
        raise Refused(_("不能停用自己的账号"))
    account = get_account(session, account_id)
    account.enabled = enabled
    if not enabled:
        sessions.end_all(session, account_id)
    audit.record(session, "account.enable" if enabled else "account.disable", account)
    return account


def close_account(session: Session, account_id: int, *, name: str) -> None:
    """Close an account for good: nobody signs in, and its number may register anew."""
    account = session.get_one(Account, account_id)
    account.enabled = False
    account.name = name
    account.phone = f"x{account_id:010d}"
    account.password_hash = "!"  # noqa: S105 - fits no password
    sessions.end_all(session, account_id)


def set_large_print(session: Session, actor: Actor, *, on: bool) -> None:
    """Remember how large the actor wants to read."""
    account = get_account(session, actor.account_id)
    account.large_print = on
    audit.record(session, "account.large_print", account, on=on)


def get_account(session: Session, account_id: int | None) -> Account:
    """Return the account or raise :class:`NotFound`."""
    account = session.get(Account, account_id) if account_id else None
    if account is None:
        raise NotFound
    return account
