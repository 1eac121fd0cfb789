"""Caseload sizes by branch and member; never a ranking by results."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core.access import Role
from webapp.core.suppression import few
from webapp.matches.lifecycle import PENDING
from webapp.matches.models import Match
from webapp.matches.queries.match_detail import ACTED_ON
from webapp.residents.models import Household, Resident, ResidentState


@dataclass(frozen=True)
class Caseload:
    """What one member of staff answers for; ``None`` for a few."""

    branch: str
    name: str
    households: int | None
    seeking: int | None
    under_way: int | None


def caseloads(session: Session) -> list[Caseload]:
    """Return the caseload of every member who answers for somebody, by branch and name."""
    members = session.execute(
        select(col(Account.id), col(Account.name), col(Branch.name).label("branch"))
        .join(Branch, col(Branch.id) == Account.branch_id)
        .where(col(Account.role) == Role.STAFF, col(Account.enabled).is_(True))
        .order_by(col(Branch.id), col(Account.name), col(Account.id))
    ).all()
    answers_for = col(Household.responsible_id)
    households = _counts(session, select(answers_for, func.count()).select_from(Household))
    people = (
        select(answers_for, func.count())
        .select_from(Household)
        .join(Resident, col(Resident.household_id) == Household.id)
    )
    seeking = _counts(session, people.where(col(Resident.state) == ResidentState.SEEKING))
    under_way = _counts(
        session,
        people.join(Match, col(Match.resident_id) == Resident.id).where(
            ACTED_ON, col(Match.state).in_(PENDING)
        ),
    )
    return [
        Caseload(
            branch=member.branch,
            name=member.name,
            households=few(households.get(member.id, 0)),
            seeking=few(seeking.get(member.id, 0)),
            under_way=few(under_way.get(member.id, 0)),
        )
        for member in members
        if member.id in households
    ]


def _counts(session: Session, statement: Any) -> dict[int, int]:
    rows = session.execute(
        statement.where(col(Household.responsible_id).is_not(None)).group_by(
            col(Household.responsible_id)
        )
    )
    return {row[0]: row[1] for row in rows}
