"""The pages of openings. Importing them adds them to the blueprint."""

from webapp.openings.blueprint import bp
from webapp.openings.views import (
    api,
    editing,
    public,
    sharing,
    staff_exceptions,
    staff_review,
    words,
)

__all__ = ["api", "bp", "editing", "public", "sharing", "staff_exceptions", "staff_review", "words"]
