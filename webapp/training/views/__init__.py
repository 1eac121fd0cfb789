"""Pages of training. Importing them adds them to the blueprint."""

from webapp.training.blueprint import bp
from webapp.training.views import (
    certificates,
    classes,
    demand,
    devices,
    orders,
    public,
    resident,
    staff,
    staff_runs,
)

__all__ = [
    "bp",
    "certificates",
    "classes",
    "demand",
    "devices",
    "orders",
    "public",
    "resident",
    "staff",
    "staff_runs",
]
