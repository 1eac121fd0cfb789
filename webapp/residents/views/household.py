"""/me/household: whom one lives with, asking to join, answering those who ask, leaving."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts.service import is_verified
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, Conflict, TooMany
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.residents import policy, queries
from webapp.residents.blueprint import bp
from webapp.residents.forms.household import AskToJoinForm
from webapp.residents.services import joining
from webapp.residents.views.file_urls import my_file, resident_at


@bp.get("/me/household")
@requires(Permission.RESIDENT_SELF)
def my_household() -> ResponseReturnValue:
    """Whom one lives with, and what is asked of one or by one."""
    return _page(AskToJoinForm(), 200)


@bp.post("/me/household/ask")
@requires(Permission.RESIDENT_SELF)
def ask_to_join() -> ResponseReturnValue:
    """Ask to be counted among those who live at an address; the answer is always the same."""
    my_file()
    form = AskToJoinForm()
    if not form.validate_on_submit():
        return _page(form, 400)
    try:
        with get_db().transaction(current_actor()) as session:
            joining.ask(session, current_actor(), unit_address=form.unit_address.data)
    except (BadField, Conflict, TooMany) as error:
        form.unit_address.errors = [error.message]
        return _page(form, error.status)
    flash(_("记下了。那一户有人答应，就会告诉您；最多等三天。"), "success")
    return redirect(url_for("residents.my_household"), 303)


@bp.post("/me/household/withdraw")
@requires(Permission.RESIDENT_SELF)
def withdraw_request() -> ResponseReturnValue:
    """Take the own request back."""
    my_file()
    if EmptyForm().validate_on_submit():
        with get_db().transaction(current_actor()) as session:
            joining.withdraw(session, current_actor())
        flash(_("撤回了。"), "success")
    return redirect(url_for("residents.my_household"), 303)


@bp.post("/me/household/requests/<id:request_id>/<any(agree, object):step>")
@requires(Permission.RESIDENT_SELF)
def answer_request(request_id: int, step: str) -> ResponseReturnValue:
    """Say yes or no to somebody who asks to join one's household."""
    my_file()
    if not EmptyForm().validate_on_submit():
        return redirect(url_for("residents.my_household"), 303)
    return write_and_redirect(
        joining.approve if step == "agree" else joining.object_to,
        _("记下了：您同意。") if step == "agree" else _("记下了：您不同意，社区会来问清楚。"),
        url_for("residents.my_household"),
        request_id=request_id,
    )


@bp.route("/me/household/leave", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def leave_household() -> ResponseReturnValue:
    """Say what leaving does, then leave at once."""
    my_file()
    if not EmptyForm().validate_on_submit():
        return render_template("residents/leave_household.html")
    return write_and_redirect(
        joining.leave, _("退出了，您现在自己一户。"), url_for("residents.my_household")
    )


def _page(form: AskToJoinForm, status: int) -> ResponseReturnValue:
    session = reader()
    resident = resident_at(my_file())
    verified = is_verified(session, resident.account_id)
    own = queries.last_request(session, resident.id)
    page = render_template(
        "residents/household.html",
        form=form,
        resident=resident,
        home=queries.home_of(session, resident),
        verified=verified,
        request=own,
        waiting=own is not None and joining.is_waiting(own),
        asked_of_me=queries.requests_to(session, resident),
        can_vouch=policy.can_vouch(
            resident, verified=verified, household_id=resident.household_id, on=clock.today()
        ),
    )
    return page, status
