"""A process that writes, in a module of its own: it starts with what it needs and no more."""

import time
from typing import Any

from webapp.core import access, audit, crypto
from webapp.core.db import Database


def write_many(url: str, key: str, n: int, queue: Any) -> None:
    """Record ``n`` events, each in a transaction, and put the seconds each took into ``queue``."""
    crypto.load_keys((key,))
    database = Database(url, before_commit=audit.write_pending)
    waits = []
    for number in range(n):
        start = time.perf_counter()
        with database.transaction(access.SYSTEM) as session:
            audit.record(session, "test.write", f"thing:{number}")
        waits.append(time.perf_counter() - start)
    database.dispose()
    queue.put(waits)
