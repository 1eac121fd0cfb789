"""The restore drill: the whole demo is backed up, restored on either database, and verified."""

import json
import os
import subprocess
import sys
from pathlib import Path

from sqlmodel import select

from tests import demo
from webapp.core import audit
from webapp.core.db import Database
from webapp.residents.models import SensitiveRecord


def _fumin(*arguments: str, folder: Path, **extra: str) -> str:
    """Run a command as an administrator types it; return what it says."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FUMIN_")},
        "FUMIN_DEMO": "1",
        "FUMIN_DATA_DIR": str(folder),
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", *arguments],
        cwd=demo.ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_backup_of_the_demo_is_restored_and_holds(
    database_url: str, copied_demo: Path, tmp_path: Path
) -> None:
    first, again = tmp_path / "first.tar.gz", tmp_path / "again.tar.gz"
    written = _fumin("backup", str(first), folder=copied_demo)
    other = tmp_path / "other"
    other.mkdir()
    keys = json.loads((copied_demo / "keys.json").read_text())
    elsewhere = {
        "FUMIN_DATABASE_URL": database_url,
        "FUMIN_SECRET_KEY": keys["secret_key"],
        "FUMIN_ENCRYPTION_KEYS": keys["encryption_key"],
    }
    restored = _fumin("restore", str(first), folder=other, **elsewhere)
    assert restored.split(" restored")[0] == written.split(" written")[0]
    assert "all holds" in _fumin("verify", folder=other, **elsewhere)
    assert _fumin("backup", str(again), folder=other, **elsewhere).startswith(
        written.split(" written")[0]
    )
    db = Database(database_url, before_commit=audit.write_pending)
    with db.reader() as session:  # what is encrypted can be read with the keys kept elsewhere
        assert all(one.id_number for one in session.exec(select(SensitiveRecord)).all())
    db.dispose()
