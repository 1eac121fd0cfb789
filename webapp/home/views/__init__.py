"""The first page of each role. Importing them adds them to the blueprint."""

from webapp.home.blueprint import bp
from webapp.home.views import employer, pictures, public, questions, resident, staff

__all__ = ["bp", "employer", "pictures", "public", "questions", "resident", "staff"]
