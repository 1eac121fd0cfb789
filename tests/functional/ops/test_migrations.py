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
# What later migrations write out of what is there: the spells of the hires on record,
# the page and the case of a stall that somebody had said yes to.
FILLED = {"employment_spell", "venture", "venture_case"}
LAST = "0081"  # the revision the dumps were made at
# A stall as it was before there were ventures, and somebody who had said yes to it.
STALL = """
CREATE TEMP TABLE stall AS SELECT * FROM opening LIMIT 1;
UPDATE stall SET id = 2, kind = 'venture', title = '鱼摊', hired_count = 0, headcount = 3,
 import_key = NULL;
INSERT INTO opening SELECT * FROM stall;
CREATE TEMP TABLE yes AS SELECT * FROM "match" LIMIT 1;
UPDATE yes SET id = 2, opening_id = 2, state = 'interested', start_date = NULL,
 previous_state = NULL, interview_at = NULL;
INSERT INTO "match" SELECT * FROM yes;
"""


def restored(dump: Path, path: Path) -> str:
    """Return the address of an SQLite database with a dump's tables, triggers and rows."""
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text())
    connection.executescript(STALL if 'INSERT INTO "match"' in dump.read_text() else "")
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
    if before.get("match") == 2:  # the one with a stall
        venture, case = stall_and_case(url)
        assert venture == ("other", "market", "draw", 3)
        assert case == ("applied", "match", "鱼摊", 12)
    held = sorted(n for table, n in before.items() if n and table not in DROPPED)
    assert held == sorted(n for table, n in after.items() if n and table not in FILLED)


def stall_and_case(url: str) -> tuple[object, object]:
    """Return what became of the stall, and of the yes to it."""
    engine = create_engine(url)
    with engine.connect() as connection:
        venture = connection.execute(
            text("SELECT trade, site, allocation, places FROM venture WHERE opening_id = 2")
        ).one()
        case = connection.execute(
            text("SELECT state, origin, title, length(code) FROM venture_case")
        ).one()
    engine.dispose()
    return tuple(venture), tuple(case)


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
