"""One row for each run of a scheduled job in its period: what ran once does not run twice."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.db import primary_key


class JobRun(SQLModel, table=True):
    """A job's run in one period (a minute, an hour or a day, as text)."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "period"),)

    id: int = primary_key()
    job: str = Field(max_length=40)
    period: str = Field(max_length=20)
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = Field(default="", max_length=200)
