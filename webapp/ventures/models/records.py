"""What is kept while a business is prepared and open: licences, visits, months, survival."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.ventures.lifecycle import SaidBy, Survival


class VentureLicence(SQLModel, table=True):
    """A step of the licence table that is done; ``note`` may hold the paper's number."""

    __tablename__ = "venture_licence"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: int = primary_key()
    case_id: int = Field(foreign_key="venture_case.id", ondelete="CASCADE")
    key: str = Field(max_length=40)
    done_on: date
    note: str = Field(default="", max_length=80)
    by_id: int | None = Field(default=None, foreign_key="account.id")


class VentureVisit(SQLModel, table=True):
    """One visit: what was seen on which day, by whom, and what comes next; never changed.

    ``taken_on`` is the day the camera named, to stand beside the day of the visit; one picture
    (``photo_digest``) shows one visit alone. ``at`` is when it was written down.
    """

    __tablename__ = "venture_visit"
    __table_args__ = (
        CheckConstraint("note <> ''", name="says_something"),
        CheckConstraint("next_on > visited_on", name="next_comes_after"),
        CheckConstraint("(photo = '') = (photo_digest IS NULL)", name="photo_has_digest"),
        Index("ix_venture_visit_case", "case_id", "visited_on"),
    )

    id: int = primary_key()
    case_id: int = Field(foreign_key="venture_case.id", ondelete="CASCADE")
    visited_on: date
    by_id: int | None = Field(default=None, foreign_key="account.id")
    note: str = Field(max_length=500)
    next_step: str = Field(default="", max_length=200)
    next_on: date
    photo: str = Field(default="", max_length=40)
    photo_width: int = 0
    photo_height: int = 0
    photo_digest: str | None = Field(default=None, max_length=64, unique=True)
    taken_on: date | None = None
    idempotency_key: str = Field(max_length=32, unique=True)
    at: datetime


class VentureCash(SQLModel, table=True):
    """A month of a business in three numbers, in fen; ``month`` is its first day.

    ``left_fen`` is what is in hand at the end of the month, not what was earned in it.
    """

    __tablename__ = "venture_cash"
    __table_args__ = (
        UniqueConstraint("case_id", "month"),
        CheckConstraint("in_fen >= 0 AND out_fen >= 0", name="not_negative"),
    )

    id: int = primary_key()
    case_id: int = Field(foreign_key="venture_case.id", ondelete="CASCADE")
    month: date
    in_fen: int
    out_fen: int
    left_fen: int
    said_by: SaidBy = Field(sa_column=enum_column(SaidBy))
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="account.id")


class VentureSurvival(SQLModel, table=True):
    """Whether a business was still there 3, 6 or 12 months after it opened."""

    __tablename__ = "venture_survival"
    __table_args__ = (
        UniqueConstraint("case_id", "months"),
        CheckConstraint("months IN (3, 6, 12)", name="known_milestones"),
        Index("ix_venture_survival_result", "result", "due_on"),
    )

    id: int = primary_key()
    case_id: int = Field(foreign_key="venture_case.id", ondelete="CASCADE")
    months: int
    due_on: date
    result: Survival = Field(sa_column=enum_column(Survival))
    checked_at: datetime
