"""What runs and what is late: told on one page, noticed once, done now by hand."""

import threading
from datetime import datetime, timedelta

import pytest

from tests.factories import acting, make_account
from tests.forms import press, submit
from tests.functional.background import do_jobs
from tests.functional.tables import all_of
from webapp.admin.models import UpkeepMatter, UpkeepNotice
from webapp.admin.presentation.jobs import FREQUENT, WHAT, name_words, what_words
from webapp.core import clock, heartbeats
from webapp.core.access import Role
from webapp.core.models import JobRun
from webapp.jobs import service
from webapp.jobs.lifecycle import JobState
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.notices.models import Audience, OutboxRow, OutsideChannel
from webapp.ops import by_hand, lateness, scheduled_jobs, scheduler, watch
from webapp.ops.frequent_jobs import FREQUENT_JOBS, FrequentJob
from webapp.ops.scheduled_jobs import DAILY, JOBS, Job

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.LOCAL)
PURGE = next(job for job in JOBS if job.name == "purge")  # daily at 03:30


@pytest.fixture
def browser(sign_in, boss):
    return sign_in(boss)


@pytest.fixture(autouse=True)
def only_jobs(monkeypatch):
    """Look at jobs alone: backups and the disk have tests of their own."""
    monkeypatch.setattr(watch, "SOURCES", (watch.late_jobs,))


@pytest.fixture
def ran(write):
    """``ran(name, at)`` writes a run of a job."""

    def _ran(name, at, *, outcome="purged", ended=True):
        with write() as session:
            session.add(
                JobRun(
                    job=name,
                    period=f"{at:%m-%dT%H:%M:%S}",
                    started_at=at,
                    finished_at=at + timedelta(seconds=3) if ended else None,
                    outcome=outcome if ended else "",
                )
            )

    return _ran


def purge(db):
    with db.reader() as session:
        (state,) = lateness.states(session, [PURGE])
    return state


def test_a_job_is_late_once_its_next_run_is_ten_minutes_overdue(db, ran):
    ran("purge", NOON.replace(hour=3, minute=30))
    due = NOON.replace(hour=3, minute=30) + timedelta(days=1)
    for minutes, late in ((0, None), (10, None), (11, due), (3 * 24 * 60, due)):
        moment = due + timedelta(minutes=minutes)
        with clock.frozen(moment):
            assert purge(db).late_since == late, moment
    with clock.frozen(NOON):
        assert purge(db).next_at == due


def test_a_job_that_fails_each_time_is_late_and_one_at_work_is_not(db, ran):
    due = NOON.replace(hour=3, minute=30)
    ran("purge", due - timedelta(days=2))
    ran("purge", due - timedelta(days=1), outcome="failed")
    with clock.frozen(NOON):
        state = purge(db)
        assert (state.failed, state.late_since) == (True, due - timedelta(days=1))
        assert state.last_good.started_at == due - timedelta(days=2)
    ran("purge", NOON, ended=False)
    with clock.frozen(NOON + timedelta(minutes=30)):
        assert (purge(db).running, purge(db).late_since) == (True, None)
    with clock.frozen(NOON + timedelta(minutes=61)):  # cut off
        assert (purge(db).running, purge(db).late_since) == (False, due - timedelta(days=1))


def test_what_never_ran_is_expected_from_the_scheduler_s_start(db, write):
    with clock.frozen(NOON):
        assert purge(db).late_since is None
    with clock.frozen(NOON), write() as session:
        heartbeats.beat(session, heartbeats.SCHEDULER_START)
    with clock.frozen(NOON + timedelta(hours=15)):
        assert purge(db).late_since is None
    with clock.frozen(NOON + timedelta(hours=16)):
        assert purge(db).late_since == NOON.replace(hour=3, minute=30) + timedelta(days=1)


def test_frequent_work_is_late_when_it_has_not_ended_for_a_while(app, db, write):
    noted = {}
    often = next(job for job in FREQUENT_JOBS if job.name == "outbox")
    calls = []
    counted = FrequentJob(often.name, lambda _db: calls.append(1), 15)
    with clock.frozen(NOON):
        scheduler.run_often(db, counted, noted)
        scheduler.run_often(db, counted, noted)  # said once a minute
    assert len(calls) == 2

    def late():
        with db.reader() as session:
            return {one.job.name for one in lateness.frequent_states(session) if one.late_since}

    with clock.frozen(NOON + timedelta(minutes=14)):
        assert late() == set()
    with clock.frozen(NOON + timedelta(minutes=16)):
        assert late() == {"outbox"}
    with clock.frozen(NOON), write() as session:
        heartbeats.beat(session, "often:background_jobs")
    later = NOON + timedelta(minutes=16)
    with clock.frozen(later):
        assert late() == {"outbox", "background_jobs"}
        with write() as session:  # a long import is no standstill
            session.add(
                BackgroundJob(
                    kind=JobKind.IMPORT_WRITE, key="k" * 64, state=JobState.RUNNING, claim="x",
                    created_at=later, started_at=later, beat_at=later,
                )
            )  # fmt: skip
        assert late() == {"outbox"}


@pytest.mark.job("watch_upkeep")
def test_what_is_late_is_told_once_and_again_only_after_it_was_over(app, db, write, boss, ran):
    work = next(job.work for job in JOBS if job.name == "watch_upkeep")
    with write() as session:
        session.add(
            OutsideChannel(name="短信", url="json://x", audience=Audience.PEOPLE, created_at=NOON)
        )
        make_account(session, role=Role.ADMIN, enabled=False)
        heartbeats.beat(session, heartbeats.SCHEDULER)
    ran("purge", NOON - timedelta(days=3))

    def look(moment):
        with app.app_context(), clock.frozen(moment):
            return work(db)

    assert look(NOON) == "1 matters noticed, 0 matters over"
    assert look(NOON + timedelta(minutes=5)) == "0 matters noticed, 0 matters over"
    ran("purge", NOON + timedelta(minutes=6))
    assert look(NOON + timedelta(minutes=10)) == "0 matters noticed, 1 matters over"
    assert look(NOON + timedelta(days=2)) == "1 matters noticed, 0 matters over"
    rows = all_of(db, UpkeepNotice)
    assert [(row.matter, row.subject, bool(row.ended_at)) for row in rows] == [
        (UpkeepMatter.JOB_LATE, "purge", True),
        (UpkeepMatter.JOB_LATE, "purge", False),
    ]
    # The first has not been sent, and says the same.
    assert [row.account_id for row in all_of(db, OutboxRow)] == [boss.id]


def test_the_first_page_and_the_page_of_jobs_say_what_is_late_since_when(
    app, db, write, browser, ran
):
    with clock.frozen(NOON), write() as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)
    ran("purge", NOON - timedelta(days=3))
    ran("find_duplicates", NOON - timedelta(hours=2), outcome="failed")
    with clock.frozen(NOON), app.app_context():
        scheduled_jobs._watch_upkeep(db)
        home = browser.get("/admin/").get_data(as_text=True)
        assert "「清理旧记录」晚了" in home
        assert "11月22日（周日） 03:30就该做" in home
        shown = browser.get("/admin/jobs/").get_data(as_text=True).split("<main")[1]
    assert "有 1 件事晚了" in shown
    first = shown.partition("<tbody")[2].split("<tr")[1]
    assert "清理旧记录" in first
    assert "晚了" in first
    assert what_words("purge") in first
    assert shown.index("没做成") < shown.index(name_words("chase_employers"))
    with clock.frozen(NOON + timedelta(hours=1)):
        assert "后台程序停了" in browser.get("/admin/jobs/").get_data(as_text=True)
        assert "后台程序没有在运行" in browser.get("/admin/").get_data(as_text=True)


def test_an_admin_has_a_job_done_now_and_sees_what_came_of_it(app, db, browser, sign_in, staff):
    asked = press(browser, "/admin/jobs/", "/admin/jobs/purge/run")
    assert asked.status_code == 303
    assert do_jobs(app) == 1
    ended = browser.get(asked.headers["Location"])
    assert ended.headers["Location"] == "/admin/jobs/"
    assert "清理了" in browser.get("/admin/jobs/").get_data(as_text=True)
    (run,) = all_of(db, JobRun)
    assert (run.job, run.outcome) == ("purge", "purged")
    assert submit(browser, "/admin/jobs/moon/run", page="/admin/jobs/").status_code == 404
    assert sign_in(staff).get("/admin/jobs/").status_code == 403


def test_two_who_ask_at_once_have_it_done_once(app, db, boss, ran, browser):
    for _ in range(2):
        press(browser, "/admin/jobs/", "/admin/jobs/purge/run")
    assert do_jobs(app) == 1
    ran("purge", clock.now(), ended=False)
    answer = submit(browser, "/admin/jobs/purge/run", page="/admin/jobs/")
    assert answer.headers["Location"] == "/admin/jobs/"
    assert "正在做，等它做完" in browser.get("/admin/jobs/").get_data(as_text=True)


def test_a_job_that_fails_by_hand_says_so_and_may_be_done_again(
    app, db, browser, monkeypatch, boss, sign_in, write
):
    def fail(_db):
        raise RuntimeError("broken")

    failing = Job("purge", fail, PURGE.cron, DAILY)
    monkeypatch.setattr(by_hand, "JOBS", (failing,))
    asked = press(browser, "/admin/jobs/", "/admin/jobs/purge/run")
    do_jobs(app)
    assert "详情在运行日志里" in browser.get(asked.headers["Location"]).get_data(as_text=True)
    shown = browser.get("/admin/jobs/").get_data(as_text=True)
    assert "详情在运行日志里" in shown
    (job,) = all_of(db, BackgroundJob)
    monkeypatch.setattr(by_hand, "JOBS", (PURGE,))
    with write() as session:
        other = make_account(session, role=Role.ADMIN)
    # Another admin, for whoever asked then; a second press is the same job.
    second = sign_in(other)
    for _ in range(2):
        assert submit(second, f"/staff/jobs/{job.id}/again", page="/admin/jobs/").status_code == 303
    do_jobs(app)
    jobs = all_of(db, BackgroundJob)
    assert [one.state for one in jobs] == [JobState.FAILED, JobState.DONE]
    assert {one.requested_by_id for one in jobs} == {boss.id}
    refused = submit(second, f"/staff/jobs/{jobs[1].id}/again", page="/admin/jobs/")
    assert refused.headers["Location"].endswith(f"/staff/jobs/{jobs[1].id}")


def test_an_admin_cancels_what_another_asked_for(db, browser, staff):
    by = acting(staff)
    asked = {"kind": JobKind.PIECEWORK_PLAN, "arguments": {"order_id": 1}}
    with db.transaction(by) as session:
        job = service.start(session, by, **asked, result_url="/staff/")
    shown = browser.get("/admin/jobs/").get_data(as_text=True)
    assert "算哪些家做得下来" in shown
    assert press(browser, "/admin/jobs/", f"/staff/jobs/{job.id}/cancel").status_code == 303
    (ended,) = all_of(db, BackgroundJob)
    assert (ended.state, ended.requested_by_id) == (JobState.CANCELLED, staff.id)


def test_every_job_says_what_it_does_in_words():
    names = {job.name for job in (*JOBS, *FREQUENT_JOBS)}
    assert names | {"demo"} == set(WHAT)
    assert set(FREQUENT) == {job.name for job in FREQUENT_JOBS}
    for name in names:
        assert name_words(name) != name


def test_two_schedulers_tell_of_a_thing_once(app, db, write, boss, ran):
    with write() as session:
        heartbeats.beat(session, heartbeats.SCHEDULER)
    ran("purge", clock.now() - timedelta(days=3))
    errors = []

    def look():
        try:
            with app.app_context():
                watch.look(db, app.extensions["settings"])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(all_of(db, UpkeepNotice)) == 1
