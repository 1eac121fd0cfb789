"""Needs of employers."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class StaffingNeed(SQLModel, table=True):
    """What work an employer told it needs somebody for, and whether some fit on that day.

    ``some_fit`` is all an employer is told of residents. ``answer`` is what staff say to it, once.
    """

    __tablename__ = "staffing_need"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 99", name="people_in_range"),
        CheckConstraint("words <> ''", name="words_not_empty"),
        CheckConstraint(
            "(answered_at IS NULL) = (answer = '')"
            " AND (answered_at IS NULL) = (answered_by_id IS NULL)",
            name="answered_has_words",
        ),
    )

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True, ondelete="CASCADE")
    told_by_id: int = Field(foreign_key="account.id", index=True)
    words: str = Field(max_length=120)
    people: int
    some_fit: bool
    told_at: datetime = Field(index=True)
    answer: str = Field(default="", max_length=300)
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
