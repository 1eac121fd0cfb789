"""/me/phone: prove one's number by a code; staff record that they heard or saw its owner."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts import service as accounts
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Conflict, TooMany
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.notices import outbox
from webapp.residents.blueprint import bp
from webapp.residents.forms.household import CodeForm
from webapp.residents.models import PhoneChannel
from webapp.residents.services import phones
from webapp.residents.views.file_urls import my_file, staff_file


@bp.get("/me/phone")
@requires(Permission.RESIDENT_SELF)
def my_phone() -> ResponseReturnValue:
    """Whether one's number is proven, and the ways to prove it."""
    my_file()
    return _page(CodeForm(), 200)


@bp.post("/me/phone/send")
@requires(Permission.RESIDENT_SELF)
def send_code() -> ResponseReturnValue:
    """Have a code sent to one's number."""
    my_file()
    form = CodeForm()
    if not EmptyForm().validate_on_submit():
        return _page(form, 400)
    try:
        with get_db().transaction(current_actor()) as session:
            phones.send_code(session, current_actor(), address=request.remote_addr or "")
    except (Conflict, TooMany) as error:
        form.code.errors = [error.message]
        return _page(form, error.status)
    flash(_("发出去了，收到六位数字就填在下面。"), "success")
    return redirect(url_for("residents.my_phone"), 303)


@bp.post("/me/phone/check")
@requires(Permission.RESIDENT_SELF)
def check_code() -> ResponseReturnValue:
    """Compare the code typed."""
    my_file()
    form = CodeForm()
    if not form.validate_on_submit():
        return _page(form, 400)
    try:
        with get_db().transaction(current_actor()) as session:
            fits = phones.check_code(session, current_actor(), code=form.code.data)
    except Conflict as error:
        form.code.errors = [error.message]
        return _page(form, error.status)
    if not fits:
        form.code.errors = [_("验证码不对，请再看看短信")]
        return _page(form, 400)
    flash(_("手机号核对好了。"), "success")
    return redirect(url_for("home.resident"), 303)


def _page(form: CodeForm, status: int) -> ResponseReturnValue:
    account = accounts.get_account(reader(), current_actor().account_id)
    page = render_template(
        "residents/phone.html",
        form=form,
        account=account,
        can_send=bool(outbox.people_channels(reader())),
    )
    return page, status


@bp.post("/staff/residents/<id:resident_id>/phone/<any(counter, call_back):how>")
@requires(Permission.RESIDENT_MANAGE)
def verify_phone(resident_id: int, how: str) -> ResponseReturnValue:
    """Record that the number is the person's: seen at the counter or heard on a call back."""
    urls = staff_file(resident_id)
    if not EmptyForm().validate_on_submit():
        return redirect(urls.overview, 303)
    return write_and_redirect(
        phones.verify_by_staff,
        _("记下了：手机号核对过了。"),
        urls.overview,
        resident_id=resident_id,
        channel=PhoneChannel(how),
    )
