"""What pages about residents read: lists, one file, possible duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.core.clock import now, today
from webapp.core.memo import built_once
from webapp.employers.models import Employer
from webapp.residents import policy
from webapp.residents.models import (
    Consent,
    Experience,
    Household,
    JoinRequest,
    JoinState,
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
            col(Household.unit_address)
            == select(col(Household.unit_address))
            .where(col(Household.id) == resident.household_id)
            .scalar_subquery(),
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


@dataclass(frozen=True)
class Home:
    """A household as one of it sees it; ``members`` are the names of the others."""

    unit_address: str
    provisional: bool
    members: list[str]


def home_of(session: Session, resident: Resident) -> Home:
    """Return where a person lives and with whom."""
    household = session.get_one(Household, resident.household_id)
    names = [one.name for one in members_at(session, household.id) if one.id != resident.id]
    return Home(household.unit_address, household.provisional, names)


def members_at(session: Session, household_id: int | None) -> list[Resident]:
    """Return who is recorded in a household and has not left; nobody for ``None``."""
    if household_id is None:
        return []
    rows = session.exec(
        select_rows(Resident)
        .where(Resident.household_id == household_id, Resident.state != ResidentState.LEFT)
        .order_by(col(Resident.id))
    )
    return list(rows)


def last_request(session: Session, resident_id: int) -> JoinRequest | None:
    """Return the newest request of a person that they have not taken back."""
    return session.exec(
        select_rows(JoinRequest)
        .where(JoinRequest.resident_id == resident_id, JoinRequest.state != JoinState.WITHDRAWN)
        .order_by(col(JoinRequest.id).desc())
        .limit(1)
    ).first()


def requests_to(session: Session, resident: Resident) -> list[Any]:
    """Return the open requests a person may answer: (id, name, answer_until, approved_at)."""
    if not policy.can_object(resident, household_id=resident.household_id, on=today()):
        return []
    return list(
        session.execute(
            select(
                col(JoinRequest.id),
                col(Resident.name),
                col(JoinRequest.answer_until),
                col(JoinRequest.approved_at),
            )
            .join(Resident, col(Resident.id) == JoinRequest.resident_id)
            .where(
                col(JoinRequest.household_id) == resident.household_id,
                col(JoinRequest.state) == JoinState.ASKED,
                col(JoinRequest.answer_until) > now(),
            )
            .order_by(col(JoinRequest.id))
        )
    )


def own_request(session: Session, resident_id: int) -> JoinRequest | None:
    """Return the person's own open request to be counted in a household."""
    return session.exec(
        select_rows(JoinRequest).where(
            JoinRequest.resident_id == resident_id, JoinRequest.state == JoinState.ASKED
        )
    ).first()


@built_once
def join_requests() -> Any:
    """Return the statement of what staff may decide: objected to first, then the oldest."""
    return (
        select(
            col(JoinRequest.id),
            col(JoinRequest.state),
            col(JoinRequest.unit_address),
            col(JoinRequest.asked_at),
            col(JoinRequest.answer_until),
            col(JoinRequest.approved_at),
            col(Resident.name),
        )
        .join(Resident, col(Resident.id) == JoinRequest.resident_id)
        .where(
            or_(
                col(JoinRequest.state) == JoinState.ASKED,
                and_(
                    col(JoinRequest.state) == JoinState.OBJECTED,
                    col(JoinRequest.decided_at).is_(None),
                ),
            )
        )
        .order_by(col(JoinRequest.state) == JoinState.ASKED, col(JoinRequest.id))
    )


def asker_of(session: Session, request: JoinRequest) -> Resident:
    """Return who asks."""
    return session.get_one(Resident, request.resident_id)


def people_named(
    session: Session, words: str, *, is_there: ColumnElement[bool], most: int
) -> list[Any]:
    """Return (id, name, phone, there) of residents by part of a name or a whole number.

    ``is_there`` tells, of each, whether they stand where they would be added. Fewer than two
    characters find nobody.
    """
    if len(words) < 2:
        return []
    return list(
        session.execute(
            select(
                col(Resident.id), col(Resident.name), col(Resident.phone), is_there.label("there")
            )
            .where(
                or_(
                    col(Resident.name).contains(words, autoescape=True),
                    col(Resident.phone) == words,
                ),
                col(Resident.state) != ResidentState.LEFT,
            )
            .order_by(col(Resident.name), col(Resident.id))
            .limit(most)
        )
    )
