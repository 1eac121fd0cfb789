"""Rights on an employer's file, and until when its check is valid. Pure."""

from datetime import date, timedelta

from webapp.core import clock
from webapp.core.access import Actor, Permission
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer


def can_edit(actor: Actor, employer: Employer) -> bool:
    """Whether the actor acts for this employer."""
    return actor.may(Permission.EMPLOYER_SELF) and actor.employer_id == employer.id


def can_verify(actor: Actor) -> bool:
    """Whether the actor may check employers' papers and decide on them."""
    return actor.may(Permission.EMPLOYER_VERIFY)


def can_see_people(actor: Actor, employer: Employer) -> bool:
    """Whether the actor may see who acts for this employer."""
    return can_verify(actor) or can_edit(actor, employer)


def can_lead(actor: Actor, employer: Employer, *, is_owner: bool) -> bool:
    """Whether the actor says who acts for this employer, and may close its file.

    ``is_owner`` is what the actor's own membership of it says.
    """
    return can_verify(actor) or (can_edit(actor, employer) and is_owner)


def checked_until(employer: Employer, *, days: int) -> date | None:
    """Return the last day on which the check of the papers counts; ``None`` without one.

    It ends after ``days`` days, or with the licence or the letter of authority before that.
    """
    if employer.state is not EmployerState.VERIFIED or employer.verified_at is None:
        return None
    ends = (
        clock.local(employer.verified_at).date() + timedelta(days=days),
        employer.licence_until,
        employer.authorised_until,
    )
    return min(end for end in ends if end is not None)


def is_checked(employer: Employer | None, *, on: date, days: int) -> bool:
    """Whether the employer's papers count as checked on that day."""
    until = checked_until(employer, days=days) if employer else None
    return until is not None and on <= until
