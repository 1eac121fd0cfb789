"""From an opening of kind course to the page where one enrols."""

from flask import url_for
from sqlalchemy import Select, case, select
from sqlmodel import Session, col

from webapp.core.access import Actor
from webapp.openings.models import Opening
from webapp.openings.own_marks import OwnMark
from webapp.openings.own_pages import OwnPages
from webapp.training.lifecycle import LIVE, EnrolmentState
from webapp.training.models.courses import Course
from webapp.training.models.enrolments import Enrolment
from webapp.training.services.posting import course_of_opening


def _shown(session: Session, _actor: Actor, opening: Opening) -> str | None:
    """Return the page of the course, None for an opening that has none yet."""
    course_id = course_of_opening(session, opening.id)
    return url_for("training.show", course_id=course_id) if course_id else None


def marks(actor: Actor) -> Select[int, str]:
    """Return the statement for the courses of a resident's enrolments and how each is marked."""
    waits = (EnrolmentState.INVITED, EnrolmentState.OFFERED)
    return (
        select(
            col(Course.opening_id),
            case(
                (col(Enrolment.state).in_(waits), OwnMark.INVITED.value),
                else_=OwnMark.APPLIED.value,
            ),
        )
        .join(Enrolment, col(Enrolment.course_id) == col(Course.id))
        .where(col(Enrolment.resident_id) == actor.resident_id, col(Enrolment.state).in_(LIVE))
    )


PAGES = OwnPages(shown=_shown)
