"""From an opening of kind course to the page where one enrols.

The pages of openings lead to the course's own, so this module looks up some parts higher (an
exception named in ``tests/test_architecture.py``).
"""

from flask import url_for
from sqlmodel import Session

from webapp.core.vocabulary import Kind
from webapp.openings.models import Opening
from webapp.training.services.posting import course_of_opening


def course_page(session: Session, opening: Opening) -> str | None:
    """Return the address of the page of an opening's course, ``None`` for other openings."""
    if opening.kind is not Kind.COURSE:
        return None
    course_id = course_of_opening(session, opening.id)
    return url_for("training.show", course_id=course_id) if course_id else None
