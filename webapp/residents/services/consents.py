"""Consents: given in plain words, for one purpose each, withdrawn as easily as given."""

from sqlmodel import Session, col, delete, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.residents import policy
from webapp.residents.models import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Resident,
    SensitiveRecord,
)


def standing(
    session: Session,
    *,
    resident_id: int,
    purpose: ConsentPurpose,
    employer_id: int | None = None,
) -> Consent | None:
    """Return the consent that stands for a purpose (and employer), or ``None``."""
    return session.exec(
        select(Consent).where(
            Consent.resident_id == resident_id,
            Consent.purpose == purpose,
            col(Consent.employer_id).is_not_distinct_from(employer_id),
            col(Consent.withdrawn_at).is_(None),
        )
    ).first()


def give(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    purpose: ConsentPurpose,
    channel: ConsentChannel = ConsentChannel.PAGE,
    note: str = "",
    employer_id: int | None = None,
) -> Consent:
    """Record a consent; one that stands already is returned as it is.

    ``channel`` says how it was given: on the page, or how the acting staff were told.
    """
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotFound
    if not policy.can_edit(actor, resident):
        raise Forbidden
    session.refresh(resident, with_for_update=True)  # a second click waits for the first
    found = standing(session, resident_id=resident_id, purpose=purpose, employer_id=employer_id)
    if found is not None:
        return found
    return record(
        session,
        resident_id=resident_id,
        purpose=purpose,
        channel=channel,
        note=note,
        employer_id=employer_id,
        given_by_id=actor.account_id,
    )


def record(
    session: Session,
    *,
    resident_id: int,
    purpose: ConsentPurpose,
    channel: ConsentChannel,
    given_by_id: int | None,
    note: str = "",
    employer_id: int | None = None,
) -> Consent:
    """Write a consent's row and its audit entry, without asking who may."""
    consent = Consent(
        resident_id=resident_id,
        purpose=purpose,
        employer_id=employer_id,
        given_at=clock.now(),
        given_by_id=given_by_id,
        channel=channel.value,
        note=note,
    )
    session.add(consent)
    session.flush()
    audit.record(session, "consent.give", consent, purpose=purpose, employer=employer_id)
    return consent


def withdraw_every(session: Session, *, resident_id: int) -> None:
    """Withdraw all that stand: the service ends."""
    rows = session.exec(
        select(Consent).where(
            Consent.resident_id == resident_id, col(Consent.withdrawn_at).is_(None)
        )
    )
    for consent in rows:
        consent.withdrawn_at = clock.now()


def erase_sensitive(session: Session, *, resident_id: int) -> None:
    """Delete the sensitive facts."""
    session.exec(delete(SensitiveRecord).where(col(SensitiveRecord.resident_id) == resident_id))


# Consents without which there is no service.
ENDING = frozenset({ConsentPurpose.SERVICE, ConsentPurpose.ASSISTED})
