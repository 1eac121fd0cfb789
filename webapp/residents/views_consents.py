"""Consents: one's own at /me/consents, and those withdrawn through staff."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.access import Permission, current_actor, requires
from webapp.db import get_db, reader
from webapp.residents import consents, privacy, queries
from webapp.residents.blueprint import bp
from webapp.residents.forms import EmptyForm
from webapp.residents.models import ConsentPurpose
from webapp.residents.places import Place, my_place, resident_at, staff_place


@bp.get("/me/consents", endpoint="consents")
@requires(Permission.RESIDENT_SELF)
def my_consents() -> str:
    """What was agreed to, each with a way to take it back."""
    place = my_place()
    return render_template(
        "residents/consents.html",
        place=place,
        resident=resident_at(place),
        rows=queries.consents_of(reader(), place.resident_id),
        ending=consents.ENDING,
    )


@bp.post("/me/consents/<id:consent_id>/withdraw")
@requires(Permission.RESIDENT_SELF)
def my_withdraw(consent_id: int) -> ResponseReturnValue:
    """Take back one's own consent."""
    _withdraw(my_place(), consent_id)
    return redirect(url_for("residents.consents"), 303)


@bp.post("/staff/residents/<id:resident_id>/consents/<id:consent_id>/withdraw")
@requires(Permission.RESIDENT_MANAGE)
def withdraw(resident_id: int, consent_id: int) -> ResponseReturnValue:
    """Take back a consent as the resident told staff."""
    place = staff_place(resident_id)
    _withdraw(place, consent_id)
    return redirect(place.overview, 303)


def _withdraw(place: Place, consent_id: int) -> None:
    if not EmptyForm().validate_on_submit():
        return
    actor = current_actor()
    with get_db().transaction(actor) as session:
        consent = privacy.withdraw_consent(
            session, actor, resident_id=place.resident_id, consent_id=consent_id
        )
    flash(_after_withdrawing(consent.purpose), "success")


def _after_withdrawing(purpose: ConsentPurpose) -> str:
    if purpose is ConsentPurpose.EMPLOYER:
        return _("收回了。从现在起，这家单位看不到这份情况。")
    return _("收回了。记下的残疾、低保、身份证信息已经删除。")
