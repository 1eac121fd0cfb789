"""Official facts of residents: dated, with their source; a mistake is withdrawn, never edited."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.official_facts.lifecycle import FactKind, FactSource, Insurance


class OfficialFact(SQLModel, table=True):
    """What an office has on record of a resident from one day to another, both counted.

    ``ends_on`` is null while it stands: one of a kind at a time. ``ground``, a
    :class:`~webapp.official_facts.lifecycle.Ground`, may tell of a disability or of an allowance:
    it is kept encrypted, and each reading of it goes on record. No employer sees any of it.
    """

    __tablename__ = "official_fact"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("ground IS NULL OR kind = 'hard_to_employ'", name="ground_of_recognition"),
        CheckConstraint(
            "(insurance IS NULL) = (kind <> 'socially_insured')", name="insured_somehow"
        ),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name="withdrawn_has_reason"
        ),
        Index("ix_official_fact_kind", "kind", "ends_on"),
        Index(
            "uq_official_fact_open",
            "resident_id",
            "kind",
            unique=True,
            sqlite_where=text("ends_on IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("ends_on IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    kind: FactKind = Field(sa_column=enum_column(FactKind))
    ground: str | None = Field(default=None, sa_type=EncryptedText)
    insurance: Insurance | None = Field(
        default=None, sa_column=enum_column(Insurance, nullable=True)
    )
    starts_on: date
    ends_on: date | None = None
    source: FactSource = Field(sa_column=enum_column(FactSource))
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = None
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_reason: str = Field(default="", max_length=200)
