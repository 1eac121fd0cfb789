"""When a case is overdue: one rule for the list, the badge and the report.

A case that is prepared or open is overdue when the day of its next step has passed, or when it
was open for the whole of last month and the month's figures are not in by the day they are due.
``is_overdue`` asks it of a row, ``overdue_clause`` the database; a test holds the two together.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col

from webapp.core import clock
from webapp.rulebook.figures import rule
from webapp.ventures.lifecycle import CARED_FOR, CaseState
from webapp.ventures.models.cases import VentureCase


@dataclass(frozen=True)
class Deadline:
    """What a day compares with.

    ``month`` is the first of the last month whose figures are due, ``today`` the day itself.
    """

    today: date
    month: date


def deadline(today: date | None = None) -> Deadline:
    """Return what is due on a day, today by default: last month's figures, or those before."""
    day = today or clock.today()
    last = month_before(day)
    due = day.day > rule("venture_cash_day", on=day)
    return Deadline(day, last if due else month_before(last))


def is_overdue(case: VentureCase, on: Deadline) -> bool:
    """Whether something about a case should have happened by that day."""
    if case.state not in CARED_FOR:
        return False
    if case.due_on is not None and case.due_on < on.today:
        return True
    return lacks_figures(case, on)


def lacks_figures(case: VentureCase, on: Deadline) -> bool:
    """Whether the figures of a month that the business was open from its first day are missing."""
    if case.state is not CaseState.ACTIVE or case.opened_on is None or case.opened_on > on.month:
        return False
    return case.cash_until is None or case.cash_until < on.month


def overdue_clause(on: Deadline) -> Any:
    """Return :func:`is_overdue` as a condition on :class:`VentureCase`."""
    late = col(VentureCase.due_on) < on.today
    missing = or_(col(VentureCase.cash_until).is_(None), col(VentureCase.cash_until) < on.month)
    no_figures = and_(
        col(VentureCase.state) == CaseState.ACTIVE,
        col(VentureCase.opened_on) <= on.month,
        missing,
    )
    return and_(col(VentureCase.state).in_(sorted(CARED_FOR)), or_(late, no_figures))


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_before(day: date) -> date:
    """Return the first day of the month before a day's own.

    >>> month_before(date(2026, 1, 15))
    datetime.date(2025, 12, 1)
    """
    year, month = divmod(12 * day.year + day.month - 2, 12)
    return date(year, month + 1, 1)
