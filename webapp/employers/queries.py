"""What pages read about employers: whose papers to check, and names to choose from."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.rulebook.figures import rule

_SUGGESTED_NAMES = 200


def runs_out(within: int) -> Any:
    """Return the condition that a check counts no more than ``within`` more days.

    0 asks for those that count today for the last time, -1 for those that ran out.
    """
    last = clock.today() + timedelta(days=within)
    days = rule("employer_check_days", on=clock.today())
    return and_(
        col(Employer.state) == EmployerState.VERIFIED,
        or_(
            col(Employer.verified_at) < clock.end_of_day(last - timedelta(days=days)),
            col(Employer.licence_until) <= last,
            col(Employer.authorised_until) <= last,
        ),
    )


def to_check() -> Any:
    """Return the statement of employers whose papers wait to be checked, or checked again.

    New files first, then those whose check ran out, then those whose check soon will.
    """
    soon = rule("employer_warn_days", on=clock.today())
    new = and_(col(Employer.state) == EmployerState.PENDING, col(Employer.credit_code).is_not(None))
    lapsed = col(Employer.state) == EmployerState.LAPSED
    return (
        select(col(Employer.id), col(Employer.name), col(Employer.state), col(Employer.created_at))
        .where(or_(new, lapsed, runs_out(soon)))
        .order_by(case((new, 0), (lapsed, 1), else_=2), col(Employer.created_at), col(Employer.id))
    )


def verified_names(session: Session) -> list[str]:
    """Return names of employers that may hire, to be offered while typing; short ones first."""
    query = (
        select(col(Employer.name))
        .where(col(Employer.state) == EmployerState.VERIFIED)
        .order_by(func.length(col(Employer.name)))
        .limit(_SUGGESTED_NAMES)
    )
    return list(session.execute(query).scalars())
