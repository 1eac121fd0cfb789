"""What an error means for who runs the installation: a full disk, a database that is away."""

import errno

from sqlalchemy.exc import OperationalError

from webapp.core.models import JobTrouble

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_POSTGRESQL_FULL = "53100"
_SQLITE_FULL = "database or disk is full"


def trouble_of(error: BaseException) -> JobTrouble:
    """Return the trouble behind an error, or behind what it was raised from."""
    at: BaseException | None = error
    while at is not None:
        if is_disk_full(at):
            return JobTrouble.DISK_FULL
        if isinstance(at, OperationalError):
            return JobTrouble.DATABASE_AWAY
        at = at.__cause__
    return JobTrouble.WENT_WRONG


def is_disk_full(error: BaseException) -> bool:
    """Whether an error itself says that nothing more can be written."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    inner = error.orig if isinstance(error, OperationalError) else None
    return inner is not None and (
        getattr(inner, "sqlstate", None) == _POSTGRESQL_FULL or _SQLITE_FULL in str(inner)
    )
