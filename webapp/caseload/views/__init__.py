"""Staff's pages of households, residents and employers. Importing adds them to the blueprint."""

from webapp.caseload.blueprint import bp
from webapp.caseload.views import calls, caseload, employers, residents, work_needs

__all__ = ["bp", "calls", "caseload", "employers", "residents", "work_needs"]
