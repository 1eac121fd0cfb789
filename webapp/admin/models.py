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
    FIGURE_UNSET = "figure_unset", "规定的数目还没有填"


class TrialFault(LabelledEnum):
    """Why a backup cannot be relied on, the gravest first; a sentence for an admin."""

    UNREADABLE = "unreadable", "文件坏了或者不完整，打不开"
    DAMAGED = "damaged", "文件里有一段坏了，跟写的时候不一样"
    OTHER_KEYS = "other_keys", "加密用的是另一把钥匙，这里的钥匙解不开"
    OTHER_SCHEMA = "other_schema", "是升级以前的程序做的，要用那时候的程序恢复"
    ROWS_MISSING = "rows_missing", "装回去的行数跟备份时不一样"
    DOES_NOT_HOLD = "does_not_hold", "装得回去，可是账或者记录的链对不上"


class UpkeepNotice(SQLModel, table=True):
    """A matter that came up at ``noticed_at`` and was told to the admins once.

    ``subject`` names the job or the figure, or why a backup does not restore; ``since`` is when
    it should have been done, where that is known. ``ended_at`` is when it was found to be over;
    until then the same is not noticed again, and once it is over it may be.
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
