"""Do background jobs, one after the other; run by the scheduler every second or two."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_babel import gettext as _

from webapp.accounts.actors import actor_of
from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.core.errors import AppError
from webapp.core.settings import Settings
from webapp.jobs import service
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.service import JobLost

log = logging.getLogger(__name__)

BEAT = 5.0  # seconds between signs of life, well within the lease
_BETWEEN = 0.5  # seconds between two words on the progress


@dataclass
class Work:
    """What a job's work is given: the database, who asked, and how to say how far it is."""

    db: Database
    settings: Settings
    actor: Actor
    arguments: dict[str, Any]
    job: BackgroundJob
    lost: threading.Event
    said_at: float = 0.0

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; raise :class:`JobLost` once it was cancelled or taken over.

        Call it between steps that may each stand alone: after ``JobLost`` nothing may be written.
        """
        if self.lost.is_set():
            raise JobLost
        now = time.monotonic()
        if done >= total or now - self.said_at >= _BETWEEN:
            self.said_at = now
            service.beat(self.db, self.job, done=done, total=total)


Handler: TypeAlias = Callable[[Work], dict[str, Any]]


def run_next(db: Database, settings: Settings, handlers: Mapping[JobKind, Handler]) -> bool:
    """Do one job; return whether there was one. A handler returns the result, JSON values."""
    job = service.claim(db)
    if job is None:
        return False
    with db.reader() as session:
        actor = actor_of(session, job.requested_by_id)
    lost = threading.Event()
    ended = threading.Event()
    beating = threading.Thread(target=_beat, args=(db, job, lost, ended), daemon=True)
    beating.start()
    try:
        if actor is None:
            raise AppError(_("叫系统做这件事的账号已经停用"))
        work = Work(db, settings, actor, job.arguments, job, lost)
        result = handlers[job.kind](work)
        service.finish(db, job, result=result)
    except JobLost:
        log.info("job %s was cancelled or taken over", job.id)
    except AppError as error:
        _fail(db, job, error.message or _("没有做成"))
    except Exception:
        log.exception("job %s failed", job.id)
        _fail(db, job, _("我们这边出了点问题，已经记下来了，请过一会儿再试"))
    finally:
        ended.set()
        beating.join()
    return True


def _fail(db: Database, job: BackgroundJob, message: str) -> None:
    try:
        service.fail(db, job, message=message)
    except JobLost:
        log.info("job %s was cancelled or taken over", job.id)


def _beat(db: Database, job: BackgroundJob, lost: threading.Event, ended: threading.Event) -> None:
    while not ended.wait(BEAT):
        try:
            service.beat(db, job)
        except JobLost:
            lost.set()
            return
        except Exception:  # a database that is away for a moment; the lease is longer
            log.exception("no sign of life for job %s", job.id)
