"""Have a scheduled job done now, whatever the clock says: a background job with its page."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor, Permission
from webapp.core.errors import AppError, Conflict, Forbidden, NotFound
from webapp.core.models import JOB_FAILED, JobRun, JobTrouble
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.ops import job_runs
from webapp.ops.scheduled_jobs import JOBS, Job


def ask(session: Session, actor: Actor, *, name: str, page: str) -> BackgroundJob:
    """Ask for a job of this name; asked for twice it is one. ``page`` shows what came of it.

    Raises ``NotFound`` for a name that no job has, ``Conflict`` while it is at work.
    """
    if not actor.may(Permission.JOB_MANAGE):
        raise Forbidden
    _refuse_running(session, _named(name))
    return jobs.start(
        session, actor, kind=JobKind.SCHEDULED_JOB, arguments={"job": name}, result_url=page
    )


def do(work: Work) -> dict[str, Any]:
    """Do the job as the scheduler would, under a period of its own: the moment it began."""
    job = _named(str(work.arguments["job"]))
    with work.db.reader() as session:
        _refuse_running(session, job)
    period = f"{clock.local(clock.now()):%y%m%dT%H%M%S.%f}"
    outcome = job_runs.run_in(work.db, job, period)
    if outcome is None:
        raise Conflict(_("这件事正在做，等它做完再看"))
    if outcome == JOB_FAILED:
        raise AppError(_("没做成：%(why)s。", why=_why(work, job, period)))
    return {"outcome": outcome}


def _why(work: Work, job: Job, period: str) -> str:
    with work.db.reader() as session:
        run = select(JobRun.trouble).where(JobRun.job == job.name, JobRun.period == period)
        return JobTrouble(session.exec(run).one() or JobTrouble.WENT_WRONG).label


def _named(name: str) -> Job:
    for job in JOBS:
        if job.name == name:
            return job
    raise NotFound


def _refuse_running(session: Session, job: Job) -> None:
    """Raise ``Conflict`` while a run of the job is under way."""
    running = select(JobRun.id).where(
        JobRun.job == job.name,
        col(JobRun.finished_at).is_(None),
        col(JobRun.started_at) > clock.now() - job_runs.STALE,
    )
    if session.exec(running.limit(1)).first() is not None:
        raise Conflict(_("这件事正在做，等它做完再看"))
