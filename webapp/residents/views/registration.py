"""/register: a resident registers by their own hand."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import throttle
from webapp.accounts.service import PhoneTaken
from webapp.accounts.views import enter
from webapp.core import access, audit, passwords
from webapp.core.access import Role, current_actor, public
from webapp.core.db import get_db
from webapp.core.errors import TooMany
from webapp.residents import sections, service
from webapp.residents.blueprint import bp
from webapp.residents.forms.registration import RegisterForm


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
    _refuse_number_hunting()
    hashed = passwords.hash_password(form.password.data)
    try:
        with get_db().transaction(access.ANONYMOUS) as session:
            registered = service.register_self(
                session,
                access.ANONYMOUS,
                phone=form.phone.data,
                password_hash=hashed,
                name=form.name.data,
                door=form.door.data,
                sensitive=form.sensitive.data,
            )
    except PhoneTaken as taken:
        _count_taken()
        form.phone.errors = [taken.message]
        return render_template("residents/register.html", form=form), 400
    first = url_for("residents.my_section", section=sections.STEPS[0], steps=1)
    return enter(registered.token, form.phone.data, first)


def _refuse_number_hunting() -> None:
    """Refuse an address that keeps asking which numbers have accounts."""
    with get_db().reader() as session:
        wait = throttle.wait_seconds(session, _address())
    if wait:
        raise TooMany(retry_after=wait)


def _count_taken() -> None:
    with get_db().transaction(access.ANONYMOUS) as session:
        throttle.count_failure(session, _address())
        audit.record(session, "account.register_refused", "account:unknown")


def _address() -> dict[str, int]:
    return throttle.address_bucket(request.remote_addr or "")
