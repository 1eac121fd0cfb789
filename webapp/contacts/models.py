"""Contacts on record: with a resident or an employer, about themselves or about one thing."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class ContactWay(LabelledEnum):
    """How somebody was contacted."""

    PHONE = "phone", "打电话"
    VISIT = "visit", "上门"
    OFFICE = "office", "来社区"


class Contact(SQLModel, table=True):
    """One contact with a resident or an employer, or an attempt at one (``reached`` false).

    ``match_id`` or ``opening_id`` names what it was about. ``next_on`` is the day to ask again; a
    later contact about the same settles it. What is on record never changes: a trigger keeps it
    until the person's file or the employer's is gone.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("(resident_id IS NULL) <> (employer_id IS NULL)", name="with_one_side"),
        CheckConstraint(
            "opening_id IS NULL OR employer_id IS NOT NULL", name="opening_of_employer"
        ),
        Index("ix_contact_resident", "resident_id", "id"),
        Index("ix_contact_employer", "employer_id", "id"),
        Index("ix_contact_match", "match_id", "id"),
    )

    id: int = primary_key()
    resident_id: int | None = Field(default=None, foreign_key="resident.id", ondelete="CASCADE")
    employer_id: int | None = Field(default=None, foreign_key="employer.id", ondelete="CASCADE")
    match_id: int | None = Field(default=None, foreign_key="match.id", ondelete="SET NULL")
    opening_id: int | None = Field(
        default=None, foreign_key="opening.id", index=True, ondelete="SET NULL"
    )
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime
    way: ContactWay = Field(sa_column=enum_column(ContactWay))
    reached: bool
    words: str = Field(max_length=300)
    next_on: date | None = Field(default=None, index=True)
