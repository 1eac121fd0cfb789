"""Pages of ventures: what everybody sees, one's own cases, what staff keep."""

from webapp.ventures.blueprint import bp
from webapp.ventures.views import pictures, public, resident, staff, staff_cases

__all__ = ["bp", "pictures", "public", "resident", "staff", "staff_cases"]
