"""/openings/<id>/apply: whoever has no account yet registers and applies on one page."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.accounts import service as accounts
from webapp.accounts.views import count_new_account, enter
from webapp.core import access, clock
from webapp.core.access import current_actor, public
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, NotFound
from webapp.core.local_addresses import local_next
from webapp.matches.blueprint import bp
from webapp.matches.services import newcomers
from webapp.openings import presentation
from webapp.openings.models import Opening
from webapp.openings.policy import is_open
from webapp.residents.forms.registration import NewcomerForm


@bp.route("/openings/<id:opening_id>/apply", methods=["GET", "POST"])
@public
def newcomer(opening_id: int) -> ResponseReturnValue:
    """Name, number, age and a yes; then straight on with what somebody came for."""
    opening = reader().get(Opening, opening_id)
    if opening is None or opening.published_at is None:
        raise NotFound
    onward = url_for("openings.show", opening_id=opening_id)
    if current_actor().role is not None or not is_open(opening, on=clock.today()):
        return redirect(onward, 303)
    form = NewcomerForm()
    if not form.validate_on_submit():
        return _page(opening, form, 400 if form.is_submitted() else 200)
    count_new_account()
    try:
        with get_db().transaction(access.ANONYMOUS) as session:
            token, match_id = newcomers.register_and_apply(
                session,
                access.ANONYMOUS,
                opening_id=opening_id,
                name=form.name.data,
                phone=form.phone.data,
                age=form.age.data,
                idempotency_key=form.own_key,
            )
    except BadField as error:
        form[error.field].errors = [error.message]
        return _page(opening, form, error.status)
    except accounts.OpenedAlready:  # two taps: the second goes on with what the first opened
        with get_db().transaction(access.ANONYMOUS) as session:
            token, match_id = newcomers.resume(
                session, opening_id=opening_id, idempotency_key=form.own_key
            )
    if match_id is None:
        return enter(token, form.phone.data, local_next() or onward)
    flash(_("社区按这个号码找您：%(phone)s", phone=form.phone.data), "success")
    return enter(token, form.phone.data, url_for("matches.mine", match_id=match_id))


def _page(opening: Opening, form: NewcomerForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "matches/newcomer.html",
        opening=opening,
        form=form,
        pay=presentation.pay_of(opening),
        place=presentation.place_line(opening.kind, opening.place, opening.at_home),
        hours=presentation.hours_line(opening.hours, opening.flexible),
        taken_down=opening.kind in newcomers.TAKEN_DOWN,
        onward=local_next(),
    )
    return page, status
