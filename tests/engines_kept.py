"""One SQLite and one PostgreSQL engine for all tests of a worker, wherever the rows are.

An engine keeps what it has compiled. With a new one for each test, every statement of the portal
is compiled again: an eighth of the processor time of the tests that ask for pages. To PostgreSQL
the connections are kept too, since each begins with a process of its own that knows no table yet.
"""

import copy
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from webapp.core import audit
from webapp.core.db import Database


class Kept:
    """The databases made so far, by backend; one test after the other uses them."""

    def __init__(self) -> None:
        self._made: dict[str, Database] = {}
        self._file = ""  # of SQLite: where the engines connect to
        self._forked = False
        os.register_at_fork(before=self._note_fork)

    @contextmanager
    def at(self, url: str) -> Iterator[Database]:
        """Yield the database at ``url``.

        Its connections are closed afterwards: SQLite's lead to a file of the test, and those to
        PostgreSQL when they could be in use still or a forked process has them too.
        """
        self._forked = False
        address = make_url(url)
        backend = address.get_backend_name()
        key = backend if backend == "sqlite" else url
        if key not in self._made:
            self._made[key] = self._make(url)
        database = copy.copy(self._made[key])
        if database.is_sqlite:
            self._file = address.database or ""
            database.url, database._lock_path = url, Path(f"{self._file}.write-lock")
        yield database
        if database.is_sqlite or self._forked or _in_use(database):
            database.dispose()

    def dispose(self) -> None:
        """Close all connections."""
        for database in self._made.values():
            database.dispose()

    def _note_fork(self) -> None:
        self._forked = True

    def _make(self, url: str) -> Database:
        database = Database(url, before_commit=audit.write_pending)
        if database.is_sqlite:
            for engine in (database.read_engine, database.write_engine):
                event.listen(engine, "do_connect", self._to_the_file)
                event.listen(engine, "connect", _wait_for_no_disk)
        return database

    def _to_the_file(self, _dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
        arguments[0] = self._file


def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # nothing here outlives the tests


def _in_use(database: Database) -> bool:
    """Return whether a test has left a connection to PostgreSQL out of the pool."""
    pool = database.write_engine.pool
    return isinstance(pool, QueuePool) and pool.checkedout() > 0
