"""Whom the branch invited to a run, what came of it, and who wants no invitations."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.training.lifecycle import InvitationOutcome


class CourseInvitation(SQLModel, table=True):
    """One person invited to one run; ``outcome`` is empty while an answer is waited for."""

    __tablename__ = "course_invitation"
    __table_args__ = (
        UniqueConstraint("run_id", "enrolment_id"),
        CheckConstraint("(outcome IS NULL) = (outcome_at IS NULL)", name="outcome_has_date"),
        Index("ix_course_invitation_outcome", "outcome", "run_id"),
    )

    id: int = primary_key()
    run_id: int = Field(foreign_key="course_run.id")
    enrolment_id: int = Field(foreign_key="enrolment.id", index=True, ondelete="CASCADE")
    invited_at: datetime
    invited_by_id: int | None = Field(default=None, foreign_key="account.id")
    outcome: InvitationOutcome | None = Field(
        default=None, sa_column=enum_column(InvitationOutcome, nullable=True)
    )
    outcome_at: datetime | None = None


class InvitationStop(SQLModel, table=True):
    """Somebody who said that they want no invitations to courses; gone when they change it."""

    __tablename__ = "invitation_stop"

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", unique=True, ondelete="CASCADE")
    since: datetime
    noted_by_id: int | None = Field(default=None, foreign_key="account.id")
