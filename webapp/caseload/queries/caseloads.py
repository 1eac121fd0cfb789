"""What staff read of their own work: caseloads, contacts due, households newly without work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.contacts import queries as contacts_of
from webapp.contacts.models import Contact
from webapp.core import clock
from webapp.core.db import moment
from webapp.core.memo import built_once
from webapp.core.paging import Page, paginate
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employers.queries import TO_CALL
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident, ResidentState
from webapp.rulebook import figures


def _at_work(household_id: Any) -> Any:
    """Return the condition that somebody of the household is at work."""
    member = aliased(Resident)
    return exists().where(
        col(member.household_id) == household_id, col(member.state) == ResidentState.EMPLOYED
    )


def _latest_contact(resident_id: Any) -> Any:
    """Return the id of a resident's latest contact, as a scalar subquery."""
    other = aliased(Contact)
    return (
        select(func.max(col(other.id)))
        .where(col(other.resident_id) == resident_id)
        .scalar_subquery()
    )


_PERSON = (
    col(Resident.id),
    col(Resident.name),
    col(Resident.phone),
    col(Resident.contact_note),
    col(Resident.branch_id),
    col(Household.unit_address),
    col(Household.responsible_id),
)


@built_once
def to_ask_again() -> Any:
    """Return the statement of residents whose latest contact says to ask again by today.

    What was said about one match comes back where that match waits.
    """
    return (
        select(*_PERSON, col(Contact.next_on), col(Contact.words))
        .join(Resident, col(Resident.id) == Contact.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(
            *contacts_of.due_again("resident_id"),
            col(Resident.state) != ResidentState.LEFT,
        )
        .order_by(col(Contact.next_on), col(Contact.id))
    )


@built_once
def employers_to_ask_again() -> Any:
    """Return the statement of employers whose latest contact says to ask again by today.

    What was said about one match or opening comes back where that waits.
    """
    return (
        select(
            col(Employer.id),
            *TO_CALL,
            col(Contact.next_on),
            col(Contact.words),
        )
        .join(Employer, col(Employer.id) == Contact.employer_id)
        .where(
            *contacts_of.due_again("employer_id"),
            col(Employer.state).not_in([EmployerState.CLOSED, EmployerState.REFUSED]),
        )
        .order_by(col(Contact.next_on), col(Contact.id))
    )


def newly_without_work() -> Any:
    """Return the statement of people who left a job lately and in whose household nobody works.

    People contacted since are left out. How many days "lately" covers is a dated rule.
    """
    return _newly_without_work(figures.rule("newly_without_work_days", on=clock.today()))


@built_once
def _newly_without_work(days: int) -> Any:
    contacted = exists().where(
        col(Contact.resident_id) == Resident.id, col(Contact.at) > MatchEvent.at
    )
    return (
        select(*_PERSON, func.max(col(MatchEvent.at)).label("left_at"))
        .select_from(MatchEvent)
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(
            col(MatchEvent.to_state) == MatchState.LEFT,
            col(MatchEvent.at) > moment(ago=timedelta(days=days)),
            col(Resident.state).in_([ResidentState.SEEKING, ResidentState.PAUSED]),
            ~_at_work(col(Resident.household_id)),
            ~contacted,
        )
        .group_by(*_PERSON)
        .order_by(func.max(col(MatchEvent.at)), col(Resident.id))
    )


@built_once
def expiring() -> Any:
    """Return the statement of openings with places left that end within a week.

    Left out is whose employer said on the telephone to ask again later.
    """
    today = clock.today()
    return (
        select(
            col(Opening.id),
            col(Opening.title),
            col(Opening.valid_until),
            *TO_CALL,
        )
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            col(Opening.state) == OpeningState.PUBLISHED,
            col(Opening.hired_count) < col(Opening.headcount),
            col(Opening.valid_until).between(today, today + timedelta(days=7)),
            col(Opening.id).not_in(contacts_of.put_off("opening_id", "employer_id")),
        )
        .order_by(col(Opening.valid_until), col(Opening.id))
    )


@dataclass(frozen=True)
class Case:
    """One household of a caseload: who lives there, and how it stands with them."""

    id: int
    unit_address: str
    people: list[Any]
    at_work: bool
    last: Any
    next_on: Any


def caseload(session: Session, member_id: int | None) -> Page:
    """Return a page of :class:`Case`: a member's households, or those nobody answers for.

    Households without any work come first, of them those not contacted for the longest.
    """
    last = (
        select(func.max(col(Contact.at)))
        .join(Resident, col(Resident.id) == Contact.resident_id)
        .where(col(Resident.household_id) == Household.id)
        .correlate(Household)
        .scalar_subquery()
    )
    at_work = _at_work(col(Household.id))
    lives_here = exists().where(
        col(Resident.household_id) == Household.id, col(Resident.state) != ResidentState.LEFT
    )
    page = paginate(
        session,
        select(
            col(Household.id),
            col(Household.unit_address),
            at_work.label("at_work"),
            last.label("last"),
        )
        .where(col(Household.responsible_id).is_not_distinct_from(member_id), lives_here)
        .order_by(at_work, last.is_not(None), last, col(Household.id)),
    )
    people = _people(session, [row.id for row in page.rows])
    cases = [
        Case(
            id=row.id,
            unit_address=row.unit_address,
            people=people.get(row.id, []),
            at_work=bool(row.at_work),
            last=row.last,
            next_on=min(
                (one.next_on for one in people.get(row.id, []) if one.next_on), default=None
            ),
        )
        for row in page.rows
    ]
    return Page(cases, page.number, page.pages, page.total)


def _people(session: Session, household_ids: list[int]) -> dict[int, list[Any]]:
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.contact_note),
            col(Resident.branch_id),
            col(Resident.state),
            col(Resident.household_id),
            col(Contact.next_on),
        )
        .outerjoin(
            Contact,
            and_(
                col(Contact.resident_id) == Resident.id,
                col(Contact.id) == _latest_contact(col(Resident.id)),
            ),
        )
        .where(
            col(Resident.household_id).in_(household_ids),
            col(Resident.state) != ResidentState.LEFT,
        )
        .order_by(col(Resident.id))
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.household_id, []).append(row)
    return found


def households(session: Session, household_ids: list[int]) -> list[Any]:
    """Return households by unit address, for a preview: (id, unit_address, responsible)."""
    return list(
        session.execute(
            select(
                col(Household.id),
                col(Household.unit_address),
                col(Account.name).label("responsible"),
            )
            .outerjoin(Account, col(Account.id) == Household.responsible_id)
            .where(col(Household.id).in_(household_ids))
            .order_by(col(Household.unit_address))
        )
    )
