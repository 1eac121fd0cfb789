"""/staff/matches/plan: the whole community's plan, made, looked at and taken over."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import heartbeats
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Conflict
from webapp.core.posting import write_and_redirect
from webapp.jobs import service as jobs
from webapp.jobs.lifecycle import UNDER_WAY, JobState
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.matches.blueprint import bp
from webapp.matches.forms.plans import PlanLinesForm
from webapp.matches.queries import plans as queries
from webapp.matches.queries.plans import Part
from webapp.matches.services import plans

_PAGE = "/staff/matches/plan"


@bp.get(_PAGE)
@requires(Permission.MATCH_DECIDE)
def plan() -> str:
    """Show the latest plan: who gets what and why, who gets nothing, what was taken out."""
    return _page(PlanLinesForm(formdata=None))


@bp.post(_PAGE)
@requires(Permission.MATCH_DECIDE)
def make_plan() -> ResponseReturnValue:
    """Have a plan made; while that is under way the same job is shown."""
    actor = current_actor()
    with get_db().transaction(actor) as session:
        job = plans.start_making(session, actor)
    if job.requested_by_id != actor.account_id:  # a colleague has asked for it
        return redirect(url_for("matches.plan"), 303)
    return redirect(url_for("jobs.show", job_id=job.id, follow=1), 303)


@bp.post(f"{_PAGE}/<id:plan_id>/take-over")
@requires(Permission.MATCH_DECIDE)
def take_over_plan(plan_id: int) -> ResponseReturnValue:
    """Have the queue show what the plan picks."""
    return _or_back(lambda: write_and_redirect(plans.take_over, "", _page_of_job, plan_id=plan_id))


def _page_of_job(job: BackgroundJob) -> str:
    if job.requested_by_id != current_actor().account_id:
        return url_for("matches.plan")
    return url_for("jobs.show", job_id=job.id, follow=1)


@bp.post(f"{_PAGE}/<id:plan_id>/<any('take-out', 'put-back'):step>")
@requires(Permission.MATCH_DECIDE)
def change_plan(plan_id: int, step: str) -> ResponseReturnValue:
    """Take the ticked lines out of the plan, or put them back."""
    form = PlanLinesForm()
    if not form.validate_on_submit():
        return _page(form), 400
    verb: Any = plans.take_out if step == "take-out" else plans.put_back
    words = (
        (lambda n: _("拿出来了 %(n)d 条，以后的计划也不再这样排。", n=n))
        if step == "take-out"
        else (lambda n: _("放回去了 %(n)d 条。", n=n))
    )
    target = url_for("matches.plan", part=_part().value)
    return _or_back(
        lambda: write_and_redirect(verb, words, target, plan_id=plan_id, line_ids=form.lines.data)
    )


def _or_back(write: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Return to the latest plan with a word when the one acted on has passed."""
    try:
        return write()
    except Conflict as passed:
        flash(passed.message, "warning")
    return redirect(url_for("matches.plan"), 303)


def _part() -> Part:
    asked = request.args.get("part", "")
    return Part(asked) if asked in set(Part) else Part.PICKS


def _page(form: PlanLinesForm) -> str:
    view = queries.read_plan(reader(), _part())
    job = jobs.latest(reader(), kind=JobKind.COMMUNITY_PLAN, arguments={})
    return render_template(
        "matches/plan.html",
        view=view,
        form=form,
        tabs=[
            (f"{part.label} {number}", url_for("matches.plan", part=part.value), part is view.part)
            for part, number in view.counts.items()
        ]
        if view
        else [],
        job=job,
        under_way=job is not None and job.state in UNDER_WAY,
        failed=job is not None and job.state is JobState.FAILED,
        moving=view and plans.marking(reader(), view.plan.id),
        cut_off=view and plans.is_cut_off(reader(), view.plan),
        waiting=heartbeats.is_silent(reader(), heartbeats.SCHEDULER) is not False,
        under_way_states=UNDER_WAY,
    )
