"""File a ticket: with or without an account, at the counter, by telephone, from paper.

Who could lie: anybody who fills the community's list (limited by account or address; danger is
counted apart and never kept out by it), who writes in another's name (name and telephone are
shown to staff as what was said), and who guesses a code (59 bits, and a PIN for private ones).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import clock, crypto, rate_limits, receipt_codes
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Forbidden, TooMany
from webapp.core.photos import FIELD as PHOTOS
from webapp.core.photos import Kept
from webapp.core.rate_limits import Limit
from webapp.engine import triage
from webapp.rulebook.figures import rule
from webapp.tickets import deadlines, policy
from webapp.tickets.lifecycle import TicketAction, TicketChannel, TicketKind, TicketState, Urgency
from webapp.tickets.models.steps import TicketPhoto
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import alarms, transitions

FOLDER = "tickets"  # among the uploads
MOST_WORDS = 2000
MOST_PHOTOS = 4
BY_STAFF = (TicketChannel.COUNTER, TicketChannel.PHONE, TicketChannel.PAPER)
_PIN_DIGITS = 6


@dataclass(frozen=True)
class Filed:
    """What was filed: its code, and the PIN of a private one, told this once."""

    ticket: Ticket
    code: str
    pin: str | None


@dataclass(frozen=True)
class Reporter:
    """Whose ticket it is, where that is not the one who files it; all of it may be left out."""

    name: str = ""
    phone: str = ""
    resident_id: int | None = None


@dataclass(frozen=True)
class AboutStaff:
    """That it is about a member of staff; ``account_id`` says who, where that is known."""

    account_id: int | None = None


@dataclass(frozen=True)
class Reserved:
    """When a paper was handed in, and the code and PIN that stand on it, if it is one of ours."""

    received_at: datetime
    code: str | None = None
    pin: str | None = None


def file_ticket(
    session: Session,
    actor: Actor,
    *,
    words: str,
    channel: TicketChannel,
    place_words: str = "",
    kind: TicketKind | None = None,
    is_private: bool = False,
    reporter: Reporter = Reporter(),
    about: AboutStaff | None = None,
    photos: Sequence[Kept] = (),
    client: str = "",
    source: str | None = None,
    reserved: Reserved | None = None,
) -> Filed:
    """Write a ticket down; what sounds dangerous rings the member on duty at once.

    What stands on paper keeps the code that its writer holds (``reserved``), and its clock runs
    from when it was handed in.

    ``client`` is the address it was sent from: without an account, tries are counted by it.
    What is said of a member of staff is private. Raises ``TooMany`` beyond the limit of an hour.
    """
    by_staff = channel in BY_STAFF
    if by_staff and not policy.can_handle(actor):
        raise Forbidden
    if not 0 < len(words.strip()) <= MOST_WORDS:
        raise BadField("words", _("请写 1 到 %(n)d 个字，说说是什么事", n=MOST_WORDS))
    if len(photos) > MOST_PHOTOS:
        raise BadField(PHOTOS, _("最多传 %(n)d 张照片", n=MOST_PHOTOS))
    urgency = _urgency(words, kind)
    if not by_staff and actor is not SYSTEM:
        _count(session, actor, client, urgency)
    hidden = is_private or about is not None
    now = clock.now()
    held = reserved or Reserved(now)
    code = held.code or receipt_codes.fresh()
    pin = (held.pin or fresh_pin()) if hidden else None
    ticket = Ticket(
        code=code,
        pin_hash=pin_digest(code, pin) if pin else None,
        is_private=hidden,
        about_staff=about is not None,
        about_account_id=about.account_id if about else None,
        words=words.strip(),
        place_words=place_words.strip(),
        kind=kind,
        urgency=urgency,
        reporter_account_id=None if by_staff else actor.account_id,
        resident_id=(reporter.resident_id if by_staff or actor is SYSTEM else actor.resident_id),
        reporter_name=reporter.name.strip() or None,
        reporter_phone=reporter.phone.strip() or None,
        filed_by_id=actor.account_id if by_staff else None,
        channel=channel,
        source=source,
        state=TicketState.RECEIVED,
        received_at=held.received_at,
        clock_started_at=held.received_at,
        due_at=deadlines.reply_due(urgency, kind, started=held.received_at),
        since=now,
    )
    session.add(ticket)
    session.flush()
    event = transitions.note(
        session,
        actor,
        ticket,
        TicketAction.FILE,
        from_state=None,
        by_reporter=not by_staff and actor is not SYSTEM,
    )
    add_photos(session, ticket, event_id=event.id, photos=photos, by_reporter=event.by_reporter)
    if urgency is Urgency.DANGER:
        alarms.ring(session, ticket)
    return Filed(ticket, code, None if held.pin else pin)  # who wrote on paper holds it already


def add_photos(
    session: Session, ticket: Ticket, *, event_id: int, photos: Sequence[Kept], by_reporter: bool
) -> None:
    """Write the rows of pictures that came with a step."""
    for one in photos:
        session.add(
            TicketPhoto(
                ticket_id=ticket.id,
                event_id=event_id,
                stored=one.stored,
                width=one.width,
                height=one.height,
                added_at=clock.now(),
                by_reporter=by_reporter,
            )
        )
    session.flush()


def stored_names(session: Session) -> set[str]:
    """Return the names of the files that are still needed."""
    return set(session.exec(select(TicketPhoto.stored)).all())


def pin_digest(code: str, pin: str) -> str:
    """Return what is kept of a PIN; of no use without the keys of the installation."""
    return crypto.mac(_pin_text(code, pin)).hex()


def pin_fits(ticket: Ticket, pin: str) -> bool:
    """Return whether a PIN is that of a ticket; one without a PIN needs none."""
    if ticket.pin_hash is None:
        return True
    return crypto.is_mac_of(_pin_text(ticket.code, pin.strip()), bytes.fromhex(ticket.pin_hash))


def _pin_text(code: str, pin: str) -> str:
    return f"ticket:{code}:{pin}"


def fresh_pin() -> str:
    """Return a new PIN of six digits."""
    return f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"


def _urgency(words: str, kind: TicketKind | None) -> Urgency:
    if triage.dangers(words):
        return Urgency.DANGER
    return Urgency.QUESTION if kind is TicketKind.QUESTION else Urgency.ORDINARY


def _count(session: Session, actor: Actor, client: str, urgency: Urgency) -> None:
    who = f"account:{actor.account_id}" if actor.account_id else f"address:{client}"
    dangerous = urgency is Urgency.DANGER
    name = "danger_tickets_per_hour" if dangerous else "tickets_per_hour"
    most = (
        rule("danger_tickets_per_hour", on=clock.today())
        if dangerous
        else rule("tickets_per_hour", on=clock.today())
    )
    try:
        rate_limits.take(session, [Limit(f"{name}:{who}", most, timedelta(hours=1))])
    except TooMany as refused:
        raise TooMany(
            _("一个小时里最多交 %(n)d 件，过会儿再写。等不得的事请直接打社区电话", n=most),
            retry_after=refused.retry_after,
        ) from refused
