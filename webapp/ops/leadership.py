"""Which of several schedulers works: one on a machine, and one on a database of several machines.

A lock file settles it on one machine. On PostgreSQL a lease settles it between machines: a
session-level advisory lock on a connection of its own. It ends with that connection, so nothing
is left to clean up after a crash and no machine's clock is asked. The server drops a connection
whose machine has vanished after ``_IDLE + _PROBES * _INTERVAL`` seconds, within a minute.
"""

import logging
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from webapp.core.db import Database

log = logging.getLogger(__name__)

_LEASE = 7_206_002  # any fixed number; names the lease to PostgreSQL's advisory locks
_IDLE, _INTERVAL, _PROBES = 10, 5, 3  # seconds, seconds, tries
_OPTIONS = (
    f"-c tcp_keepalives_idle={_IDLE} -c tcp_keepalives_interval={_INTERVAL} "
    f"-c tcp_keepalives_count={_PROBES}"
)


class Leadership:
    """The right to run the jobs of one data directory and one database."""

    def __init__(self, db: Database, folder: Path) -> None:
        self._file = FileLock(folder / "scheduler.lock")
        self._engine = (
            None
            if db.is_sqlite
            else create_engine(
                db.url,
                poolclass=NullPool,
                isolation_level="AUTOCOMMIT",
                connect_args={"options": _OPTIONS, "connect_timeout": _IDLE},
                hide_parameters=True,
            )
        )
        self._lease: Connection | None = None

    def try_take(self) -> bool:
        """Take it if nobody has it; an unreachable database gives it to nobody."""
        try:
            self._file.acquire(timeout=0)
        except Timeout:
            return False
        if self._engine is None or self._take_lease(self._engine):
            return True
        self._file.release()
        return False

    def is_held(self) -> bool:
        """Ask whether it still is: a restarted database has forgotten the lease."""
        if self._engine is None:
            return True
        if self._lease is None:
            return False
        try:
            self._lease.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def give_up(self) -> None:
        """Leave it to the next one."""
        if self._lease is not None:
            self._lease.close()  # nothing pools it: the connection ends, and the lease with it
            self._lease = None
        self._file.release()

    def _take_lease(self, engine: Engine) -> bool:
        try:
            connection = engine.connect()
        except SQLAlchemyError:
            log.exception("the database gives no lease")
            return False
        try:
            asked = text("SELECT pg_try_advisory_lock(:key)")
            if connection.execute(asked, {"key": _LEASE}).scalar_one():
                self._lease = connection
                return True
        except SQLAlchemyError:
            log.exception("the database gives no lease")
        connection.close()
        return False
