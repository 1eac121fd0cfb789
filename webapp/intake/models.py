"""Texts pasted from a chat or typed at the counter: kept for a day, encrypted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key


class PastedKind(StrEnum):
    """What the text is about."""

    OPENINGS = "openings"
    RESIDENT = "resident"


class PastedText(SQLModel, table=True):
    """One text as somebody handed it in; only that account reads it.

    It may hold telephone numbers and sensitive facts, so ``text`` is encrypted and the row is
    deleted within a day (``policy.KEPT``). ``resident_id`` is the file that was opened from it.
    ``idempotency_key`` names the page it was pasted on, so that it comes in once.
    """

    __tablename__ = "pasted_text"
    __table_args__ = (
        CheckConstraint("resident_id IS NULL OR kind = 'resident'", name="file_of_a_resident"),
    )

    id: int = primary_key()
    kind: PastedKind = Field(sa_column=enum_column(PastedKind))
    text: str = Field(sa_type=EncryptedText)
    account_id: int = Field(foreign_key="account.id", index=True)
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    idempotency_key: str = Field(max_length=32, unique=True)
    created_at: datetime = Field(index=True)
