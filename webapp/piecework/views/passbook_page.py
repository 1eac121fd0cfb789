"""A passbook (领料存折) to print, for its household and for staff alike."""

from datetime import datetime

import segno
from flask import render_template, url_for
from markupsafe import Markup

from webapp.core.db import reader
from webapp.piecework.ledger import passbook
from webapp.piecework.presentation.passbook_text import line_words, received_fen
from webapp.residents.models import Household

#: How much of a line's digest is printed, in hexadecimal digits.
SHORT = 8


def printed(household_id: int, back: str, *, since: datetime | None = None) -> str:
    """Return a household's passbook as a page to print; ``since`` as in the passbook."""
    session = reader()
    lines = passbook.all_lines(session, household_id, since=since)
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
