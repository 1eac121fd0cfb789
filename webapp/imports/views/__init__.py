"""The pages of imports. Importing them adds them to the blueprint."""

from webapp.imports.blueprint import bp
from webapp.imports.views import staff, staff_review

__all__ = ["bp", "staff", "staff_review"]
