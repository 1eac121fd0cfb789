"""/admin/messages/: channels for notices, and what did not arrive."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Conflict
from webapp.core.formfields import EmptyForm
from webapp.core.paging import paginate
from webapp.messages.blueprint import bp
from webapp.messages.forms import ChannelForm
from webapp.messages.services import channels
from webapp.notices import delivery, outbox, outside
from webapp.notices.models import Audience


@bp.route("/admin/messages/", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE)
def admin_channels() -> ResponseReturnValue:
    """The channels, a form for one more, and what waits or failed."""
    form = ChannelForm()
    if form.validate_on_submit():
        try:
            with get_db().transaction(current_actor()) as session:
                channels.add_channel(
                    session,
                    current_actor(),
                    name=form.name.data,
                    url=form.url.data,
                    audience=Audience(form.audience.data),
                )
        except Conflict as error:
            form.name.errors = [error.message]
        else:
            flash(_("加好了。先点「试发一条」，看那边收不收得到。"), "success")
            return redirect(url_for("messages.admin_channels"), 303)
    page = render_template(
        "messages/channels.html",
        form=form,
        channels=[(one, outside.masked(one.url)) for one in channels.all_channels(reader())],
        page=paginate(reader(), channels.undelivered()),
        most=len(outbox.BACKOFF),
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/admin/messages/<id:channel_id>/<any(enable, disable, remove):step>")
@requires(Permission.ACCOUNT_MANAGE)
def admin_switch(channel_id: int, step: str) -> ResponseReturnValue:
    """Switch a channel on or off, or take it away with what waits for it."""
    if EmptyForm().validate_on_submit():
        actor = current_actor()
        with get_db().transaction(actor) as session:
            if step == "remove":
                channels.remove_channel(session, actor, channel_id=channel_id)
            else:
                on = step == "enable"
                channels.switch_channel(session, actor, channel_id=channel_id, enabled=on)
        told = {"enable": _("开了。"), "disable": _("停了。"), "remove": _("删掉了。")}
        flash(told[step], "success")
    return redirect(url_for("messages.admin_channels"), 303)


@bp.post("/admin/messages/<id:channel_id>/test")
@requires(Permission.ACCOUNT_MANAGE)
def admin_test(channel_id: int) -> ResponseReturnValue:
    """Send a test notice now and say whether it arrived."""
    if EmptyForm().validate_on_submit():
        with get_db().transaction(current_actor()) as session:
            row = channels.put_test(session, current_actor(), channel_id=channel_id)
        if delivery.deliver_one(get_db(), row.id):
            flash(_("试发成功，去那边看看。"), "success")
        else:
            flash(_("没有送到，原因写在下面。改好以后再试，或者过一会儿会自动再发。"), "danger")
    return redirect(url_for("messages.admin_channels"), 303)


@bp.post("/admin/messages/rows/<id:row_id>/again")
@requires(Permission.ACCOUNT_MANAGE)
def admin_again(row_id: int) -> ResponseReturnValue:
    """Have a notice that did not arrive sent once more."""
    if EmptyForm().validate_on_submit():
        with get_db().transaction(current_actor()) as session:
            channels.send_again(session, current_actor(), row_id=row_id)
        flash(_("排上了，一会儿再发。"), "success")
    return redirect(url_for("messages.admin_channels"), 303)
