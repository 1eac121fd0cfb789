"""Use cases of background jobs: ask for one, claim it, say how far it is, end it.

Who works on a job holds its ``claim``; every word on it is said with that claim, so a process
that was given up for dead and wakes again changes nothing.
"""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Permission
from webapp.core.db import Database
from webapp.core.errors import Conflict, NotFound
from webapp.jobs.lifecycle import TRANSITIONS, UNDER_WAY, JobAction, JobState
from webapp.jobs.models import IS_UNDER_WAY, BackgroundJob, JobKind

#: A running job whose process has said nothing for so long is taken over.
LEASE = timedelta(seconds=30)
#: A job that was cut off this often is given up: it may be what kills the process.
MOST_ATTEMPTS = 3
MAY_BE_DONE_AGAIN = (JobState.FAILED, JobState.CANCELLED)
KEPT = timedelta(days=60)


class JobLost(Exception):
    """The job was cancelled or taken over meanwhile: whoever works on it stops."""


def job_key(kind: JobKind, arguments: dict[str, Any]) -> str:
    """Return the digest that is the same for the same work."""
    content = json.dumps([kind.value, arguments], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def start(
    session: Session,
    actor: Actor,
    *,
    kind: JobKind,
    arguments: dict[str, Any],
    result_url: str,
) -> BackgroundJob:
    """Ask for a job; the same one that is queued or running already is returned instead.

    ``arguments`` are JSON values without personal data. Whether the actor may ask for it is
    decided by the part whose work it is.
    """
    key = job_key(kind, arguments)
    fresh = BackgroundJob(
        kind=kind,
        arguments=arguments,
        key=key,
        requested_by_id=actor.account_id,
        result_url=result_url,
        created_at=clock.now(),
    )
    new = _insert(session, fresh)
    job = under_way(session, kind=kind, arguments=arguments)
    if job is None:  # it ended between the two statements
        raise Conflict(_("刚刚做完，请刷新看看"))
    audit.record(session, "job.start", job, kind=kind, new=new)
    return job


def under_way(
    session: Session, *, kind: JobKind, arguments: dict[str, Any]
) -> BackgroundJob | None:
    """Return the job of this kind and arguments that is queued or running."""
    return session.exec(
        select(BackgroundJob).where(
            BackgroundJob.key == job_key(kind, arguments), col(BackgroundJob.state).in_(UNDER_WAY)
        )
    ).first()


def newest_of(session: Session, *, kind: JobKind, result_url: str) -> BackgroundJob | None:
    """Return the newest job of this kind whose result one page shows, whatever its arguments."""
    return session.exec(
        select(BackgroundJob)
        .where(BackgroundJob.kind == kind, BackgroundJob.result_url == result_url)
        .order_by(col(BackgroundJob.id).desc())
    ).first()


def latest(
    session: Session,
    *,
    kind: JobKind,
    arguments: dict[str, Any],
    state: JobState | None = None,
) -> BackgroundJob | None:
    """Return the newest job of this kind and arguments, in one state if given."""
    query = select(BackgroundJob).where(BackgroundJob.key == job_key(kind, arguments))
    if state is not None:
        query = query.where(BackgroundJob.state == state)
    return session.exec(query.order_by(col(BackgroundJob.id).desc())).first()


def get_job(session: Session, actor: Actor, job_id: int) -> BackgroundJob:
    """Return a job the actor asked for, or any for who looks after them; else ``NotFound``."""
    job = session.get(BackgroundJob, job_id)
    if job is None or actor.account_id is None:
        raise NotFound
    if job.requested_by_id != actor.account_id and not actor.may(Permission.JOB_MANAGE):
        raise NotFound
    return job


def again(session: Session, actor: Actor, *, job_id: int) -> BackgroundJob:
    """Ask anew for a job that failed or was cancelled, for whoever asked for it then.

    The same one that is under way meanwhile is returned instead. ``Conflict`` for one that is
    under way itself, or done.
    """
    job = get_job(session, actor, job_id)
    if job.state not in MAY_BE_DONE_AGAIN:
        raise Conflict(_("这件事正在做，或者已经做好了"))
    fresh = BackgroundJob(
        kind=job.kind,
        arguments=job.arguments,
        key=job.key,
        requested_by_id=job.requested_by_id,
        result_url=job.result_url,
        created_at=clock.now(),
    )
    _insert(session, fresh)
    found = under_way(session, kind=job.kind, arguments=job.arguments)
    if found is None:
        raise Conflict(_("刚刚做完，请刷新看看"))
    audit.record(session, "job.again", found, kind=job.kind)
    return found


def _insert(session: Session, fresh: BackgroundJob) -> bool:
    """Write a job unless the same is under way; return whether it is new."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = (
        dialect.insert(BackgroundJob.__table__)  # type: ignore[attr-defined]
        .values(**fresh.model_dump(exclude={"id"}))
        .on_conflict_do_nothing(index_elements=["key"], index_where=IS_UNDER_WAY)
    )
    return session.connection().execute(insert).rowcount == 1


def cancel(session: Session, actor: Actor, *, job_id: int) -> BackgroundJob:
    """Take a job back; one that is running stops at its next word. ``Conflict`` once ended."""
    job = get_job(session, actor, job_id)
    ended = (
        update(BackgroundJob)
        .where(col(BackgroundJob.id) == job_id, col(BackgroundJob.state).in_(UNDER_WAY))
        .values(
            state=TRANSITIONS[JobState.QUEUED, JobAction.CANCEL],
            claim="",
            finished_at=clock.now(),
        )
    )
    if session.exec(ended).rowcount != 1:
        raise Conflict(_("已经做完了，取消不了"))
    session.refresh(job)
    audit.record(session, "job.cancel", job, kind=job.kind)
    return job


# ---------- for the process that does the work ----------


def claim(db: Database) -> BackgroundJob | None:
    """Take the oldest job that waits, or whose process died; ``None`` when there is none."""
    with db.reader() as session:  # mostly there is nothing, and no need to queue up to write
        if session.exec(select(BackgroundJob.id).where(_free()).limit(1)).first() is None:
            return None
    with db.transaction(SYSTEM) as session:
        job = session.exec(
            select(BackgroundJob)
            .where(_free())
            .order_by(col(BackgroundJob.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if job is None:
            return None
        job.beat_at = clock.now()
        if job.attempts >= MOST_ATTEMPTS:
            _end(job, JobAction.FAIL, message=_("做了几次都半路中断，先停下了，请告诉管理员"))
            audit.record(session, "job.give_up", job, kind=job.kind, attempts=job.attempts)
        else:
            job.state = TRANSITIONS[job.state, JobAction.CLAIM]
            job.claim = secrets.token_hex(16)
            job.attempts += 1
            job.started_at = job.started_at or clock.now()
        session.add(job)
        session.flush()
        session.refresh(job)
    return job if job.state is JobState.RUNNING else None


def _free() -> ColumnElement[bool]:
    return or_(
        col(BackgroundJob.state) == JobState.QUEUED,
        and_(
            col(BackgroundJob.state) == JobState.RUNNING,
            col(BackgroundJob.beat_at) < clock.now() - LEASE,
        ),
    )


def beat(db: Database, job: BackgroundJob, **progress: int) -> None:
    """Say that the job is being worked on, and how far it is; raise :class:`JobLost`."""
    with db.transaction(SYSTEM) as session:
        said = (
            update(BackgroundJob)
            .where(*_held(job))
            .values(beat_at=clock.now(), **progress)
            .execution_options(synchronize_session=False)
        )
        if session.exec(said).rowcount != 1:
            raise JobLost


def finish(db: Database, job: BackgroundJob, *, result: dict[str, Any]) -> None:
    """Keep the result; raise :class:`JobLost` when the job is somebody else's by now."""
    with db.transaction(SYSTEM) as session:
        own = _lock_held(session, job)
        own.result = result
        _end(own, JobAction.FINISH)
        session.add(own)
        audit.record(session, "job.finish", own, kind=own.kind)


def fail(db: Database, job: BackgroundJob, *, message: str) -> None:
    """Note why the job could not be done, in words for people."""
    with db.transaction(SYSTEM) as session:
        own = _lock_held(session, job)
        _end(own, JobAction.FAIL, message=message[:300])
        session.add(own)
        audit.record(session, "job.fail", own, kind=own.kind)


def forget_old(session: Session) -> int:
    """Delete jobs that ended long ago; return how many."""
    old = delete(BackgroundJob).where(col(BackgroundJob.finished_at) < clock.now() - KEPT)
    return session.exec(old).rowcount


def _lock_held(session: Session, job: BackgroundJob) -> BackgroundJob:
    own = session.exec(select(BackgroundJob).where(*_held(job)).with_for_update()).first()
    if own is None:
        raise JobLost
    return own


def _held(job: BackgroundJob) -> tuple[ColumnElement[bool], ...]:
    return (
        col(BackgroundJob.id) == job.id,
        col(BackgroundJob.state) == JobState.RUNNING,
        col(BackgroundJob.claim) == job.claim,
    )


def _end(job: BackgroundJob, action: JobAction, *, message: str = "") -> None:
    job.state = TRANSITIONS[JobState.RUNNING, action]
    job.message = message
    job.finished_at = clock.now()
