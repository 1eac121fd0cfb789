"""The scheduler: once a period, cut off, failing, stopped, killed, missed."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock
from sqlmodel import select

from tests.functional.command_line import environment, fumin
from webapp.core import audit, clock, heartbeats
from webapp.core.db import Database
from webapp.core.models import Heartbeat, JobRun
from webapp.ops import scheduled_jobs, scheduler, server


def test_a_job_runs_once_in_its_period(db):
    ran = []
    job = scheduled_jobs.Job("count", lambda _db: ran.append(1) or "done", {}, scheduled_jobs.DAILY)
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    with clock.frozen(noon):
        assert scheduler.run_once(db, job)
        assert not scheduler.run_once(db, job)
    with clock.frozen(noon + timedelta(days=1)):
        assert scheduler.run_once(db, job)
    assert len(ran) == 2


def test_a_job_cut_off_in_the_middle_is_taken_over_after_an_hour(db, write):
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    with write() as session:
        session.add(JobRun(job="count", period="2026-11-20", started_at=noon))
    job = scheduled_jobs.Job("count", lambda _db: "done", {}, scheduled_jobs.DAILY)
    with clock.frozen(noon + timedelta(minutes=30)):
        assert not scheduler.run_once(db, job)
    with clock.frozen(noon + timedelta(minutes=61)):
        assert scheduler.run_once(db, job)


def test_a_failing_job_is_noted_and_stops_nothing(db, caplog):
    def fail(_db):
        raise RuntimeError("broken")

    assert scheduler.run_once(db, scheduled_jobs.Job("fail", fail, {}, scheduled_jobs.DAILY))
    with db.reader() as session:
        assert session.exec(select(JobRun)).one().outcome == "failed"


@pytest.mark.parametrize("number", scheduler.STOPS)
def test_a_signal_stops_the_scheduler_whatever_it_is_at(app, number):
    handlers = {one: signal.getsignal(one) for one in scheduler.STOPS}
    sender = threading.Timer(0.2, os.kill, (os.getpid(), number))
    sender.start()
    scheduler.run(app)
    sender.join()
    assert {one: signal.getsignal(one) for one in scheduler.STOPS} == handlers
    lock = FileLock(app.extensions["settings"].data_dir / "scheduler.lock")
    with lock.acquire(timeout=0):
        assert lock.is_locked


@pytest.mark.slow
def test_fault_30_a_second_scheduler_waits_and_takes_over(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "x.sqlite3")
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    assert fumin("db", "upgrade", database_url=url, folder=tmp_path).exit_code == 0
    command = [sys.executable, "-m", "webapp.cli", "scheduler"]
    settings = {**os.environ, **environment(url, tmp_path)}
    database = Database(url, before_commit=audit.write_pending)
    first = subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True)
    second = None
    try:
        assert wait_for(lambda: heard(database) is not None)
        before = heard(database)
        second = subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True)
        assert second.stderr is not None
        assert "waiting for it to end" in second.stderr.readline()
        first.kill()
        first.wait(timeout=20)
        assert wait_for(lambda: heard(database) != before)
        second.send_signal(signal.SIGTERM)
        _out, errors = second.communicate(timeout=20)
        assert second.returncode == 0, errors
    finally:
        database.dispose()
        for process in (first, second):
            if process is not None:
                process.kill()  # nothing, once it has ended
                process.communicate(timeout=20)


def heard(database: Database) -> datetime | None:
    with database.reader() as session:
        return session.exec(select(Heartbeat.at)).first()


def wait_for(condition) -> bool:
    """Return whether the condition came true within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_fault_30_the_server_starts_a_killed_scheduler_again(monkeypatch, tmp_path):
    starts = tmp_path / "starts"
    code = f"import time; open({str(starts)!r}, 'a').write('x'); time.sleep(60)"
    monkeypatch.setattr(
        server.SchedulerChild,
        "_spawn",
        staticmethod(lambda: subprocess.Popen([sys.executable, "-c", code])),
    )
    monkeypatch.setattr(server.SchedulerChild, "PAUSE", 0.1)
    child = server.SchedulerChild()
    child.start()
    try:
        assert wait_for(lambda: starts.exists() and starts.read_text() == "x")
        assert child._process is not None
        child._process.kill()
        assert wait_for(lambda: starts.read_text() == "xx")
    finally:
        child.stop()
    assert child._process.poll() is not None


def test_fault_30_health_tells_that_the_scheduler_died(client, write):
    assert client.get("/healthz").json == {"status": "ok"}
    with write() as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)
    assert client.get("/healthz").json == {"status": "ok"}
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (
        200, {"status": "degraded", "scheduler": "stopped"},
    )  # fmt: skip


def test_fault_30_outside_the_demo_a_scheduler_that_never_ran_is_missed(app, client, settings):
    app.extensions["settings"] = replace(settings, demo=False)
    assert client.get("/healthz").json["status"] == "degraded"
