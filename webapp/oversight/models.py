"""What is published: frozen months, their figures, the month under way, the signed files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import primary_key


class FrozenMonth(SQLModel, table=True):
    """One edition of a month's figures: the first is the freezing, each later one a correction.

    ``month`` is its first day; a correction has its ``reason`` and who made it. Append-only.
    """

    __tablename__ = "oversight_month"
    __table_args__ = (
        UniqueConstraint("month", "edition"),
        CheckConstraint("edition >= 0", name="edition_not_negative"),
        CheckConstraint("(edition = 0) = (reason = '')", name="correction_has_reason"),
    )

    id: int = primary_key()
    month: date
    edition: int
    at: datetime
    reason: str = Field(default="", max_length=200)
    account_id: int | None = Field(default=None, foreign_key="account.id")


class MonthFigure(SQLModel, table=True):
    """A figure of a month, as an edition found it; later editions have only what changed.

    ``value`` is what was counted, ``shown`` whether it was published: what was once decided
    stands, for what was hidden then could be worked out from what is shown later.
    """

    __tablename__ = "oversight_figure"
    __table_args__ = (
        UniqueConstraint("month_id", "figure"),
        CheckConstraint("value IS NOT NULL OR NOT shown", name="shown_has_value"),
    )

    id: int = primary_key()
    month_id: int = Field(foreign_key="oversight_month.id")
    figure: str = Field(max_length=48, index=True)
    value: int | None = Field(default=None, sa_type=BigInteger)
    shown: bool


class RunningMonth(SQLModel, table=True):
    """What was counted last of a month that is not over; one row, replaced each hour."""

    __tablename__ = "oversight_running"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = primary_key()
    month: date
    at: datetime
    values: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class PublishedFile(SQLModel, table=True):
    """A file of ``/oversight/`` as it was signed, byte by byte."""

    __tablename__ = "oversight_file"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="whole_digest"),)

    id: int = primary_key()
    name: str = Field(max_length=64, unique=True)
    body: str = Field(sa_type=Text)
    sha256: str = Field(max_length=64)
    at: datetime


class ReportColumn(SQLModel, table=True):
    """A column of the monthly report: which figure, and what the street office calls it."""

    __tablename__ = "report_column"
    __table_args__ = (CheckConstraint("position >= 0", name="position_not_negative"),)

    id: int = primary_key()
    position: int = Field(unique=True)
    figure: str = Field(max_length=48)
    heading: str = Field(max_length=40)
