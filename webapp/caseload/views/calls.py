"""/staff/calls/<…>/<id>: note a call from a line of work, and what was said before."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col

from webapp.caseload import service
from webapp.caseload.blueprint import bp
from webapp.caseload.forms import CallLogForm
from webapp.caseload.parties import PARTIES, party
from webapp.contacts import queries as contacts_of
from webapp.contacts.models import Contact
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.formatting import date_words
from webapp.core.local_addresses import local_next
from webapp.core.posting import write_and_redirect

_CALLED = f"any({', '.join(PARTIES)})"


@bp.route(f"/staff/calls/<{_CALLED}:called>/<id:number>", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def call(called: str, number: int) -> ResponseReturnValue:
    """Whom to telephone and what was said before; a POST notes what came of it.

    ``next`` is the page with the line, which is where the form leads back to.
    """
    actor, form = current_actor(), CallLogForm()
    other = party(reader(), actor, called, number)
    may_call = other.may_call(actor)
    if form.validate_on_submit():
        said = form.said()
        again = said.next_on
        return write_and_redirect(
            service.log_call,
            _("记好了，%(day)s再放到“今天要办”里。", day=date_words(again))
            if again
            else _("记好了。"),
            local_next() or url_for("home.staff"),
            called=called,
            id_=number,
            said=said,
        )
    page = render_template(
        "caseload/call.html",
        form=form,
        party=other,
        may_call=may_call,
        contacts=contacts_of.latest(reader(), _said_of(other)),
        onward=local_next(),
    )
    return page, 400 if form.is_submitted() else 200


def _said_of(other: Any) -> Any:
    """Return the condition of the contacts to be read beside: all with an employer, else of it."""
    if other.employer is not None:
        return col(Contact.employer_id) == other.employer.id
    return col(getattr(Contact, other.about)) == other.about_id
