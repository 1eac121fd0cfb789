"""/employer/register and /employer/organisation: an employer registers and keeps its data."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.views import enter
from webapp.core import passwords
from webapp.core.access import Permission, current_actor, public, requires
from webapp.core.db import get_db, reader
from webapp.employers.blueprint import bp
from webapp.employers.forms import OrganisationEditForm, RegisterForm
from webapp.employers.lifecycle import EmployerState
from webapp.employers.services import registration

_FIELDS = ("name", "credit_code", "industry", "address", "contact_name", "phone")


@bp.route("/employer/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Register an organisation and the person who acts for it, and sign them in."""
    form = RegisterForm()
    if form.validate_on_submit():
        hashed = passwords.hash_password(form.password.data)
        try:
            with get_db().transaction(current_actor()) as session:
                _employer, token = registration.register_employer(
                    session, password_hash=hashed, **_data(form)
                )
        except registration.Taken as error:
            form[error.field].errors = [error.message]
        else:
            flash(_("登记好了。接下来请社区核实，核实以后就能发布招聘"), "success")
            return enter(token, form.phone.data, url_for("home.employer"))
    page = render_template("employers/register.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/employer/organisation", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def organisation() -> ResponseReturnValue:
    """Change the organisation's data; a new name or code has to be checked again."""
    employer = registration.own_employer(reader(), current_actor())
    form = OrganisationEditForm(obj=employer)
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                saved = registration.edit_organisation(session, current_actor(), **_data(form))
        except registration.Taken as error:
            form[error.field].errors = [error.message]
        else:
            if saved.state is EmployerState.PENDING:
                flash(_("改好了，请带营业执照到社区再核实一次"), "success")
            else:
                flash(_("改好了"), "success")
            return redirect(url_for("home.employer"), 303)
    page = render_template("employers/organisation.html", form=form, employer=employer)
    return page, 400 if form.is_submitted() else 200


def _data(form: Any) -> dict[str, str]:
    return {name: form[name].data for name in _FIELDS}
