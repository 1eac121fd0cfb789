"""/me/piecework/passbook: the household's passbook (领料存折), on the screen and to print."""

from flask import render_template, url_for

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.piecework.blueprint import bp
from webapp.piecework.ledger import passbook
from webapp.piecework.presentation.passbook_text import line_words, received_fen
from webapp.piecework.services import claims
from webapp.piecework.views.passbook_page import SHORT, printed

#: Lines shown on the screen; older ones are in the printed passbook.
NEWEST = 100


@bp.get("/me/piecework/passbook")
@requires(Permission.PIECEWORK_WORK)
def my_passbook() -> str:
    """The household's passbook, newest line first."""
    session = reader()
    home = claims.my_membership(session, current_actor())
    return render_template(
        "piecework/passbook.html",
        lines=passbook.lines(session, home.household_id, limit=NEWEST, since=home.since),
        words=line_words,
        received=received_fen,
        short=SHORT,
        most=NEWEST,
    )


@bp.get("/me/piecework/passbook/print")
@requires(Permission.PIECEWORK_WORK)
def print_passbook() -> str:
    """The whole passbook for paper; the code leads to the check of its last line."""
    home = claims.my_membership(reader(), current_actor())
    return printed(home.household_id, url_for(".my_passbook"), since=home.since)
