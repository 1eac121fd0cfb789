"""An employer's own pages. Importing them adds them to the blueprint."""

from webapp.employers.blueprint import bp
from webapp.employers.views import employer, join, members

__all__ = ["bp", "employer", "join", "members"]
