"""Who may touch an employer's file, and when its check counts as fresh. Pure."""

from datetime import date, timedelta

from webapp import clock
from webapp.access import Actor, Permission
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer


def can_edit(actor: Actor, employer: Employer) -> bool:
    """Whether the actor acts for this employer."""
    return actor.may(Permission.EMPLOYER_SELF) and actor.employer_id == employer.id


def can_verify(actor: Actor) -> bool:
    """Whether the actor may check employers' papers and decide on them."""
    return actor.may(Permission.EMPLOYER_VERIFY)


def checked_until(employer: Employer, *, days: int) -> date | None:
    """Return the last day on which the check of the papers counts; ``None`` without one."""
    if employer.state is not EmployerState.VERIFIED or employer.verified_at is None:
        return None
    return clock.local(employer.verified_at).date() + timedelta(days=days)


def is_checked(employer: Employer | None, *, on: date, days: int) -> bool:
    """Whether the employer was verified no more than ``days`` days before ``on``."""
    until = checked_until(employer, days=days) if employer else None
    return until is not None and on <= until
