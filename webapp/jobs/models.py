"""Work that takes longer than a request may: asked for on a page, done by the scheduler."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum
from webapp.jobs.lifecycle import JobState


class JobKind(LabelledEnum):
    """What is to be done; ``webapp/ops/background.py`` says by whom."""

    BACKUP_TRIAL = "backup_trial", "试着恢复一份备份"
    COMMUNITY_PLAN = "community_plan", "全社区一起排"
    IMPORT_CHECK = "import_check", "核对表格的每一行"
    IMPORT_READ = "import_read", "读表格"
    IMPORT_REVIEW = "import_review", "整批审核导入的招聘"
    IMPORT_UNDO = "import_undo", "撤回一次导入"
    IMPORT_WRITE = "import_write", "导入表格"
    PIECEWORK_PLAN = "piecework_plan", "算哪些家做得下来"
    PLAN_TAKE_OVER = "plan_take_over", "照全社区的计划排待确认的推荐"
    RIGHTS_SEARCH = "rights_search", "看谁可能有资格还没申领"
    SCHEDULED_JOB = "scheduled_job", "做一件定时的事"
    TRAINING_DEMAND = "training_demand", "算哪些课能打开多少岗位"


#: The index's own words; PostgreSQL finds it by no others, parameters least of all.
IS_UNDER_WAY = text("state IN ('queued', 'running')")


class BackgroundJob(SQLModel, table=True):
    """One piece of work with its progress (``done`` of ``total``, 0 while not known).

    ``arguments`` and ``result`` hold ids and counts, never personal data. ``key`` is the digest
    of kind and arguments: one such job at a time is queued or running. ``claim`` is a random word
    of the process that works on it, which says so at ``beat_at``; ``attempts`` counts the
    claims. ``result_url`` is the page that shows what came of it, ``message`` why it failed.
    """

    __tablename__ = "background_job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="progress_not_negative"),
        CheckConstraint(
            "state <> 'running' OR (claim <> '' AND beat_at IS NOT NULL)", name="running_is_claimed"
        ),
        CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name="ended_has_date",
        ),
        Index(
            "uq_background_job_under_way",
            "key",
            unique=True,
            sqlite_where=IS_UNDER_WAY,
            postgresql_where=IS_UNDER_WAY,
        ),
    )

    id: int = primary_key()
    kind: JobKind = Field(sa_column=enum_column(JobKind))
    arguments: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    key: str = Field(max_length=64, index=True)
    requested_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    state: JobState = Field(default=JobState.QUEUED, sa_column=enum_column(JobState, index=True))
    done: int = 0
    total: int = 0
    attempts: int = 0
    claim: str = Field(default="", max_length=32)
    result: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    result_url: str = Field(default="", max_length=200)
    message: str = Field(default="", max_length=300)
    created_at: datetime
    started_at: datetime | None = None
    beat_at: datetime | None = None
    finished_at: datetime | None = None
