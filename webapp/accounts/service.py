"""Use cases of accounts: open, sign in, change, disable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from webapp import events
from webapp.accounts import sessions, throttle
from webapp.accounts.models import Account
from webapp.core import audit, clock, passwords, rate_limits
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound, Refused

# An account of a number is checked at sign-in with as many others as may have typed it: never
# fewer hashes than two, so that the time does not tell how many there are, never more than four.
FEWEST_CHECKED, MOST_CHECKED = 2, 4
RESUMED_FOR = timedelta(minutes=10)


class PhoneTaken(Conflict):
    """The phone number is proven to belong to another account."""


class OpenedAlready(Conflict):
    """The same form was sent before, and opened an account then."""


class Unverified(Forbidden):
    """The account's phone number has not been proven yet."""

    def __init__(self) -> None:
        super().__init__(
            _("先核对手机号：在「我的」里点「核对手机号」，或到社区窗口、等社区回拨电话。")
        )


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
    verified: bool = False,
    idempotency_key: str | None = None,
) -> Account:
    """Create an account.

    ``verified``: staff have the person before them. Then :class:`PhoneTaken` is raised for a
    number proven to be another's; whoever registers alone is never told. The same
    ``idempotency_key`` again raises :class:`OpenedAlready`.
    """
    account = Account(
        phone=phone,
        name=name,
        password_hash=password_hash,
        role=role,
        branch_id=branch_id,
        title=title,
        phone_verified_at=clock.now() if verified else None,
        idempotency_key=idempotency_key,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        if verified:
            raise PhoneTaken(_("这个手机号已经有账号了")) from error
        raise OpenedAlready from error
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
        accounts = session.exec(
            select(Account)
            .where(Account.phone == phone)
            .order_by(col(Account.phone_verified_at).is_(None), col(Account.id).desc())
            .limit(MOST_CHECKED)
        ).all()
    account = _holder(accounts, password)
    if account is None or not account.enabled:
        note_failure(db, account)
        return None
    with db.transaction(Actor(account_id=account.id)) as session:
        rate_limits.clear(session, [of_account])
        rate_limits.give_back(session, [of_address])
        return let_in(session, account)


def let_in(session: Session, account: Account) -> SignedIn:
    """Begin a session of somebody who has shown who they are."""
    token = sessions.start(session, account)
    audit.record(session, "account.sign_in", account)
    return SignedIn(token, account.id)


def resume_opened(session: Session, idempotency_key: str) -> SignedIn | None:
    """Return a session for the account that this form opened a moment ago, with its id.

    The first answer never reached the browser, or somebody tapped twice. The key is 128 random
    bits of a form of that browser; it opens nothing once :data:`RESUMED_FOR` is over.
    """
    account = session.exec(
        select(Account).where(
            Account.idempotency_key == idempotency_key,
            col(Account.created_at) > clock.now() - RESUMED_FOR,
            col(Account.enabled),
        )
    ).first()
    return None if account is None else let_in(session, account)


def note_failure(db: Database, account: Account | None) -> None:
    """Write down that somebody tried to sign in and was not let in."""
    with db.transaction(Actor(account_id=account.id if account else None)) as session:
        audit.record(session, "account.sign_in_failed", "account:unknown")


def _holder(accounts: Sequence[Account], password: str) -> Account | None:
    """Return whose password it is, the proven owner of the number first."""
    hashes = [account.password_hash for account in accounts]
    padding = [None] * (FEWEST_CHECKED - len(hashes))
    fits = [passwords.verify(hashed, password) for hashed in (*hashes, *padding)]
    return next((account for account, fit in zip(accounts, fits, strict=False) if fit), None)


def is_verified(session: Session, account_id: int | None) -> bool:
    """Whether the account's phone number is proven; nobody's is not."""
    found = session.exec(
        select(Account.id).where(
            col(Account.id) == account_id, col(Account.phone_verified_at).is_not(None)
        )
    )
    return found.first() is not None


def verify_phone(session: Session, account: Account, *, channel: str) -> None:
    """Mark the account's number as proven; ``channel`` says how. Once proven it stays so.

    Raises :class:`PhoneTaken` when it is proven to be another's.
    """
    if account.phone_verified_at is not None:
        return
    try:
        with session.begin_nested():
            account.phone_verified_at = clock.now()
            session.add(account)
            session.flush()
    except IntegrityError as error:
        session.refresh(account)
        raise PhoneTaken(_("这个号码已经是另一个账号的了，请核对是不是同一个人")) from error
    audit.record(session, "account.verify_phone", account, channel=channel)


def registered_again(session: Session, account_id: int | None) -> datetime | None:
    """Return when somebody last typed this account's proven number to register, if ever."""
    own, other = aliased(Account), aliased(Account)
    moment: datetime | None = session.execute(
        select_columns(func.max(other.created_at))
        .join(own, own.phone == other.phone)  # type: ignore[arg-type]
        .where(
            own.id == account_id,  # type: ignore[arg-type]
            own.phone_verified_at.is_not(None),  # type: ignore[union-attr]
            other.phone_verified_at.is_(None),  # type: ignore[union-attr]
            other.created_at > own.phone_verified_at,  # type: ignore[arg-type,operator]
        )
    ).scalar_one_or_none()
    return moment


def sign_out(session: Session, actor: Actor, *, token: str) -> None:
    """End this browser's session."""
    sessions.end(session, token)
    audit.record(session, "account.sign_out", f"account:{actor.account_id}")


def change_password(db: Database, actor: Actor, *, current: str, new: str) -> None:
    """Set the actor's own password and end all their sessions.

    Whoever has none yet has no current one to tell. Raises :class:`BadField` for a wrong current
    password or a new one that will not do, and :class:`TooMany` when the current one was tried too
    often. Counted, checked and written in two short transactions with the hashing between them.
    """
    limit = throttle.of_password(actor.account_id or 0)
    with db.transaction(SYSTEM) as session:
        rate_limits.take(session, [limit])
        account = get_account(session, actor.account_id)
    if account.password_hash and not passwords.verify(account.password_hash, current):
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


def recover(session: Session, *, account_id: int, password_hash: str) -> str:
    """Set the password of whoever proved to hold its number; end all sessions, return a new one."""
    account = get_account(session, account_id)
    account.password_hash = password_hash
    sessions.end_all(session, account.id)
    audit.record(session, "account.recover", account)
    return sessions.start(session, account)


def set_enabled(session: Session, actor: Actor, *, account_id: int, enabled: bool) -> Account:
    """Enable or disable an account; disabling ends its sessions. Nobody disables themselves.

    A member who still answers for something stays: it would be nobody's.
    """
    if account_id == actor.account_id:
        raise Refused(_("不能停用自己的账号"))
    account = lock_account(session, account_id)
    if not enabled:
        refuse_while_answering(session, actor, account)
        sessions.end_all(session, account_id)
    account.enabled = enabled
    audit.record(session, "account.enable" if enabled else "account.disable", account)
    return account


def refuse_while_answering(session: Session, actor: Actor, account: Account) -> None:
    """Raise ``Refused`` for a member of staff whom something still waits for, and name it."""
    if account.role is not Role.STAFF:
        return
    asked = events.MemberDutiesAsked(account.id)
    events.announce(session, actor, asked)
    if asked.counts:
        raise Refused(
            _(
                "%(name)s手上还有：%(what)s。先在「支部」那一页交给同支部的人。",
                name=account.name,
                what="、".join(f"{one.words} {one.count}" for one in asked.counts),
            )
        )


def close_account(session: Session, account_id: int, *, name: str) -> None:
    """Close an account for good: nobody signs in, and its number may register anew."""
    account = session.get_one(Account, account_id)
    account.enabled = False
    account.name = name
    account.phone = f"x{account_id:010d}"
    account.phone_verified_at = None
    account.password_hash = "!"  # noqa: S105 - fits no password
    sessions.end_all(session, account_id)


def set_large_print(session: Session, actor: Actor, *, on: bool) -> None:
    """Remember how large the actor wants to read."""
    account = get_account(session, actor.account_id)
    account.large_print = on
    audit.record(session, "account.large_print", account, on=on)


def set_picture_mode(session: Session, actor: Actor, *, on: bool) -> None:
    """Remember whether the actor wants pictures first."""
    account = get_account(session, actor.account_id)
    account.picture_mode = on
    audit.record(session, "account.picture_mode", account, on=on)


def lock_account(session: Session, account_id: int) -> Account:
    """Return an account as it stands, kept from other writers until the transaction ends."""
    account = get_account(session, account_id)
    session.refresh(account, with_for_update=True)
    return account


def get_account(session: Session, account_id: int | None) -> Account:
    """Return the account or raise :class:`NotFound`."""
    account = session.get(Account, account_id) if account_id else None
    if account is None:
        raise NotFound
    return account
