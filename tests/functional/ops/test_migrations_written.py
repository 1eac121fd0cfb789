"""`fumin db revision`: a developer adds a table and has its migration written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import webapp
from tests.functional.command_line import environment, fumin

ROOT = Path(webapp.__file__).parents[1]
TABLE = '''

class Visit(SQLModel, table=True):
    """A visit."""

    __tablename__ = "visit"

    id: int = primary_key()
    note: str = Field(max_length=40)
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program, whose migrations may be written to."""
    for folder in ("webapp", "matching", "data"):
        ignore = shutil.ignore_patterns("__pycache__", "static")
        shutil.copytree(ROOT / folder, tmp_path / "copy" / folder, ignore=ignore)
    return tmp_path / "copy"


@pytest.mark.slow
def test_a_new_table_gets_its_migration(copy, database_url, tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webapp.cli", *arguments],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), **environment(database_url, tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    before = set((copy / "webapp/migrations/versions").glob("*.py"))
    models = copy / "webapp/branches/models.py"
    models.write_text(models.read_text() + TABLE)
    written = run("db", "revision", "add visits")
    assert written.returncode == 0, written.stderr
    (path,) = set((copy / "webapp/migrations/versions").glob("*.py")) - before
    newest = max(int(one.name[:4]) for one in before)
    assert path.name == f"{newest + 1:04}_add_visits.py"
    assert str(path) in written.stdout
    again = run("db", "revision", "add visits")
    assert again.returncode == 1
    assert "not up to date" in again.stderr
    upgraded = run("db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    verified = run("verify")
    assert verified.returncode == 0, verified.stderr
    assert "nothing to migrate" in run("db", "revision", "again").stderr
    by_hand = run("db", "revision", "allow more", "--empty")
    assert by_hand.returncode == 0, by_hand.stderr
    empty = copy / f"webapp/migrations/versions/{newest + 2:04}_allow_more.py"
    assert "pass" in empty.read_text()


def test_nothing_new_writes_nothing(database_url, tmp_path):
    before = set((ROOT / "webapp/migrations/versions").iterdir())
    result = fumin("db", "revision", "nothing", database_url=database_url, folder=tmp_path)
    assert result.exit_code == 1
    assert "nothing to migrate" in result.output
    assert set((ROOT / "webapp/migrations/versions").iterdir()) == before
