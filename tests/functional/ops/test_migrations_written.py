"""`fumin db revision`: a developer adds a table and has its migration written."""

import json
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


# Runs several commands in one process: to start one takes longer than what most of them do.
COMMANDS = """
import json, sys
from click.testing import CliRunner
from webapp.cli import main

for command in json.load(sys.stdin):
    done = CliRunner().invoke(main, command)
    print(json.dumps([done.exit_code, done.output]))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the program, whose migrations may be written to."""
    for folder in ("webapp", "matching", "data"):
        ignore = shutil.ignore_patterns("static")
        shutil.copytree(ROOT / folder, tmp_path / "copy" / folder, ignore=ignore)
    return tmp_path / "copy"


@pytest.mark.slow
def test_a_new_table_gets_its_migration(copy, database_url, tmp_path):
    before = set((copy / "webapp/migrations/versions").glob("*.py"))
    newest = max(int(one.name[:4]) for one in before)
    models = copy / "webapp/complaints/models.py"
    models.write_text(models.read_text() + TABLE)
    commands = [
        ["db", "revision", "add visits"],
        ["db", "revision", "add visits"],
        ["db", "upgrade"],
        ["verify"],
        ["db", "revision", "again"],
        ["db", "revision", "allow more", "--empty"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), **environment(database_url, tmp_path)},
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ends = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    written, again, upgraded, verified, nothing, by_hand = ends
    path = copy / f"webapp/migrations/versions/{newest + 1:04}_add_visits.py"
    assert written[0] == 0, written
    assert str(path) in written[1]
    assert again[0] == 1
    assert "not up to date" in again[1]
    assert upgraded[0] == 0, upgraded
    assert verified[0] == 0, verified
    assert "nothing to migrate" in nothing[1]
    assert by_hand[0] == 0, by_hand
    empty = copy / f"webapp/migrations/versions/{newest + 2:04}_allow_more.py"
    assert "pass" in empty.read_text()
    assert set((copy / "webapp/migrations/versions").glob("*.py")) - before == {path, empty}


def test_nothing_new_writes_nothing(database_url, tmp_path):
    before = set((ROOT / "webapp/migrations/versions").iterdir())
    result = fumin("db", "revision", "nothing", database_url=database_url, folder=tmp_path)
    assert result.exit_code == 1
    assert "nothing to migrate" in result.output
    assert set((ROOT / "webapp/migrations/versions").iterdir()) == before
