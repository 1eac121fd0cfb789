"""Exceptions from the rules of wording: asked by one member, answered by another."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db
from webapp.core.errors import BadField
from webapp.openings.blueprint import bp
from webapp.openings.forms import AnswerExceptionForm, AskExceptionForm
from webapp.openings.models import ExceptionAnswer
from webapp.openings.services import exceptions
from webapp.openings.views.staff_review import page_of


@bp.post("/staff/openings/<id:opening_id>/exceptions")
@requires(Permission.OPENING_REVIEW)
def ask_exception(opening_id: int) -> ResponseReturnValue:
    """Ask another member to let forbidden words stand on a ground of law."""
    form = AskExceptionForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                exceptions.ask_exception(
                    session,
                    current_actor(),
                    opening_id=opening_id,
                    ground_id=form.ground.data,
                    why=form.why.data,
                )
        except BadField as error:
            form[error.field].errors = [error.message]
        else:
            flash(_("记下了，请另一位工作人员来看这一条"), "success")
            return redirect(url_for("openings.review_page", opening_id=opening_id), 303)
    return page_of(opening_id, ask_form=form), 400


@bp.post("/staff/openings/<id:opening_id>/exceptions/<id:exception_id>")
@requires(Permission.OPENING_REVIEW)
def answer_exception(opening_id: int, exception_id: int) -> ResponseReturnValue:
    """Say yes or no to what another member asked."""
    form = AnswerExceptionForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                exceptions.answer_exception(
                    session,
                    current_actor(),
                    opening_id=opening_id,
                    exception_id=exception_id,
                    answer=ExceptionAnswer(form.answer.data),
                    note=form.answer_note.data,
                )
        except BadField as error:
            form.answer_note.errors = [error.message]
        else:
            flash(_("记下了"), "success")
            return redirect(url_for("openings.review_page", opening_id=opening_id), 303)
    return page_of(opening_id, answer_form=form), 400
