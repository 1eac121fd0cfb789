"""/staff/: statements for somebody who comes to the counter or calls."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.core.formfields import as_choices
from webapp.core.posting import write_and_redirect
from webapp.residents.models import ConsentChannel, Resident
from webapp.residents.views.file_urls import resident_at, staff_file
from webapp.statements import queries
from webapp.statements.blueprint import bp
from webapp.statements.forms import AskForSomebodyForm, ToldForm
from webapp.statements.lifecycle import StatementScope
from webapp.statements.models import EarningsStatement, WageConfirmation
from webapp.statements.services import issuing, requests, wages
from webapp.statements.views import paper as papers
from webapp.statements.views.resident import said_after, statements_page

_OF = "/staff/residents/<id:resident_id>/statements"


@bp.route(_OF, methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def staff_statements(resident_id: int) -> ResponseReturnValue:
    """A resident's statements and confirmed wages; ask for one when told so."""
    resident = resident_at(staff_file(resident_id))
    form = AskForSomebodyForm()
    form.months.choices = as_choices(queries.periods(reader(), resident.id))
    status = 400 if form.is_submitted() else 200
    if not form.is_submitted():
        form.months.data = 3
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                requests.ask,
                said_after,
                lambda statement: _after(resident_id, statement),
                resident_id=resident.id,
                scope=StatementScope(form.scope.data),
                months=form.months.data,
                channel=ConsentChannel(form.channel.data),
                note=form.note.data,
            )
        except (BadField, Conflict, Refused) as error:
            form.months.errors = [error.message]
            status = error.status
    return statements_page("statements/staff.html", form, resident), status


@bp.route(f"{_OF}/<id:request_id>/agree", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def staff_agree(resident_id: int, request_id: int) -> ResponseReturnValue:
    """Record that a member of the household agreed, and how they said so."""
    resident = _asked(resident_id, request_id)
    form = ToldForm()
    if form.validate_on_submit():
        return write_and_redirect(
            requests.agree,
            said_after,
            lambda statement: _after(resident_id, statement),
            request_id=request_id,
            resident_id=resident_id,
            channel=ConsentChannel(form.channel.data),
            note=form.note.data,
        )
    page = render_template("statements/agree.html", form=form, resident=resident)
    return page, 400 if form.is_submitted() else 200


@bp.post(f"{_OF}/<id:request_id>/<any(refuse, cancel):answer>")
@requires(Permission.RESIDENT_MANAGE)
def staff_answer(resident_id: int, request_id: int, answer: str) -> ResponseReturnValue:
    """Record a no, or that the person who asked does not want it any more."""
    _asked(resident_id, request_id)
    back = url_for(".staff_statements", resident_id=resident_id)
    if answer == "cancel":
        return write_and_redirect(requests.cancel, _("不开了。"), back, request_id=request_id)
    return write_and_redirect(
        requests.refuse,
        _("记下了，这一张不开。"),
        back,
        request_id=request_id,
        resident_id=resident_id,
    )


@bp.post(f"{_OF}/wages/<id:wage_id>/right")
@requires(Permission.RESIDENT_MANAGE)
def staff_settling(resident_id: int, wage_id: int) -> ResponseReturnValue:
    """Record that a wage somebody objected to is right after all, as they told."""
    wage = reader().get(WageConfirmation, wage_id)
    if wage is None or wage.resident_id != resident_id:
        raise NotFound
    back = url_for(".staff_statements", resident_id=resident_id)
    return write_and_redirect(wages.settle, _("记下了，这个数又算了。"), back, wage_id=wage_id)


@bp.get("/staff/statements/<id:statement_id>")
@requires(Permission.RESIDENT_MANAGE)
def staff_statement(statement_id: int) -> str:
    """A statement, to print for whom it is about."""
    return papers.paper(
        statement_id, _back(statement_id), url_for(".staff_file", statement_id=statement_id)
    )


@bp.get("/staff/statements/<id:statement_id>/file", endpoint="staff_file")
@requires(Permission.RESIDENT_MANAGE)
def staff_file_of(statement_id: int) -> Response:
    """A statement as a file to be checked offline."""
    return papers.file(statement_id)


@bp.route("/staff/statements/<id:statement_id>/revoke", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def staff_revoke(statement_id: int) -> ResponseReturnValue:
    """End a statement, with the reason."""
    return papers.revoking(statement_id, _back(statement_id))


def _asked(resident_id: int, request_id: int) -> Resident:
    resident = resident_at(staff_file(resident_id))
    asked = queries.asked_of(reader(), resident)
    if asked is None or asked.request.id != request_id:
        raise NotFound
    return resident


def _back(statement_id: int) -> str:
    row = issuing.own(reader(), current_actor(), statement_id)
    first = issuing.people_of(reader(), row.request_id)[0]
    return url_for(".staff_statements", resident_id=first.id)


def _after(resident_id: int, statement: EarningsStatement | None) -> str:
    if statement is None:
        return url_for(".staff_statements", resident_id=resident_id)
    return url_for(".staff_statement", statement_id=statement.id)
