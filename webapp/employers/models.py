"""Employers and the accounts that act for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.db import enum_column, primary_key
from webapp.employers.lifecycle import EmployerState


class Employer(SQLModel, table=True):
    """An employer or a company; verified by staff before anything of it is published.

    ``credit_code`` is the unified social credit code; null while only known by name
    from an imported spreadsheet.
    """

    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint("state <> 'verified' OR verified_at IS NOT NULL", name="verified_has_date"),
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
    verified_at: datetime | None = None
    verified_by_id: int | None = Field(default=None, foreign_key="account.id")
    created_at: datetime


class EmployerMember(SQLModel, table=True):
    """An account that acts for an employer."""

    __tablename__ = "employer_member"

    id: int = primary_key()
    employer_id: int = Field(foreign_key="employer.id", index=True, ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", unique=True, ondelete="CASCADE")
