"""The pages of pasted texts. Importing them adds them to the blueprint."""

from webapp.intake.blueprint import bp
from webapp.intake.views import openings, residents

__all__ = ["bp", "openings", "residents"]
