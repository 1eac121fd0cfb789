"""A throw-away PostgreSQL server for the tests, made from the programs on the machine."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, or ``None`` when there is no server here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server on a free port of the loopback address and yield its address for SQLAlchemy."""
    folder = programs()
    if folder is None:
        raise RuntimeError("no PostgreSQL server programs on this machine")
    # PostgreSQL refuses to run as root: lend it its own user then.
    user = "postgres" if os.geteuid() == 0 else None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = Path(tempfile.mkdtemp(prefix="fumin-pg-"))
    if user:
        os.chown(base, pwd.getpwnam(user).pw_uid, -1)

    def run(*command: str) -> None:
        subprocess.run(
            command, check=True, user=user, cwd=base, stdout=subprocess.DEVNULL, timeout=60
        )

    data = str(base / "data")
    run(str(folder / "initdb"), "-D", data, "-U", "fumin", "-A", "trust", "-E", "UTF8", "--no-sync")
    settings = (
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={base}",
        # Nothing here outlives the tests.
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        # Tables of a few rows that were emptied look large to the planner; compiling would not pay.
        "jit=off",
    )
    options = f"-p {port} " + " ".join(f"-c {one}" for one in settings)
    control = str(folder / "pg_ctl")
    run(control, "-D", data, "-o", options, "-w", "-l", str(base / "log"), "start")
    try:
        yield f"postgresql+psycopg://fumin@127.0.0.1:{port}"
    finally:
        run(control, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(base, ignore_errors=True)


# What changes when a table, a column, a constraint or a trigger does.
_SHAPE = """SELECT
    (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),
    (SELECT count(*) FROM pg_trigger), (SELECT max(version_num) FROM alembic_version)"""
_TABLES = """SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'"""
# What a test left in the middle of something; connections that rest in a pool may stay.
_BUSY = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""


class Reused:
    """One database for many tests: emptying it takes milliseconds, making one a fifth of a second.

    A test that changed its shape makes the next one start from a new copy of the template.
    """

    def __init__(self, address: str, migrate: Callable[[str], None]) -> None:
        self._address = address
        self._run("postgres", 'CREATE DATABASE "template_fumin"')
        migrate(f"{address}/template_fumin")
        self.url = f"{address}/fumin_test"
        self._engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        self._copy()

    def empty(self) -> None:
        """Leave the database as the template is: no rows, ids from 1."""
        with self._engine.connect() as connection:
            connection.execute(text(_BUSY))
            same = connection.execute(text(_SHAPE)).one() == self._shape
            if same:
                self._delete(connection)
        if not same:
            self._copy()

    def dispose(self) -> None:
        """Close the connection that empties."""
        self._engine.dispose()

    def _delete(self, connection: Connection) -> None:
        # As a replica no trigger and no foreign key stands in the way.
        deletes = ";".join(f'DELETE FROM "{name}"' for name in self._tables)
        connection.execute(
            text(f"BEGIN; SET LOCAL session_replication_role = replica; {deletes}; COMMIT")
        )
        connection.execute(
            text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        )

    def _copy(self) -> None:
        self._engine.dispose()
        self._run("postgres", 'DROP DATABASE IF EXISTS "fumin_test" WITH (FORCE)')
        self._run("postgres", 'CREATE DATABASE "fumin_test" TEMPLATE "template_fumin"')
        with self._engine.connect() as connection:
            self._shape = connection.execute(text(_SHAPE)).one()
            self._tables = [row[0] for row in connection.execute(text(_TABLES))]

    def _run(self, database: str, statement: str) -> None:
        engine = create_engine(f"{self._address}/{database}", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
