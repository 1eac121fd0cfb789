"""What was said on calls and visits, and what they put off to another day."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.residents.models import Resident

RECENT = 30


class Said(NamedTuple):
    """The last contact about a thing, for a line of a list."""

    at: datetime
    reached: bool
    words: str
    by: str


class Key(NamedTuple):
    """What a contact was about: the columns of the side and of the thing, and the id of it.

    ``about`` is empty for a contact about the side itself.
    """

    side: str
    about: str
    id: int


def latest(session: Session, *conditions: ColumnElement[bool]) -> list[Any]:
    """Return the latest contacts under conditions, newest first: with whom, about what, by whom."""
    return list(
        session.execute(
            select(
                col(Contact.at),
                col(Contact.way),
                col(Contact.reached),
                col(Contact.words),
                col(Contact.next_on),
                col(Account.name),
                func.coalesce(col(Resident.name), col(Employer.name)).label("whom"),
                col(Opening.title).label("about"),
            )
            .join(Account, col(Account.id) == Contact.account_id)
            .outerjoin(Resident, col(Resident.id) == Contact.resident_id)
            .outerjoin(Employer, col(Employer.id) == Contact.employer_id)
            .outerjoin(Opening, col(Opening.id) == Contact.opening_id)
            .where(*conditions)
            .order_by(col(Contact.id).desc())
            .limit(RECENT)
        )
    )


def last_said(session: Session, keys: Sequence[Key]) -> dict[Key, Any]:
    """Return, of each key that has any, the last contact; one query."""
    asked: dict[tuple[str, str], list[int]] = {}
    for key in keys:
        asked.setdefault((key.side, key.about), []).append(key.id)
    about_each = [
        and_(getattr(Contact, about or side).in_(ids), *_about(Contact, about or side, side))
        for (side, about), ids in asked.items()
    ]
    rows = session.execute(
        select(Contact, col(Account.name))
        .join(Account, col(Account.id) == Contact.account_id)
        .where(or_(false(), *about_each))
        .order_by(col(Contact.id))
    )
    said: dict[Key, Any] = {}
    for contact, name in rows:
        side = "resident_id" if contact.resident_id is not None else "employer_id"
        named = ("match_id", "opening_id")
        about = next((one for one in named if getattr(contact, one) is not None), "")
        said[Key(side, about, getattr(contact, about or side))] = Said(
            contact.at, contact.reached, contact.words, name
        )
    return said


def put_off(about: str, side: str) -> Any:
    """Return the ids of what the latest contact about it put off to a day still to come.

    ``about`` is the column that names the thing: ``match_id``, ``opening_id``, or ``side`` itself
    for what was about nothing else; ``side`` is ``resident_id`` or ``employer_id``, whom one spoke
    with. For ``not_in``: few rows lie ahead, and an index leads to them.
    """
    later = aliased(Contact)
    overtaken = select(col(later.id)).where(
        getattr(later, about) == getattr(Contact, about),
        *_about(later, about, side),
        col(later.id) > col(Contact.id),
    )
    return select(getattr(Contact, about)).where(
        col(Contact.next_on) > clock.today(),
        *_about(Contact, about, side),
        ~overtaken.correlate(Contact).exists(),
    )


def due_again(side: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the latest contact about nothing else, whose day has come."""
    later = aliased(Contact)
    overtaken = select(col(later.id)).where(
        getattr(later, side) == getattr(Contact, side),
        *_about(later, side, side),
        col(later.id) > col(Contact.id),
    )
    return (
        col(Contact.next_on) <= clock.today(),
        *_about(Contact, side, side),
        ~overtaken.correlate(Contact).exists(),
    )


def _about(contact: Any, about: str, side: str) -> tuple[ColumnElement[bool], ...]:
    named = (getattr(contact, about).is_not(None), getattr(contact, side).is_not(None))
    if about != side:
        return named
    return (*named, contact.match_id.is_(None), contact.opening_id.is_(None))
