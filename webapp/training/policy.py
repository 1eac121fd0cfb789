"""Who may do what in training. Pure."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from webapp.core.access import Actor, Permission
from webapp.training.lifecycle import RunState
from webapp.training.models.courses import CourseRun


def can_manage(actor: Actor) -> bool:
    """Whether the actor posts courses and keeps their lists."""
    return actor.may(Permission.TRAINING_MANAGE)


def can_enrol(actor: Actor, *, resident_id: int) -> bool:
    """Whether the actor may enrol this person, and answer for them: themself, or staff."""
    own = actor.resident_id is not None and actor.resident_id == resident_id
    return (own and actor.may(Permission.TRAINING_LEARN)) or can_manage(actor)


def can_sign(actor: Actor, *, employer_id: int) -> bool:
    """Whether the actor promises places of this employer, and takes a promise back."""
    return actor.may(Permission.OPENING_SUBMIT) and actor.employer_id == employer_id


def takes_people(run: CourseRun | Row[Any], *, now: datetime) -> bool:
    """Whether seats of the run, or a row of its columns, are given out: open, not begun."""
    return run.state is RunState.ENROLLING and run.starts_at > now
