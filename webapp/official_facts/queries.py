"""What is on record of official facts; the ground is only read where it is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.official_facts.lifecycle import FactKind
from webapp.official_facts.models import OfficialFact


@dataclass(frozen=True)
class FactLine:
    """One fact without its ground, of which only ``has_ground`` tells."""

    fact: Any
    recorded_by: str

    @property
    def has_ground(self) -> bool:
        """Whether a ground is on record."""
        return bool(self.fact.has_ground)

    @property
    def has_ended(self) -> bool:
        """Whether its last day is known."""
        return self.fact.ends_on is not None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was recorded by mistake."""
        return self.fact.withdrawn_at is not None


def history(session: Session, resident_id: int) -> list[FactLine]:
    """Return a resident's facts by kind, the latest first, those withdrawn last; one query."""
    fact = OfficialFact
    rows = session.execute(
        select(
            col(fact.id),
            col(fact.kind),
            col(fact.ground).is_not(None).label("has_ground"),  # nothing is decrypted for it
            col(fact.insurance),
            col(fact.starts_on),
            col(fact.ends_on),
            col(fact.source),
            col(fact.recorded_at),
            col(fact.withdrawn_at),
            col(fact.withdrawn_reason),
            col(Account.name).label("recorded_by"),
        )
        .outerjoin(Account, col(Account.id) == col(fact.recorded_by_id))
        .where(col(fact.resident_id) == resident_id)
        .order_by(
            col(fact.withdrawn_at).is_not(None), col(fact.starts_on).desc(), col(fact.id).desc()
        )
    )
    return [FactLine(row, row.recorded_by or "") for row in rows]


def standing(on: date) -> ColumnElement[bool]:
    """Return the condition that a fact stands on a day and was not withdrawn."""
    return and_(
        col(OfficialFact.withdrawn_at).is_(None),
        col(OfficialFact.starts_on) <= on,
        or_(col(OfficialFact.ends_on).is_(None), col(OfficialFact.ends_on) >= on),
    )


def people_with(kind: FactKind, *, on: date) -> Any:
    """Return the statement of ids of residents of whom a fact stands on a day."""
    return select(col(OfficialFact.resident_id)).where(standing(on), col(OfficialFact.kind) == kind)
