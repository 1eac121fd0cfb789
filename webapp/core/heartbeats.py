"""Signs of life of long-running processes, so that one that died is noticed."""

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from webapp.core import clock
from webapp.core.models import Heartbeat

SCHEDULER = "scheduler"
SCHEDULER_START = "scheduler_start"
SILENT_AFTER = timedelta(seconds=60)


def beat(session: Session, name: str) -> None:
    """Note that the process called ``name`` is at work now."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    now = clock.now()
    insert = dialect.insert(Heartbeat).values(name=name, at=now)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def last(session: Session, name: str) -> datetime | None:
    """Return when the process called ``name`` was heard last, None if it never was."""
    return session.exec(select(Heartbeat.at).where(Heartbeat.name == name)).first()


def is_silent(session: Session, name: str) -> bool | None:
    """Return whether the process has not been heard for a minute, None if it never was."""
    heard = last(session, name)
    return None if heard is None else clock.now() - heard > SILENT_AFTER
