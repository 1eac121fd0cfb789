"""Migration 0110 gives tables and columns other names: every row and every rule stays."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text

from tests.functional.piecework.world import World, key, refused_by_database
from webapp.core import audit
from webapp.core.db import Database
from webapp.ops import schema, verify
from webapp.piecework.services import settlements, shipments

BEFORE, OWN = "0081", "0110"
SHAPES = {
    "sqlite": ["SELECT type, name, tbl_name, replace(sql, '\"', '') FROM sqlite_master"],
    "postgresql": [
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgrelid::regclass, tgname, pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE NOT tgisinternal",
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace",
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public'",
    ],
}


def migrate(db: Database, how: Any, revision: str) -> None:
    with db.write_engine.connect() as connection:
        schema._set_foreign_keys(connection, on=False)
        with connection.begin():
            how(schema._config(connection), revision)
        schema._set_foreign_keys(connection, on=True)


def shape(db: Database) -> set[str]:
    """Return all names and definitions in a database.

    Lines are sorted: a table that Alembic wrote anew has its constraints in any order.
    """
    with db.read_engine.connect() as connection:
        queries = SHAPES[connection.dialect.name]
        rows = [row for one in queries for row in connection.execute(text(one))]
    return {
        "\n".join(sorted(line.strip(" \t,") for line in "|".join(map(str, row)).split("\n")))
        for row in rows
    }


def contents(db: Database) -> dict[str, list[str]]:
    """Return the rows of every table, by the table's name today."""
    new_names = {"piecework_tranche": "piecework_shipment"}
    with db.read_engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            new_names.get(name, name): sorted(
                map(str, connection.execute(text(f'SELECT * FROM "{name}"')))
            )
            for name in names
        }


@pytest.fixture
def older(db: Database, tmp_path: Path) -> Iterator[Database]:
    """A new, empty database of the schema before."""
    if db.is_sqlite:
        found = Database(
            f"sqlite:///{tmp_path / 'older.sqlite3'}", before_commit=audit.write_pending
        )
        migrate(found, command.upgrade, BEFORE)
        yield found
        found.dispose()
        return
    server = create_engine(db.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE fumin_older"))
    found = Database(db.url.replace("fumin_test", "fumin_older"), before_commit=audit.write_pending)
    migrate(found, command.upgrade, BEFORE)
    yield found
    found.dispose()
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE fumin_older WITH (FORCE)"))
    server.dispose()


@pytest.mark.slow
def test_the_older_database_with_rows_is_upgraded_whole(
    world: World, db: Database, older: Database
) -> None:
    world.publish()
    world.inspect(world.submit(world.ready(20), 20), 20)
    made = world.do(
        world.staff, shipments.offer_shipment, order_id=world.order_id, pieces=10,
        idempotency_key=key(),
    )  # fmt: skip
    world.do(world.company, shipments.take_shipment, shipment_id=made.id)
    world.do(world.staff, settlements.settle, idempotency_key=key())
    migrate(db, command.downgrade, OWN)
    rows, names = contents(db), shape(db)

    migrate(db, command.downgrade, BEFORE)
    assert shape(db) == shape(older)
    assert contents(db) == rows
    assert verify.faults(db)[0].startswith("schema:")

    schema.upgrade(db, target=OWN)
    assert contents(db) == rows
    assert shape(db) == names
    schema.upgrade(db)
    assert verify.faults(db) == []
    for statement in (
        "DELETE FROM piecework_shipment",
        "UPDATE ledger_account SET account_type = 'bank'",
        "UPDATE piecework_shipment SET state = 'nowhere'",
        f"UPDATE piecework_order SET state = 'closed' WHERE id = {world.order_id}",
    ):
        assert refused_by_database(world, statement), statement
