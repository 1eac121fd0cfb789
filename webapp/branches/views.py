"""/help: the branches, their offices, phones and members."""

from flask import Blueprint, render_template

from webapp.branches import queries
from webapp.core.access import public
from webapp.core.db import reader

bp = Blueprint("branches", __name__)


@bp.get("/help", endpoint="help")
@public
def help_page() -> str:
    """Whom to ask, and how to reach them."""
    return render_template("branches/help.html", desks=queries.desks(reader()))
