"""Open a resident's file from a pasted paragraph; record its sensitive facts once agreed to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.intake.models import PastedKind
from webapp.intake.readings.person import PastJob
from webapp.intake.services.texts import get_pasted
from webapp.residents.models import ConsentChannel, Resident
from webapp.residents.services import profile, registration


def register_from_text(
    session: Session,
    actor: Actor,
    *,
    pasted_id: int,
    person: Mapping[str, Any],
    sections: Mapping[str, dict[str, Any]],
    jobs: Sequence[PastJob],
) -> Resident:
    """Register a person who told staff so, with all that was read; twice returns the same file.

    ``person`` is what :func:`registration.register_assisted` takes, ``sections`` the columns of
    each section of the file. Raises :class:`registration.AlreadyRegistered`.
    """
    pasted = get_pasted(session, actor, pasted_id, PastedKind.RESIDENT)
    session.refresh(pasted, with_for_update=True)  # a second click waits for the first
    if pasted.resident_id is not None:
        return registration.get_resident(session, actor, pasted.resident_id)
    resident = registration.register_assisted(session, actor, **person)
    for section, values in sections.items():
        profile.update_section(
            session, actor, resident_id=resident.id, section=section, values=values
        )
    for job in jobs:
        profile.add_experience(
            session, actor, resident_id=resident.id, title=job.title, employer="", months=job.months
        )
    pasted.resident_id = resident.id
    session.add(pasted)
    session.flush()
    audit.record(session, "pasted_text.register", pasted, resident=resident.id)
    return resident


def record_sensitive_from_text(
    session: Session,
    actor: Actor,
    *,
    pasted_id: int,
    facts: dict[str, str],
    consented: bool,
) -> None:
    """Record the sensitive facts of the file opened from a text, with the separate consent."""
    pasted = get_pasted(session, actor, pasted_id, PastedKind.RESIDENT)
    if pasted.resident_id is None:
        raise NotFound
    profile.record_sensitive(
        session,
        actor,
        resident_id=pasted.resident_id,
        facts=facts,
        erase=[],
        consented=consented,
        channel=ConsentChannel.IN_PERSON,
    )
