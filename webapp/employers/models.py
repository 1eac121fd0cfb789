"""Employers, the accounts that act for them, the checks of their papers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, false, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.employers.lifecycle import EmployerState


class Employer(SQLModel, table=True):
    """An employer or a company; verified by staff before anything of it is published.

    ``credit_code`` is the unified social credit code; null while only known by name
    from an imported spreadsheet. ``licence_until`` and ``authorised_until`` are the last days
    of the licence and of the contact's letter of authority as last seen, null for no end.
    ``revision`` counts the changes of the row, so that two people do not decide on one state.
    """

    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint("state <> 'verified' OR verified_at IS NOT NULL", name="verified_has_date"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_has_date"),
    )

    id: int = primary_key()
    name: str = Field(max_length=80, unique=True)
    credit_code: str | None = Field(default=None, max_length=18, unique=True)
    industry: str = Field(default="", max_length=40)
    contact_name: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=20)
    address: str = Field(default="", max_length=120)
    state: EmployerState = Field(
        default=EmployerState.PENDING, sa_column=enum_column(EmployerState, index=True)
    )
    state_reason: str = Field(default="", max_length=200)
    licence_number: str = Field(default="", max_length=40)
    licence_until: date | None = None
    authorised_until: date | None = None
    verified_at: datetime | None = None
    verified_by_id: int | None = Field(default=None, foreign_key="account.id")
    closed_at: datetime | None = None
    revision: int = 1
    created_at: datetime


class EmployerMember(SQLModel, table=True):
    """An account that acts for an employer.

    Owners (``is_owner``) say who else may, and close the file; an employer that is not closed
    keeps one (a trigger). ``joined_at`` is null for who was there before it was written down.
    """

    __tablename__ = "employer_member"

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
    is_owner: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    joined_at: datetime | None = None


class EmployerInvitation(SQLModel, table=True):
    """An invitation to act for an employer: whoever has the code opens one account, once.

    ``code`` is shown to those who invite while it can be used, and gone afterwards.
    """

    __tablename__ = "employer_invitation"
    __table_args__ = (
        CheckConstraint("expires_at > invited_at", name="ends_after_it"),
        CheckConstraint("(used_at IS NULL) = (used_by_id IS NULL)", name="used_by_somebody"),
        CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="used_or_withdrawn"),
        CheckConstraint(
            "code IS NULL OR (used_at IS NULL AND withdrawn_at IS NULL)", name="code_while_open"
        ),
    )

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True, ondelete="CASCADE")
    code: str | None = Field(default=None, sa_type=EncryptedText)
    code_digest: str = Field(max_length=64, unique=True)
    invited_at: datetime
    invited_by_id: int = Field(foreign_key="account.id")
    expires_at: datetime
    used_at: datetime | None = None
    used_by_id: int | None = Field(default=None, foreign_key="account.id")
    withdrawn_at: datetime | None = None


class EmployerCheck(SQLModel, table=True):
    """One check of an employer's papers: what was seen, by whom, when; rows are only added.

    Of the agent's identity card nothing is kept but that ``checked_by_id`` has seen it.
    """

    __tablename__ = "employer_check"

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True, ondelete="CASCADE")
    checked_at: datetime
    checked_by_id: int | None = Field(default=None, foreign_key="account.id")
    licence_number: str = Field(max_length=40)
    licence_until: date | None = None
    agent_name: str = Field(max_length=40)
    authorised_until: date | None = None


class EmployerBroker(SQLModel, table=True):
    """A labour broker (劳务经纪人) who looks after an employer, from ``since`` up to ``until``.

    One at a time; rows are kept, so that it is known who looked after an employer when it posted
    an opening.
    """

    __tablename__ = "employer_broker"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="ends_after_its_start"),
        Index(
            "uq_employer_broker_now",
            "employer_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", index=True)
    since: datetime
    until: datetime | None = None
