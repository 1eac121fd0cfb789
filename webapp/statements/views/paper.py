"""A statement on paper and as a file, for the person and staff alike."""

import segno
from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.core.access import current_actor
from webapp.core.db import reader
from webapp.core.posting import write_and_redirect
from webapp.statements.forms import RevokeForm
from webapp.statements.services import issuing

# What a QR code of the lowest correction holds at most, in bytes (ISO/IEC 18004, version 40-L).
_MOST_BYTES = 2953


def paper(statement_id: int, back: str, file_url: str) -> str:
    """Return a statement as a page to print: with its code, and what it takes to check offline."""
    row = issuing.own(reader(), current_actor(), statement_id)
    url = url_for("statements.check", code=row.code, _external=True)
    whole = issuing.file_of(row)
    return render_template(
        "statements/paper.html",
        paper="a4",
        row=row,
        content=row.content,
        qr=_drawn(url.encode(), "m"),
        offline=_drawn(whole, "l") if len(whole) <= _MOST_BYTES else "",
        url=url,
        file_url=file_url,
        back_href=back,
    )


def file(statement_id: int) -> Response:
    """Return the file that the script checks."""
    row = issuing.own(reader(), current_actor(), statement_id)
    return Response(
        issuing.file_of(row),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="statement-{row.code}.json"'},
    )


def revoking(statement_id: int, back: str) -> ResponseReturnValue:
    """Return the page that ends a statement."""
    row = issuing.own(reader(), current_actor(), statement_id)
    form = RevokeForm()
    if form.validate_on_submit():
        return write_and_redirect(
            issuing.revoke,
            _("作废了。谁来查这张，都会看到作废的日子。"),
            back,
            statement_id=statement_id,
            reason=form.reason.data,
        )
    page = render_template("statements/revoke.html", form=form, row=row, back=back)
    return page, 400 if form.is_submitted() else 200


def _drawn(data: bytes, error: str) -> Markup:
    code = segno.make(data, error=error, micro=False, mode="byte", boost_error=False)
    return Markup(code.svg_inline(omitsize=True, border=0))  # noqa: S704 - drawn by segno
