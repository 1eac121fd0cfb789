"""Who is on duty for danger and when, and who is away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class DutyShift(SQLModel, table=True):
    """A stretch of time (``starts_at`` up to, not with, ``ends_at``) in which a member is rung.

    ``phone`` is what everybody may call then: a telephone of the office or of duty, never
    anybody's own. Shifts of two members may overlap, those of one may not (a trigger).
    """

    __tablename__ = "duty_shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_its_start"),
        CheckConstraint("phone <> ''", name="has_a_telephone"),
        Index("ix_duty_shift_ends", "ends_at", "starts_at"),
    )

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", index=True)
    starts_at: datetime
    ends_at: datetime
    phone: str = Field(max_length=20)
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")


class MemberAbsence(SQLModel, table=True):
    """Days, both included, on which a member is away; why is nobody's business.

    One that is taken back keeps its row, ``cancelled_at`` set.
    """

    __tablename__ = "member_absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="ends_after_its_start"),
        Index("ix_member_absence_account", "account_id", "until_on"),
    )

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id")
    from_on: date
    until_on: date
    noted_at: datetime
    noted_by_id: int | None = Field(default=None, foreign_key="account.id")
    cancelled_at: datetime | None = None
