"""/me/statements/: one's own statements, what employers confirmed, what the household asks."""

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, NotFound, Refused
from webapp.core.formfields import as_choices
from webapp.core.posting import write_and_redirect
from webapp.residents.models import Resident
from webapp.residents.views.file_urls import my_file, resident_at
from webapp.statements import policy, queries
from webapp.statements.blueprint import bp
from webapp.statements.forms import AskForm, ObjectForm
from webapp.statements.lifecycle import StatementScope
from webapp.statements.models import EarningsStatement, WageConfirmation
from webapp.statements.services import requests, wages
from webapp.statements.views import paper as papers

_ANSWERS = "any(agree, refuse, cancel)"


@bp.route("/me/statements/", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def mine() -> ResponseReturnValue:
    """Ask for a statement; those one has; what employers confirmed."""
    resident = resident_at(my_file())
    form = AskForm()
    form.months.choices = as_choices(queries.periods(reader(), resident.id))
    status = 400 if form.is_submitted() else 200
    if not form.is_submitted():
        form.months.data = 3
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                requests.ask,
                said_after,
                _after,
                resident_id=resident.id,
                scope=StatementScope(form.scope.data),
                months=form.months.data,
            )
        except (BadField, Conflict, Refused) as error:
            form.months.errors = [error.message]
            status = error.status
    return statements_page("statements/mine.html", form, resident), status


def statements_page(template: str, form: AskForm, resident: Resident) -> str:
    """Return the page of somebody's statements, for themself or for staff."""
    return render_template(
        template,
        form=form,
        resident=resident,
        with_others=queries.lives_with_adults(reader(), resident),
        can_ask=policy.can_speak_for(current_actor(), resident),
        asked=queries.asked_of(reader(), resident),
        wages=queries.wages_of(reader(), resident.id),
        statements=queries.statements_of(reader(), resident.id),
    )


@bp.get("/me/statements/<id:statement_id>")
@requires(Permission.RESIDENT_SELF)
def my_statement(statement_id: int) -> str:
    """One's own statement, to print."""
    return papers.paper(
        statement_id, url_for(".mine"), url_for(".my_file_of", statement_id=statement_id)
    )


@bp.get("/me/statements/<id:statement_id>/file")
@requires(Permission.RESIDENT_SELF)
def my_file_of(statement_id: int) -> Response:
    """One's own statement as a file to be checked offline."""
    return papers.file(statement_id)


@bp.route("/me/statements/<id:statement_id>/revoke", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def my_revoke(statement_id: int) -> ResponseReturnValue:
    """End a statement one agreed to."""
    return papers.revoking(statement_id, url_for(".mine"))


@bp.get("/me/statements/requests/<id:request_id>")
@requires(Permission.RESIDENT_SELF)
def my_request(request_id: int) -> str:
    """What the household's statement would show, before one says yes or no."""
    resident = resident_at(my_file())
    asked = queries.asked_of(reader(), resident)
    if asked is None or asked.request.id != request_id:
        raise NotFound
    return render_template("statements/request.html", asked=asked, resident=resident)


@bp.post(f"/me/statements/requests/<id:request_id>/<{_ANSWERS}:answer>")
@requires(Permission.RESIDENT_SELF)
def my_answer(request_id: int, answer: str) -> ResponseReturnValue:
    """Agree, refuse, or take back one's own request."""
    resident = resident_at(my_file())
    if answer == "cancel":
        return write_and_redirect(
            requests.cancel, _("不开了。"), url_for(".mine"), request_id=request_id
        )
    if answer == "refuse":
        return write_and_redirect(
            requests.refuse,
            _("好，全家的证明不开。您和家里人还可以各开各的。"),
            url_for(".mine"),
            request_id=request_id,
            resident_id=resident.id,
        )
    return write_and_redirect(
        requests.agree, said_after, _after, request_id=request_id, resident_id=resident.id
    )


@bp.route("/me/statements/wages/<id:wage_id>", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def my_objection(wage_id: int) -> ResponseReturnValue:
    """Say that a confirmed wage is wrong."""
    resident = resident_at(my_file())
    wage = reader().get(WageConfirmation, wage_id)
    if wage is None or wage.resident_id != resident.id or wage.ended_at is not None:
        raise NotFound
    form = ObjectForm()
    if form.validate_on_submit():
        return write_and_redirect(
            wages.object_to,
            _("记下了，这个数不写进证明。社区会去问单位，三天内给您回话。"),
            url_for(".mine"),
            wage_id=wage_id,
            words=form.words.data,
        )
    page = render_template("statements/object.html", form=form, wage=wage)
    return page, 400 if form.is_submitted() else 200


@bp.post("/me/statements/wages/<id:wage_id>/right")
@requires(Permission.RESIDENT_SELF)
def my_settling(wage_id: int) -> ResponseReturnValue:
    """Say that a wage one objected to is right after all."""
    return write_and_redirect(
        wages.settle, _("好，这个数又算了。"), url_for(".mine"), wage_id=wage_id
    )


def said_after(statement: EarningsStatement | None) -> Any:
    """Return what is said after a yes; nothing when the statement itself comes next."""
    return "" if statement else _("记下了。家里每个大人都同意了，证明就开出来。")


def _after(statement: EarningsStatement | None) -> str:
    if statement is None:
        return url_for(".mine")
    return url_for(".my_statement", statement_id=statement.id)
