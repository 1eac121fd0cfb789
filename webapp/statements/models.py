"""Wages that employers confirmed, requests for statements, and the statements themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.residents.models import ConsentChannel
from webapp.statements.lifecycle import RequestState, StatementScope

_STANDING = text("ended_at IS NULL")


class WageConfirmation(SQLModel, table=True):
    """What an employer says it paid somebody it hired for a month, in fen.

    ``month`` is its first day. A correction ends the row (``ended_at``) and writes another. What
    the person objected to counts for nothing; their ``objection`` is read by the branch alone.
    """

    __tablename__ = "wage_confirmation"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(objected_at IS NULL) = (objection = '')", name="objection_has_words"),
        Index(
            "uq_wage_confirmation_standing",
            "match_id",
            "month",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_wage_confirmation_resident", "resident_id", "month"),
    )

    id: int = primary_key()
    match_id: int = Field(foreign_key="match.id", ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    employer_id: int = Field(foreign_key="employer.id", index=True)
    month: date
    amount_fen: int = Field(sa_type=BigInteger)
    confirmed_at: datetime
    confirmed_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_at: datetime | None = None
    objected_at: datetime | None = None
    objection: str = Field(default="", max_length=200)


class StatementRequest(SQLModel, table=True):
    """Somebody asks for a statement; a household's is issued when each adult of it agreed.

    ``from_month`` is the first day of the first month. ``household_id`` is set for a household's.
    """

    __tablename__ = "statement_request"
    __table_args__ = (
        CheckConstraint(
            "(scope = 'household') = (household_id IS NOT NULL)", name="household_is_named"
        ),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_date"),
        Index(
            "uq_statement_request_open",
            "household_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    household_id: int | None = Field(default=None, foreign_key="household.id")
    scope: StatementScope = Field(sa_column=enum_column(StatementScope))
    state: RequestState = Field(sa_column=enum_column(RequestState))
    from_month: date
    asked_at: datetime
    closed_at: datetime | None = None


class StatementAgreement(SQLModel, table=True):
    """One adult agreed that their earnings stand on a statement.

    ``recorded_by_id`` is the person's own account, or a member of staff who was told so
    (``channel`` says how, ``note`` when and who was there).
    """

    __tablename__ = "statement_agreement"
    __table_args__ = (UniqueConstraint("request_id", "resident_id"),)

    id: int = primary_key()
    request_id: int = Field(foreign_key="statement_request.id", ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    agreed_at: datetime
    channel: ConsentChannel = Field(sa_column=enum_column(ConsentChannel))
    note: str = Field(default="", max_length=200)
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")


class EarningsStatement(SQLModel, table=True):
    """A statement as it was signed; triggers keep what it says from being changed.

    ``content`` is what the signature is over, amounts in fen; ``total_fen`` is what has to be
    typed to see it.
    """

    __tablename__ = "earnings_statement"
    __table_args__ = (
        CheckConstraint("total_fen > 0", name="total_positive"),
        CheckConstraint("(revoked_at IS NULL) = (revoke_reason = '')", name="revoked_with_reason"),
    )

    id: int = primary_key()
    request_id: int = Field(foreign_key="statement_request.id", unique=True, ondelete="CASCADE")
    number: str = Field(max_length=20, unique=True)
    code: str = Field(max_length=20, unique=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    signature: str = Field(max_length=120)
    total_fen: int = Field(sa_type=BigInteger)
    issued_on: date
    issued_by_id: int | None = Field(default=None, foreign_key="account.id")
    revoked_at: datetime | None = None
    revoked_by_id: int | None = Field(default=None, foreign_key="account.id")
    revoke_reason: str = Field(default="", max_length=200)
