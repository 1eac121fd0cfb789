"""Engines, sessions, the one way to write, and column helpers.

Reads share one engine; writes go through :meth:`Database.transaction`. On SQLite writers
queue on a file lock and start with ``BEGIN IMMEDIATE``: a plain ``BEGIN`` upgrades to a write
lock half-way and then fails or loses updates. The kernel wakes the waiters of the lock in
order, where SQLite's own busy handler sleeps and lets latecomers pass.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import current_app, g
from sqlalchemy import JSON, BindParameter, Column, Enum, MetaData, bindparam, event
from sqlalchemy.engine import Engine, ExceptionContext, make_url
from sqlalchemy.ext.mutable import MutableList
from sqlmodel import Field, Session, SQLModel, create_engine
from sqlmodel.sql.sqltypes import UTCDateTime

from webapp.core import clock

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def metadata() -> MetaData:
    """Return the metadata that every table of the portal is registered in."""
    return SQLModel.metadata


class Database:
    """One database: where to read, how to write.

    ``before_commit`` is called with the session and the acting person at the end of every
    transaction, in it: the audit trail is written there.
    """

    def __init__(self, url: str, *, before_commit: Callable[[Session, Any], None]) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._before_commit = before_commit
        if self.is_sqlite:
            self.read_engine = _sqlite_engine(url, begin="BEGIN", synchronous="NORMAL")
            # FULL: what was acknowledged has reached the disk, also when the power fails.
            self.write_engine = _sqlite_engine(url, begin="BEGIN IMMEDIATE", synchronous="FULL")
            self._lock_path = Path(f"{make_url(url).database}.write-lock")
        else:
            self.read_engine = self.write_engine = create_engine(
                url, pool_pre_ping=True, hide_parameters=True
            )
            _withhold_values(self.write_engine)

    def reader(self) -> Session:
        """Return a session to read with; the caller closes it."""
        return Session(self.read_engine, expire_on_commit=False)

    @contextmanager
    def transaction(self, actor: Any) -> Iterator[Session]:
        """Write as ``actor``: all of it or nothing, together with its audit entries."""
        with (
            self._queue(),
            Session(self.write_engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
            session.flush()
            self._before_commit(session, actor)

    def refresh_statistics(self) -> None:
        """Count what stands in the tables, for the choice of indexes; after much was written.

        SQLite never counts by itself, and without counts it goes through every resident where a
        small index would do. PostgreSQL's autovacuum counts within a minute.
        """
        if self.is_sqlite:
            with self._queue(), self.write_engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")

    def dispose(self) -> None:
        """Close all pooled connections (before a fork, after a test)."""
        self.read_engine.dispose()
        self.write_engine.dispose()

    def _queue(self) -> Any:
        return _held(self._lock_path) if self.is_sqlite else nullcontext()


@contextmanager
def _held(path: Path) -> Iterator[None]:
    # Each opening of the file is a lock holder of its own, so threads queue too.
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sqlite_engine(url: str, *, begin: str, synchronous: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    _withhold_values(engine)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        # Deleting by INSERT OR REPLACE fires the triggers that refuse it.
        cursor.execute("PRAGMA recursive_triggers = ON")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA temp_store = MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _withhold_values(engine: Engine) -> None:
    """Keep rows out of error texts: PostgreSQL quotes them in DETAIL, and texts end in logs."""

    @event.listens_for(engine, "handle_error")
    def _shorten(context: ExceptionContext) -> None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args and isinstance(error.args[0], str):
                first = error.args[0].partition("\nDETAIL:")[0].partition("\nCONTEXT:")[0]
                error.args = (first, *error.args[1:])


def get_db() -> Database:
    """Return the running application's database."""
    database: Database = current_app.extensions["database"]
    return database


def reader() -> Session:
    """Return the request's reading session, opened at first use and closed with the request."""
    if "reader" not in g:
        g.reader = get_db().reader()
    session: Session = g.reader
    return session


def close_reader(_error: BaseException | None = None) -> None:
    """Close the request's reading session (teardown handler)."""
    session = g.pop("reader", None)
    if session is not None:
        session.close()


def primary_key() -> Any:
    """Return the usual primary key field."""
    return Field(default=None, primary_key=True)


def enum_column(
    kind: type[StrEnum], *, nullable: bool = False, index: bool = False, name: str | None = None
) -> Column[Any]:
    """Return a text column holding the enum's values, with a CHECK that refuses others.

    ``name`` tells two columns of one enum in one table apart.
    """
    return Column(
        Enum(
            kind,
            values_callable=lambda members: [member.value for member in members],
            native_enum=False,
            create_constraint=True,
            length=32,
            name=name or kind.__name__.lower(),
        ),
        nullable=nullable,
        index=index,
    )


def moment(ago: timedelta = timedelta()) -> BindParameter[datetime]:
    """Return the present moment, or one ``ago``, as a value of a statement.

    Which moment that is, is asked each time that the statement is carried out.
    """
    return bindparam(
        "moment", callable_=lambda: clock.now() - ago, type_=UTCDateTime(), unique=True
    )


def json_list() -> Any:
    """Return a field for a list kept as JSON; in-place changes are noticed."""
    return Field(
        default_factory=list,
        sa_column=Column(MutableList.as_mutable(JSON()), nullable=False),
    )
