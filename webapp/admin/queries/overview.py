"""What the administration reads: accounts, counts by state, how things run."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.admin.models import UpkeepNotice
from webapp.admin.queries import search
from webapp.branches.models import Branch
from webapp.core.access import Role
from webapp.core.models import JobRun
from webapp.employers.models import Employer
from webapp.engine.models import SuggestionRequest
from webapp.home.worklist import to_check
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.residents.models import Resident


def accounts(*, text: str, role: Role | None) -> Any:
    """Return the statement for the list of accounts, by role and name."""
    statement: Any = (
        select(
            col(Account.id),
            col(Account.name),
            col(Account.phone),
            col(Account.role),
            col(Account.title),
            col(Account.enabled),
            col(Branch.name).label("branch"),
        )
        .outerjoin(Branch, col(Branch.id) == Account.branch_id)
        .order_by(col(Account.name), col(Account.id))
    )
    if role is not None:
        statement = statement.where(col(Account.role) == role)
    return statement.where(search.is_named(text)) if text else statement


def branches(session: Session) -> list[Branch]:
    """Return the branches in order."""
    return list(session.execute(select(Branch).order_by(col(Branch.id))).scalars())


def counts(session: Session) -> dict[str, dict[str, int]]:
    """Return how many rows there are by state: of residents, employers, openings, accounts."""
    tables: dict[str, Any] = {
        "residents": col(Resident.state),
        "employers": col(Employer.state),
        "openings": col(Opening.state),
        "accounts": col(Account.role),
    }
    found = {}
    for name, column in tables.items():
        rows = session.execute(select(column, func.count()).group_by(column))
        found[name] = {str(state): number for state, number in rows}
    return found


def with_suggestions(session: Session) -> int:
    """Return how many people have a suggestion nobody has looked at: each has one best one.

    All suggestions together are ten times as many, and took most of the page to count.
    """
    best = and_(col(Match.state) == MatchState.SUGGESTED, col(Match.position) == 1)
    return session.execute(select(func.count()).select_from(Match).where(best)).scalar_one()


def employers_to_check(session: Session) -> int:
    """Return how many employers wait for a check: those staff have on their workbench."""
    counted = select(func.count()).select_from(to_check().order_by(None).subquery())
    return session.execute(counted).scalar_one()


def waiting_requests(session: Session) -> int:
    """Return how many requests for new suggestions wait for the scheduler."""
    return session.execute(select(func.count()).select_from(SuggestionRequest)).scalar_one()


def open_notices(session: Session) -> list[UpkeepNotice]:
    """Return what is the matter with the installation, the oldest first."""
    open_ = select(UpkeepNotice).where(col(UpkeepNotice.ended_at).is_(None))
    return list(session.execute(open_.order_by(col(UpkeepNotice.id))).scalars())


def last_model(session: Session) -> Any:
    """Return (version, moment) of the suggestions computed last, ``None`` before the first."""
    return session.execute(
        select(col(Match.model_version), col(Match.computed_at))
        .where(col(Match.computed_at).is_not(None))
        .order_by(col(Match.computed_at).desc())
        .limit(1)
    ).first()


def runs() -> Any:
    """Return the statement for the runs of scheduled jobs, newest first."""
    return select(
        col(JobRun.job),
        col(JobRun.period),
        col(JobRun.started_at),
        col(JobRun.finished_at),
        col(JobRun.outcome),
    ).order_by(col(JobRun.id).desc())
