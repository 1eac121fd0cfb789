"""Pages of standing services. Importing them adds them to the blueprint."""

from webapp.standing_services.blueprint import bp
from webapp.standing_services.views import arranging, resident, staff

__all__ = ["arranging", "bp", "resident", "staff"]
