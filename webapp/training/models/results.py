"""Who was at which class meeting, how a course ended for them, and the certificate."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.training.lifecycle import AttendanceSource, Presence


class Attendance(SQLModel, table=True):
    """One person at one class meeting; at most one mark for each.

    ``client_key`` names the tap that made it, so that one sent twice marks once. ``is_late``: it
    came long after the meeting, or a telephone says it was made outside the meeting's time; it
    counts only when another member has seen it. ``grant_id`` and ``device_at`` are those of a
    telephone that marked without network; ``marked_by_id`` is then who gave it leave.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "enrolment_id"),
        CheckConstraint("seen_by_id <> marked_by_id", name="seen_by_another"),
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen_by_somebody"),
        CheckConstraint("is_late OR seen_at IS NULL", name="only_late_ones_are_seen"),
        ForeignKeyConstraint(
            ["grant_id", "meeting_id"],
            ["attendance_grant.id", "attendance_grant.meeting_id"],
            name="fk_attendance_grant",
        ),
        CheckConstraint("(grant_id IS NULL) = (device_at IS NULL)", name="a_telephone_says_when"),
        Index("ix_attendance_waiting", "is_late", "seen_at"),
    )

    id: int = primary_key()
    meeting_id: int = Field(foreign_key="class_meeting.id", index=True)
    enrolment_id: int = Field(foreign_key="enrolment.id", index=True, ondelete="CASCADE")
    presence: Presence = Field(sa_column=enum_column(Presence))
    source: AttendanceSource = Field(sa_column=enum_column(AttendanceSource))
    client_key: str = Field(max_length=32, unique=True)
    grant_id: int | None = None
    device_at: datetime | None = None
    is_late: bool
    marked_at: datetime
    marked_by_id: int = Field(foreign_key="account.id")
    seen_at: datetime | None = None
    seen_by_id: int | None = Field(default=None, foreign_key="account.id")


class Assessment(SQLModel, table=True):
    """The trainer's result, typed in by one member and confirmed by another."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> entered_by_id", name="confirmed_by_another"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"
        ),
    )

    id: int = primary_key()
    enrolment_id: int = Field(foreign_key="enrolment.id", unique=True, ondelete="CASCADE")
    passed: bool
    trainer: str = Field(max_length=40)
    note: str = Field(default="", max_length=200)
    entered_at: datetime
    entered_by_id: int = Field(foreign_key="account.id")
    confirmed_at: datetime | None = None
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")


class Certificate(SQLModel, table=True):
    """What the community certifies of somebody who passed; the name stands in it masked.

    ``content`` is what was signed, ``signature`` its text (``webapp.core.signing``). ``code`` is
    how it is found on the public page. ``name_salt`` with the holder's whole name gives the
    digest in ``content``: who holds the paper can show that it is theirs, and nobody can try out
    names against the public content. Empty for those of earlier days, which have no digest.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL) "
            "AND (revoked_at IS NULL) = (revoke_reason = '')",
            name="revoked_with_reason",
        ),
    )

    id: int = primary_key()
    enrolment_id: int = Field(foreign_key="enrolment.id", unique=True, ondelete="CASCADE")
    number: str = Field(max_length=20, unique=True)
    code: str = Field(max_length=20, unique=True)
    name_salt: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    content: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    signature: str = Field(max_length=120)
    issued_on: date
    issued_by_id: int = Field(foreign_key="account.id")
    revoked_at: datetime | None = None
    revoked_by_id: int | None = Field(default=None, foreign_key="account.id")
    revoke_reason: str = Field(default="", max_length=200)
