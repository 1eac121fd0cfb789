"""The whole demo is backed up and restored: every row as it was, every guard back in its place."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import text

from webapp.core import audit, crypto
from webapp.core.db import Database
from webapp.ops import backup, verify


def manifest(file: Path) -> dict:
    with tarfile.open(file) as archive:
        return json.loads(archive.extractfile("manifest.json").read())


def guards(db: Database) -> list[tuple]:
    """The triggers there are, and whether they are on."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if db.is_sqlite
        else "SELECT tgname, tgenabled, tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY 3, 1"
    )
    with db.reader() as session:
        return [tuple(row) for row in session.execute(text(query))]


@pytest.mark.slow
@pytest.mark.database
def test_the_whole_demo_is_restored_as_it_was(database_url, loaded_demo, tmp_path):
    folder = tmp_path / "demo"
    shutil.copytree(loaded_demo, folder)
    keys = list(crypto._keyring), list(crypto._mac_keys)
    crypto.load_keys((json.loads((folder / "keys.json").read_text())["encryption_key"],))
    demo = Database(f"sqlite:///{folder / 'fumin.sqlite3'}", before_commit=audit.write_pending)
    fresh = Database(database_url, before_commit=audit.write_pending)
    try:
        first, again = tmp_path / "first.tar.gz", tmp_path / "again.tar.gz"
        rows = backup.backup(demo, folder, first)
        before = guards(fresh)
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        assert backup.restore(fresh, elsewhere, first) == rows
        assert guards(fresh) == before
        assert len(before) > 100
        assert verify.faults(fresh) == []
        backup.backup(fresh, elsewhere, again)
        # The digest of each table's rows: what comes out is what went in, to the last character.
        assert manifest(again)["tables"] == manifest(first)["tables"]
    finally:
        demo.dispose()
        fresh.dispose()
        crypto._keyring[:], crypto._mac_keys[:] = keys
