"""The pages of the administration. Importing them adds them to the blueprint."""

from webapp.admin.blueprint import bp
from webapp.admin.views import accounts, trail

__all__ = ["accounts", "bp", "trail"]
