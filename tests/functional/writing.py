"""A process that writes, in a module of its own: it starts with what it needs and no more."""

import os
import time
from typing import Any

from webapp.core import access, audit, crypto
from webapp.core.db import Database


def write_many(url: str, key: str, n: int, queue: Any, all_here: Any = None) -> None:
    """Record ``n`` events, each in a transaction, and put the seconds each took into ``queue``.

    The events are of this process's number. ``all_here`` is a barrier to wait at before the first.
    """
    crypto.load_keys((key,))
    database = Database(url, before_commit=audit.write_pending)
    if all_here is not None:
        all_here.wait(timeout=60)
    waits = []
    for number in range(n):
        start = time.perf_counter()
        with database.transaction(access.SYSTEM) as session:
            audit.record(session, "test.write", f"{os.getpid()}:{number}")
        waits.append(time.perf_counter() - start)
    database.dispose()
    queue.put(waits)
