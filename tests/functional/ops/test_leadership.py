"""One scheduler runs the jobs, on one machine or several; another takes over when it is gone."""

import os
import signal
import subprocess
import sys
import threading
from queue import SimpleQueue

import pytest
from sqlalchemy import text

from tests.functional.command_line import environment
from tests.functional.ops.test_scheduler import heard, wait_for
from webapp.core import audit
from webapp.core.db import Database
from webapp.ops import scheduler
from webapp.ops.leadership import Leadership

pytestmark = pytest.mark.database


@pytest.fixture
def lead(db, tmp_path):
    """Return a maker of schedulers' leads, each as on the machine named."""
    made = []

    def on(machine):
        folder = tmp_path / machine
        folder.mkdir(exist_ok=True)
        made.append(Leadership(db, folder))
        return made[-1]

    yield on
    for one in made:
        one.give_up()


def end_lease(db):
    """End the lease's connection as a database that is restarted does."""
    with db.write_engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND objid = 7206002"
            )
        )


def test_one_leads_on_a_machine(lead):
    first, second = lead("one"), lead("one")
    assert first.try_take()
    assert not second.try_take()
    assert first.is_held()
    first.give_up()
    assert second.try_take()


def test_one_leads_on_a_database_of_several_machines(db, lead):
    first, second = lead("one"), lead("two")
    assert first.try_take()
    assert second.try_take() is db.is_sqlite  # a file of its own on each machine
    first.give_up()
    assert second.is_held() or second.try_take()


def test_a_lost_lease_is_noticed_and_can_be_taken(db, lead):
    if db.is_sqlite:
        return
    first, second = lead("one"), lead("two")
    assert first.try_take()
    assert first.is_held()
    end_lease(db)
    assert not first.is_held()
    assert second.try_take()
    first.give_up()
    assert not first.try_take()
    assert second.is_held()


def test_no_database_no_lead(db, lead, tmp_path):
    if db.is_sqlite:
        return
    gone = Database(
        "postgresql+psycopg://nobody@127.0.0.1:1/none", before_commit=audit.write_pending
    )
    there = lead("one")
    leadership = Leadership(gone, tmp_path / "one")
    assert not leadership.try_take()
    assert there.try_take()  # the file was given back


def test_a_scheduler_that_lost_its_lead_waits_for_it_again(app, db, monkeypatch, caplog):
    if db.is_sqlite:
        return
    monkeypatch.setattr(scheduler, "LOOK", 0.1)
    monkeypatch.setattr(scheduler, "RETRY", 0.1)
    rounds = SimpleQueue()
    run_jobs = scheduler._run_jobs

    def counted(*arguments):
        rounds.put(None)
        if rounds.qsize() == 1:
            threading.Timer(0.3, end_lease, [db]).start()
        else:
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        return run_jobs(*arguments)

    monkeypatch.setattr(scheduler, "_run_jobs", counted)
    scheduler.run(app)
    assert rounds.qsize() == 2
    assert "leads no longer" in caplog.text


@pytest.mark.slow
def test_another_machine_takes_over_from_a_killed_one(db, tmp_path):
    if db.is_sqlite:
        return
    command = [sys.executable, "-m", "webapp.cli", "scheduler"]
    processes = []
    try:
        for machine in ("one", "two"):
            folder = tmp_path / machine
            folder.mkdir()
            settings = {**os.environ, **environment(db.url, folder)}
            processes.append(
                subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True)
            )
            assert wait_for(lambda: heard(db) is not None)
        first, second = processes
        assert "waiting for it to end" in second.stderr.readline()
        before = heard(db)
        first.kill()
        first.wait(timeout=20)
        assert wait_for(lambda: heard(db) != before)
        second.send_signal(signal.SIGTERM)
        _out, errors = second.communicate(timeout=20)
        assert second.returncode == 0, errors
    finally:
        for process in processes:
            process.kill()
            process.communicate(timeout=20)
