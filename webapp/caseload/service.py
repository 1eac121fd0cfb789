"""Services of staff's own work: record contacts, assign households, save filters."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select, update

from webapp.accounts.models import Account, FilteredList, SavedFilter
from webapp.caseload.models import Contact, ContactWay
from webapp.core import audit, clock
from webapp.core.access import Actor, Role
from webapp.core.errors import NotFound, Refused
from webapp.residents.models import Household
from webapp.residents.services.registration import get_resident

MOST_FILTERS = 20


def note_contact(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    way: ContactWay,
    reached: bool,
    words: str,
    next_on: date | None,
) -> Contact:
    """Put a contact on record."""
    resident = get_resident(session, actor, resident_id)
    contact = Contact(
        resident_id=resident.id,
        account_id=actor.account_id or 0,
        at=clock.now(),
        way=way,
        reached=reached,
        words=words,
        next_on=next_on,
    )
    session.add(contact)
    session.flush()
    audit.record(session, "resident.contact", resident, way=way.value, reached=reached)
    return contact


def share_out(
    session: Session, actor: Actor, *, household_ids: Sequence[int], account_id: int
) -> int:
    """Assign several households to one member of staff; return how many changed."""
    member = session.get(Account, account_id)
    if member is None or member.role is not Role.STAFF or not member.enabled:
        raise Refused(_("责任人要是在岗的社区工作人员"))
    changed = session.exec(
        update(Household)
        .where(
            col(Household.id).in_(household_ids),
            col(Household.responsible_id).is_distinct_from(account_id),
        )
        .values(responsible_id=account_id)
    ).rowcount
    if changed:
        audit.record(session, "household.share_out", f"account:{account_id}", households=changed)
    return changed


def keep_filter(
    session: Session, actor: Actor, *, name: str, shown: FilteredList, query: str
) -> SavedFilter:
    """Save a filter under a name, replacing one of the same name."""
    own = (col(SavedFilter.account_id) == actor.account_id, col(SavedFilter.list) == shown)
    kept = session.exec(select(SavedFilter).where(*own, SavedFilter.name == name)).first()
    if kept is None:
        if session.exec(select(func.count()).where(*own)).one() >= MOST_FILTERS:
            raise Refused(_("最多存 %(n)d 个，请先删掉不用的", n=MOST_FILTERS))
        kept = SavedFilter(account_id=actor.account_id or 0, list=shown, name=name, query=query)
        session.add(kept)
    kept.query = query
    session.flush()
    audit.record(session, "filter.keep", kept)
    return kept


def drop_filter(session: Session, actor: Actor, *, filter_id: int) -> SavedFilter:
    """Delete the actor's own filter; raises :class:`NotFound` for anyone else's."""
    kept = session.get(SavedFilter, filter_id)
    if kept is None or kept.account_id != actor.account_id:
        raise NotFound
    session.delete(kept)
    session.flush()
    audit.record(session, "filter.drop", kept)
    return kept
