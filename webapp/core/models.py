"""Tables of the ground: audit trail, rate limits, request keys, scheduled jobs, their process."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class AuditEvent(SQLModel, table=True):
    """One action of one person (or of the system, when ``account_id`` is null)."""

    __tablename__ = "audit_event"
    # Each filter of the trail finds its rows in the order they are shown in.
    __table_args__ = (
        Index("ix_audit_event_newest", "at", "id"),
        Index("ix_audit_event_of_account", "account_id", "at", "id"),
        Index("ix_audit_event_of_account_and_action", "account_id", "action", "at", "id"),
        Index("ix_audit_event_of_action", "action", "at", "id"),
        Index("ix_audit_event_of_subject", "subject", "at", "id"),
    )

    id: int = primary_key()
    at: datetime
    account_id: int | None = None
    action: str = Field(max_length=64)
    subject: str = Field(max_length=64)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    request_id: str = Field(default="", max_length=32)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)


class RateLimit(SQLModel, table=True):
    """How often one thing was tried since its window began; see ``core/rate_limits.py``.

    ``bucket`` is a digest of what is counted; ``until`` is the end of the window.
    """

    __tablename__ = "rate_limit"
    __table_args__ = (CheckConstraint("count >= 0", name="count_not_negative"),)

    id: int = primary_key()
    bucket: str = Field(max_length=64, unique=True)
    until: datetime = Field(index=True)
    count: int


class RequestKey(SQLModel, table=True):
    """One sending of a form that was carried out, and what was answered; see ``request_keys.py``.

    ``owner`` is who sent it, ``action`` the address it went to, ``digest`` the SHA-256 of all
    that was sent. ``location`` and ``message`` are where the sender was led and what was said.
    """

    __tablename__ = "request_key"
    __table_args__ = (
        UniqueConstraint("owner", "key"),
        CheckConstraint("length(key) = 32 AND length(digest) = 64", name="whole_digests"),
    )

    id: int = primary_key()
    owner: str = Field(max_length=64)
    key: str = Field(max_length=32)
    action: str = Field(max_length=200)
    digest: str = Field(max_length=64)
    location: str = Field(default="", sa_type=Text)
    message: str = Field(default="", max_length=500)
    at: datetime = Field(index=True)


class Heartbeat(SQLModel, table=True):
    """When a long-running process was last seen at work."""

    __tablename__ = "heartbeat"

    id: int = primary_key()
    name: str = Field(max_length=40, unique=True)
    at: datetime


class ChangeCounter(SQLModel, table=True):
    """How often something has changed, counted by triggers in the transaction of the change.

    ``transaction_id`` is PostgreSQL's, so that many rows changed at once count as one change.
    """

    __tablename__ = "change_counter"

    id: int = primary_key()
    name: str = Field(max_length=40, unique=True)
    value: int = Field(default=0, sa_type=BigInteger)
    transaction_id: int | None = Field(default=None, sa_type=BigInteger)


#: The outcome of a job that raised.
JOB_FAILED = "failed"


class JobTrouble(LabelledEnum):
    """Why a job did not do what it should, as far as an admin can do something about it."""

    DISK_FULL = "disk_full", "硬盘满了，写不进去"
    DATABASE_AWAY = "database_away", "数据库没有回话，或者一直被占着"
    WENT_WRONG = "went_wrong", "程序出错了，详情在运行日志里，请管服务器的人看"


class JobRun(SQLModel, table=True):
    """A job's run in one period (a minute, an hour, a day; the moment of one by hand).

    ``trouble`` says why one that failed did.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "period"),
        Index("ix_job_run_of_job", "job", "started_at"),
    )

    id: int = primary_key()
    job: str = Field(max_length=40)
    period: str = Field(max_length=20)
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = Field(default="", max_length=200)
    trouble: JobTrouble | None = Field(
        default=None, sa_column=enum_column(JobTrouble, nullable=True)
    )
