"""Contacts with residents: calls, visits and meetings on record."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class ContactWay(LabelledEnum):
    """How somebody was contacted."""

    PHONE = "phone", "打电话"
    VISIT = "visit", "上门"
    OFFICE = "office", "来社区"


class Contact(SQLModel, table=True):
    """One contact with a resident, or an attempt at one (``reached`` false), by one member.

    ``next_on`` is the day to ask again; a later contact settles it.
    """

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_resident", "resident_id", "id"),)

    id: int = primary_key()
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime
    way: ContactWay = Field(sa_column=enum_column(ContactWay))
    reached: bool
    words: str = Field(max_length=300)
    next_on: date | None = Field(default=None, index=True)
