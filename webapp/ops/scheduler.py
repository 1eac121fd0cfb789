"""The scheduler: one process of its own, started beside the server.

One of several runs the jobs (:mod:`webapp.ops.leadership`), the others wait to take its place. A
job runs once in its period even if two think they lead (:mod:`webapp.ops.job_runs`).
"""

import logging
import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask

from webapp.core import clock, heartbeats
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.ops import lateness
from webapp.ops.frequent_jobs import FREQUENT_JOBS, FrequentJob, beat
from webapp.ops.job_runs import run_once
from webapp.ops.leadership import Leadership
from webapp.ops.scheduled_jobs import JOBS

log = logging.getLogger(__name__)

# What tells the scheduler to stop.
STOPS = (signal.SIGTERM, signal.SIGINT)
NOTED_EVERY = timedelta(minutes=1)
RETRY = 2.0  # seconds between looks whether another scheduler has ended
LOOK = 5.0  # seconds between looks whether this one still leads


def run_often(db: Database, often: FrequentJob, noted: dict[str, datetime]) -> None:
    """Do frequent work, and say so once a minute, so that work which no longer ends is noticed.

    ``noted`` remembers when it was said last.
    """
    often.work(db)
    now = clock.now()
    if often.name in noted and timedelta() <= now - noted[often.name] < NOTED_EVERY:
        return
    noted[often.name] = now
    with db.transaction(SYSTEM) as session:
        heartbeats.beat(session, lateness.frequent_name(often))


def run(app: Flask, *, parent: int | None = None) -> None:
    """Run the jobs until told to stop.

    While another scheduler runs on this data, wait to take its place. With ``parent`` the
    scheduler also stops when that process is gone.
    """
    db: Database = app.extensions["database"]
    # A queue that a signal may fill at any moment; an exception raised by one would be caught by
    # the scheduler's own care for failing jobs, and the signal lost.
    told: SimpleQueue[None] = SimpleQueue()
    before = {number: signal.signal(number, lambda *_: told.put(None)) for number in STOPS}
    leadership = Leadership(db, app.extensions["settings"].data_dir)
    try:
        while _wait_for(leadership, told, parent):
            if _run_jobs(app, db, leadership, told, parent):
                break
            log.warning("this scheduler leads no longer: waiting to lead again")
            leadership.give_up()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        leadership.give_up()


def _wait_for(leadership: Leadership, told: SimpleQueue[None], parent: int | None) -> bool:
    """Wait for the lead; return ``False`` when told to stop before it is free."""
    waiting = False
    while True:
        if leadership.try_take():
            return True
        if not waiting:
            log.warning("another scheduler is running on this data: waiting for it to end")
        waiting = True
        try:
            told.get(timeout=RETRY)
        except Empty:
            if parent is not None and os.getppid() != parent:
                return False
        else:
            return False


def _run_jobs(
    app: Flask,
    db: Database,
    leadership: Leadership,
    told: SimpleQueue[None],
    parent: int | None,
) -> bool:
    """Run the jobs until told to stop (``True``) or until another may lead (``False``)."""
    scheduler = BackgroundScheduler(
        timezone=clock.LOCAL,
        job_defaults={"misfire_grace_time": 300, "coalesce": True, "max_instances": 1},
    )

    def in_context(work: Callable[[], object]) -> Callable[[], None]:
        def call() -> None:
            with app.app_context():
                work()

        return call

    for job in JOBS:
        trigger = CronTrigger(timezone=clock.LOCAL, **job.cron)
        scheduler.add_job(in_context(lambda job=job: run_once(db, job)), trigger, id=job.name)  # type: ignore[misc]
    noted: dict[str, datetime] = {}
    for often in FREQUENT_JOBS:
        work = in_context(lambda often=often: run_often(db, often, noted))  # type: ignore[misc]
        scheduler.add_job(work, "interval", seconds=often.seconds, id=often.name)
    if parent is not None:
        scheduler.add_job(lambda: _stop_without(parent, told), "interval", seconds=3)
    # Frequent work that takes longer than its interval is looked for again when it is done; the
    # scheduler would say so every second.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    with db.transaction(SYSTEM) as session:
        heartbeats.beat(session, heartbeats.SCHEDULER_START)
    beat(db)
    scheduler.start()
    stop = _told_to_stop(leadership, told)
    scheduler.shutdown(wait=False)
    return stop


def _told_to_stop(leadership: Leadership, told: SimpleQueue[None]) -> bool:
    """Wait; return ``True`` when told to stop, ``False`` when the lead is lost."""
    while True:
        try:
            told.get(timeout=LOOK)
        except Empty:
            if not leadership.is_held():
                return False
        else:
            return True


def _stop_without(parent: int, told: SimpleQueue[None]) -> None:
    if os.getppid() != parent:
        told.put(None)
