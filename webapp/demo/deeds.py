"""Deeds of several people on several days, all within one transaction of the load.

What tells a long story in one transaction is there whole or not at all, wherever a load is
cut off; so it never meets a half of itself when it is begun again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlmodel import Session

from webapp.core import audit, clock
from webapp.core.access import Actor


@contextmanager
def deed(session: Session, actor: Actor, moment: datetime) -> Iterator[None]:
    """Act as ``actor`` at ``moment``, as in a transaction of its own.

    The trail names the actor and the moment; what is raised undoes this deed alone; and the
    next one reads everything afresh.
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
