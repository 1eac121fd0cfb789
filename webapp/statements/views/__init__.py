"""Pages of earnings statements. Importing them adds them to the blueprint."""

from webapp.statements.blueprint import bp
from webapp.statements.views import employer, public, resident, staff

__all__ = ["bp", "employer", "public", "resident", "staff"]
