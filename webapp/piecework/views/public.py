"""/piecework/: what anybody may ask: whether a printed line of a passbook is genuine."""

from flask import render_template

from webapp.core.access import public
from webapp.core.db import reader
from webapp.piecework.blueprint import bp
from webapp.piecework.ledger import passbook


@bp.get("/piecework/passbook/<printed>")
@public
def check_line(printed: str) -> str:
    """Whether the ledger has a line with this code; shows no name and no amount."""
    return render_template(
        "piecework/passbook_check.html", line=passbook.check(reader(), printed[:64])
    )
