"""What is printed before anybody has said anything: blank forms, and posters with a place."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from webapp.core import receipt_codes
from webapp.core.crypto import EncryptedText
from webapp.core.db import primary_key


class BlankForm(SQLModel, table=True):
    """A form on paper whose code waits for what somebody writes on it by hand.

    ``batch`` names the sheets that were printed together (32 hex digits). ``pin`` stands on the
    strip that the writer keeps; it is encrypted, and gone once the ticket holds its hash.
    """

    __tablename__ = "ticket_blank_form"
    __table_args__ = (
        CheckConstraint("(ticket_id IS NULL) = (pin IS NOT NULL)", name="pin_until_filed"),
        CheckConstraint(f"length(code) = {receipt_codes.LENGTH}", name="whole_code"),
    )

    id: int = primary_key()
    code: str = Field(max_length=receipt_codes.LENGTH, unique=True)
    pin: str | None = Field(default=None, sa_type=EncryptedText)
    batch: str = Field(max_length=32, index=True)
    printed_at: datetime
    printed_by_id: int = Field(foreign_key="account.id")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", unique=True)


class WallPlace(SQLModel, table=True):
    """A place where a poster hangs; who scans its code need not say where they are."""

    __tablename__ = "ticket_wall_place"
    __table_args__ = (
        CheckConstraint(f"length(code) = {receipt_codes.LENGTH}", name="whole_code"),
        Index(
            "uq_ticket_wall_place_hanging",
            "place",
            unique=True,
            sqlite_where=text("taken_down_at IS NULL"),
            postgresql_where=text("taken_down_at IS NULL"),
        ),
    )

    id: int = primary_key()
    code: str = Field(max_length=receipt_codes.LENGTH, unique=True)
    place: str = Field(max_length=60)
    made_at: datetime
    made_by_id: int = Field(foreign_key="account.id")
    taken_down_at: datetime | None = None
