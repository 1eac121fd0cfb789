"""People of whom it was heard on a visit that they want work, and whom nobody has called yet."""

from typing import Any

from sqlalchemy import false, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.caseload.models import WorkNeed
from webapp.core.access import Actor
from webapp.core.memo import built_once
from webapp.residents.models import Household, Resident


@built_once
def waiting(actor: Actor) -> Any:
    """Return the statement of those the actor may call, the longest waiting first."""
    member, teller = aliased(Account), aliased(Account)
    own = col(Resident.branch_id) == actor.branch_id if actor.is_staff else false()
    whose = true() if actor.serves_all else own
    return (
        select(
            WorkNeed,
            col(Resident.name),
            col(Resident.phone),
            col(Resident.contact_note),
            col(Household.unit_address),
            col(member.name).label("responsible"),
            col(teller.name).label("noted_by"),
        )
        .join(teller, col(teller.id) == WorkNeed.noted_by_id)
        .outerjoin(Resident, col(Resident.id) == WorkNeed.resident_id)
        .outerjoin(Household, col(Household.id) == Resident.household_id)
        .outerjoin(member, col(member.id) == Household.responsible_id)
        .where(
            col(WorkNeed.called_at).is_(None),
            whose,
        )
        .order_by(col(WorkNeed.id))
    )


def one(session: Session, actor: Actor, need_id: int) -> Any:
    """Return one that the actor may call as :func:`waiting` has it, ``None`` for none."""
    return session.execute(waiting(actor).where(col(WorkNeed.id) == need_id)).one_or_none()
