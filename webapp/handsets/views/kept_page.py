"""/me/kept-page: what a telephone keeps to be read without network, on its holder's wish."""

from datetime import timedelta
from pathlib import Path

from flask import Response, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.branches.queries.members import serving_phone
from webapp.core import clock
from webapp.core.access import Permission, current_actor, public, requires
from webapp.core.db import reader
from webapp.core.posting import write_and_redirect
from webapp.handsets import queries, services
from webapp.handsets.blueprint import bp
from webapp.handsets.forms import SwitchForm
from webapp.rulebook.figures import rule

WORKER = "kept-page-worker.js"


@bp.get("/me/kept-page")
@requires(Permission.RESIDENT_SELF)
def kept_page() -> Response:
    """Appointments and slips, with the moment they were read and until when they may be kept."""
    now = clock.now()
    until = now + timedelta(days=rule("kept_page_days", on=clock.today()))
    page = make_response(
        render_template(
            "handsets/kept_page.html",
            kept=queries.kept(reader(), current_actor()),
            as_of=now,
            phone=serving_phone(reader()),
        )
    )
    page.headers["X-Kept-For"] = current_user.mark if current_user.keeps_page else ""
    page.headers["X-Kept-At"] = str(int(now.timestamp()))
    page.headers["X-Kept-Until"] = str(int(until.timestamp()))
    return page


@bp.get("/me/kept-page-worker.js")
@public
def kept_page_worker() -> Response:
    """The script that answers without network; its address limits it to a person's own pages."""
    script = (Path(current_app.static_folder or "") / WORKER).read_text(encoding="utf-8")
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.post("/me/handset/keep")
@requires(Permission.RESIDENT_SELF)
def keep() -> ResponseReturnValue:
    """Turn the keeping on or off for this browser."""
    form = SwitchForm()
    form.validate()  # the token of the form was checked before; nothing else can be wrong
    return write_and_redirect(
        services.keep_page,
        _("好的，存在这台手机上了。每次有网打开，都换成新的。")
        if form.on.data
        else _("好的，这台手机上存的都删了。"),
        url_for(".handset"),
        token=current_user.token,
        on=form.on.data,
    )
