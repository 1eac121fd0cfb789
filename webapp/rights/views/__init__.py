"""Pages of rights and income. Importing them adds them to the blueprint."""

from webapp.rights.blueprint import bp
from webapp.rights.views import admin, income, public, staff

__all__ = ["admin", "bp", "income", "public", "staff"]
