"""/staff/jobs/: how far a background job is; the page may be left and come back to."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import heartbeats
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict
from webapp.core.posting import write_and_redirect
from webapp.jobs import service
from webapp.jobs.lifecycle import UNDER_WAY, JobState

bp = Blueprint("jobs", __name__)


@bp.get("/staff/jobs/<id:job_id>")
@requires(Permission.JOB_FOLLOW)
def show(job_id: int) -> ResponseReturnValue:
    """Show the state; while it is under way the page loads itself again and then goes on."""
    job = service.get_job(reader(), current_actor(), job_id)
    if request.args.get("follow") and job.state is JobState.DONE and job.result_url:
        return redirect(job.result_url)
    return render_template(
        "jobs/show.html",
        job=job,
        under_way=job.state in UNDER_WAY,
        own=job.requested_by_id == current_actor().account_id,
        again=service.MAY_BE_DONE_AGAIN,
        waiting=heartbeats.is_silent(reader(), heartbeats.SCHEDULER) is not False,
        states=JobState,
    )


@bp.post("/staff/jobs/<id:job_id>/cancel")
@requires(Permission.JOB_FOLLOW)
def cancel(job_id: int) -> ResponseReturnValue:
    """Take the job back."""
    here = url_for(".show", job_id=job_id)
    try:
        return write_and_redirect(service.cancel, _("取消了。"), here, job_id=job_id)
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(here, 303)


@bp.post("/staff/jobs/<id:job_id>/again")
@requires(Permission.JOB_FOLLOW)
def again(job_id: int) -> ResponseReturnValue:
    """Have a job done again that failed or was cancelled."""
    try:
        return write_and_redirect(
            service.again,
            _("又排上队了。"),
            lambda job: url_for(".show", job_id=job.id, follow=1),
            job_id=job_id,
        )
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", job_id=job_id), 303)
