"""What pages show of needs."""

from typing import Any

from sqlalchemy import case, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.errors import NotFound
from webapp.core.memo import built_once
from webapp.employers.models import Employer
from webapp.employers.queries import TO_CALL
from webapp.needs.models import StaffingNeed


@built_once
def all_needs() -> Any:
    """Return the statement of all needs, those that nobody answered first, the longest on top."""
    answered = col(StaffingNeed.answered_at).is_not(None)
    return _rows().order_by(
        case((answered, 1), else_=0),
        case((answered, None), else_=col(StaffingNeed.told_at)),
        col(StaffingNeed.id).desc(),
    )


@built_once
def waiting() -> Any:
    """Return the statement of needs that nobody has answered, the longest waiting first."""
    return (
        _rows()
        .where(col(StaffingNeed.answered_at).is_(None))
        .order_by(col(StaffingNeed.told_at), col(StaffingNeed.id))
    )


def of_employer(employer_id: int | None) -> Any:
    """Return the statement of one employer's needs, the newest first."""
    return (
        select(StaffingNeed)
        .where(col(StaffingNeed.employer_id) == employer_id)
        .order_by(col(StaffingNeed.id).desc())
    )


def get(session: Session, need_id: int) -> StaffingNeed:
    """Return a need; raises :class:`NotFound` where there is none."""
    need = session.get(StaffingNeed, need_id)
    if need is None:
        raise NotFound
    return need


def people_of(session: Session, need: StaffingNeed) -> tuple[Employer, str, str]:
    """Return a need's employer, who told it, and who answered."""
    told = session.execute(
        select(col(Account.id), col(Account.name)).where(
            col(Account.id).in_([need.told_by_id, need.answered_by_id])
        )
    )
    names = {row.id: row.name for row in told}
    employer = session.get_one(Employer, need.employer_id)
    return employer, names.get(need.told_by_id, ""), names.get(need.answered_by_id or 0, "")


def _rows() -> Any:
    return select(
        col(StaffingNeed.id),
        col(StaffingNeed.employer_id),
        col(StaffingNeed.words),
        col(StaffingNeed.people),
        col(StaffingNeed.some_fit),
        col(StaffingNeed.told_at),
        col(StaffingNeed.answered_at),
        *TO_CALL,
    ).join(Employer, col(Employer.id) == StaffingNeed.employer_id)
