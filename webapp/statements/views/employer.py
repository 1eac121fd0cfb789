"""/employer/wages/: what an employer paid the people it hired; nothing else is seen here."""

from datetime import date

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formatting import month_words
from webapp.core.formfields import as_choices
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.residents.models import Resident
from webapp.statements import queries
from webapp.statements.blueprint import bp
from webapp.statements.forms import WageForm
from webapp.statements.models import WageConfirmation
from webapp.statements.services import wages


@bp.get("/employer/wages/")
@requires(Permission.MATCH_HIRE)
def hires() -> str:
    """The people who were hired, each with the newest month that is confirmed."""
    page = paginate(reader(), queries.hires(current_actor()))
    return render_template(
        "statements/hires.html",
        page=page,
        newest=queries.confirmed_months(reader(), [row.id for row in page.rows]),
    )


@bp.route("/employer/wages/<id:match_id>", methods=["GET", "POST"])
@requires(Permission.MATCH_HIRE)
def wage(match_id: int) -> ResponseReturnValue:
    """Confirm what somebody was paid for a month; what is confirmed already."""
    match, opening = wages.hire_of(reader(), current_actor(), match_id)
    form = WageForm()
    form.month.choices = as_choices(
        (one.isoformat(), month_words(one)) for one in wages.months_of(match)
    )
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                wages.confirm,
                _("确认好了，本人看得到，有不对会跟社区说。"),
                url_for(".wage", match_id=match_id),
                match_id=match_id,
                month=date.fromisoformat(form.month.data),
                amount_fen=form.amount_fen,
            )
        except ValueError:
            form.amount_yuan.errors = [_("请填数字，单位是元")]
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "statements/wage.html",
        form=form,
        name=reader().get_one(Resident, match.resident_id).name,
        opening=opening,
        wages=wages.of_match(reader(), match_id),
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/employer/wages/<id:wage_id>/withdraw")
@requires(Permission.MATCH_HIRE)
def withdraw_wage(wage_id: int) -> ResponseReturnValue:
    """Take back a month that was confirmed by mistake."""
    row = reader().get(WageConfirmation, wage_id)
    if row is None:
        raise NotFound
    wages.hire_of(reader(), current_actor(), row.match_id)
    return write_and_redirect(
        wages.withdraw, _("撤掉了。"), url_for(".wage", match_id=row.match_id), wage_id=wage_id
    )
