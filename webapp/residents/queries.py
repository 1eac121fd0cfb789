"""What pages about residents read: lists, one file, possible duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.employers.models import Employer
from webapp.residents.models import (
    Consent,
    Experience,
    Household,
    Resident,
    ResidentState,
    SensitiveRecord,
)


@dataclass(frozen=True)
class File:
    """All of one resident's file but the sensitive facts, of which only ``sensitive`` names."""

    resident: Resident
    household: Household
    experience: list[Experience]
    sensitive: set[str]
    responsible: Account | None

    @property
    def is_blank(self) -> bool:
        """Whether nothing is said yet to suggest work by."""
        return is_blank(self.resident, self.experience)


def is_blank(resident: Any, jobs: Sequence[Any]) -> bool:
    """Return whether a file says nothing to suggest work by: no wish, skill, certificate or job.

    ``resident`` is a row or its columns wanted, skills and certificates.
    """
    return not (resident.wanted or resident.skills or resident.certificates or jobs)


def has_blank_file(session: Session, resident: Resident) -> bool:
    """Return :func:`is_blank` of a resident; past jobs are only asked for when it matters."""
    if not is_blank(resident, ()):
        return False
    jobs = select_rows(Experience.id).where(Experience.resident_id == resident.id)
    return session.exec(jobs).first() is None


def read_file(session: Session, resident: Resident) -> File:
    """Return the file of a resident the actor may see."""
    household = session.get_one(Household, resident.household_id)
    held = session.execute(
        select(
            col(SensitiveRecord.id),
            # Only whether it is there: nothing is decrypted for it.
            col(SensitiveRecord.id_number).is_not(None).label("id_number"),
            col(SensitiveRecord.disability).is_not(None).label("disability"),
            col(SensitiveRecord.allowance).is_not(None).label("allowance"),
        ).where(col(SensitiveRecord.resident_id) == resident.id)
    ).first()
    names = ("id_number", "disability", "allowance")
    return File(
        resident=resident,
        household=household,
        experience=list(
            session.exec(
                select_rows(Experience)
                .where(Experience.resident_id == resident.id)
                .order_by(col(Experience.id).desc())
            )
        ),
        sensitive={name for name in names if held is not None and getattr(held, name)},
        responsible=(
            session.get(Account, household.responsible_id) if household.responsible_id else None
        ),
    )


def consents_of(session: Session, resident_id: int) -> list[Any]:
    """Return a resident's consents with the employer's name, newest first."""
    return list(
        session.execute(
            select(
                col(Consent.id),
                col(Consent.purpose),
                col(Consent.given_at),
                col(Consent.withdrawn_at),
                col(Consent.channel),
                col(Employer.name).label("employer"),
            )
            .outerjoin(Employer, col(Employer.id) == Consent.employer_id)
            .where(col(Consent.resident_id) == resident_id)
            .order_by(col(Consent.withdrawn_at).is_not(None), col(Consent.id).desc())
        )
    )


def possible_duplicates(session: Session, resident: Resident) -> list[Any]:
    """Return files that may be the same person's: same phone, or name and birth or address."""
    same_name = and_(
        col(Resident.name) == resident.name,
        or_(
            col(Resident.household_id) == resident.household_id,
            and_(
                col(Resident.birth_date).is_not(None),
                col(Resident.birth_date) == resident.birth_date,
            ),
        ),
    )
    same_phone = and_(col(Resident.phone).is_not(None), col(Resident.phone) == resident.phone)
    return list(
        session.execute(
            select(col(Resident.id), col(Resident.name), col(Household.unit_address))
            .join(Household, col(Household.id) == Resident.household_id)
            .where(
                col(Resident.id) != resident.id,
                col(Resident.state) != ResidentState.LEFT,
                or_(same_name, same_phone),
            )
            .order_by(col(Resident.id))
            .limit(5)
        )
    )


def members(session: Session) -> list[Any]:
    """Return the members of staff one may answer to, by name."""
    return list(
        session.execute(
            select(col(Account.id), col(Account.name), col(Account.title))
            .where(col(Account.role) == Role.STAFF, col(Account.enabled))
            .order_by(col(Account.name))
        )
    )
