"""/staff/training/demand: what courses would open, and whom to invite to a run."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import heartbeats
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import NotFound
from webapp.core.posting import write_and_redirect
from webapp.jobs import service as jobs
from webapp.jobs.lifecycle import UNDER_WAY, JobState
from webapp.jobs.models import JobKind
from webapp.openings.models import Opening
from webapp.training.blueprint import bp
from webapp.training.forms.invitations import InviteForm
from webapp.training.models.courses import CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.queries import candidates, demand
from webapp.training.queries.runs import runs_of
from webapp.training.services import demand as computing
from webapp.training.services import invitations, posting


@bp.get("/staff/training/demand")
@requires(Permission.TRAINING_MANAGE)
def demand_board() -> str:
    """Which course or certificate would open how many openings for how many people."""
    job = jobs.latest(reader(), kind=JobKind.TRAINING_DEMAND, arguments={})
    return render_template(
        "training/demand.html",
        page=demand.demand_page(reader()),
        computed_at=demand.computed_at(reader()),
        job=job,
        under_way=job is not None and job.state in UNDER_WAY,
        failed=job is not None and job.state is JobState.FAILED,
        waiting=heartbeats.is_silent(reader(), heartbeats.SCHEDULER) is not False,
    )


@bp.post("/staff/training/demand/compute")
@requires(Permission.TRAINING_MANAGE)
def compute_demand() -> ResponseReturnValue:
    """Have it worked out anew; while that is under way the same job is shown."""
    actor = current_actor()
    with get_db().transaction(actor) as session:
        job = computing.start(session, actor)
    if job.requested_by_id != actor.account_id:  # a colleague has asked for it
        return redirect(url_for("training.demand_board"), 303)
    return redirect(url_for("jobs.show", job_id=job.id), 303)


@bp.route("/staff/training/runs/<id:run_id>/invite", methods=["GET", "POST"])
@requires(Permission.TRAINING_MANAGE)
def invite(run_id: int) -> ResponseReturnValue:
    """Whom to invite to a run: who gains most is ticked, staff say who."""
    run = reader().get(CourseRun, run_id)
    if run is None:
        raise NotFound
    form = InviteForm()
    if form.validate_on_submit():
        return write_and_redirect(
            invitations.invite,
            lambda invited: _(
                "请了 %(n)d 个人。有账号的自己看得到，没有账号的在「要转告的」里。", n=len(invited)
            ),
            url_for("training.invite", run_id=run_id),
            run_id=run_id,
            resident_ids=form.residents.data,
        )
    course = posting.get_course(reader(), current_actor(), run.course_id)
    view = runs_of(reader(), run_ids=[run_id])[0]
    free = view.free if view.takes_people else 0
    page = render_template(
        "training/invite.html",
        form=form,
        run=run,
        view=view,
        title=reader().get_one(Opening, course.opening_id).title,
        listed=candidates.candidates(reader(), course, run, free=free),
        invited=candidates.invited_to(reader(), run_id, free=free),
        unanswered=candidates.unanswered(reader(), run_id),
        chosen=set(form.residents.data or []) if form.is_submitted() else None,
    )
    return page, 400 if form.is_submitted() else 200


@bp.post("/staff/training/enrolments/<id:enrolment_id>/not-this-time")
@requires(Permission.TRAINING_MANAGE)
def note_not_this_time(enrolment_id: int) -> ResponseReturnValue:
    """Note that somebody invited does not come this time."""
    if reader().get(Enrolment, enrolment_id) is None:
        raise NotFound
    return write_and_redirect(
        invitations.not_this_time,
        _("记下了，只有社区知道。"),
        _back(),
        enrolment_id=enrolment_id,
    )


@bp.post("/staff/training/residents/<id:resident_id>/<any('stop', 'ask'):step>")
@requires(Permission.TRAINING_MANAGE)
def note_invitations(resident_id: int, step: str) -> ResponseReturnValue:
    """Note that somebody wants no invitations to courses, or wants them again."""
    return write_and_redirect(
        invitations.set_stop,
        _("记下了：以后不主动请。") if step == "stop" else _("记下了：又可以请了。"),
        _back(),
        resident_id=resident_id,
        stop=step == "stop",
    )


def _back() -> str:
    """Return the list of invitations the button stood on."""
    run = request.form.get("run", "")
    known = run.isascii() and run.isdecimal() and len(run) < 10
    return url_for("training.invite", run_id=int(run)) if known else url_for("training.board")
