"""HTTP of the branches: /help and /branches/ for everybody, /staff/branches/ for members."""

from webapp.branches.blueprint import bp
from webapp.branches.views import members

__all__ = ["bp", "members"]
