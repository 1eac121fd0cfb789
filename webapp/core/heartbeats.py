"""Signs of life of long-running processes, so that one that died is noticed."""

from datetime import timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from webapp.core import clock
from webapp.core.models import Heartbeat

SCHEDULER = "scheduler"
SILENT_AFTER = timedelta(seconds=60)


def beat(session: Session, name: str) -> None:
    """Note that the process called ``name`` is at work now."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    now = clock.now()
    insert = dialect.insert(Heartbeat).values(name=name, at=now)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def is_silent(session: Session, name: str) -> bool | None:
    """Return whether the process has not been heard for a minute, None if it never was."""
    last = session.exec(select(Heartbeat.at).where(Heartbeat.name == name)).first()
    return None if last is None else clock.now() - last > SILENT_AFTER
