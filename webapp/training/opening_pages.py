"""From an opening of kind course to the page where one enrols."""

from flask import url_for
from sqlmodel import Session

from webapp.core.access import Actor
from webapp.openings.models import Opening
from webapp.openings.own_pages import OwnPages
from webapp.training.services.posting import course_of_opening


def _shown(session: Session, _actor: Actor, opening: Opening) -> str | None:
    """Return the page of the course, None for an opening that has none yet."""
    course_id = course_of_opening(session, opening.id)
    return url_for("training.show", course_id=course_id) if course_id else None


PAGES = OwnPages(shown=_shown)
