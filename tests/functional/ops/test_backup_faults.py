"""Backups that went wrong: cut, changed, of other keys, killed on the way, on a full disk."""

import errno
import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.factories import make_resident, make_spell
from tests.forms import press
from tests.functional.background import do_jobs, run_job
from tests.functional.demo.test_restored import guards
from tests.functional.tables import all_of
from webapp.admin.models import TrialFault, UpkeepMatter
from webapp.core import audit, clock, crypto
from webapp.core.models import JobRun, JobTrouble
from webapp.jobs.models import BackgroundJob
from webapp.ops import backup, backup_copies, job_runs, watch
from webapp.ops.models import BackupCopy
from webapp.ops.scheduled_jobs import JOBS
from webapp.residents.models import SensitiveRecord

ROOT = Path(__file__).resolve().parents[3]
NIGHTLY = next(job for job in JOBS if job.name == "nightly_backup")


@pytest.fixture
def browser(sign_in, boss):
    return sign_in(boss)


@pytest.fixture
def made(app, db, write):
    """A backup of somebody with an ID number."""
    with write() as session:
        resident = make_resident(session)
        session.add(SensitiveRecord(resident_id=resident.id, id_number="500107197001011234"))
        audit.record(session, "test.write", resident)
    run_job(app, "nightly_backup")
    (copy,) = all_of(db, BackupCopy)
    return copy


def cut(whole):
    return whole[: len(whole) // 2]


def unzipped_change(whole):
    """A changed character, in a file that is whole again."""
    content = gzip.decompress(whole)
    assert content.count(b'"action":"test.write"') == 1
    return gzip.compress(content.replace(b'"action":"test.write"', b'"action":"test.wrote"'))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (cut, TrialFault.UNREADABLE),
        (unzipped_change, TrialFault.DAMAGED),
        (lambda _whole: gzip.compress(b"nothing"), TrialFault.UNREADABLE),
    ],
)
def test_a_spoiled_backup_is_told_of_in_words_and_to_every_admin(
    app, db, write, settings, browser, made, spoil, why
):
    file = settings.backups / made.name
    asked = browser.get("/admin/backups/")
    assert "试着恢复" in asked.get_data(as_text=True)
    file.write_bytes(spoil(file.read_bytes()))
    with write() as session:  # its size as it is: nothing but trying finds out
        session.get_one(BackupCopy, made.id).size = file.stat().st_size
    press(browser, "/admin/backups/", f"/admin/backups/{made.id}/try")
    do_jobs(app)
    assert all_of(db, BackupCopy)[0].why is why
    assert why.label in all_of(db, BackgroundJob)[-1].message
    assert why.label in browser.get("/admin/backups/").get_data(as_text=True)
    with app.app_context():
        watch.look(db, settings)
    assert f"上次试的备份不能靠：{why.label}" in browser.get("/admin/").get_data(as_text=True)


@pytest.mark.slow
def test_a_backup_of_other_keys_is_refused_and_told_of(app, db, settings, browser, made):
    kept = list(crypto._keyring), list(crypto._mac_keys)
    crypto.load_keys((Fernet.generate_key().decode(),))
    try:
        with app.app_context():
            (found,) = backup_copies.try_out(settings, settings.backups / made.name)
        assert found.why is TrialFault.OTHER_KEYS
        press(browser, "/admin/backups/", f"/admin/backups/{made.id}/try")
        do_jobs(app)
    finally:
        crypto._keyring[:], crypto._mac_keys[:] = kept
    assert "加密用的是另一把钥匙" in browser.get("/admin/backups/").get_data(as_text=True)
    with db.reader() as session:
        matters = watch.backups(session, settings)
    assert (UpkeepMatter.BACKUP_BROKEN, "other_keys") in matters
    # With the right keys it is a good one, and the alarm is over.
    press(browser, "/admin/backups/", f"/admin/backups/{made.id}/try")
    do_jobs(app)
    (copy,) = all_of(db, BackupCopy)
    assert (copy.faults, copy.why) == (0, None)
    with db.reader() as session:
        assert watch.backups(session, settings) == {}


_KILLED = """
import sys
from pathlib import Path
from webapp import create_app
from webapp.core.settings import Settings
from webapp.ops import backup, backup_copies
folder, url, key = sys.argv[1:]
settings = Settings(Path(folder), url, "only-for-tests-0123456789-abcdefghijk", (key,), demo=True)
app = create_app(settings)
add = backup._add
def slow(archive, name, content):
    add(archive, name, content)
    if name == "tables/resident.jsonl":
        print("half", flush=True)
        sys.stdin.read()
backup._add = slow
with app.app_context():
    backup_copies.make(app.extensions["database"], settings)
"""


@pytest.mark.slow
def test_a_backup_that_is_killed_half_way_is_no_backup(app, db, settings, browser, made):
    killed = subprocess.Popen(
        [
            sys.executable, "-c", _KILLED,
            str(settings.data_dir), settings.database_url, settings.encryption_keys[0],
        ],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert killed.stdout.readline() == b"half\n"
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait(timeout=30) == -signal.SIGKILL
    killed.stdin.close()
    killed.stdout.close()
    (half,) = settings.backups.glob("*.part")
    assert [copy.name for copy in all_of(db, BackupCopy)] == [made.name]
    with db.reader() as session:
        assert backup_copies.newest_good(session, settings).name == made.name
    assert "1 份" in browser.get("/admin/backups/").get_data(as_text=True)
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        run_job(app, "nightly_backup")
    assert half.exists()  # another process may still be at it
    old = time.time() - timedelta(hours=3).total_seconds()
    os.utime(half, (old, old))
    left = settings.data_dir / "trial-abc"
    left.mkdir()
    (left / "trial.sqlite3").write_bytes(b"x")
    os.utime(left, (old, old))
    with clock.frozen(clock.now() + timedelta(seconds=4)):
        run_job(app, "nightly_backup")
    assert not half.exists()
    assert not left.exists()
    assert len(all_of(db, BackupCopy)) == 3


@pytest.mark.slow
def test_a_whole_backup_without_its_row_is_taken_in(app, db, write, settings, made):
    """The process was ended between the file and its row; or an older backup was restored."""
    file = settings.backups / made.name
    with write() as session:
        session.delete(session.get_one(BackupCopy, made.id))
    (settings.backups / "fumin-20260101-030000.tar.gz").write_bytes(cut(file.read_bytes()))
    (settings.backups / "by-hand.tar.gz").write_bytes(file.read_bytes())
    with clock.frozen(clock.now() + timedelta(days=1)):
        run_job(app, "nightly_backup")
    found = {copy.name: copy for copy in all_of(db, BackupCopy)}
    assert len(found) == 2
    again = found[made.name]
    assert (again.size, again.rows, again.made_at) == (
        made.size,
        made.rows,
        made.made_at.replace(microsecond=0),
    )


@pytest.mark.slow
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    app, db, settings, browser, made, monkeypatch
):
    def full(_archive, _name, _content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup, "_add", full)
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=1)):
        assert job_runs.run_in(db, NIGHTLY, "2026-12-02") == "failed"
    (run,) = [run for run in all_of(db, JobRun) if run.period == "2026-12-02"]
    assert run.trouble is JobTrouble.DISK_FULL
    assert [path.name for path in settings.backups.iterdir()] == [made.name]
    assert "硬盘满了，写不进去" in browser.get("/admin/jobs/").get_data(as_text=True)
    press(browser, "/admin/backups/", "/admin/jobs/nightly_backup/run")
    do_jobs(app)
    assert "硬盘满了" in all_of(db, BackgroundJob)[-1].message
    assert len(all_of(db, BackupCopy)) == 1


@pytest.mark.slow
def test_a_disk_that_is_full_while_trying_says_nothing_of_the_backup(
    app, db, settings, browser, made, monkeypatch
):
    def full(*_given, **_more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(backup, "restore", full)
    press(browser, "/admin/backups/", f"/admin/backups/{made.id}/try")
    do_jobs(app)
    (copy,) = all_of(db, BackupCopy)
    assert (copy.tried_at, copy.faults) == (None, None)
    assert "硬盘满了，没有地方试" in all_of(db, BackgroundJob)[-1].message
    assert not list(settings.data_dir.glob("trial-*"))


@pytest.mark.slow
@pytest.mark.database
def test_rows_that_point_to_later_ones_are_restored(app, db, write, settings):
    with write() as session:
        first, second, third = (make_spell(session) for _ in range(3))
        first.corrects_id, second.corrects_id = third.id, first.id
    run_job(app, "nightly_backup")
    (copy,) = all_of(db, BackupCopy)
    with app.app_context():
        assert backup_copies.try_out(settings, settings.backups / copy.name) == []


@pytest.mark.slow
@pytest.mark.database
def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(db, settings, made, write):
    """Its guards too: they are laid aside in the same transaction."""
    file = settings.backups / made.name
    spoiled = settings.data_dir / "spoiled.tar.gz"
    spoiled.write_bytes(unzipped_change(file.read_bytes()))
    before = guards(db)
    with pytest.raises(backup.Damaged):
        backup.restore(db, settings.data_dir, spoiled)
    assert guards(db) == before
    assert len(before) > 100
