"""Run a scheduled job once in its period: a unique (job, period) row is claimed first.

By the clock on one or more machines, or by hand: whoever comes second finds the row.
"""

import logging
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, update

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.core.models import JOB_FAILED, JobRun
from webapp.ops.scheduled_jobs import Job
from webapp.ops.trouble import trouble_of

log = logging.getLogger(__name__)

#: A run that has not ended after this was cut off, and may be taken over.
STALE = timedelta(hours=1)


def run_once(db: Database, job: Job) -> bool:
    """Run ``job`` unless it ran, or is running, in this period; return whether it ran."""
    return run_in(db, job, clock.local(clock.now()).strftime(job.period)) is not None


def run_in(db: Database, job: Job, period: str) -> str | None:
    """Run ``job`` as of ``period`` and return what it did; ``None`` when it ran, or runs, in it."""
    if not _claim(db, job.name, period):
        return None
    try:
        outcome, trouble = job.work(db), None
    except Exception as error:
        log.exception("job %s failed", job.name)
        outcome, trouble = JOB_FAILED, trouble_of(error)
    with db.transaction(SYSTEM) as session:
        session.exec(
            update(JobRun)
            .where(col(JobRun.job) == job.name, col(JobRun.period) == period)
            .values(finished_at=clock.now(), outcome=outcome, trouble=trouble)
        )
    return outcome


def _claim(db: Database, name: str, period: str) -> bool:
    try:
        with db.transaction(SYSTEM) as session:
            session.add(JobRun(job=name, period=period, started_at=clock.now()))
    except IntegrityError:
        with db.transaction(SYSTEM) as session:
            taken_over = session.exec(
                update(JobRun)
                .where(
                    col(JobRun.job) == name,
                    col(JobRun.period) == period,
                    col(JobRun.finished_at).is_(None),
                    col(JobRun.started_at) < clock.now() - STALE,
                )
                .values(started_at=clock.now())
            )
            return taken_over.rowcount == 1
    return True
