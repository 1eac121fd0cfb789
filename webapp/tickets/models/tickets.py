"""Tickets: what people bring to the community, and its clock."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, false, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.tickets.lifecycle import (
    Escalation,
    Outcome,
    Rating,
    TicketChannel,
    TicketKind,
    TicketState,
    Urgency,
)

_OWNED = (
    "state IN ('dispatched', 'acknowledged', 'in_progress', 'waiting_reporter', 'replied',"
    " 'callback', 'referred_out')"
)
_PUBLIC = text("published_at IS NOT NULL")


class Ticket(SQLModel, table=True):
    """One thing that somebody asked, reported or complained of.

    ``code`` is known to its reporter alone and never shown to others; a private one asks for the
    PIN as well. ``words``, ``place_words`` and who said it are encrypted. What is said of a member
    (``about_staff``) is private and goes to the branch's secretary; ``about_account_id`` is that
    member, once it is known who, and sees nothing of it anywhere.

    The clock runs from ``clock_started_at`` to ``due_at``, by which the next word to the reporter
    is due: the reply, after it the call back, in a referral the day that brings it back. It stands
    from ``paused_at`` on; ``paused_days`` (working days) and ``paused_seconds`` are what earlier
    pauses took, the first for limits in days, the second for those in hours. ``first_due_at`` is
    what was due at the moment of the first reply. ``extended_days`` are working days.

    ``branch_id`` is the branch in the lead, which stays so whoever helps. ``version`` counts the
    steps: of two people who act on what they read, the second is refused.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint("length(code) = 12", name="whole_code"),
        CheckConstraint("pin_hash IS NULL OR is_private", name="pin_of_private_ones"),
        CheckConstraint("is_private OR NOT about_staff", name="about_staff_is_private"),
        CheckConstraint("about_account_id IS NULL OR about_staff", name="about_somebody_of_staff"),
        CheckConstraint(
            f"NOT ({_OWNED}) OR (kind IS NOT NULL AND branch_id IS NOT NULL"
            " AND owner_id IS NOT NULL AND backup_id IS NOT NULL)",
            name="owner_and_backup",
        ),
        CheckConstraint("owner_id <> backup_id", name="owner_and_backup_are_two"),
        CheckConstraint(
            "about_account_id IS NULL OR ((owner_id IS NULL OR owner_id <> about_account_id)"
            " AND (backup_id IS NULL OR backup_id <> about_account_id))",
            name="nobody_handles_what_is_said_of_them",
        ),
        CheckConstraint(
            "(state IN ('closed', 'duplicate', 'out_of_scope')) = (due_at IS NULL)",
            name="open_is_due",
        ),
        CheckConstraint(
            "CASE WHEN state = 'closed'"
            " THEN outcome IS NOT NULL OR (kind IS NOT NULL AND kind = 'thanks')"
            " ELSE outcome IS NULL END",
            name="closed_has_outcome",
        ),
        # Not solved is not closed: it opens again by itself.
        CheckConstraint("outcome IS NULL OR outcome <> 'unresolved'", name="unresolved_is_open"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_moment"),
        CheckConstraint(
            "state NOT IN ('replied', 'callback', 'referred_out', 'out_of_scope')"
            " OR first_replied_at IS NOT NULL",
            name="replied_has_moment",
        ),
        CheckConstraint(
            "(first_replied_at IS NULL) = (first_due_at IS NULL)", name="first_reply_was_due"
        ),
        CheckConstraint(
            "(state = 'waiting_reporter') = (paused_at IS NOT NULL)", name="waits_for_its_reporter"
        ),
        CheckConstraint("paused_days >= 0 AND paused_seconds >= 0", name="pauses_count"),
        CheckConstraint(
            "(extended_at IS NULL) = (extended_days IS NULL)"
            " AND (extended_at IS NULL) = (extension_reason = '')",
            name="extended_with_reason",
        ),
        CheckConstraint(
            "extended_days BETWEEN 1 AND 30",
            name="extended_by_days",
        ),
        CheckConstraint(
            "(state = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="duplicate_of_another"
        ),
        CheckConstraint("duplicate_of_id <> id", name="not_of_itself"),
        CheckConstraint(
            "urgency <> 'danger' OR state NOT IN ('duplicate', 'out_of_scope')",
            name="danger_never_vanishes",
        ),
        CheckConstraint(
            "state <> 'referred_out' OR (referred_to <> '' AND referral_reference <> ''"
            " AND referred_on IS NOT NULL)",
            name="referred_somewhere",
        ),
        CheckConstraint(
            "published_at IS NULL OR (NOT is_private AND published_words <> ''"
            " AND published_by_id IS NOT NULL)",
            name="private_is_not_published",
        ),
        CheckConstraint("reopened >= 0 AND version >= 1", name="counts"),
        Index("ix_ticket_state", "state", "due_at"),
        Index(
            "ix_ticket_published",
            "published_at",
            sqlite_where=_PUBLIC,
            postgresql_where=_PUBLIC,
        ),
    )

    id: int = primary_key()
    code: str = Field(max_length=12, unique=True)
    pin_hash: str | None = Field(default=None, max_length=64)
    is_private: bool = False
    about_staff: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    about_account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    words: str = Field(sa_type=EncryptedText)
    place_words: str = Field(default="", sa_type=EncryptedText)
    kind: TicketKind | None = Field(default=None, sa_column=enum_column(TicketKind, nullable=True))
    urgency: Urgency = Field(sa_column=enum_column(Urgency))
    branch_id: int | None = Field(default=None, foreign_key="branch.id", index=True)
    owner_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    backup_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    reporter_account_id: int | None = Field(
        default=None, foreign_key="account.id", index=True, ondelete="SET NULL"
    )
    resident_id: int | None = Field(
        default=None, foreign_key="resident.id", index=True, ondelete="SET NULL"
    )
    reporter_name: str | None = Field(default=None, sa_type=EncryptedText)
    reporter_phone: str | None = Field(default=None, sa_type=EncryptedText)
    filed_by_id: int | None = Field(default=None, foreign_key="account.id")
    channel: TicketChannel = Field(sa_column=enum_column(TicketChannel))
    #: What made the system file it (``payment:12``); once.
    source: str | None = Field(default=None, max_length=40, unique=True)
    state: TicketState = Field(sa_column=enum_column(TicketState))
    outcome: Outcome | None = Field(default=None, sa_column=enum_column(Outcome, nullable=True))
    rating: Rating | None = Field(default=None, sa_column=enum_column(Rating, nullable=True))
    received_at: datetime
    clock_started_at: datetime
    due_at: datetime | None = None
    first_replied_at: datetime | None = None
    first_due_at: datetime | None = None
    replied_at: datetime | None = None
    paused_at: datetime | None = None
    paused_days: int = 0
    paused_seconds: int = 0
    extended_at: datetime | None = None
    extended_days: int | None = None
    extension_reason: str = Field(default="", max_length=200)
    escalation: Escalation = Field(
        default=Escalation.NOBODY, sa_column=enum_column(Escalation, index=True)
    )
    reopened: int = 0
    closed_at: datetime | None = None
    published_at: datetime | None = None
    published_words: str = Field(default="", max_length=1000)
    published_by_id: int | None = Field(default=None, foreign_key="account.id")
    duplicate_of_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    referred_to: str = Field(default="", max_length=60)
    referral_reference: str = Field(default="", max_length=60)
    referred_on: date | None = None
    referral_reminded_at: datetime | None = None
    version: int = 1
    since: datetime
