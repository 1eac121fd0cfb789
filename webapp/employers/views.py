"""Employers: registration, their own pages, and the staff's files of them."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col

from webapp import clock
from webapp.access import Permission, current_actor, public, requires
from webapp.accounts import passwords
from webapp.accounts.service import PhoneTaken
from webapp.accounts.views import enter
from webapp.db import get_db, reader
from webapp.employers import (
    checks,
    policy,
    service,
    views_complaints,
    views_people,
    views_staff,
)
from webapp.employers.blueprint import bp
from webapp.employers.forms import OrganisationEditForm, RegisterForm
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.formatting import date_words
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

__all__ = ["bp", "views_complaints", "views_people", "views_staff"]

_FIELDS = ("name", "credit_code", "industry", "address", "contact_name", "phone")


@bp.route("/employer/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Register an organisation and the person who acts for it, and let them in."""
    form = RegisterForm()
    if form.validate_on_submit():
        hashed = passwords.hash_password(form.password.data)
        try:
            with get_db().transaction(current_actor()) as session:
                _employer, token = service.register_employer(
                    session, password_hash=hashed, **_data(form)
                )
        except PhoneTaken as error:
            form.phone.errors = [error.message]
        except service.Taken as error:
            form[error.field].errors = [error.message]
        else:
            flash(_("登记好了。接下来请社区核实，核实以后就能发布招聘"), "success")
            return enter(token, form.phone.data, url_for("employers.home"))
    page = render_template("employers/register.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.get("/employer/")
@requires(Permission.EMPLOYER_SELF)
def home() -> str:
    """Where the organisation stands, what happens next, and its openings in figures."""
    employer = service.own_employer(reader(), current_actor())
    counts = dict(
        reader()
        .execute(
            select_columns(col(Opening.state), func.count())
            .where(col(Opening.employer_id) == employer.id)
            .group_by(col(Opening.state))
        )
        .all()
    )
    until = policy.checked_until(employer, days=checks.check_days())
    sentence, tone = standing(employer, until)
    return render_template(
        "employers/home.html",
        employer=employer,
        sentence=sentence,
        tone=tone,
        counts=[(state, counts.get(state, 0)) for state in OpeningState],
        any_openings=bool(counts),
    )


@bp.route("/employer/organisation", methods=["GET", "POST"])
@requires(Permission.EMPLOYER_SELF)
def organisation() -> ResponseReturnValue:
    """Change the organisation's data; a new name or code has to be checked again."""
    employer = service.own_employer(reader(), current_actor())
    form = OrganisationEditForm(obj=employer)
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                saved = service.edit_organisation(session, current_actor(), **_data(form))
        except service.Taken as error:
            form[error.field].errors = [error.message]
        else:
            if saved.state is EmployerState.PENDING:
                flash(_("改好了，请带营业执照到社区再核实一次"), "success")
            else:
                flash(_("改好了"), "success")
            return redirect(url_for("employers.home"), 303)
    page = render_template("employers/organisation.html", form=form, employer=employer)
    return page, 400 if form.is_submitted() else 200


def standing(employer: Employer, until: date | None) -> tuple[str, str]:
    """Return where an employer stands and what happens next, and the tone of the notice."""
    papers = _("请经办人带营业执照、身份证和单位授权书到社区富民支部")
    if employer.state is EmployerState.PENDING:
        return _("等社区核实。%(papers)s，看过就能发布招聘。", papers=papers), "warn"
    if employer.state is EmployerState.REFUSED:
        return _(
            "核实没通过：%(why)s。改好单位资料会重新排队核实。", why=employer.state_reason
        ), "bad"
    if employer.state is EmployerState.SUSPENDED:
        return _("已被社区暂停：%(why)s。有疑问请打社区电话。", why=employer.state_reason), "bad"
    if employer.state is EmployerState.CLOSED:
        return _("单位已注销，招聘都结束了。要再用，请带证件到社区富民支部。"), "bad"
    if until is None or until < clock.today():
        return _(
            "上次核实过期了，正在招的先停一停。%(papers)s再核实一次，就会自己放出来。",
            papers=papers,
        ), "bad"
    if (until - clock.today()).days <= checks.warn_days():
        words = date_words(until)
        return _(
            "核实到%(until)s就满了，过了这天正在招的会先停下。%(papers)s提前续上。",
            until=words,
            papers=papers,
        ), "warn"
    return _("已核实，%(until)s以前可以发布招聘。", until=date_words(until)), "good"


def _data(form: Any) -> dict[str, str]:
    return {name: form[name].data for name in _FIELDS}
