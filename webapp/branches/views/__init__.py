"""HTTP of the branches: /help and /branches/ for everybody, /staff/branches/ for members."""

from webapp.branches.blueprint import bp
from webapp.branches.views import (
    activities,
    branch_page,
    leaving,
    members,
    office,
    pictures,
    promises,
    public,
    rota,
    volunteers,
)

__all__ = [
    "activities",
    "bp",
    "branch_page",
    "leaving",
    "members",
    "office",
    "pictures",
    "promises",
    "public",
    "rota",
    "volunteers",
]
