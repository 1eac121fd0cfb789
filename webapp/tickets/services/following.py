"""The reporter's side: find one's own by code and PIN or by account, answer, say what came of it.

Who could lie: whoever guesses codes (59 bits) or PINs (counted for each code and each address, in
a transaction of its own, so that a wrong one counts). A code alone opens what is public; what is
private opens only to who has shown the PIN (``pin_checked``, kept by the view in the session).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import rate_limits, receipt_codes
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.photos import FIELD as PHOTOS
from webapp.core.photos import Kept
from webapp.core.rate_limits import Limit
from webapp.engine import triage
from webapp.tickets.lifecycle import MAY_REOPEN, Outcome, Rating, TicketAction, TicketState
from webapp.tickets.models.steps import TicketEvent, TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, alarms, calling, filing, telling
from webapp.tickets.services.handling import run_again
from webapp.tickets.services.transitions import move

A, S = TicketAction, TicketState
MOST_WORDS = 1000
_MOST_PHOTOS = 8  # of one ticket, those of later words included
_TRIES = 10
_WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Follower:
    """By what a reporter follows: the code of the slip, or one's own account and the row's id."""

    code: str | None = None
    pin_checked: bool = False
    ticket_id: int | None = None


def find(session: Session, actor: Actor, follower: Follower) -> Ticket:
    """Return the reporter's own ticket; :class:`NotFound` for anybody else's.

    A private one found by its code stays closed until its PIN was checked (:func:`unlock`).
    """
    ticket = _find(session, actor, follower)
    if ticket is None or (
        follower.code is not None and ticket.pin_hash is not None and not follower.pin_checked
    ):
        raise NotFound
    return ticket


def needs_pin(session: Session, code: str) -> bool:
    """Return whether a code's ticket asks for a PIN; :class:`NotFound` for no code of ours."""
    plain = receipt_codes.plain(code)
    found = session.exec(select(Ticket).where(Ticket.code == plain)).first() if plain else None
    if found is None:
        raise NotFound
    return found.pin_hash is not None


def unlock(db: Database, *, code: str, pin: str, client: str) -> None:
    """Check a PIN; the try counts whether or not the page is opened.

    Raises ``BadField`` on ``pin`` for a wrong one, ``TooMany`` after too many of them.
    """
    plain = receipt_codes.plain(code) or ""
    limits = [
        Limit(f"ticket pin:{plain}", _TRIES, _WINDOW),
        Limit(f"ticket pins:{client}", 3 * _TRIES, _WINDOW),
    ]
    with db.transaction(SYSTEM) as session:
        rate_limits.take(session, limits)
        ticket = session.exec(select(Ticket).where(Ticket.code == plain)).first()
        fits = ticket is not None and filing.pin_fits(ticket, pin)
        if fits:
            rate_limits.give_back(session, limits)
    if not fits:
        raise BadField("pin", _("密码不对，看看回执上写的六位数字"))


def first_of(session: Session, ticket: Ticket) -> Ticket:
    """Return the ticket whose steps its reporter follows: the first one of a duplicate."""
    if ticket.duplicate_of_id is None:
        return ticket
    return session.get_one(Ticket, ticket.duplicate_of_id)


def answer(
    session: Session,
    actor: Actor,
    *,
    follower: Follower,
    words: str,
    photos: Sequence[Kept] = (),
) -> Ticket:
    """Answer what was asked, and the clock runs again at once; or add something."""
    ticket = _locked(session, actor, follower)
    _check_words(words)
    if ticket.state is S.WAITING_REPORTER:
        event = run_again(session, actor, ticket, A.ANSWER, words=words, by_reporter=True)
    else:
        event = move(session, actor, ticket, A.ADD, words=words, by_reporter=True)
    _add_photos(session, ticket, event, photos)
    telling.members(session, ticket, [ticket.owner_id])
    _ring_if_danger(session, ticket, words)
    return ticket


def say_outcome(
    session: Session,
    actor: Actor,
    *,
    follower: Follower,
    outcome: Outcome,
    rating: Rating | None = None,
    words: str = "",
) -> Ticket:
    """Say what came of it, without waiting for the call back; not solved opens it again."""
    ticket = _locked(session, actor, follower)
    if outcome is Outcome.UNREACHABLE:
        raise BadField("outcome", _("请选一样"))
    if ticket.state is S.CLOSED and outcome is Outcome.UNRESOLVED:
        return _reopen(session, actor, ticket, words)
    if outcome is Outcome.UNRESOLVED:
        _check_words(words)
    calling.end(
        session, actor, ticket, outcome=outcome, rating=rating, words=words, by_reporter=True
    )
    return ticket


def reopen(session: Session, actor: Actor, *, follower: Follower, words: str) -> Ticket:
    """Open it again, with what is still wrong; nothing switches this off."""
    return _reopen(session, actor, _locked(session, actor, follower), words)


def can_reopen(ticket: Ticket) -> bool:
    """Return whether there is something to open again; thanks are no work."""
    was_work = ticket.state is not S.CLOSED or ticket.owner_id is not None
    return ticket.state in MAY_REOPEN and was_work


def own_tickets(session: Session, actor: Actor) -> list[Ticket]:
    """Return what an account has filed, newest first."""
    if actor.account_id is None:
        return []
    statement = select(Ticket).where(Ticket.reporter_account_id == actor.account_id)
    return list(session.exec(statement.order_by(col(Ticket.id).desc()).limit(100)))


def _reopen(session: Session, actor: Actor, ticket: Ticket, words: str) -> Ticket:
    _check_words(words)
    if not can_reopen(ticket):
        raise Conflict(_("这件还在办，有话直接补一句就行"))
    calling.reopen(session, actor, ticket, words=words)
    _ring_if_danger(session, ticket, words)
    return ticket


def _ring_if_danger(session: Session, ticket: Ticket, words: str) -> None:
    if triage.dangers(words):
        alarms.ring(session, ticket)


def _find(session: Session, actor: Actor, follower: Follower) -> Ticket | None:
    if follower.code is not None:
        plain = receipt_codes.plain(follower.code)
        return session.exec(select(Ticket).where(Ticket.code == plain)).first() if plain else None
    if follower.ticket_id is None or actor.account_id is None:
        return None
    ticket = session.get(Ticket, follower.ticket_id)
    own = ticket is not None and ticket.reporter_account_id == actor.account_id
    return ticket if own else None


def _locked(session: Session, actor: Actor, follower: Follower) -> Ticket:
    ticket = find(session, actor, follower)
    access.lock(session, ticket.id)
    return ticket


def _add_photos(
    session: Session, ticket: Ticket, event: TicketEvent, photos: Sequence[Kept]
) -> None:
    if not photos:
        return
    known = session.exec(select(TicketPhoto.id).where(TicketPhoto.ticket_id == ticket.id)).all()
    if len(known) + len(photos) > _MOST_PHOTOS:
        raise BadField(PHOTOS, _("一件事最多 %(n)d 张照片", n=_MOST_PHOTOS))
    filing.add_photos(session, ticket, event_id=event.id, photos=photos, by_reporter=True)


def _check_words(words: str) -> None:
    if not 0 < len(words.strip()) <= MOST_WORDS:
        raise BadField("words", _("请写 1 到 %(n)d 个字", n=MOST_WORDS))
