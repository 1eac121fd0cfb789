"""Links by which a calendar program reads somebody's appointments without signing in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key

_LIVE = text("revoked_at IS NULL")


class CalendarLink(SQLModel, table=True):
    """One account's link; only the SHA-256 of its random token stands here.

    Of an account one is alive at a time, a new one ends the old. ``member_id`` narrows a staff
    link to what one member answers for.
    """

    __tablename__ = "calendar_link"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", name="whole_hash"),
        CheckConstraint("revoked_at IS NULL OR revoked_at >= made_at", name="revoked_later"),
        Index(
            "uq_calendar_link_live",
            "account_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="account.id")
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime
    revoked_at: datetime | None = None
