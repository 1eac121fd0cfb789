"""Use cases of accounts: open, sign in, change, disable."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from webapp.accounts import sessions, throttle
from webapp.accounts.models import Account
from webapp.core import audit, clock, passwords, rate_limits
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, NotFound, Refused


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

    Hashing takes time, so it happens between two short transactions: the try is counted before, and
    taken back when the password fits. Raises
    :class:`TooMany` when this account (from strange browsers) or address tried too often.
    """
    of_account, of_address = throttle.of_account(phone, device), throttle.of_address(address)
    with db.transaction(SYSTEM) as session:
        rate_limits.take(session, (of_account, of_address))
        account = session.exec(select(Account).where(Account.phone == phone)).first()
    fits = passwords.verify(account.password_hash if account else None, password)
    if not account or not fits or not account.enabled:
        with db.transaction(Actor(account_id=account.id if account else None)) as session:
            audit.record(session, "account.sign_in_failed", "account:unknown")
        return None
    with db.transaction(Actor(account_id=account.id)) as session:
        rate_limits.clear(session, [of_account])
        rate_limits.give_back(session, [of_address])
        token = sessions.start(session, account)
        audit.record(session, "account.sign_in", account)
    return SignedIn(token, account.id)


def sign_out(session: Session, actor: Actor, *, token: str) -> None:
    """End this browser's session."""
    sessions.end(session, token)
    audit.record(session, "account.sign_out", f"account:{actor.account_id}")


def change_password(db: Database, actor: Actor, *, current: str, new: str) -> None:
    """Set the actor's own password and end all their sessions.

    Raises :class:`BadField` for a wrong current password or a new one that will not do, and
    :class:`TooMany` when the current one was tried too often. Counted, checked and written in
    two short transactions with the hashing between them.
    """
    limit = throttle.of_password(actor.account_id or 0)
    with db.transaction(SYSTEM) as session:
        rate_limits.take(session, [limit])
        account = get_account(session, actor.account_id)
    if not passwords.verify(account.password_hash, current):
        raise BadField("current", _("现在的密码不对"))
    fault = passwords.fault(new, account.phone)
    if fault is None and new == current:
        fault = _("新密码和现在的一样，请换一个")
    if fault:
        raise BadField("password", fault)
    hashed = passwords.hash_password(new)
    with db.transaction(actor) as session:
        rate_limits.clear(session, [limit])
        account = get_account(session, actor.account_id)
        account.password_hash = hashed
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
