"""Act as several people on several days within one transaction of the load.

A history that takes many steps is written whole or not at all, wherever a load is cut off, so
a load begun again never meets half of one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from webapp.core import audit, clock
from webapp.core.access import Actor


@contextmanager
def act_as(session: Session, actor: Actor, moment: datetime) -> Iterator[None]:
    """Act as ``actor`` at ``moment``, as in a transaction of its own.

    The audit entry names the actor and the moment. An exception undoes this step alone. The next
    step reads everything afresh.
    """
    try:
        with clock.frozen(moment), session.begin_nested():
            yield
            session.flush()
            audit.write_pending(session, actor)
    finally:
        for kept in ("audit", "wrote"):  # of what was undone, or the trail's own writing
            session.info.pop(kept, None)
        session.expunge_all()
