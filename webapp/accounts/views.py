"""/login, /logout, /account/…"""

import secrets
from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from webapp.accounts import actors, cards, service, throttle
from webapp.accounts.forms import (
    CardCodeForm,
    CardLoginForm,
    LoginForm,
    PasswordForm,
    SwitchForm,
)
from webapp.core import rate_limits, receipt_codes
from webapp.core.access import SYSTEM, Permission, Role, current_actor, public, requires
from webapp.core.db import close_reader, get_db, reader
from webapp.core.errors import BadField, NotFound
from webapp.core.local_addresses import local_next

bp = Blueprint("accounts", __name__)

DEVICE_COOKIE = "fumin_device"
LARGE_COOKIE = "fumin_large"
PICTURES_COOKIE = "fumin_pictures"
YEAR = 365 * 24 * 3600
HOME = {
    Role.RESIDENT: "home.resident",
    Role.EMPLOYER: "home.employer",
    Role.STAFF: "home.staff",
    Role.ADMIN: "admin.home",
}


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Sign in; afterwards to the page that asked for it, or to the role's own."""
    form = LoginForm()
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return render_template("accounts/login.html", form=form, onward=local_next()), status
    phone = form.phone.data
    signed_in = service.sign_in(
        get_db(),
        phone=phone,
        password=form.password.data,
        address=request.remote_addr or "",
        device=_known_device(phone),
    )
    if signed_in is None:
        form.password.errors = [_("手机号或密码不对")]
        return render_template("accounts/login.html", form=form, onward=local_next()), 400
    return enter(signed_in.token, phone, local_next())


@bp.route("/login/card", methods=["GET", "POST"])
@public
def card_code() -> ResponseReturnValue:
    """Type what stands on a card whose QR cannot be scanned."""
    form = CardCodeForm()
    if form.validate_on_submit():
        return redirect(url_for("accounts.card", code=receipt_codes.plain(form.code.data)), 303)
    return render_template("accounts/card_code.html", form=form), 400 if form.errors else 200


@bp.route("/login/card/<code>", methods=["GET", "POST"])
@public
def card(code: str) -> ResponseReturnValue:
    """Sign in with a card: its address says who, the PIN goes by POST."""
    if receipt_codes.plain(code) is None:
        raise NotFound
    form = CardLoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/card.html", form=form), 400 if form.errors else 200
    signed_in = cards.sign_in(
        get_db(), code=code, pin=form.pin.data, address=request.remote_addr or ""
    )
    if signed_in is None:
        form.pin.errors = [_("不对。错了五次卡就锁了，带卡到富民支部窗口重新办")]
        return render_template("accounts/card.html", form=form), 400
    phone = service.get_account(reader(), signed_in.account_id).phone
    return enter(signed_in.token, phone)


def enter(token: str, phone: str, target: str | None = None) -> Response:
    """Sign this browser in with ``token`` and redirect to ``target`` or the role's home.

    Whoever was signed in here before is so no more, with all this telephone did for them.
    """
    before = getattr(current_user, "token", token)
    if before != token:
        with get_db().transaction(current_actor()) as session:
            service.sign_out(session, current_actor(), token=before)
    close_reader()  # what this request read before is older than the session
    login_user(actors.load(token))
    role = current_actor().role
    response = redirect(target or url_for(HOME[role] if role else "home.index"), 303)
    _set_cookie(response, DEVICE_COOKIE, _devices().dumps([phone, secrets.token_urlsafe(9)]))
    return response


def count_new_account() -> None:
    """Count a try to register: one address may not open account after account.

    Counted by itself, so that a try which comes to nothing counts too.
    """
    with get_db().transaction(SYSTEM) as session:
        rate_limits.take(session, [throttle.of_new_accounts(request.remote_addr or "")])


@bp.post("/logout")
@requires(Permission.ACCOUNT_SELF)
def logout() -> ResponseReturnValue:
    """End this session on the server and in the browser."""
    with get_db().transaction(current_actor()) as session:
        service.sign_out(session, current_actor(), token=current_user.token)
    logout_user()
    flash(_("您已退出登录"), "success")
    return redirect(url_for("home.index"), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_SELF)
def password() -> ResponseReturnValue:
    """Change one's own password; every device has to sign in again."""
    form = PasswordForm()
    account = service.get_account(reader(), current_actor().account_id)
    first = not account.password_hash
    if first:
        del form.current
    if not form.validate_on_submit():
        status = 400 if form.is_submitted() else 200
        return render_template("accounts/password.html", form=form, first=first), status
    try:
        service.change_password(
            get_db(),
            current_actor(),
            current="" if first else form.current.data,
            new=form.password.data,
        )
    except BadField as error:
        form[error.field].errors = [error.message]
        return render_template("accounts/password.html", form=form, first=first), 400
    logout_user()
    flash(_("密码好了，请用新密码登录"), "success")
    return redirect(url_for("accounts.login"), 303)


@bp.post("/account/large-print")
@public
def large_print() -> ResponseReturnValue:
    """Switch the large-print mode; kept with the account, or in a cookie for visitors."""
    return _switch(LARGE_COOKIE, service.set_large_print)


@bp.post("/account/picture-mode")
@public
def picture_mode() -> ResponseReturnValue:
    """Switch to pictures first or back to words; kept as the large print is."""
    return _switch(PICTURES_COOKIE, service.set_picture_mode)


def _switch(cookie: str, keep: Callable[..., None]) -> Response:
    form = SwitchForm()
    actor = current_actor()
    if form.validate() and actor.role:
        with get_db().transaction(actor) as session:
            keep(session, actor, on=form.on.data)
    response = redirect(local_next() or url_for("home.index"), 303)
    _set_cookie(response, cookie, "1" if form.on.data else "0")
    return response


def wants_large_print() -> bool:
    """Return whether this request's reader wants large print."""
    return _wants(LARGE_COOKIE, "large_print")


def wants_pictures() -> bool:
    """Return whether this request's reader wants pictures first."""
    return _wants(PICTURES_COOKIE, "picture_mode")


def _wants(cookie: str, kept: str) -> bool:
    """Return what the account says; what was switched on before it was opened stays on."""
    switched: bool = request.cookies.get(cookie) == "1"
    return switched or bool(current_actor().role and getattr(current_user, kept))


def _devices() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="device")


def _known_device(phone: str) -> str | None:
    try:
        owner, device = _devices().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except (BadSignature, ValueError):
        return None
    return device if owner == phone else None


def _set_cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
