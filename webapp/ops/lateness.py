"""When each scheduled job ran last, when it is due next, and which are late.

A job is late when it should have begun again since its last good run, that was longer ago than
:data:`GRACE`, and it is not at work just now. One that fails each time is late as well. A job that
never ran is expected from the moment the scheduler was started.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Select, or_, select, union_all
from sqlmodel import Session, col

from webapp.core import clock, heartbeats
from webapp.core.models import JOB_FAILED, Heartbeat, JobRun
from webapp.jobs.lifecycle import JobState
from webapp.jobs.models import BackgroundJob
from webapp.ops.frequent_jobs import FREQUENT_JOBS, FrequentJob
from webapp.ops.job_runs import STALE
from webapp.ops.scheduled_jobs import JOBS, Job

GRACE = timedelta(minutes=10)
#: Frequent work says that it was done at most once a minute; see ``scheduler.run_often``.
_SILENT = timedelta(minutes=15)


@dataclass(frozen=True)
class ScheduledState:
    """A scheduled job: its newest run and its newest good one (rows of ``job_run``), what is next.

    ``late_since`` is when it should have begun, ``None`` when it is in time.
    """

    job: Job
    last: Any | None
    last_good: Any | None
    running: bool
    next_at: datetime
    late_since: datetime | None

    @property
    def failed(self) -> bool:
        """Whether the newest run did not do what it should."""
        return self.last is not None and self.last.outcome == JOB_FAILED


@dataclass(frozen=True)
class FrequentState:
    """Work looked for every few seconds: when it was done last, and since when it is silent."""

    job: FrequentJob
    last_at: datetime | None
    late_since: datetime | None


def states(session: Session, jobs: Sequence[Job] = JOBS) -> list[ScheduledState]:
    """Return every scheduled job as it stands now, in two queries."""
    now = clock.now()
    newest = _newest(session, jobs, good=False)
    good = _newest(session, jobs, good=True)
    begun = heartbeats.last(session, heartbeats.SCHEDULER_START)
    return [_state(job, newest.get(job.name), good.get(job.name), begun, now) for job in jobs]


def _state(
    job: Job, last: Any | None, good: Any | None, begun: datetime | None, now: datetime
) -> ScheduledState:
    running = last is not None and last.finished_at is None and now - last.started_at < STALE
    since = good.started_at if good is not None else begun
    expected = next_firing(job, since) if since is not None else None
    late = expected is not None and expected + GRACE < now and not running
    return ScheduledState(
        job=job,
        last=last,
        last_good=good,
        running=running,
        next_at=next_firing(job, now),
        late_since=expected if late else None,
    )


def next_firing(job: Job, after: datetime) -> datetime:
    """Return the first moment after ``after`` at which the job is due."""
    trigger = CronTrigger(timezone=clock.LOCAL, **job.cron)
    moment: datetime = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    return moment


def _newest(session: Session, jobs: Sequence[Job], *, good: bool) -> dict[str, Any]:
    """Return name → newest run, of those that ended well if ``good``; an index gives each."""
    parts: list[Select[Any]] = []
    for job in jobs:
        part: Select[Any] = (
            select(col(JobRun.id))
            .where(col(JobRun.job) == job.name)
            .order_by(col(JobRun.started_at).desc(), col(JobRun.id).desc())
            .limit(1)
        )
        if good:
            part = part.where(
                col(JobRun.finished_at).is_not(None), col(JobRun.outcome) != JOB_FAILED
            )
        parts.append(part)
    ids = union_all(*(select(part.subquery().c.id) for part in parts)).subquery()
    rows = session.execute(
        select(
            col(JobRun.job),
            col(JobRun.started_at),
            col(JobRun.finished_at),
            col(JobRun.outcome),
            col(JobRun.trouble),
        ).join(ids, ids.c.id == JobRun.id)
    ).all()
    return {row.job: row for row in rows}


def frequent_states(session: Session) -> list[FrequentState]:
    """Return the work that is looked for every few seconds as it stands now."""
    now = clock.now()
    rows = session.execute(select(col(Heartbeat.name), col(Heartbeat.at)))
    heard = {row.name: row.at for row in rows}
    begun = heard.get(heartbeats.SCHEDULER_START)
    busy = session.execute(
        select(col(BackgroundJob.id))
        .where(
            col(BackgroundJob.state) == JobState.RUNNING,
            or_(col(BackgroundJob.beat_at).is_(None), col(BackgroundJob.beat_at) > now - _SILENT),
        )
        .limit(1)
    ).first()
    found = []
    for job in FREQUENT_JOBS:
        last = heard.get(frequent_name(job))
        since = last or begun
        late = (
            since is not None
            and now - since > _SILENT
            and not (busy is not None and job.name == "background_jobs")
        )
        found.append(FrequentState(job, last, since if late else None))
    return found


def frequent_name(job: FrequentJob) -> str:
    """Return under which name frequent work says that it was done."""
    return f"often:{job.name}"
