"""One SQLite and one PostgreSQL engine for all tests of a worker, wherever the rows are.

An engine keeps what it has compiled. With a new one for each test, every statement of the portal
is compiled again: an eighth of the processor time of the tests that ask for pages.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url

from webapp.core import audit
from webapp.core.db import Database


class Kept:
    """The databases made so far, by backend; one test after the other uses them."""

    def __init__(self) -> None:
        self._made: dict[str, Database] = {}
        self._file = ""  # of SQLite: where the engines connect to

    @contextmanager
    def at(self, url: str) -> Iterator[Database]:
        """Yield the database at ``url``; its connections are closed afterwards."""
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
        # What a test that forks has left in the pool is read by two processes: never kept.
        database.dispose()

    def dispose(self) -> None:
        """Close all connections."""
        for database in self._made.values():
            database.dispose()

    def _make(self, url: str) -> Database:
        database = Database(url, before_commit=audit.write_pending)
        if database.is_sqlite:
            for engine in (database.read_engine, database.write_engine):
                event.listen(engine, "do_connect", self._to_the_file)
        return database

    def _to_the_file(self, _dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
        arguments[0] = self._file
