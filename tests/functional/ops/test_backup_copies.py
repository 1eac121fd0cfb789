"""Backups of each night: made, rotated, restored for trial, and told of when they are old."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.engine import make_url

from tests.factories import make_match, make_resident
from tests.forms import press, submit
from tests.functional.background import do_jobs, run_job
from tests.functional.tables import all_of
from webapp.admin.models import TrialFault, UpkeepMatter
from webapp.core import audit, clock
from webapp.core.models import AuditEvent, JobRun
from webapp.jobs.models import BackgroundJob
from webapp.ops import backup_copies, schema, watch
from webapp.ops.models import BackupCopy

NIGHT = datetime(2026, 11, 24, 3, 10, tzinfo=clock.LOCAL)


@pytest.fixture
def browser(sign_in, boss):
    return sign_in(boss)


@pytest.fixture
def migrated_once(sqlite_template, monkeypatch):
    """Return what makes databases for a trial copies of a migrated one from then on.

    To migrate takes two seconds each time; a first trial does, in the test that goes through all.
    """

    def copy(trial):
        shutil.copy(sqlite_template, make_url(trial.url).database)

    return lambda: monkeypatch.setattr(schema, "upgrade", copy)


def matters(db, settings, moment):
    """Return what is the matter with the backups at a moment."""
    with clock.frozen(moment), db.reader() as session:
        return watch.backups(session, settings)


@pytest.mark.job("nightly_backup")
def test_each_night_has_its_backup_and_the_oldest_go(app, db, write, settings, monkeypatch):
    with write() as session:
        make_resident(session)
    few = replace(settings, backups_kept=2)
    monkeypatch.setitem(app.extensions, "settings", few)
    for night in range(4):
        with clock.frozen(NIGHT + timedelta(days=night)):
            assert run_job(app, "nightly_backup").endswith(" rows backed up")
        if night == 0:  # restored for trial: kept whatever comes
            with write() as session:
                first = session.get_one(BackupCopy, 1)
                first.tried_at, first.faults = clock.now(), 0
    copies = all_of(db, BackupCopy)
    assert [copy.deleted_at is None for copy in copies] == [True, False, True, True]
    files = sorted(path.name for path in few.backups.iterdir())
    assert files == sorted(copy.name for copy in copies if copy.deleted_at is None)
    assert all(path.stat().st_mode & 0o077 == 0 for path in few.backups.iterdir())
    assert copies[0].rows > 0


def test_an_old_or_missing_backup_is_told_of(app, db, write, settings):
    with write() as session:
        session.add(JobRun(job="purge", period="x", started_at=NIGHT))
    day = timedelta(hours=25, minutes=1)
    old = (UpkeepMatter.BACKUP_OLD, "")
    assert matters(db, settings, NIGHT + timedelta(hours=20)) == {}  # in its first day
    assert matters(db, settings, NIGHT + day) == {old: None}
    made = NIGHT + timedelta(days=2)
    with clock.frozen(made):
        run_job(app, "nightly_backup")
    assert matters(db, settings, made + timedelta(hours=25)) == {}
    assert matters(db, settings, made + day) == {old: made}
    (file,) = settings.backups.iterdir()
    file.write_bytes(file.read_bytes()[:-1])  # cut short: it is no good one any more
    assert matters(db, settings, made + timedelta(hours=1)) == {old: None}


@pytest.mark.slow
def test_a_backup_is_restored_for_trial_and_a_damaged_one_found_out(
    app, db, write, settings, browser, migrated_once
):
    with write() as session:
        make_match(session)
        audit.record(session, "test.write", "resident:1")
    run_job(app, "nightly_backup")
    before = len(all_of(db, AuditEvent))
    (copy,) = all_of(db, BackupCopy)
    asked = press(browser, "/admin/backups/", f"/admin/backups/{copy.id}/try")
    assert do_jobs(app) == 1
    assert browser.get(asked.headers["Location"]).headers["Location"] == "/admin/backups/"
    assert "恢复得了" in browser.get("/admin/backups/").get_data(as_text=True)
    assert all_of(db, BackupCopy)[0].faults == 0
    assert not list(settings.data_dir.glob("trial-*"))
    noted = [row.action for row in all_of(db, AuditEvent)[before:]]
    assert "backup.try" in noted
    migrated_once()
    file = settings.backups / copy.name
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes(40) + whole[middle + 40 :])  # of the same size
    press(browser, "/admin/backups/", f"/admin/backups/{copy.id}/try")
    do_jobs(app)
    shown = browser.get("/admin/backups/").get_data(as_text=True)
    assert "文件坏了或者不完整" in shown
    assert "还没有一份好的备份" in shown
    assert "不能靠" in all_of(db, BackgroundJob)[-1].message
    assert not list(settings.data_dir.glob("trial-*"))
    assert (UpkeepMatter.BACKUP_BROKEN, "unreadable") in matters(db, settings, clock.now())


def test_a_trial_counts_rows_and_holds_what_verify_holds(
    app, db, write, settings, monkeypatch, migrated_once
):
    migrated_once()
    with write() as session:
        make_resident(session)
    run_job(app, "nightly_backup")
    (file,) = settings.backups.iterdir()
    restore = backup_copies.backup.restore

    def short(trial, folder, source):
        listed = restore(trial, folder, source)
        return {**listed, "resident": listed["resident"] + 1}

    monkeypatch.setattr(backup_copies.backup, "restore", short)
    with app.app_context():
        assert backup_copies.try_out(settings, file) == [
            (TrialFault.ROWS_MISSING, "resident: 2 rows in the backup, 1 restored")
        ]
    monkeypatch.setattr(backup_copies.backup, "restore", restore)
    monkeypatch.setattr(backup_copies.verify, "faults", lambda _db: ["ledger: 1 fen is missing"])
    with app.app_context():
        assert backup_copies.try_out(settings, file) == [
            (TrialFault.DOES_NOT_HOLD, "ledger: 1 fen is missing")
        ]


def test_room_left_is_shown_and_no_page_hands_a_backup_out(
    app, db, settings, browser, desk, monkeypatch
):
    monkeypatch.setattr(backup_copies, "space", lambda _settings: (5 << 30, 1000 << 30))
    shown = browser.get("/admin/backups/").get_data(as_text=True)
    assert "还没有一份好的备份" in shown
    assert "硬盘快满了，只剩 5.0 GB" in shown
    with db.reader() as session:
        assert watch.disk(session, settings) == {(UpkeepMatter.DISK_LOW, ""): None}
    monkeypatch.setattr(backup_copies, "space", lambda _settings: (500 << 30, 1000 << 30))
    assert "硬盘快满了" not in browser.get("/admin/backups/").get_data(as_text=True)
    run_job(app, "nightly_backup")
    (copy,) = all_of(db, BackupCopy)
    assert copy.name not in browser.get("/admin/backups/").get_data(as_text=True)
    assert submit(browser, "/admin/backups/99/try", page="/admin/backups/").status_code == 404
    assert desk.get("/admin/backups/").status_code == 403
