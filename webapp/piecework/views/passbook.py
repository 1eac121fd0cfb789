"""The passbook (领料存折): on the screen, on paper, and the check of a printed line."""

import segno
from flask import render_template, url_for
from markupsafe import Markup

from webapp.core.access import Permission, current_actor, public, requires
from webapp.core.db import reader
from webapp.piecework.blueprint import bp
from webapp.piecework.ledger import passbook
from webapp.piecework.presentation.passbook_text import line_words, received_fen
from webapp.piecework.services import claims
from webapp.residents.models import Household

NEWEST = 100
SHORT = 8


@bp.get("/me/piecework/passbook")
@requires(Permission.PIECEWORK_WORK)
def my_passbook() -> str:
    """The household's passbook, newest line first."""
    session = reader()
    home = claims.my_household_id(session, current_actor())
    return render_template(
        "piecework/passbook.html",
        lines=passbook.lines(session, home, limit=NEWEST),
        words=line_words,
        received=received_fen,
        short=SHORT,
        most=NEWEST,
    )


@bp.get("/me/piecework/passbook/print")
@requires(Permission.PIECEWORK_WORK)
def print_passbook() -> str:
    """The whole passbook for paper; the code leads to the check of its last line."""
    home = claims.my_household_id(reader(), current_actor())
    return printed(home, url_for(".my_passbook"))


def printed(household_id: int, back: str) -> str:
    """Return a household's passbook as a page to print."""
    session = reader()
    lines = passbook.all_lines(session, household_id)
    link = url_for(".check_line", printed=lines[-1].digest, _external=True) if lines else ""
    return render_template(
        "piecework/passbook_print.html",
        paper="a4",
        back_href=back,
        household=session.get_one(Household, household_id),
        lines=lines,
        words=line_words,
        received=received_fen,
        short=SHORT,
        qr=Markup(segno.make(link, micro=False).svg_inline(scale=3)) if link else "",  # noqa: S704
    )


@bp.get("/piecework/passbook/<printed>")
@public
def check_line(printed: str) -> str:
    """Whether a printed line still says the same: no names, no amounts."""
    return render_template("piecework/check.html", line=passbook.check(reader(), printed[:64]))
