"""/me/kept/: openings one keeps, and searches whose new answers one is told of."""

from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from webapp.bookmarks import queries, service
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.formfields import EmptyForm
from webapp.core.posting import write_and_redirect
from webapp.openings import catalogue_cache
from webapp.openings.views.public import cards

bp = Blueprint("bookmarks", __name__)


@bp.get("/me/kept/")
@requires(Permission.RESIDENT_SELF)
def index() -> str:
    """All that one keeps."""
    session, account_id = reader(), current_actor().account_id
    shown = catalogue_cache.shown(session)
    kept = queries.bookmarks_of(session, account_id, shown)
    return render_template(
        "bookmarks/index.html",
        kept=[(one, cards([one.entry])[0] if one.entry else None) for one in kept],
        alerts=[(one, cards(one.newest)) for one in queries.alerts_of(session, account_id, shown)],
    )


@bp.post("/me/kept/openings/<id:opening_id>")
@requires(Permission.RESIDENT_SELF)
def keep(opening_id: int) -> ResponseReturnValue:
    """Keep an opening."""
    onward = url_for("openings.show", opening_id=opening_id)
    if not EmptyForm().validate_on_submit():
        return redirect(onward, 303)
    return write_and_redirect(
        service.keep, _("收藏了，在「我的」→「收藏」里看。"), onward, opening_id=opening_id
    )


@bp.post("/me/kept/openings/<id:opening_id>/drop")
@requires(Permission.RESIDENT_SELF)
def drop(opening_id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    onward = url_for("bookmarks.index")
    if not EmptyForm().validate_on_submit():
        return redirect(onward, 303)
    return write_and_redirect(service.drop, _("不收藏了。"), onward, opening_id=opening_id)


@bp.post("/me/kept/searches/")
@requires(Permission.RESIDENT_SELF)
def keep_search() -> ResponseReturnValue:
    """Be told of new openings like those of the list one has before oneself."""
    onward = url_for("bookmarks.index")
    if not EmptyForm().validate_on_submit():
        return redirect(onward, 303)
    asked = MultiDict(parse_qsl(request.form.get("query", "")[:1000]))
    return write_and_redirect(
        service.keep_search, _("好，有新的就告诉您。别人看不到您在找什么。"), onward, asked=asked
    )


@bp.post("/me/kept/searches/<id:alert_id>/drop")
@requires(Permission.RESIDENT_SELF)
def drop_search(alert_id: int) -> ResponseReturnValue:
    """Be told no longer."""
    onward = url_for("bookmarks.index")
    if not EmptyForm().validate_on_submit():
        return redirect(onward, 303)
    return write_and_redirect(
        service.drop_search, _("好，不再告诉您了。"), onward, alert_id=alert_id
    )
