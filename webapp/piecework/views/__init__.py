"""The pages of piecework, by whom they are for."""

from webapp.piecework.blueprint import bp
from webapp.piecework.views import (
    actions,
    company,
    household,
    order_editing,
    passbook,
    staff,
    staff_inspection,
    staff_on_behalf,
    staff_settlement,
)

__all__ = [
    "actions",
    "bp",
    "company",
    "household",
    "order_editing",
    "passbook",
    "staff",
    "staff_inspection",
    "staff_on_behalf",
    "staff_settlement",
]
