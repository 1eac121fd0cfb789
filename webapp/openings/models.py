"""Openings of all four kinds."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, json_list, primary_key
from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Education, Kind, PayUnit, ReservedFor
from webapp.openings.lifecycle import OpeningState
from webapp.rulebook.models import WordingCode


class OpeningSource(LabelledEnum):
    """How an opening came in."""

    EMPLOYER = "employer", "单位提交"
    STAFF = "staff", "社区录入"
    IMPORT = "import", "表格导入"
    PASTED = "pasted", "粘贴读出"


class Opening(SQLModel, table=True):
    """Anything that can be matched.

    ``hired_count`` never passes ``headcount``. Money is in fen per ``pay_unit``; the month
    figures are for comparing and filtering (21.75 days of 8 hours), null for piece pay.
    ``hours`` is a list of windows as in a resident's free times, empty for one's own time.
    ``valid_until`` is the last day it may be shown. ``review_note`` is why flagged words were
    let through. ``import_key`` names the spreadsheet row
    it came from and ``idempotency_key`` the page it was written on, so that it comes in once.
    """

    __tablename__ = "opening"
    __table_args__ = (
        CheckConstraint("headcount >= 0", name="headcount_not_negative"),
        CheckConstraint("hired_count BETWEEN 0 AND headcount", name="hired_within_headcount"),
        CheckConstraint("pay_min_fen >= 0", name="pay_min_not_negative"),
        CheckConstraint("pay_max_fen >= pay_min_fen", name="pay_in_order"),
        CheckConstraint(
            "state <> 'published' OR (published_at IS NOT NULL AND valid_until IS NOT NULL)",
            name="published_has_dates",
        ),
        Index("ix_opening_public", "state", "valid_until", "published_at"),
        # What the catalogue compares after a change, without reading the rows.
        Index("ix_opening_changes", "state", "updated_at", "hired_count"),
    )

    id: int = primary_key()
    kind: Kind = Field(sa_column=enum_column(Kind, index=True))
    employer_id: int | None = Field(default=None, foreign_key="employer.id", index=True)
    title: str = Field(max_length=80)
    category: str = Field(default="", max_length=60)
    description: str = Field(default="", sa_type=Text)
    place: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=120)
    at_home: bool = False
    skills: list[str] = json_list()
    certificates: list[str] = json_list()
    education: Education | None = Field(
        default=None, sa_column=enum_column(Education, nullable=True)
    )
    demands: list[str] = json_list()
    hours: list[dict[str, str]] = json_list()
    flexible: bool = False
    hazardous: bool = False
    reserved_for: ReservedFor | None = Field(
        default=None, sa_column=enum_column(ReservedFor, nullable=True)
    )
    teaches: list[str] = json_list()
    pay_text: str = Field(default="", max_length=80)
    pay_min_fen: int | None = None
    pay_max_fen: int | None = None
    pay_unit: PayUnit | None = Field(default=None, sa_column=enum_column(PayUnit, nullable=True))
    pay_month_min_fen: int | None = Field(default=None, index=True)
    pay_month_max_fen: int | None = None
    headcount: int = 1
    hired_count: int = 0
    valid_until: date | None = None
    state: OpeningState = Field(
        default=OpeningState.DRAFT, sa_column=enum_column(OpeningState, index=True)
    )
    state_reason: str = Field(default="", max_length=200)
    review_note: str = Field(default="", max_length=300)
    source: OpeningSource = Field(sa_column=enum_column(OpeningSource))
    import_key: str | None = Field(default=None, max_length=64, unique=True)
    idempotency_key: str | None = Field(default=None, max_length=32, unique=True)
    responsible_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    published_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    reviewed_by_id: int | None = Field(default=None, foreign_key="account.id")

    @property
    def places_left(self) -> int:
        """How many more people can be taken on."""
        return self.headcount - self.hired_count


class ExceptionAnswer(LabelledEnum):
    """What the second member says."""

    CONFIRMED = "confirmed", "同意"
    REFUSED = "refused", "不同意"


class OpeningException(SQLModel, table=True):
    """A ground of law asked for by one member for forbidden words, and another's answer.

    It holds for the wording with this ``digest`` (SHA-256) alone: any edit makes it void.
    """

    __tablename__ = "opening_exception"
    __table_args__ = (
        CheckConstraint("answered_by_id <> asked_by_id", name="answered_by_another"),
        CheckConstraint(
            "(answer IS NULL) = (answered_by_id IS NULL) "
            "AND (answer IS NULL) = (answered_at IS NULL)",
            name="answered_by_somebody",
        ),
        Index("ix_opening_exception_opening", "opening_id", "digest"),
    )

    id: int = primary_key()
    opening_id: int = Field(foreign_key="opening.id", index=True)
    code: WordingCode = Field(sa_column=enum_column(WordingCode))
    ground_id: int = Field(foreign_key="exception_ground.id")
    why: str = Field(max_length=300)
    digest: str = Field(max_length=64)
    asked_by_id: int = Field(foreign_key="account.id")
    asked_at: datetime
    answer: ExceptionAnswer | None = Field(
        default=None, sa_column=enum_column(ExceptionAnswer, nullable=True)
    )
    answered_by_id: int | None = Field(default=None, foreign_key="account.id")
    answered_at: datetime | None = None
    answer_note: str = Field(default="", max_length=300)
