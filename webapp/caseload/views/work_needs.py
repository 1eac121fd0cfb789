"""/staff/work-needs/<id>: call somebody who said on a visit that they want work."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.caseload import service
from webapp.caseload.blueprint import bp
from webapp.caseload.forms import CallForm, ContactForm
from webapp.caseload.queries import work_needs
from webapp.contacts.models import ContactWay
from webapp.contacts.service import Said
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.posting import write_and_redirect


@bp.route("/staff/work-needs/<id:need_id>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def work_need(need_id: int) -> ResponseReturnValue:
    """Who it is and what they want; a form for what came of the call."""
    row = work_needs.one(reader(), current_actor(), need_id)
    if row is None:
        raise NotFound
    in_files = row.WorkNeed.resident_id is not None
    form = ContactForm() if in_files else CallForm()
    if form.validate_on_submit():
        reached = form.reached.data == "yes"
        return write_and_redirect(
            service.settle_work_need,
            _("记好了。") if reached else _("记好了，还在今天要办里，换个时候再打。"),
            url_for("home.staff"),
            need_id=need_id,
            said=_said(form, reached=reached),
        )
    page = render_template("caseload/work_need.html", form=form, row=row, need=row.WorkNeed)
    return page, 400 if form.is_submitted() else 200


def _said(form: ContactForm | CallForm, *, reached: bool) -> Said:
    """Return what came of the call; of somebody without a file that they were reached, or not."""
    if isinstance(form, CallForm):
        return Said(ContactWay.PHONE, reached, "")
    return Said(ContactWay(form.way.data), reached, form.words.data, form.next_on.data)
