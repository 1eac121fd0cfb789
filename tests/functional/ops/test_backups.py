"""Backups: restored into either database, damaged, cut short, and for their owner alone."""

import os
import tarfile

import pytest
from sqlmodel import select

from tests.conftest import KEY
from tests.factories import make_match, make_resident
from tests.functional.command_line import SECRET, fumin
from webapp import create_app
from webapp.accounts.models import Account
from webapp.core import access, audit
from webapp.core.settings import Settings
from webapp.ops import backup
from webapp.ops.verify import faults
from webapp.residents.models import SensitiveRecord


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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
