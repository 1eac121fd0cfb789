"""/staff/join-requests/: who asks to be counted to which household, and what staff say to it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.paging import paginate
from webapp.residents import queries
from webapp.residents.blueprint import bp
from webapp.residents.forms.household import JoinDecisionForm
from webapp.residents.models import JoinState
from webapp.residents.services import joining

SAID = {
    "accept": _("记下了。没有人不同意，到时间就算住在一起。"),
    "refuse": _("记下了：不算住在一起。"),
    "object": _("记下了：有人不同意，等着定。"),
}


@bp.get("/staff/join-requests/")
@requires(Permission.RESIDENT_MANAGE)
def join_requests() -> str:
    """What waits: objected to first, then asked, the longest waiting first."""
    return render_template(
        "residents/join_requests.html", page=paginate(reader(), queries.join_requests())
    )


@bp.get("/staff/join-requests/<id:request_id>")
@requires(Permission.RESIDENT_MANAGE)
def join_request(request_id: int) -> ResponseReturnValue:
    """One request with those concerned."""
    return _page(request_id, JoinDecisionForm(), 200)


@bp.post("/staff/join-requests/<id:request_id>/<any(accept, refuse, object):step>")
@requires(Permission.RESIDENT_MANAGE)
def decide_join_request(request_id: int, step: str) -> ResponseReturnValue:
    """Say yes knowing both, note that a member objects, or decide what was objected to."""
    form, actor = JoinDecisionForm(), current_actor()
    if not form.validate_on_submit():
        return _page(request_id, form, 400)
    with get_db().transaction(actor) as session:
        asked = joining.get_request(session, actor, request_id).state is JoinState.ASKED
        if step == "object":
            joining.object_to(session, actor, request_id=request_id, note=form.note.data)
        elif asked and step == "accept":
            joining.approve(session, actor, request_id=request_id, note=form.note.data)
        else:
            joining.decide(
                session, actor, request_id=request_id, accept=step == "accept", note=form.note.data
            )
    flash(str(SAID[step]), "success")
    return redirect(url_for("residents.join_requests"), 303)


def _page(request_id: int, form: JoinDecisionForm, status: int) -> ResponseReturnValue:
    session = reader()
    request = joining.get_request(session, current_actor(), request_id)
    page = render_template(
        "residents/join_request.html",
        form=form,
        request=request,
        asker=queries.asker_of(session, request),
        members=queries.members_at(session, request.household_id),
    )
    return page, status
