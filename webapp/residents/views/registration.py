"""/register: a resident registers by their own hand."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import service
from webapp.accounts.service import OpenedAlready
from webapp.accounts.views import count_new_account, enter
from webapp.core import access, passwords
from webapp.core.access import Role, current_actor, public
from webapp.core.db import get_db
from webapp.core.local_addresses import local_next
from webapp.residents.blueprint import bp
from webapp.residents.forms.registration import RegisterForm
from webapp.residents.services import registration


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """Create account, household, file and consents at once; then back to what somebody came for.

    Who came for nothing in particular goes on to the first steps.
    """
    if current_actor().role is Role.RESIDENT:  # came back, or clicked twice
        return redirect(local_next() or url_for("home.resident"), 303)
    form = RegisterForm()
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return render_template("residents/register.html", form=form, onward=local_next()), status
    count_new_account()
    onward = local_next() or url_for("home.next_question")
    hashed = passwords.hash_password(form.password.data)
    try:
        with get_db().transaction(access.ANONYMOUS) as session:
            token = registration.register_self(
                session,
                access.ANONYMOUS,
                phone=form.phone.data,
                password_hash=hashed,
                name=form.name.data,
                unit_address=form.unit_address.data,
                sensitive=form.sensitive.data,
                idempotency_key=form.idempotency_key.data or None,
            ).token
    except OpenedAlready:  # two taps: the second signs in to what the first opened
        signed_in = service.sign_in(
            get_db(),
            phone=form.phone.data,
            password=form.password.data,
            address=request.remote_addr or "",
            device=None,
        )
        if signed_in is None:
            return redirect(url_for("accounts.login", next=onward), 303)
        token = signed_in.token
    return enter(token, form.phone.data, onward)
