"""The pages of piecework, by who uses them: ``/me/`` residents, ``/employer/``, ``/staff/``."""

from webapp.piecework.blueprint import bp
from webapp.piecework.views import (
    employer,
    employer_actions,
    payees,
    public,
    resident,
    resident_passbook,
    samples,
    staff,
    staff_actions,
    staff_inspection,
    staff_on_behalf,
    staff_plan,
    staff_settlement,
)

__all__ = [
    "bp",
    "employer",
    "employer_actions",
    "payees",
    "public",
    "resident",
    "resident_passbook",
    "samples",
    "staff",
    "staff_actions",
    "staff_inspection",
    "staff_on_behalf",
    "staff_plan",
    "staff_settlement",
]
