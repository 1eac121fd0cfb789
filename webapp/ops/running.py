"""/admin/jobs/: what the scheduler does, what of it is late, and what waits in the background."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.admin.presentation.details import outcome_words
from webapp.admin.presentation.jobs import name_words, what_words, why_late
from webapp.core import clock, heartbeats
from webapp.core.access import Permission, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict
from webapp.core.posting import write_and_redirect
from webapp.jobs.lifecycle import UNDER_WAY, JobState
from webapp.jobs.models import BackgroundJob
from webapp.ops import by_hand, lateness
from webapp.ops.scheduled_jobs import NIGHTLY_BACKUP

bp = Blueprint("running", __name__)
_SHOWN = 20


@bp.get("/admin/jobs/")
@requires(Permission.JOB_MANAGE)
def index() -> str:
    """Late ones first; then every job, and the queue."""
    session = reader()
    scheduled = lateness.states(session)
    return render_template(
        "ops/running.html",
        scheduled=sorted(scheduled, key=_urgency),
        late=[one for one in scheduled if one.late_since],
        frequent=lateness.frequent_states(session),
        heard=heartbeats.last(session, heartbeats.SCHEDULER),
        begun=heartbeats.last(session, heartbeats.SCHEDULER_START),
        silent=heartbeats.is_silent(session, heartbeats.SCHEDULER),
        under_way=_queue(session, UNDER_WAY),
        failed=_queue(session, (JobState.FAILED,)),
        now=clock.now(),
        name_words=name_words,
        what_words=what_words,
        why_late=why_late,
        outcome_words=outcome_words,
    )


@bp.post("/admin/jobs/<string(maxlength=40):name>/run")
@requires(Permission.JOB_MANAGE)
def run(name: str) -> ResponseReturnValue:
    """Have a scheduled job done now."""
    # A backup is shown among the backups, whichever page asked for it.
    page = url_for("backups.index" if name == NIGHTLY_BACKUP else "running.index")
    try:
        return write_and_redirect(
            by_hand.ask,
            "",
            lambda job: url_for("jobs.show", job_id=job.id, follow=1),
            name=name,
            page=page,
        )
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(page, 303)


def _urgency(state: lateness.ScheduledState) -> tuple[bool, bool, str]:
    return not state.late_since, not state.failed, name_words(state.job.name)


def _queue(session: Session, states: Sequence[JobState]) -> Sequence[Any]:
    """Return background jobs in these states, newest first, with who asked for them."""
    return session.execute(
        select(
            col(BackgroundJob.id),
            col(BackgroundJob.kind),
            col(BackgroundJob.arguments),
            col(BackgroundJob.state),
            col(BackgroundJob.done),
            col(BackgroundJob.total),
            col(BackgroundJob.created_at),
            col(BackgroundJob.finished_at),
            col(BackgroundJob.message),
            col(Account.name).label("asked_by"),
        )
        .outerjoin(Account, col(Account.id) == BackgroundJob.requested_by_id)
        .where(col(BackgroundJob.state).in_(states))
        .order_by(col(BackgroundJob.id).desc())
        .limit(_SHOWN)
    ).all()
