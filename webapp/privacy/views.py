"""/privacy for everybody; /me/consents and /me/data: take back a consent, take a copy, end it."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from webapp.accounts import sessions
from webapp.branches.queries.members import serving_phone
from webapp.core import clock
from webapp.core.access import Permission, Role, current_actor, public, requires
from webapp.core.db import get_db, reader
from webapp.core.formfields import EmptyForm
from webapp.core.labels import labels_of
from webapp.privacy import service as privacy
from webapp.privacy.export import export
from webapp.residents import queries
from webapp.residents.models import ConsentChannel, ConsentPurpose
from webapp.residents.services import consents
from webapp.residents.views.file_urls import FileUrls, my_file, resident_at, staff_file
from webapp.rulebook.figures import rule

bp = Blueprint("privacy", __name__)
_RULES = ("import_file_days", "search_alert_days", "service_record_days")  # how long is kept what


@bp.get("/privacy")
@public
def explained() -> str:
    """What is kept of people, why, who sees it, how long, and what they can do: in plain words."""
    today = clock.today()
    return render_template(
        "privacy/explained.html",
        has_own_pages=current_actor().role in {None, Role.RESIDENT},
        phone=serving_phone(reader()),
        session_days=sessions.LIFETIME.days,
        days={name: rule(name, on=today) for name in _RULES},
    )


@bp.get("/me/consents", endpoint="consents")
@requires(Permission.RESIDENT_SELF)
def my_consents() -> str:
    """What was agreed to, each with a way to take it back."""
    urls = my_file()
    return render_template(
        "privacy/consents.html",
        urls=urls,
        resident=resident_at(urls),
        rows=queries.consents_of(reader(), urls.resident_id),
        ending=consents.ENDING,
        channels=labels_of(ConsentChannel),
    )


@bp.post("/me/consents/<id:consent_id>/withdraw")
@requires(Permission.RESIDENT_SELF)
def my_withdraw(consent_id: int) -> ResponseReturnValue:
    """Take back one's own consent."""
    _withdraw(my_file(), consent_id)
    return redirect(url_for("privacy.consents"), 303)


@bp.post("/staff/residents/<id:resident_id>/consents/<id:consent_id>/withdraw")
@requires(Permission.RESIDENT_MANAGE)
def withdraw(resident_id: int, consent_id: int) -> ResponseReturnValue:
    """Take back a consent as the resident told staff."""
    urls = staff_file(resident_id)
    _withdraw(urls, consent_id)
    return redirect(urls.overview, 303)


def _withdraw(urls: FileUrls, consent_id: int) -> None:
    if not EmptyForm().validate_on_submit():
        return
    actor = current_actor()
    with get_db().transaction(actor) as session:
        consent = privacy.withdraw_consent(
            session, actor, resident_id=urls.resident_id, consent_id=consent_id
        )
    flash(_after_withdrawing(consent.purpose), "success")


def _after_withdrawing(purpose: ConsentPurpose) -> str:
    if purpose is ConsentPurpose.EMPLOYER:
        return _("收回了。从现在起，这家单位看不到这份情况。")
    return _("收回了。记下的残疾、低保、身份证信息已经删除。")


@bp.get("/me/data")
@requires(Permission.RESIDENT_SELF)
def data() -> str:
    """What a person may do with their own data."""
    return render_template("privacy/data.html")


@bp.get("/me/data.json")
@requires(Permission.RESIDENT_SELF)
def data_file() -> Response:
    """All personal rows as one JSON file."""
    copy = export(reader(), current_actor(), resident_id=my_file().resident_id)
    name = f"fumin-{clock.today():%Y%m%d}.json"
    return Response(
        json.dumps(copy, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.route("/me/data/leave", methods=["GET", "POST"])
@requires(Permission.RESIDENT_SELF)
def leave() -> ResponseReturnValue:
    """End the service and erase the file, after a page that says what happens."""
    actor = current_actor()
    if not EmptyForm().validate_on_submit():
        return render_template("privacy/leave.html", own=True, cancel=url_for("privacy.data"))
    with get_db().transaction(actor) as session:
        privacy.leave(session, actor, resident_id=my_file().resident_id)
    logout_user()
    flash(_("您的账号停用了，资料已经删除。哪天想回来，随时重新登记。"), "success")
    return redirect(url_for("home.index"), 303)
