"""/me/handset/notices: notices on the screen of one's telephone, on and off."""

from pathlib import Path

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.core.access import Permission, public, requires
from webapp.core.errors import BadField, NotFound
from webapp.core.posting import write_and_redirect
from webapp.handsets import services
from webapp.handsets.blueprint import bp
from webapp.handsets.forms import SubscriptionForm
from webapp.handsets.views.settings import settings_page
from webapp.notices.push import Subscription

WORKER = "push-worker.js"


@bp.get("/me/push-worker.js")
@public
def push_worker() -> Response:
    """The script that shows a notice; it sees no page, for no page is below its scope."""
    script = (Path(current_app.static_folder or "") / WORKER).read_text(encoding="utf-8")
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.post("/me/handset/notices")
@requires(Permission.RESIDENT_SELF)
def show_notices() -> ResponseReturnValue:
    """Take the address at which this telephone takes notices."""
    settings = current_app.extensions["settings"]
    if not settings.push_key.exists():
        raise NotFound
    form = SubscriptionForm()
    if form.validate_on_submit():
        to = Subscription(form.endpoint.data, form.p256dh.data, form.auth.data)
        try:
            return write_and_redirect(
                services.show_notices,
                _("好的。有新消息，手机屏幕上会跳一下，晚上不打扰。"),
                url_for(".handset"),
                token=current_user.token,
                to=to,
                services=settings.push_services,
            )
        except BadField as error:
            form.endpoint.errors = [error.message]
    return settings_page(push_form=form), 400


@bp.post("/me/handset/notices/off")
@requires(Permission.RESIDENT_SELF)
def hide_notices() -> ResponseReturnValue:
    """Have this telephone show no more notices."""
    return write_and_redirect(
        services.hide_notices,
        _("关了，这台手机不再提醒。"),
        url_for(".handset"),
        token=current_user.token,
    )
