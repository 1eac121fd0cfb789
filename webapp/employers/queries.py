"""What pages read about employers: whose papers to check, and names to choose from."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.memo import built_once
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.rulebook.figures import rule

_SUGGESTED_NAMES = 200
# Who an employer is and whom one telephones there.
TO_CALL: tuple[Any, ...] = (
    col(Employer.name).label("employer"),
    col(Employer.phone).label("employer_phone"),
    col(Employer.contact_name).label("employer_contact"),
)


def runs_out(within: int) -> Any:
    """Return the condition that a check counts no more than ``within`` more days.

    0 asks for those that count today for the last time, -1 for those that ran out.
    """
    return _runs_out(within, rule("employer_check_days", on=clock.today()))


def _runs_out(within: int, days: int) -> Any:
    last = clock.today() + timedelta(days=within)
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
    today = clock.today()
    return _to_check(
        soon=rule("employer_warn_days", on=today), days=rule("employer_check_days", on=today)
    )


@built_once
def _to_check(*, soon: int, days: int) -> Any:
    new = and_(col(Employer.state) == EmployerState.PENDING, col(Employer.credit_code).is_not(None))
    lapsed = col(Employer.state) == EmployerState.LAPSED
    return (
        select(
            col(Employer.id),
            *TO_CALL,
            col(Employer.state),
            col(Employer.created_at),
        )
        .where(or_(new, lapsed, _runs_out(soon, days)))
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
