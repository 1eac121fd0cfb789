"""A resident's login card, given out and taken back at the counter."""

from sqlmodel import Session

from webapp.accounts import cards
from webapp.accounts.models import LoginCard
from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden
from webapp.residents import policy
from webapp.residents.models import Resident
from webapp.residents.services.registration import get_resident


def issue(session: Session, actor: Actor, *, resident_id: int, pin_hash: str) -> LoginCard:
    """Give a resident who stands at the counter a card with the PIN they have typed themself.

    Raises :class:`Conflict` for somebody without an account.
    """
    resident = _whose(session, actor, resident_id)
    return cards.issue(session, actor, account_id=resident.account_id or 0, pin_hash=pin_hash)


def revoke(session: Session, actor: Actor, *, resident_id: int) -> None:
    """Take a resident's card back."""
    resident = _whose(session, actor, resident_id)
    cards.revoke(session, account_id=resident.account_id or 0)


def read_for_printing(session: Session, actor: Actor, *, resident_id: int) -> str | None:
    """Return the code of a resident's card; that it was read is written down."""
    resident = _whose(session, actor, resident_id)
    card = cards.card_of(session, resident.account_id)
    if card is None:
        return None
    audit.record(session, "login_card.print", f"account:{card.account_id}")
    return card.code


def _whose(session: Session, actor: Actor, resident_id: int) -> Resident:
    resident = get_resident(session, actor, resident_id)
    if not policy.can_reset_password(actor, resident):
        raise Forbidden
    if resident.account_id is None:
        raise Conflict
    return resident
