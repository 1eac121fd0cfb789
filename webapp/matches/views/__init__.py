"""The pages of matches: of residents, employers and staff.

Importing the files by subject hangs their pages on the blueprint.
"""

from webapp.matches.blueprint import bp
from webapp.matches.views import (
    contracts,
    employer,
    interviews,
    newcomer,
    offer_evidence,
    opening_people,
    resident,
    staff,
    staff_plan,
    staff_queue,
)

__all__ = [
    "bp",
    "contracts",
    "employer",
    "interviews",
    "newcomer",
    "offer_evidence",
    "opening_people",
    "resident",
    "staff",
    "staff_plan",
    "staff_queue",
]
