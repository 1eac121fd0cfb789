"""Make draft openings of the jobs of a pasted message."""

import hashlib
from collections.abc import Sequence

from sqlmodel import Session

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.vocabulary import Kind
from webapp.intake.models import PastedKind
from webapp.intake.readings.openings import Draft
from webapp.intake.services.texts import get_pasted
from webapp.openings.models import Opening, OpeningSource
from webapp.openings.services import editing


def make_drafts(
    session: Session,
    actor: Actor,
    *,
    pasted_id: int,
    drafts: Sequence[Draft],
    employer_name: str = "",
) -> list[Opening]:
    """Write a draft opening for each chosen job; the same job of a text stays one draft.

    Raises ``BadField`` for an employer that is not registered.
    """
    pasted = get_pasted(session, actor, pasted_id, PastedKind.OPENINGS)
    made = [
        editing.create_opening(
            session,
            actor,
            kind=Kind.VACANCY,
            fields=draft.fields,
            idempotency_key=_key(pasted.idempotency_key, draft),
            employer_name=employer_name,
            source=OpeningSource.PASTED,
        )
        for draft in drafts
    ]
    audit.record(
        session, "pasted_text.make_drafts", pasted, openings=[opening.id for opening in made]
    )
    return made


def _key(page: str, draft: Draft) -> str:
    return hashlib.sha256(f"{page} {draft.key}".encode()).hexdigest()[:32]
