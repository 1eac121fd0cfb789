"""Complaints against employers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome, ComplaintState
from webapp.core.db import enum_column, primary_key


class EmployerComplaint(SQLModel, table=True):
    """A complaint of a resident or of staff against an employer, and its outcome.

    Never shown to the employer or the public. ``resident_id`` is null when staff wrote down what
    they saw, or when the resident has had their file deleted.
    """

    __tablename__ = "employer_complaint"
    __table_args__ = (
        CheckConstraint(
            "(state = 'handled') = (handled_at IS NOT NULL AND outcome IS NOT NULL)",
            name="handled_has_outcome",
        ),
        Index("ix_employer_complaint_state", "state", "created_at"),
    )

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True)
    opening_id: int | None = Field(
        default=None, foreign_key="opening.id", index=True, ondelete="SET NULL"
    )
    resident_id: int | None = Field(
        default=None, foreign_key="resident.id", index=True, ondelete="SET NULL"
    )
    filed_by_id: int | None = Field(default=None, foreign_key="account.id")
    kind: ComplaintKind = Field(sa_column=enum_column(ComplaintKind))
    words: str = Field(sa_type=Text)
    state: ComplaintState = Field(
        default=ComplaintState.OPEN, sa_column=enum_column(ComplaintState)
    )
    outcome: ComplaintOutcome | None = Field(
        default=None, sa_column=enum_column(ComplaintOutcome, nullable=True)
    )
    answer: str = Field(default="", max_length=500)
    handled_at: datetime | None = None
    handled_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime
