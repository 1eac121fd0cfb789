"""/login/forgotten: a new password by a code to one's number."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.views import enter
from webapp.core import access, passwords
from webapp.core.access import public
from webapp.core.db import get_db, reader
from webapp.core.errors import TooMany
from webapp.notices import outbox
from webapp.residents.blueprint import bp
from webapp.residents.forms.recovery import ForgottenForm, NewPasswordForm
from webapp.residents.services import recovery

_NUMBER = "recovery_phone"  # in the browser's signed session: never in an address


@bp.route("/login/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a code; the answer is the same whoever's number it is."""
    form = ForgottenForm()
    can_send = bool(outbox.people_channels(reader()))
    if not can_send or not form.validate_on_submit():
        page = render_template("residents/forgotten.html", form=form, can_send=can_send)
        return page, 400 if form.is_submitted() else 200
    try:
        with get_db().transaction(access.SYSTEM) as writing:
            recovery.send_code(writing, phone=form.phone.data, address=request.remote_addr or "")
    except TooMany as error:
        form.phone.errors = [error.message]
        page = render_template("residents/forgotten.html", form=form, can_send=can_send)
        return page, error.status
    session[_NUMBER] = form.phone.data
    return redirect(url_for("residents.new_password"), 303)


@bp.route("/login/new-password", methods=["GET", "POST"])
@public
def new_password() -> ResponseReturnValue:
    """The code that came, and a new password; then signed in."""
    phone = session.get(_NUMBER)
    if not phone:
        return redirect(url_for("residents.forgotten"), 303)
    form = NewPasswordForm()
    if not form.validate_on_submit() or form.refuse_number(phone):
        page = render_template("residents/new_password.html", form=form, phone=phone)
        return page, 400 if form.is_submitted() else 200
    hashed = passwords.hash_password(form.password.data)
    with get_db().transaction(access.SYSTEM) as writing:
        token = recovery.set_password(
            writing, phone=phone, code=form.code.data, password_hash=hashed
        )
    if token is None:
        form.code.errors = [_("验证码不对，或者过期了。再看看短信；试了五次还不行，就重新发一个")]
        return render_template("residents/new_password.html", form=form, phone=phone), 400
    session.pop(_NUMBER, None)
    flash(_("密码换好了，已经登录。别的手机、电脑都退出了。"), "success")
    return enter(token, phone)
