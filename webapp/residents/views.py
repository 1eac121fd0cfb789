"""The pages of residents: their own, and those staff keep about them.

Importing the files by subject hangs their pages on the blueprint.
"""

from webapp.residents import (
    views_consents,
    views_me,
    views_register,
    views_sections,
    views_sensitive,
    views_staff,
)
from webapp.residents.blueprint import bp

__all__ = [
    "bp",
    "views_consents",
    "views_me",
    "views_register",
    "views_sections",
    "views_sensitive",
    "views_staff",
]
