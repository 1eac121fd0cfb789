"""The pages of residents: their own, and those staff keep about them."""

from flask import Blueprint

bp = Blueprint("residents", __name__)

# The pages by subject; importing them hangs them on the blueprint.
from webapp.residents import (  # noqa: E402 - they need the blueprint
    views_consents,
    views_me,
    views_register,
    views_sections,
    views_sensitive,
    views_staff,
)

__all__ = [
    "bp",
    "views_consents",
    "views_me",
    "views_register",
    "views_sections",
    "views_sensitive",
    "views_staff",
]
