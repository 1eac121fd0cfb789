"""What of the installation wants an admin's eye, noticed once each time it comes up."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class UpkeepMatter(LabelledEnum):
    """What is not as it should be."""

    JOB_LATE = "job_late", "定时的事晚了"
    BACKUP_OLD = "backup_old", "太久没有备份"
    BACKUP_BROKEN = "backup_broken", "备份恢复不了"
    DISK_LOW = "disk_low", "硬盘快满了"
    FIGURE_DUE = "figure_due", "规定的数目该核对了"


class UpkeepNotice(SQLModel, table=True):
    """A matter that came up at ``noticed_at`` and was told to the admins once.

    ``subject`` names the job or the figure; ``since`` is when it should have been done, where
    that is known. ``ended_at`` is when it was found to be over; until then the same is not
    noticed again, and once it is over it may be.
    """

    __tablename__ = "upkeep_notice"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= noticed_at", name="ends_after_it_began"),
        Index(
            "uq_upkeep_notice_open", "matter", "subject", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: int = primary_key()
    matter: UpkeepMatter = Field(sa_column=enum_column(UpkeepMatter))
    subject: str = Field(max_length=40)
    since: datetime | None = None
    noticed_at: datetime
    ended_at: datetime | None = None
