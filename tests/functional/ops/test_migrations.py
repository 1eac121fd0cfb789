"""A database of the last schema before the first migration was written anew opens after it."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, func, select, text

from tests import postgres
from tests.conftest import require
from webapp.core import audit
from webapp.core.db import Database
from webapp.ops import schema, verify

DUMPS = sorted((Path(__file__).parent / "last_schema").glob("*.sql"))
# Tables that later migrations drop with what they held: counters that run out by themselves.
DROPPED = {"sign_in_failure"}
# What a later migration writes out of what is there: the spells of the hires on record.
FILLED = {"employment_spell"}
LAST = "0081"  # the revision the dumps were made at


def restored(dump: Path, path: Path) -> str:
    """Return the address of an SQLite database with a dump's tables, triggers and rows."""
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text())
    connection.close()
    return f"sqlite:///{path}"


def row_counts(url: str) -> dict[str, int]:
    """Return how many rows each table holds."""
    engine = create_engine(url)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.sorted_tables
        }
    engine.dispose()
    return counts


def opens_whole(url: str, before: dict[str, int]) -> None:
    """Upgrade the database and hold it against the models, the ledgers and what it held."""
    database = Database(url, before_commit=audit.write_pending)
    schema.upgrade(database)
    assert schema.differences(database) == []
    assert verify.faults(database) == []
    database.dispose()
    after = row_counts(url)
    held = sorted(n for table, n in before.items() if n and table not in DROPPED)
    assert held == sorted(n for table, n in after.items() if n and table not in FILLED)


@pytest.mark.slow
@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_a_database_of_the_last_schema_opens_on_sqlite(dump: Path, tmp_path: Path):
    url = restored(dump, tmp_path / "old.sqlite3")
    opens_whole(url, row_counts(url))


@pytest.mark.postgres
@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)
def test_a_database_of_the_last_schema_opens_on_postgresql(dump: Path, tmp_path: Path):
    require("PostgreSQL", postgres.programs() is not None)
    old = restored(dump, tmp_path / "old.sqlite3")
    with postgres.server() as address:
        url = f"{address}/postgres"
        database = Database(url, before_commit=audit.write_pending)
        schema.upgrade(database, target=LAST)
        database.dispose()
        copy_rows(old, url)
        opens_whole(url, row_counts(old))


def copy_rows(source: str, target: str) -> None:
    """Copy all rows as they are, past the triggers, as a restored backup of the server would."""
    read, write = create_engine(source), create_engine(target)
    tables = MetaData()
    tables.reflect(write)
    with read.connect() as reading, write.begin() as writing:
        writing.execute(text("SET session_replication_role = replica"))
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = reading.execute(select(table)).mappings().all()
            if rows:
                writing.execute(table.insert(), [dict(row) for row in rows])
                if "id" in table.c:
                    writing.execute(
                        text(
                            f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'),"
                            f' (SELECT max(id) FROM "{table.name}"))'
                        )
                    )
    read.dispose()
    write.dispose()


def test_the_dumps_are_of_the_last_schema():
    for dump in DUMPS:
        assert re.search(rf"alembic_version.* VALUES\('{LAST}'\)", dump.read_text())
    assert len(DUMPS) == 2
