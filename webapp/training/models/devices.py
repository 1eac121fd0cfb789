"""Telephones that may mark one class meeting without network, and what they sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.training.lifecycle import MarkOutcome, Presence


class AttendanceGrant(SQLModel, table=True):
    """Leave for one telephone to keep the short list of one meeting and to mark on it.

    A member gives it (``granted_by_id``, who answers for its marks; ``holder`` is whose telephone
    it is). The telephone claims it once, until ``claim_until``: it makes a key pair whose private
    half never leaves it, hands in ``public_key`` (DER, base64) and gets a random token, of which
    only the SHA-256 stands here. Nothing is taken after ``expires_at``, once it is taken back
    (``revoked_at``), or once the telephone said that it deleted its copy (``wiped_at``).
    """

    __tablename__ = "attendance_grant"
    __table_args__ = (
        UniqueConstraint("id", "meeting_id"),
        CheckConstraint("expires_at > granted_at", name="expires_later"),
        CheckConstraint(
            "(claimed_at IS NULL) = (token_hash IS NULL) "
            "AND (claimed_at IS NULL) = (public_key IS NULL)",
            name="claimed_by_a_telephone",
        ),
        CheckConstraint(
            "claimed_at IS NOT NULL OR (wiped_at IS NULL AND last_sent_at IS NULL)",
            name="only_claimed_ones_send",
        ),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"
        ),
    )

    id: int = primary_key()
    meeting_id: int = Field(foreign_key="class_meeting.id", index=True)
    holder: str = Field(max_length=40)
    granted_at: datetime
    granted_by_id: int = Field(foreign_key="account.id")
    claim_until: datetime
    claimed_at: datetime | None = None
    token_hash: str | None = Field(default=None, max_length=64, unique=True)
    public_key: str | None = Field(default=None, max_length=200)
    expires_at: datetime
    last_sent_at: datetime | None = None
    wiped_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by_id: int | None = Field(default=None, foreign_key="account.id")


class DeviceMark(SQLModel, table=True):
    """One tap on a telephone with a grant, and what came of it; the same tap is one row.

    ``client_key`` is made on the telephone. ``presence`` is what was tapped; a tap that takes
    another back has none and names that one's key in ``undoes``. ``made_at`` is when the
    telephone says it was, put right by how far its clock was off when it sent. A conflict (a
    colleague marked otherwise meanwhile) waits for staff, who take the telephone's word or not.
    """

    __tablename__ = "device_mark"
    __table_args__ = (
        UniqueConstraint("grant_id", "client_key"),
        CheckConstraint("(presence IS NULL) = (undoes IS NOT NULL)", name="marks_or_undoes"),
        CheckConstraint(
            "enrolment_id IS NOT NULL OR outcome = 'refused'", name="of_somebody_in_the_run"
        ),
        CheckConstraint("(outcome = 'refused') = (reason <> '')", name="refused_with_reason"),
        CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL) "
            "AND (settled_at IS NULL) = (taken IS NULL)",
            name="settled_by_somebody",
        ),
        CheckConstraint("settled_at IS NULL OR outcome = 'conflict'", name="only_conflicts_settle"),
        Index("ix_device_mark_conflict", "outcome", "settled_at"),
    )

    id: int = primary_key()
    grant_id: int = Field(foreign_key="attendance_grant.id")
    client_key: str = Field(max_length=32)
    enrolment_id: int | None = Field(
        default=None, foreign_key="enrolment.id", index=True, ondelete="CASCADE"
    )
    presence: Presence | None = Field(default=None, sa_column=enum_column(Presence, nullable=True))
    undoes: str | None = Field(default=None, max_length=32)
    made_at: datetime
    sent_at: datetime
    outcome: MarkOutcome = Field(sa_column=enum_column(MarkOutcome))
    reason: str = Field(default="", max_length=120)
    settled_at: datetime | None = None
    settled_by_id: int | None = Field(default=None, foreign_key="account.id")
    taken: bool | None = None
