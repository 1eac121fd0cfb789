"""Threads of matches and what hangs on them.

A thread belongs to one match. Whether a side has something unread is a flag on the thread, so
that the number in the navigation is one small query; a side's flag is the same for all who
read for it (the members of an employer, the staff of a branch).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum

LONGEST = 500


class Side(LabelledEnum):
    """Who speaks in a thread."""

    RESIDENT = "resident", "居民"
    EMPLOYER = "employer", "单位"
    STAFF = "staff", "社区"


class ReportReason(LabelledEnum):
    """What is wrong with a message."""

    MONEY = "money", "要钱、要押金"
    PAPERS = "papers", "要身份证、银行卡"
    RUDE = "rude", "骂人、欺负人"
    FALSE = "false", "说的不是真的"
    OTHER = "other", "别的"


class Verdict(StrEnum):
    """What staff decided about a reported message."""

    HIDDEN = "hidden"
    KEPT = "kept"


def _flag(side: str) -> Index:
    condition = text(f"unread_{side}")
    return Index(
        f"ix_message_thread_unread_{side}",
        "match_id",
        sqlite_where=condition,
        postgresql_where=condition,
    )


class MessageThread(SQLModel, table=True):
    """What is said and told about one match; ``last_at`` orders the inboxes."""

    __tablename__ = "message_thread"
    __table_args__ = (_flag("resident"), _flag("employer"), _flag("staff"))

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", unique=True, ondelete="CASCADE")
    last_at: datetime = Field(index=True)
    unread_resident: bool = False
    unread_employer: bool = False
    unread_staff: bool = False
    read_resident_at: datetime | None = None
    read_employer_at: datetime | None = None
    read_staff_at: datetime | None = None


class Message(SQLModel, table=True):
    """What one person wrote.

    ``text`` is stored with contact data already hidden (``masked`` says so) unless both sides
    had agreed to exchange it. ``with_employer``: the employer was in the thread when it was
    written; only such messages are theirs to read. ``on_behalf``: staff wrote it for a resident
    they assist. ``once`` is the form's token: the same form sent twice is one message.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("thread_id", "once"),
        Index("ix_message_author_sent", "author_id", "sent_at"),
        CheckConstraint("NOT on_behalf OR side = 'resident'", name="on_behalf_of_resident"),
    )

    id: int = primary_key()
    thread_id: int = Field(foreign_key="message_thread.id", index=True, ondelete="CASCADE")
    sent_at: datetime
    author_id: int | None = Field(default=None, foreign_key="account.id")
    side: Side = Field(sa_column=enum_column(Side))
    on_behalf: bool = False
    text: str = Field(max_length=LONGEST * 4)
    masked: bool = False
    with_employer: bool = False
    once: str = Field(max_length=32)
    hidden_at: datetime | None = None


class ContactAgreement(SQLModel, table=True):
    """One side's agreement to exchange telephone numbers; it takes both, standing, to show one."""

    __tablename__ = "contact_agreement"
    __table_args__ = (
        CheckConstraint("side <> 'staff'", name="agreed_by_a_party"),
        Index(
            "uq_contact_agreement_standing",
            "thread_id",
            "side",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int = primary_key()
    thread_id: int = Field(foreign_key="message_thread.id", index=True, ondelete="CASCADE")
    side: Side = Field(sa_column=enum_column(Side))
    given_at: datetime
    given_by_id: int | None = Field(default=None, foreign_key="account.id")
    on_behalf: bool = False
    withdrawn_at: datetime | None = None
    withdrawn_by_id: int | None = Field(default=None, foreign_key="account.id")


class MessageReport(SQLModel, table=True):
    """A message that somebody finds wrong, until staff have decided."""

    __tablename__ = "message_report"
    __table_args__ = (
        UniqueConstraint("message_id", "reporter_id"),
        CheckConstraint("(handled_at IS NULL) = (verdict IS NULL)", name="handled_with_a_verdict"),
        Index(
            "ix_message_report_open",
            "at",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    id: int = primary_key()
    message_id: int = Field(foreign_key="message.id", index=True, ondelete="CASCADE")
    reporter_id: int = Field(foreign_key="account.id")
    at: datetime
    reason: ReportReason = Field(sa_column=enum_column(ReportReason))
    note: str = Field(default="", max_length=200)
    handled_at: datetime | None = None
    handled_by_id: int | None = Field(default=None, foreign_key="account.id")
    verdict: Verdict | None = Field(default=None, sa_column=enum_column(Verdict, nullable=True))


class PrintedNotice(SQLModel, table=True):
    """A note on paper for a resident who cannot sign in; one waits for each thread at most.

    ``by_phone``: staff told it by telephone instead of handing over the paper.
    """

    __tablename__ = "printed_notice"
    __table_args__ = (
        Index(
            "uq_printed_notice_waiting",
            "thread_id",
            unique=True,
            sqlite_where=text("handed_at IS NULL"),
            postgresql_where=text("handed_at IS NULL"),
        ),
    )

    id: int = primary_key()
    thread_id: int = Field(foreign_key="message_thread.id", index=True, ondelete="CASCADE")
    created_at: datetime
    printed_at: datetime | None = None
    handed_at: datetime | None = None
    handed_by_id: int | None = Field(default=None, foreign_key="account.id")
    by_phone: bool = False


class NotificationOptIn(SQLModel, table=True):
    """An account that wants to be told outside the portal that something new is there."""

    __tablename__ = "notification_opt_in"

    id: int = primary_key()
    account_id: int = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    since: datetime
