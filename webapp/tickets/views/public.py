"""/feedback/public: what people said and what came of it; what the branches left lying."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col, select

from webapp.branches.models import Branch
from webapp.core import photos
from webapp.core.access import public
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.paging import asked_id, paginate
from webapp.tickets.blueprint import bp
from webapp.tickets.presentation import released as words
from webapp.tickets.presentation import reporter
from webapp.tickets.queries import one
from webapp.tickets.queries import public as queries
from webapp.tickets.queries.public import LEAST_SHOWN, Shown
from webapp.tickets.views.pictures import folder

_KEPT = 3600  # seconds that a browser keeps a picture that everybody may see


@bp.get("/feedback/public")
@public
def public_list() -> str:
    """What was released, newest first; ``?branch=`` and ``?shown=`` narrow it down."""
    branch_id = asked_id("branch")
    asked = request.args.get("shown", "")
    shown = Shown(asked) if asked in set(Shown) else None
    page = paginate(reader(), queries.released(branch_id, shown))
    branches = reader().exec(select(Branch.id, Branch.name).order_by(col(Branch.id)))
    return render_template(
        "tickets/public_list.html",
        page=replace(
            page,
            rows=[words.row(row, url_for(".public_ticket", ticket_id=row.id)) for row in page.rows],
        ),
        branch_chips=_chips("branch", branch_id, branches, shown=shown),
        state_chips=_chips("shown", shown, [(one, one.label) for one in Shown], branch=branch_id),
    )


@bp.get("/feedback/public/<id:ticket_id>")
@public
def public_ticket(ticket_id: int) -> str:
    """One of them; its number is not its code."""
    session = reader()
    ticket = queries.released_ticket(session, ticket_id)
    if ticket is None:
        raise NotFound
    events = one.events_of(session, ticket_id)
    return render_template(
        "tickets/public_one.html",
        ticket=ticket,
        branch=session.get(Branch, ticket.branch_id) if ticket.branch_id else None,
        title=reporter.title(ticket.published_words),
        badge=reporter.badge(ticket.state, ticket.outcome),
        due=reporter.promise(ticket, to_all=True),
        is_late=reporter.is_late(ticket),
        replies=reporter.replies(ticket, events, to_all=True),
        steps=reporter.steps(ticket, events, to_all=True),
        photos=[
            (url_for(".public_photo", ticket_id=ticket_id, photo_id=id_), _("照片 %(n)d", n=number))
            for number, id_ in enumerate(queries.released_photos(session, ticket_id), 1)
        ],
    )


@bp.get("/feedback/public/<id:ticket_id>/photos/<id:photo_id>")
@public
def public_photo(ticket_id: int, photo_id: int) -> ResponseReturnValue:
    """A picture that staff released."""
    stored = queries.released_photo(reader(), ticket_id, photo_id)
    if stored is None:
        raise NotFound
    return photos.answer(folder(), stored, max_age=_KEPT)


@bp.get("/feedback/overdue")
@public
def overdue() -> str:
    """What lies for too long: by branch, never by person."""
    return render_template(
        "tickets/overdue.html",
        branches=[
            {
                "branch": left.branch,
                "rows": [
                    words.overdue_row(row, url_for(".public_ticket", ticket_id=row.id))
                    for row in left.rows
                ],
                "more": left.more,
                "private_words": words.unseen_words(left.unseen, LEAST_SHOWN),
            }
            for left in queries.overdue_by_branch(reader())
        ],
    )


def _chips(
    name: str, chosen: Any, choices: Iterable[tuple[Any, str]], **kept: Any
) -> list[tuple[str, str, bool]]:
    """Return one tap to each choice of a filter, the other one kept."""
    everything = (_("全部"), url_for(".public_list", **kept), chosen is None)
    return [
        everything,
        *(
            (words_, url_for(".public_list", **{name: value}, **kept), value == chosen)
            for value, words_ in choices
        ),
    ]
