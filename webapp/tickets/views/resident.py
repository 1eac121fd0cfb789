"""/me/feedback: what a resident said while signed in, and where it stands."""

from dataclasses import replace

from flask import render_template, url_for

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.paging import paginate
from webapp.tickets.blueprint import bp
from webapp.tickets.presentation import reporter
from webapp.tickets.queries import one


@bp.get("/me/feedback")
@requires(Permission.RESIDENT_SELF)
def mine() -> str:
    """One's own, newest first; no code and no PIN is asked for."""
    page = paginate(reader(), one.own(current_actor()))
    rows = [
        reporter.row(ticket, branch, url_for(".follow", code=ticket.code))
        for ticket, branch in page.rows
    ]
    return render_template("tickets/mine.html", page=replace(page, rows=rows))
