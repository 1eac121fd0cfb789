"""What the pages of statements and wages show, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import yuan
from webapp.core.memo import built_once
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.employers.queries import TO_CALL
from webapp.matches.models import Match
from webapp.matches.queries.applicants import applicants
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.statements import earnings, policy
from webapp.statements.lifecycle import PERIODS, RequestState
from webapp.statements.models import (
    EarningsStatement,
    StatementAgreement,
    StatementRequest,
    WageConfirmation,
)
from webapp.statements.services import requests


@dataclass(frozen=True)
class WageLine:
    """A confirmed wage with the employer's name."""

    wage: WageConfirmation
    employer: str


@dataclass(frozen=True)
class Asked:
    """A household's open request: who asked, whether this person agreed, how many have not."""

    request: StatementRequest
    asker: str
    agreed: bool
    missing: int


def wages_of(session: Session, resident_id: int) -> list[WageLine]:
    """Return what employers confirmed of a person, objected or not, the newest month first."""
    rows = session.execute(
        select(WageConfirmation, col(Employer.name))
        .join(Employer, col(Employer.id) == WageConfirmation.employer_id)
        .where(
            col(WageConfirmation.resident_id) == resident_id,
            col(WageConfirmation.ended_at).is_(None),
        )
        .order_by(col(WageConfirmation.month).desc(), col(WageConfirmation.id).desc())
    )
    return [WageLine(wage, employer) for wage, employer in rows]


def asked_of(session: Session, resident: Resident) -> Asked | None:
    """Return the open request of a person's household, if they are among those asked."""
    if not policy.must_agree(resident, on=clock.today()):
        return None
    row = session.execute(
        select(StatementRequest, col(Resident.name))
        .join(Resident, col(Resident.id) == StatementRequest.resident_id)
        .where(
            col(StatementRequest.household_id) == resident.household_id,
            col(StatementRequest.state) == RequestState.OPEN,
        )
    ).first()
    if row is None or not requests.is_open(row[0]):
        return None
    agreed = set(
        session.scalars(
            select(col(StatementAgreement.resident_id)).where(
                col(StatementAgreement.request_id) == row[0].id
            )
        )
    )
    adults = {one.id for one in requests.adults_of(session, resident.household_id)}
    return Asked(row[0], row[1], resident.id in agreed, len(adults - agreed))


def statements_of(session: Session, resident_id: int) -> list[EarningsStatement]:
    """Return the statements a person agreed to, the newest first."""
    rows = (
        select(EarningsStatement)
        .join(
            StatementAgreement,
            col(StatementAgreement.request_id) == EarningsStatement.request_id,
        )
        .where(col(StatementAgreement.resident_id) == resident_id)
        .order_by(col(EarningsStatement.id).desc())
    )
    return list(session.scalars(rows))


def lives_with_adults(session: Session, resident: Resident) -> bool:
    """Whether anybody else lives in the household."""
    others = select(func.count()).where(
        col(Resident.household_id) == resident.household_id,
        col(Resident.id) != resident.id,
        col(Resident.state) != ResidentState.LEFT,
    )
    return session.scalar(others) != 0


def periods(session: Session, resident_id: int) -> list[tuple[int, str]]:
    """Return the periods one can ask for, each with what a statement of one's own would show."""
    earned = earnings.of_person(session, resident_id, since=earnings.first_month(max(PERIODS)))
    found = []
    for months in PERIODS:
        first = earnings.first_month(months)
        words = _(
            "%(year)s%(month)d月1日到今天：一共 %(sum)s 元",
            year="" if first.year == clock.today().year else _("%(y)d年", y=first.year),
            month=first.month,
            sum=yuan(earned.since(first)),
        )
        found.append((months, words))
    return found


def hires(actor: Actor) -> Any:
    """Return the statement of the people an employer hired and may see, the newest first."""
    return (
        applicants(actor)
        .where(col(Match.state).in_(policy.WORKED), col(Opening.kind) == Kind.VACANCY)
        .order_by(None)
        .order_by(col(Match.start_date).desc(), col(Match.id).desc())
    )


def confirmed_months(session: Session, match_ids: list[int]) -> dict[int, date]:
    """Return match → the newest month whose wage stands confirmed; one query."""
    rows = session.execute(
        select(
            col(WageConfirmation.match_id), func.max(col(WageConfirmation.month)).label("newest")
        )
        .where(
            col(WageConfirmation.match_id).in_(match_ids),
            col(WageConfirmation.ended_at).is_(None),
        )
        .group_by(col(WageConfirmation.match_id))
    )
    return {row.match_id: row.newest for row in rows}


@built_once
def objected() -> Any:
    """Return the statement of wages that people said are wrong, the longest first."""
    return (
        select(
            col(WageConfirmation.id),
            col(WageConfirmation.match_id),
            col(WageConfirmation.resident_id),
            col(WageConfirmation.month),
            col(WageConfirmation.objected_at),
            col(Resident.name),
            *TO_CALL,
        )
        .join(Resident, col(Resident.id) == WageConfirmation.resident_id)
        .join(Employer, col(Employer.id) == WageConfirmation.employer_id)
        .where(
            col(WageConfirmation.ended_at).is_(None),
            col(WageConfirmation.objected_at).is_not(None),
        )
        .order_by(col(WageConfirmation.objected_at), col(WageConfirmation.id))
    )
