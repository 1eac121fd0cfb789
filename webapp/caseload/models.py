"""People of whom it was heard that they want work."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import primary_key


class WorkNeed(SQLModel, table=True):
    """Somebody said on a visit that they want work, and yes to a call; the branch for work calls.

    Of somebody without a file name, address and number are kept here, encrypted, until the call
    is made. ``words`` are what they want.
    """

    __tablename__ = "work_need"
    __table_args__ = (
        CheckConstraint("(called_at IS NULL) = (called_by_id IS NULL)", name="called_by_somebody"),
        CheckConstraint(
            "called_at IS NOT NULL OR (resident_id IS NULL) = (outside_name IS NOT NULL)",
            name="waits_for_one_person",
        ),
        Index(
            "uq_work_need_waiting",
            "resident_id",
            unique=True,
            sqlite_where=text("called_at IS NULL"),
            postgresql_where=text("called_at IS NULL"),
        ),
    )

    id: int = primary_key()
    resident_id: int | None = Field(default=None, foreign_key="resident.id", ondelete="CASCADE")
    outside_name: str | None = Field(default=None, sa_type=EncryptedText)
    outside_address: str | None = Field(default=None, sa_type=EncryptedText)
    outside_phone: str | None = Field(default=None, sa_type=EncryptedText)
    words: str = Field(default="", sa_type=EncryptedText)
    noted_at: datetime
    noted_by_id: int = Field(foreign_key="account.id")
    called_at: datetime | None = None
    called_by_id: int | None = Field(default=None, foreign_key="account.id")
