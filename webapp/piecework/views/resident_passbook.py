"""/me/piecework/passbook: the household's passbook (领料存折), on the screen and to print."""

from flask import render_template, url_for

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.piecework.blueprint import bp
from webapp.piecework.services import claims
from webapp.piecework.views.passbook_page import printed, shown


@bp.get("/me/piecework/passbook")
@requires(Permission.PIECEWORK_WORK)
def my_passbook() -> str:
    """The household's passbook as a bank book, newest line first."""
    home = claims.my_membership(reader(), current_actor())
    return render_template("piecework/passbook.html", **shown(home.household_id, since=home.since))


@bp.get("/me/piecework/passbook/print")
@requires(Permission.PIECEWORK_WORK)
def print_passbook() -> str:
    """The passbook for paper; the code leads to the check of its last line."""
    home = claims.my_membership(reader(), current_actor())
    return printed(home.household_id, url_for(".my_passbook"), since=home.since)
