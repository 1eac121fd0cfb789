"""/register: a resident registers by their own hand."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import throttle
from webapp.accounts.service import PhoneTaken
from webapp.accounts.views import enter
from webapp.core import access, audit, passwords, rate_limits
from webapp.core.access import Role, current_actor, public
from webapp.core.db import get_db
from webapp.residents import sections
from webapp.residents.blueprint import bp
from webapp.residents.forms.registration import RegisterForm
from webapp.residents.services import registration


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Create account, household, file and consents at once; then on to the first steps."""
    if current_actor().role is Role.RESIDENT:  # came back, or clicked twice
        return redirect(url_for("home.resident"), 303)
    form = RegisterForm()
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return render_template("residents/register.html", form=form), status
    _count_try()
    hashed = passwords.hash_password(form.password.data)
    try:
        with get_db().transaction(access.ANONYMOUS) as session:
            registered = registration.register_self(
                session,
                access.ANONYMOUS,
                phone=form.phone.data,
                password_hash=hashed,
                name=form.name.data,
                unit_address=form.unit_address.data,
                sensitive=form.sensitive.data,
            )
    except PhoneTaken as taken:
        _note_taken()
        form.phone.errors = [taken.message]
        return render_template("residents/register.html", form=form), 400
    first = url_for("residents.my_section", section=sections.STEPS[0], steps=1)
    return enter(registered.token, form.phone.data, first)


def _count_try() -> None:
    """Count the try: one address may not open account after account, or hunt for numbers."""
    with get_db().transaction(access.SYSTEM) as session:
        rate_limits.take(session, [throttle.of_new_accounts(request.remote_addr or "")])


def _note_taken() -> None:
    with get_db().transaction(access.ANONYMOUS) as session:
        audit.record(session, "account.register_refused", "account:unknown")
