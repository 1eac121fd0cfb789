"""Fetch matches through the actor's scope: what is not theirs to see is not there (404)."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.employers.models import Employer
from webapp.matches import policy
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.residents.models import Consent, ConsentPurpose


def standing_consent(column: Any) -> Select[Any]:
    """Return a column of the resident's standing consent to share with the opening's employer.

    For subqueries of queries that join :class:`Match` and :class:`Opening`; at most one row.
    """
    return (
        select(col(column))
        .where(
            col(Consent.resident_id) == col(Match.resident_id),
            col(Consent.employer_id) == col(Opening.employer_id),
            col(Consent.purpose) == ConsentPurpose.EMPLOYER,
            col(Consent.withdrawn_at).is_(None),
        )
        .correlate(Match, Opening)
    )


def consent_stands() -> ColumnElement[bool]:
    """Return the condition that the match's resident agreed to share with the opening's employer.

    For queries that join :class:`Match` and :class:`Opening`.
    """
    return standing_consent(Consent.id).exists()


def visible_match(session: Session, actor: Actor, match_id: int) -> Match:
    """Return the match if the actor may see it; raise :class:`NotFound` otherwise."""
    row = session.execute(
        select(
            Match,
            col(Opening.employer_id),
            col(Employer.state),
            consent_stands().label("consent"),
        )
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Match.id) == match_id)
    ).first()
    if row is None:
        raise NotFound
    match, employer_id, employer_state, consent = row
    if not (
        policy.can_decide(actor)
        or policy.can_see_own(actor, resident_id=match.resident_id, state=match.state)
        or policy.can_see_applicant(
            actor,
            employer_id=employer_id,
            employer_state=employer_state,
            state=match.state,
            consent=bool(consent),
        )
    ):
        raise NotFound
    found: Match = match
    return found
