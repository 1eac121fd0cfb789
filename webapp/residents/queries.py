"""What pages about residents read: lists, one file, possible duplicates."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.access import Actor, Role
from webapp.accounts.models import Account
from webapp.employers.models import Employer
from webapp.matches.lifecycle import PENDING, MatchState
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.residents.doors import normalise_door
from webapp.residents.models import (
    Consent,
    Experience,
    Household,
    Resident,
    ResidentState,
    SensitiveRecord,
)

LONGEST_QUERY = 40
MOST_MATCHES = 30
# What the staff's list may be narrowed to, in order.
VIEWS: dict[str, Any] = {
    "all": _("全部"),
    "mine": _("我负责的"),
    "assisted": _("社区代办"),
    "none": _("还没有建议"),
    "paused": _("暂时不找"),
    "employed": _("已有工作"),
    "left": _("已停用"),
}


def staff_list(actor: Actor, *, view: str, text: str) -> Any:
    """Return the statement for the staff's list of residents, by name."""
    responsible = aliased(Account)
    statement: Any = (
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.state),
            col(Resident.account_id),
            col(Resident.wanted),
            col(Household.door),
            col(responsible.name).label("responsible"),
        )
        .join(Household, col(Household.id) == Resident.household_id)
        .outerjoin(responsible, col(responsible.id) == Household.responsible_id)
        .order_by(col(Resident.name), col(Resident.id))
    )
    statement = statement.where(_in_view(actor, view))
    return statement.where(_matches_text(text)) if text else statement


def _in_view(actor: Actor, view: str) -> Any:
    open_match = exists().where(
        col(Match.resident_id) == Resident.id,
        col(Match.state).in_([MatchState.SUGGESTED, *PENDING]),
    )
    state = col(Resident.state)
    present = state != ResidentState.LEFT
    return {
        "mine": and_(present, col(Household.responsible_id) == actor.account_id),
        "assisted": and_(present, col(Resident.account_id).is_(None)),
        "none": and_(state == ResidentState.SEEKING, ~open_match),
        "paused": state == ResidentState.PAUSED,
        "employed": state == ResidentState.EMPLOYED,
        "left": state == ResidentState.LEFT,
    }.get(view, present)


def _matches_text(text: str) -> Any:
    ways = [
        col(Resident.name).contains(text, autoescape=True),
        col(Household.door).contains(text, autoescape=True),
    ]
    door = normalise_door(text)
    if door:
        ways.append(col(Household.door) == door)
    if text.isascii() and text.isdigit() and len(text) >= 3:  # fewer digits fit everybody
        ways.append(col(Resident.phone).contains(text))
    return or_(*ways)


@dataclass(frozen=True)
class File:
    """All of one resident's file but the sensitive facts, of which only ``sensitive`` names."""

    resident: Resident
    household: Household
    experience: list[Experience]
    sensitive: set[str]
    responsible: Account | None


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


def matches_of(session: Session, resident_id: int) -> list[Any]:
    """Return a resident's matches with their openings' titles, the last moved first."""
    return list(
        session.execute(
            select(
                col(Match.id),
                col(Match.state),
                col(Match.since),
                col(Match.opening_id),
                col(Opening.title),
                col(Employer.name).label("employer"),
            )
            .join(Opening, col(Opening.id) == Match.opening_id)
            .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
            .where(col(Match.resident_id) == resident_id)
            .order_by(col(Match.since).desc(), col(Match.id).desc())
            .limit(MOST_MATCHES)
        )
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
    """Return files that may be the same person's: same phone, or same name and birth or door."""
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
            select(col(Resident.id), col(Resident.name), col(Household.door))
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
