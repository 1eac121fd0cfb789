"""Background jobs: done once, taken over after a crash, shown to who asked for them."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from tests.conftest import KEY
from tests.factories import make_account
from tests.forms import press, submit
from tests.functional.background import do_jobs
from webapp.core import clock, heartbeats
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import Refused
from webapp.jobs import service, worker
from webapp.jobs.lifecycle import JobState
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.service import JobLost
from webapp.ops import background, frequent_jobs

KIND = JobKind.PIECEWORK_PLAN


@pytest.fixture
def actor(staff):
    return Actor(account_id=staff.id, role=Role.STAFF, branch_id=staff.branch_id)


@pytest.fixture
def start(db, actor):
    """Ask for a job of ``number`` and return it."""

    def _start(number=1, by=actor):
        with db.transaction(by) as session:
            return service.start(
                session, by, kind=KIND, arguments={"order_id": number}, result_url="/staff/"
            )

    return _start


def all_jobs(db):
    with db.reader() as session:
        return session.exec(select(BackgroundJob).order_by(BackgroundJob.id)).all()


def state(db, job):
    with db.reader() as session:
        return session.get_one(BackgroundJob, job.id).state


def run_with(app, handler):
    with app.app_context():
        settings = app.extensions["settings"]
        return worker.run_next(app.extensions["database"], settings, {KIND: handler})


def test_fault_29_the_same_job_is_asked_for_once_until_it_has_ended(app, db, start):
    first, again, other = start(), start(), start(2)
    assert first.id == again.id != other.id
    assert run_with(app, lambda work: {"n": work.arguments["order_id"]})
    assert run_with(app, lambda work: {"n": work.arguments["order_id"]})
    assert not run_with(app, lambda _work: {})
    assert [(job.state, job.result) for job in all_jobs(db)] == [
        (JobState.DONE, {"n": 1}),
        (JobState.DONE, {"n": 2}),
    ]
    assert start().id not in {first.id, other.id}


def test_fault_29_two_schedulers_do_a_job_once(app, db, start):
    for number in range(12):
        start(number)
    done = []

    def handler(work):
        done.append(work.arguments["order_id"])
        return {}

    def look():
        while run_with(app, handler):
            pass

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(12))
    assert {job.state for job in all_jobs(db)} == {JobState.DONE}
    assert {job.attempts for job in all_jobs(db)} == {1}


@pytest.mark.job("background_jobs")
def test_fault_29_a_job_whose_process_died_is_taken_over_and_the_old_one_says_nothing(
    app, db, start
):
    job = start()
    dead = service.claim(db)
    assert dead.id == job.id
    assert service.claim(db) is None
    with clock.frozen(clock.now() + service.LEASE + timedelta(seconds=1)):
        assert run_with(app, lambda _work: {"by": "the second"})
    with pytest.raises(JobLost):
        service.beat(db, dead, done=1, total=2)
    with pytest.raises(JobLost):
        service.finish(db, dead, result={"by": "the first"})
    with pytest.raises(JobLost):
        service.fail(db, dead, message="x")
    (ended,) = all_jobs(db)
    assert (ended.state, ended.result, ended.attempts) == (
        JobState.DONE,
        {"by": "the second"},
        2,
    )
    assert background.work in {often.work for often in frequent_jobs.FREQUENT_JOBS}


def test_fault_29_a_job_that_kills_its_process_is_given_up_visibly(db, sign_in, staff, start):
    job = start()
    now = clock.now()
    for attempt in range(service.MOST_ATTEMPTS):
        with clock.frozen(now + (attempt + 1) * (service.LEASE + timedelta(seconds=1))):
            assert service.claim(db).attempts == attempt + 1
    with clock.frozen(now + timedelta(hours=1)):
        assert service.claim(db) is None
    assert state(db, job) is JobState.FAILED
    page = sign_in(staff).get(f"/staff/jobs/{job.id}").get_data(as_text=True)
    assert "半路中断" in page


def test_fault_29_a_process_that_lives_keeps_its_job(app, db, start, monkeypatch):
    """However long its work takes without a word on the progress."""
    start()
    monkeypatch.setattr(worker, "BEAT", 0.05)
    monkeypatch.setattr(service, "LEASE", timedelta(seconds=0.4))
    taken = []

    def slow(_work):
        for _ in range(10):
            time.sleep(0.1)
            taken.append(service.claim(db))
        return {}

    assert run_with(app, slow)
    assert taken == [None] * 10
    assert all_jobs(db)[0].state is JobState.DONE


DYING = """
import os, sys
from webapp import create_app
from webapp.core.settings import Settings
from webapp.jobs import worker
from webapp.jobs.models import JobKind
from pathlib import Path
app = create_app(Settings(data_dir=Path(sys.argv[2]), database_url=sys.argv[1],
    secret_key="only-for-tests-0123456789-abcdefghijk", encryption_keys=(sys.argv[3],), demo=True))
def work(work):
    work.progress(1, 2)
    print("at work", flush=True)
    sys.stdin.read()
with app.app_context():
    worker.run_next(app.extensions["database"], app.extensions["settings"],
                    {JobKind.PIECEWORK_PLAN: work})
"""


@pytest.mark.slow
def test_fault_29_kill_9_in_the_middle(app, db, settings, start):
    job = start()
    process = subprocess.Popen(
        [sys.executable, "-c", DYING, settings.database_url, str(settings.data_dir), KEY],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "at work\n"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
    assert state(db, job) is JobState.RUNNING
    assert (all_jobs(db)[0].done, all_jobs(db)[0].total) == (1, 2)
    assert not run_with(app, lambda _work: {})
    with clock.frozen(clock.now() + service.LEASE + timedelta(seconds=1)):
        assert run_with(app, lambda _work: {})
    assert [(one.state, one.attempts) for one in all_jobs(db)] == [(JobState.DONE, 2)]


def test_what_fails_says_why_and_what_is_a_bug_says_nothing_of_itself(app, db, start, caplog):
    def refuse(_work):
        raise Refused("先试做计时")

    def break_down(_work):
        raise RuntimeError("secret")

    start()
    run_with(app, refuse)
    start()
    run_with(app, break_down)
    first, second = all_jobs(db)
    assert (first.state, first.message) == (JobState.FAILED, "先试做计时")
    assert second.state is JobState.FAILED
    assert "secret" not in second.message
    assert "secret" in caplog.text


def test_a_job_of_a_closed_account_is_not_done(app, db, write, staff, start):
    start()
    with write() as session:
        session.merge(staff).enabled = False
    assert run_with(app, lambda _work: {})
    assert "停用" in all_jobs(db)[0].message


def test_the_page_shows_progress_without_scripts_and_leads_on(app, db, sign_in, staff, start):
    job = start()
    browser = sign_in(staff)
    page = f"/staff/jobs/{job.id}"
    waiting = browser.get(page).get_data(as_text=True)
    assert "后台程序没有在运行" in waiting
    assert f'<meta http-equiv="refresh" content="2;url={page}?follow=1">' in waiting
    with db.transaction(SYSTEM) as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)
    assert "排着队" in browser.get(page).get_data(as_text=True)
    seen = []

    def handler(work):
        work.progress(3, 3)
        seen.append(browser.get(page).get_data(as_text=True))
        return {}

    run_with(app, handler)
    assert "3 / 3" in seen[0]
    assert 'http-equiv="refresh"' in seen[0]
    done = browser.get(page).get_data(as_text=True)
    assert "做好了" in done
    assert 'href="/staff/"' in done
    assert "refresh" not in done
    assert browser.get(f"{page}?follow=1").headers["Location"] == "/staff/"


def test_another_ones_job_is_not_there(write, sign_in, staff, start):
    job = start()
    with write() as session:
        colleague = make_account(session, role=Role.STAFF, branch_id=staff.branch_id)
        resident = make_account(session)
    away = sign_in(colleague)
    assert away.get(f"/staff/jobs/{job.id}").status_code == 404
    assert submit(away, f"/staff/jobs/{job.id}/cancel", page="/staff/imports/").status_code == 404
    assert sign_in(resident).get(f"/staff/jobs/{job.id}").status_code == 403


def test_a_job_is_cancelled_while_it_waits_and_while_it_runs(app, db, sign_in, staff, start):
    browser = sign_in(staff)
    waiting = start()
    assert press(browser, f"/staff/jobs/{waiting.id}", "/cancel").status_code == 303
    assert state(db, waiting) is JobState.CANCELLED
    assert do_jobs(app) == 0
    running = start()
    went_on = []

    def handler(work):
        press(browser, f"/staff/jobs/{running.id}", "/cancel")
        work.progress(2, 2)
        went_on.append(True)
        return {}

    assert run_with(app, handler)
    assert went_on == []
    assert state(db, running) is JobState.CANCELLED
    again = submit(browser, f"/staff/jobs/{running.id}/cancel", page="/staff/imports/")
    assert again.status_code == 303
    assert state(db, running) is JobState.CANCELLED


def test_old_jobs_are_forgotten(db, write, start):
    job = start()
    with clock.frozen(clock.now() + service.KEPT + timedelta(days=1)), write() as session:
        assert service.forget_old(session) == 0  # it still waits
    service.claim(db)
    with write() as session:
        own = session.get_one(BackgroundJob, job.id)
        own.state, own.finished_at = JobState.DONE, clock.now()
        session.add(own)
    with clock.frozen(clock.now() + service.KEPT + timedelta(days=1)), write() as session:
        assert service.forget_old(session) == 1
