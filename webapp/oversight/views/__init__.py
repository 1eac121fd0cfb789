"""The supervision page and what is kept of it. Importing them adds them to the blueprint."""

from webapp.oversight.blueprint import bp
from webapp.oversight.views import admin, public, staff

__all__ = ["admin", "bp", "public", "staff"]
