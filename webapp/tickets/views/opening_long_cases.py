"""Open a long case: out of a ticket, for a resident of the files, for somebody outside them."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.queries.members import of_branch
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.posting import write_and_redirect
from webapp.residents.models import ConsentChannel, Resident
from webapp.residents.views.file_urls import resident_at, staff_file
from webapp.tickets.blueprint import bp
from webapp.tickets.forms.long_cases import OpenForm, OutsideForm
from webapp.tickets.long_case_lifecycle import LongCaseKind, StepKind
from webapp.tickets.queries import long_cases as queries
from webapp.tickets.services import access, long_cases
from webapp.tickets.services.long_cases import Next, Outside


@bp.route("/staff/tickets/<id:ticket_id>/case", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def open_from_ticket(ticket_id: int) -> ResponseReturnValue:
    """This one takes many errands: what the ticket knows is filled in."""
    session, actor = reader(), current_actor()
    ticket, _standing = access.visible(session, actor, ticket_id)
    case_id = queries.of_ticket(session, ticket.id)
    if case_id is not None:
        return redirect(url_for(".long_case", case_id=case_id), 303)
    known: dict[str, Any] = {"about": ticket.words[:300]}
    if ticket.branch_id == actor.branch_id:
        known |= {"owner": ticket.owner_id, "backup": ticket.backup_id}
    if ticket.resident_id is not None:
        resident = session.get_one(Resident, ticket.resident_id)
        return _open(
            OpenForm(data=known),
            lambda _form: resident.id,
            whose=resident.name,
            back=url_for(".show", ticket_id=ticket.id),
            ticket_id=ticket.id,
        )
    known |= {"name": ticket.reporter_name, "phone": ticket.reporter_phone}
    return _open(
        OutsideForm(data=known),
        _outside,
        whose="",
        back=url_for(".show", ticket_id=ticket.id),
        ticket_id=ticket.id,
    )


@bp.route("/staff/residents/<id:resident_id>/cases/new", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def open_for_resident(resident_id: int) -> ResponseReturnValue:
    """For a resident of the files."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    return _open(OpenForm(), lambda _form: resident.id, whose=resident.name, back=urls.overview)


@bp.route("/staff/tickets/cases/new", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def open_long_case() -> ResponseReturnValue:
    """For somebody outside the files."""
    return _open(OutsideForm(), _outside, whose="", back=url_for(".long_case_list"))


def _outside(form: Any) -> Outside:
    return Outside(form.name.data, form.phone.data or None)


def _open(
    form: OpenForm,
    person: Callable[[Any], int | Outside],
    *,
    whose: str,
    back: str,
    ticket_id: int | None = None,
) -> ResponseReturnValue:
    actor = current_actor()
    members = of_branch(reader(), actor.branch_id or 0)
    form.offer([(one.account_id, one.name) for one in members], own_id=actor.account_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                long_cases.open_case,
                _("开好了。跑一趟记一趟，到下一步那天会提醒。"),
                lambda row: url_for(".long_case", case_id=row.id),
                kind=LongCaseKind(form.kind.data),
                person=person(form),
                about=form.about.data,
                owner_id=form.owner.data,
                backup_id=form.backup.data,
                next_step=Next(
                    StepKind(form.next_kind.data), form.next_words.data or "", form.next_on.data
                ),
                agreed_how=ConsentChannel(form.agreed_how.data),
                idempotency_key=form.own_key,
                ticket_id=ticket_id,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "tickets/long_cases/open.html", form=form, whose=whose, back=back, ticket_id=ticket_id
    )
    return page, 400 if form.is_submitted() else 200
