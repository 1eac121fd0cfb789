"""/statements/<code>: what a statement says, to whoever has the paper; and the script."""

from datetime import timedelta
from pathlib import Path

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from webapp.core import rate_limits
from webapp.core.access import SYSTEM, public
from webapp.core.db import get_db, reader
from webapp.core.rate_limits import Limit
from webapp.statements import check_statement
from webapp.statements.blueprint import bp
from webapp.statements.forms import AmountForm, fen_of
from webapp.statements.models import EarningsStatement
from webapp.statements.services import issuing

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_GUESSES, _PER_ADDRESS, _PER_STATEMENT = 8, 30, 40


@bp.get("/statements/check_statement.py")
@public
def script() -> Response:
    """Send the script that checks a statement offline, to be kept beside the key."""
    return Response(
        Path(check_statement.__file__).read_bytes(),
        mimetype="text/x-python",
        headers={"Content-Disposition": 'attachment; filename="check_statement.py"'},
    )


@bp.route("/statements/<code>", methods=["GET", "POST"])
@public
def check(code: str) -> Response:
    """Ask for the amount on the paper, and show what was signed to whoever knows it."""
    form = AmountForm()
    typed = fen_of(form.amount.data or "") if form.validate_on_submit() else None
    row, right = _look(code, typed)
    if typed is not None and row is not None and not right:
        form.amount.errors = [_("和这张证明上的数目不一样。看看小数点，再填一次。")]
    shown = row if right else None
    page = render_template(
        "statements/check.html",
        form=form,
        known=row is not None,
        row=shown,
        content=shown.content if shown else {},
        ours=shown is not None and issuing.is_ours(shown),
    )
    status = 404 if row is None else 400 if request.method == "POST" and not right else 200
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def _look(code: str, typed: int | None) -> tuple[EarningsStatement | None, bool]:
    """Return the statement and whether its amount was typed; every wrong try is counted."""
    row = issuing.by_code(reader(), code)
    if row is not None and typed is None:
        return row, False
    address = request.remote_addr or ""
    limits = [Limit(f"statement-address:{address}", _PER_ADDRESS, _HOUR)]
    if row is not None:
        limits += [
            Limit(f"statement:{row.code}:{address}", _GUESSES, _HOUR),
            Limit(f"statement:{row.code}", _PER_STATEMENT, _DAY),
        ]
    right = row is not None and typed == row.total_fen
    with get_db().transaction(SYSTEM) as session:
        rate_limits.take(session, limits)
        if right:  # no guess
            rate_limits.give_back(session, limits)
    return row, right
