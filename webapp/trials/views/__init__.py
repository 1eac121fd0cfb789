"""Pages of trial days. Importing them adds them to the blueprint."""

from webapp.trials.blueprint import bp
from webapp.trials.views import employer, resident, staff

__all__ = ["bp", "employer", "resident", "staff"]
