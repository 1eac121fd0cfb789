"""Put contacts on record: with a resident, with an employer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, delete, select

from webapp.contacts.models import Contact, ContactWay
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.employers import policy as employers
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.residents.services.registration import get_resident


@dataclass(frozen=True)
class Said:
    """What came of a call or visit: whether anybody was reached, words, when to ask again."""

    way: ContactWay
    reached: bool
    words: str
    next_on: date | None = None


def note_resident(
    session: Session, actor: Actor, *, resident_id: int, said: Said, match_id: int | None = None
) -> Contact:
    """Put a contact with a resident on record; ``match_id`` names a match of theirs."""
    resident = get_resident(session, actor, resident_id)
    contact = _noted(actor, said, resident_id=resident.id, match_id=match_id)
    session.add(contact)
    session.flush()
    audit.record(session, "resident.contact", resident, way=said.way.value, reached=said.reached)
    return contact


def note_employer(
    session: Session,
    actor: Actor,
    *,
    employer_id: int,
    said: Said,
    match_id: int | None = None,
    opening_id: int | None = None,
) -> Contact:
    """Put a contact with an employer on record; it may name a match or an opening of theirs."""
    if not employers.can_verify(actor):
        raise Forbidden
    employer = session.get(Employer, employer_id)
    if employer is None:
        raise NotFound
    contact = _noted(actor, said, employer_id=employer.id, match_id=match_id, opening_id=opening_id)
    session.add(contact)
    session.flush()
    audit.record(session, "employer.contact", employer, way=said.way.value, reached=said.reached)
    return contact


def forget_closed(session: Session) -> int:
    """Delete what was said with employers whose people were forgotten; return how many."""
    forgotten = select(Employer.id).where(
        Employer.state == EmployerState.CLOSED, Employer.contact_name == "", Employer.phone == ""
    )
    return session.exec(delete(Contact).where(col(Contact.employer_id).in_(forgotten))).rowcount


def _noted(actor: Actor, said: Said, **about: Any) -> Contact:
    return Contact(
        account_id=actor.account_id or 0,
        at=clock.now(),
        way=said.way,
        reached=said.reached,
        words=said.words,
        next_on=said.next_on,
        **about,
    )
