"""The `fumin` command as an administrator types it, and what stands behind it."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from tests.conftest import KEY
from tests.factories import make_account, make_match, make_opening, make_resident
from tests.functional.writing import write_many
from webapp import create_app
from webapp.accounts.models import Account
from webapp.cli import main
from webapp.core import access, audit, clock, heartbeats
from webapp.core.access import Role
from webapp.core.db import Database
from webapp.core.models import AuditEvent, Heartbeat, JobRun, RateLimit
from webapp.core.settings import Settings
from webapp.matches.lifecycle import MatchState
from webapp.ops import backup, scheduler, schema, server
from webapp.ops.verify import faults
from webapp.residents.models import SensitiveRecord

SECRET = "a-secret-of-the-tests-0123456789-abc"


def environment(database_url: str, folder: Path, **extra: str) -> dict[str, str]:
    """Return the settings of an installation outside the demo."""
    return {
        "FUMIN_DATABASE_URL": database_url,
        "FUMIN_DATA_DIR": str(folder),
        "FUMIN_SECRET_KEY": SECRET,
        "FUMIN_ENCRYPTION_KEYS": KEY,
        "FUMIN_TRUSTED_HOSTS": "localhost",
        **extra,
    }


def fumin(
    *arguments: str, database_url: str, folder: Path, stdin: str = "", **extra: str
) -> Result:
    """Run a command as the console script does."""
    return CliRunner().invoke(
        main, arguments, input=stdin, env=environment(database_url, folder, **extra)
    )


def test_upgrade_create_admin_and_verify(database_url, tmp_path):
    common = {"database_url": database_url, "folder": tmp_path}
    assert fumin("db", "upgrade", **common).exit_code == 0
    made = fumin(
        "create-admin", "--phone", "13912345678", "--name", "王芳",
        stdin="a-good-secret-1\na-good-secret-1\n", **common,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    again = fumin(
        "create-admin", "--phone", "13912345678", "--name", "王芳",
        stdin="a-good-secret-1\na-good-secret-1\n", **common,
    )  # fmt: skip
    assert again.exit_code == 1
    verified = fumin("verify", **common)
    assert verified.exit_code == 0, verified.output


@pytest.mark.parametrize(
    "wrong",
    [
        {"FUMIN_SECRET_KEY": ""},
        {"FUMIN_SECRET_KEY": "short"},
        {"FUMIN_SECRET_KEY": "a" * 64},
        {"FUMIN_ENCRYPTION_KEYS": ""},
        {"FUMIN_ENCRYPTION_KEYS": "nonsense"},
        {"FUMIN_TRUSTED_HOSTS": ""},
        {"FUMIN_PROXIES": "x"},
    ],
)
def test_a_weak_or_missing_setting_stops_the_program(tmp_path, wrong):
    result = fumin("verify", database_url=f"sqlite:///{tmp_path}/x", folder=tmp_path, **wrong)
    assert result.exit_code == 1
    assert next(iter(wrong)) in result.output


def test_wrong_usage_is_told_apart(tmp_path):
    assert fumin("nonsense", database_url=f"sqlite:///{tmp_path}/x", folder=tmp_path).exit_code == 2
    for command in (
        "demo",
        "serve",
        "scheduler",
        "suggest",
        "plan",
        "retrain",
        "backup",
        "restore",
        "verify",
    ):
        helped = CliRunner().invoke(main, [command, "--help"])
        assert helped.exit_code == 0
        assert command in helped.output


def test_models_and_migrations_agree(db):
    assert schema.differences(db) == []


def test_a_backup_restores_into_either_database(db, write, settings, tmp_path, sqlite_template):
    with write() as session:
        resident = make_resident(session, with_account=True)
        session.add(SensitiveRecord(resident_id=resident.id, id_number="500107197001011234"))
        make_match(session, resident_id=resident.id)
        audit.record(session, "test.write", resident)
    settings.uploads.mkdir(exist_ok=True)
    (settings.uploads / "photo.bin").write_bytes(b"\x00\x01")
    target = tmp_path / "all.tar.gz"
    settings.models.mkdir()
    (settings.models / "learned-1.zip").write_bytes(b"model")
    backup.backup(db, settings.data_dir, target)
    with tarfile.open(target) as archive:
        content = b"".join(
            archive.extractfile(member).read() for member in archive.getmembers() if member.isfile()
        )
    assert b"500107197001011234" not in content

    other = tmp_path / "other"
    other.mkdir()
    fresh = create_app(
        Settings(other, f"sqlite:///{other}/fresh.sqlite3", SECRET * 2, (KEY,), demo=True)
    ).extensions["database"]
    backup.restore(fresh, other, target)
    with fresh.reader() as session:
        assert session.exec(select(SensitiveRecord)).one().id_number == "500107197001011234"
        assert session.exec(select(Account)).first().created_at.tzinfo is not None
    assert (other / "uploads" / "photo.bin").read_bytes() == b"\x00\x01"
    assert (other / "models" / "learned-1.zip").read_bytes() == b"model"
    assert faults(fresh) == []
    with pytest.raises(backup.BackupError, match="not empty"):
        backup.restore(fresh, other, target)
    with fresh.transaction(access.SYSTEM) as session:  # ids go on after the restored ones
        make_resident(session)
    fresh.dispose()


def test_a_damaged_backup_is_refused(db, settings, tmp_path):
    target = tmp_path / "all.tar.gz"
    target.write_bytes(b"not a backup")
    with pytest.raises(backup.BackupError):
        backup.restore(db, settings.data_dir, target)


def test_the_audit_trail_cannot_be_changed(write, db):
    with write() as session:
        audit.record(session, "test.write", "thing:1")
    for statement in ("UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError), write() as session:
            session.execute(text(statement))
    with db.reader() as session:
        assert audit.verify_chain(session) == []


def test_verification_sees_a_change_behind_the_trigger(write, db):
    with write() as session:
        audit.record(session, "test.write", "thing:1")
        audit.record(session, "test.write", "thing:2")
    if db.is_sqlite:
        unseal = ["DROP TRIGGER audit_event_no_UPDATE"]
    else:
        unseal = ["DROP TRIGGER audit_event_sealed ON audit_event"]
    with write() as session:
        for statement in (
            *unseal,
            "UPDATE audit_event SET action = 'forged' WHERE subject = 'thing:1'",
        ):
            session.execute(text(statement))
    assert len(faults(db)) == 1


def test_verification_sees_a_wrong_count_of_hired(write, db):
    with write() as session:
        opening = make_opening(session)
        make_match(session, opening_id=opening.id, state=MatchState.HIRED, start_date=clock.today())
    assert faults(db) == [f"opening {opening.id}: 0 places taken, 1 people hired"]


def test_a_write_by_a_person_needs_its_audit_entry(db, write):
    with write() as session:
        account = make_account(session, role=Role.ADMIN)
    actor = access.Actor(account_id=account.id, role=Role.ADMIN)
    with pytest.raises(audit.AuditMissing), db.transaction(actor) as session:
        session.add(RateLimit(bucket="x", until=clock.now(), count=1))
    with db.reader() as session:
        assert session.exec(select(RateLimit)).all() == []
        assert session.exec(select(AuditEvent)).all() == []


def test_a_job_runs_once_in_its_period(db):
    ran = []
    job = scheduler.Job("count", lambda _db: ran.append(1) or "done", {}, scheduler.DAILY)
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
    job = scheduler.Job("count", lambda _db: "done", {}, scheduler.DAILY)
    with clock.frozen(noon + timedelta(minutes=30)):
        assert not scheduler.run_once(db, job)
    with clock.frozen(noon + timedelta(minutes=61)):
        assert scheduler.run_once(db, job)


def test_a_failing_job_is_noted_and_stops_nothing(db, caplog):
    def fail(_db):
        raise RuntimeError("broken")

    assert scheduler.run_once(db, scheduler.Job("fail", fail, {}, scheduler.DAILY))
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
def test_fault_30_a_second_scheduler_waits_and_takes_over(tmp_path):
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


def test_fault_31_a_backup_cut_short_is_refused_with_its_reason(database_url, tmp_path):
    common = {"database_url": database_url, "folder": tmp_path}
    assert fumin("db", "upgrade", **common).exit_code == 0
    whole = tmp_path / "whole.tar.gz"
    assert fumin("backup", str(whole), **common).exit_code == 0
    for share in (0.3, 0.7, 0.98):
        cut = tmp_path / "cut.tar.gz"
        cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
        refused = fumin("restore", str(cut), **common)
        assert refused.exit_code == 1
        assert "cut short" in refused.output
        assert "Aborted" not in refused.output


def test_fault_5_database_backups_and_uploads_are_for_their_owner_alone(tmp_path):
    url = f"sqlite:///{tmp_path}/data/fumin.sqlite3"
    folder = tmp_path / "data"
    (folder / "uploads").mkdir(parents=True, mode=0o755)
    older = folder / "uploads" / "made-before"
    older.write_text("x")
    older.chmod(0o644)
    former = os.umask(0o022)  # as usual on a server; an earlier test may have left a closer one
    try:
        assert fumin("db", "upgrade", database_url=url, folder=folder).exit_code == 0
        for path in (folder, *folder.rglob("*")):  # before another command could close them
            assert path.stat().st_mode & 0o077 == 0, path
        target = tmp_path / "backup.tar.gz"
        assert fumin("backup", str(target), database_url=url, folder=folder).exit_code == 0
    finally:
        os.umask(former)
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_writers_queue_without_loss_and_the_chain_holds(db):
    """Four processes write at once: nothing fails, nothing is lost, nobody starves."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    told = (db.url, KEY, 40, queue)
    writers = [context.Process(target=write_many, args=told) for _ in range(4)]
    for writer in writers:
        writer.start()
    waits = sorted(wait for _ in writers for wait in queue.get(timeout=60))
    for writer in writers:
        writer.join()
    assert len(waits) == 160
    assert waits[int(len(waits) * 0.99)] < 2.0  # seconds; the busy handler alone lets some wait 5
    assert faults(db) == []
    with db.reader() as session:
        assert len(session.exec(select(AuditEvent.id)).all()) == 160
