"""/staff/piecework/orders/<id>/plan: who could make what is left; a background job works it out."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.core import heartbeats
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Refused
from webapp.jobs import service as jobs
from webapp.jobs.lifecycle import JobState
from webapp.jobs.models import JobKind
from webapp.piecework.blueprint import bp
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.services import capacity_planning, opening_sync
from webapp.piecework.services.access import get_order


@bp.get("/staff/piecework/orders/<id:order_id>/plan")
@requires(Permission.PIECEWORK_MANAGE)
def plan(order_id: int) -> str:
    """Show the last plan, and how far the next one is."""
    session = reader()
    order = get_order(session, current_actor(), order_id)
    return _page(order, capacity_planning.lacks(session, order))


@bp.post("/staff/piecework/orders/<id:order_id>/plan")
@requires(Permission.PIECEWORK_MANAGE)
def start_plan(order_id: int) -> ResponseReturnValue:
    """Have the order planned anew; while that is under way the same job is shown."""
    actor = current_actor()
    try:
        with get_db().transaction(actor) as session:
            job = capacity_planning.start_plan(session, actor, order_id=order_id)
    except Refused as error:
        return _page(get_order(reader(), actor, order_id), error.message), error.status
    if job.requested_by_id != actor.account_id:  # a colleague has asked for it
        return redirect(url_for(".plan", order_id=order_id), 303)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


def _page(order: PieceworkOrder, why_not: str) -> str:
    session = reader()
    kind, arguments = JobKind.PIECEWORK_PLAN, {"order_id": order.id}
    job = jobs.latest(session, kind=kind, arguments=arguments)
    done = jobs.latest(session, kind=kind, arguments=arguments, state=JobState.DONE)
    return render_template(
        "piecework/plan.html",
        order=order,
        title=opening_sync.title(session, order),
        why_not=why_not,
        job=job,
        states=JobState,
        waiting=heartbeats.is_silent(session, heartbeats.SCHEDULER) is not False,
        done=done,
        view=capacity_planning.view_plan(session, done.result) if done else None,
    )
