"""/me/services/: what is agreed for somebody, what was noted, and the way to end it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.models import Branch
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import NotFound
from webapp.core.posting import write_and_redirect
from webapp.standing_services import policy, queries
from webapp.standing_services.blueprint import bp
from webapp.standing_services.lifecycle import EndReason
from webapp.standing_services.models import StandingService
from webapp.standing_services.services import stopping


@bp.get("/me/services/")
@requires(Permission.RESIDENT_SELF)
def mine() -> str:
    """Who comes, how often, when next; what was noted is one's own to read."""
    session = reader()
    lines = queries.of_resident(session, current_actor().resident_id)
    return render_template(
        "standing_services/mine.html",
        lines=lines,
        visits=queries.visits_of(session, [line.service.id for line in lines]),
        branches={line.service.branch_id: session.get_one(Branch, line.service.branch_id)
                  for line in lines},
    )  # fmt: skip


@bp.post("/me/services/<id:service_id>/end")
@requires(Permission.RESIDENT_SELF)
def end_mine(service_id: int) -> ResponseReturnValue:
    """End it: nobody asks why."""
    service = reader().get(StandingService, service_id)
    if service is None or not policy.is_own(current_actor(), service):
        raise NotFound
    return write_and_redirect(
        stopping.end,
        _("好，不再安排人来。以后想要了，打支部电话就行。"),
        url_for(".mine"),
        service_id=service_id,
        reason=EndReason.WISH,
    )
