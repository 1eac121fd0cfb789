"""Login cards: issue one at the counter, sign in with its code and the PIN."""

import hashlib

from sqlmodel import Session, col, delete, select, update

from webapp.accounts import throttle
from webapp.accounts.models import Account, LoginCard
from webapp.accounts.service import SignedIn, get_account, let_in, note_failure
from webapp.core import audit, clock, passwords, rate_limits, receipt_codes
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database

TRIES = 5
PIN_DIGITS = 6


def issue(session: Session, actor: Actor, *, account_id: int, pin_hash: str) -> LoginCard:
    """Give an account a new card; the one it had is void. The caller knows whose account it is."""
    account = get_account(session, account_id)
    session.exec(delete(LoginCard).where(col(LoginCard.account_id) == account_id))
    code = receipt_codes.fresh()
    card = LoginCard(
        account_id=account_id,
        code=code,
        code_digest=_digest(code),
        pin_hash=pin_hash,
        issued_at=clock.now(),
        issued_by_id=actor.account_id or 0,
    )
    session.add(card)
    session.flush()
    audit.record(session, "login_card.issue", account)
    return card


def revoke(session: Session, *, account_id: int) -> None:
    """Take an account's card back: lost, or no longer wanted."""
    session.exec(delete(LoginCard).where(col(LoginCard.account_id) == account_id))
    audit.record(session, "login_card.revoke", f"account:{account_id}")


def card_of(session: Session, account_id: int | None) -> LoginCard | None:
    """Return the card of an account, if it has one."""
    return session.exec(select(LoginCard).where(LoginCard.account_id == account_id)).first()


def sign_in(db: Database, *, code: str, pin: str, address: str) -> SignedIn | None:
    """Return a fresh session; ``None`` for a wrong PIN, an unknown code and a locked card alike.

    The try is counted before the PIN is hashed, in a transaction of its own, so that five tries
    at once are five; a right one takes them back. Raises ``TooMany`` for an address that tries
    too often.
    """
    of_address = throttle.of_cards(address)
    with db.transaction(SYSTEM) as session:
        rate_limits.take(session, [of_address])
        counted = session.exec(
            update(LoginCard)
            .where(col(LoginCard.code_digest) == _digest(code), col(LoginCard.tries) < TRIES)
            .values(tries=col(LoginCard.tries) + 1)
        )
        found = session.exec(
            select(Account, LoginCard.pin_hash)
            .join(LoginCard, col(LoginCard.account_id) == Account.id)
            .where(LoginCard.code_digest == _digest(code))
        ).first()
    account, pin_hash = found or (None, None)
    fits = passwords.verify(pin_hash, pin)  # takes its time for an unknown code too
    if account is None or not fits or counted.rowcount != 1 or not account.enabled:
        note_failure(db, account)
        return None
    with db.transaction(Actor(account_id=account.id)) as session:
        session.exec(
            update(LoginCard).where(col(LoginCard.account_id) == account.id).values(tries=0)
        )
        rate_limits.give_back(session, [of_address])
        return let_in(session, account)


def _digest(code: str) -> str:
    return hashlib.sha256((receipt_codes.plain(code) or "").encode()).hexdigest()
