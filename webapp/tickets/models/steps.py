"""What happened to a ticket, step by step, and its pictures."""

from datetime import datetime

from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.tickets.lifecycle import Outcome, Rating, TicketAction, TicketState


class TicketEvent(SQLModel, table=True):
    """One step: who, when, from where to where. Append-only; only its words may be erased.

    ``words`` are for the reporter, ``inside_words`` for staff. ``actor_id`` is null for somebody
    without an account and for the system; ``by_reporter`` tells the two apart. ``outcome`` and
    ``rating`` are what the reporter said of it at this step.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        CheckConstraint(
            "outcome IS NULL OR action IN ('close', 'reopen', 'erase')", name="outcome_of_an_end"
        ),
    )

    id: int = primary_key()
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    at: datetime = Field(index=True)
    actor_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    by_reporter: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    action: TicketAction = Field(sa_column=enum_column(TicketAction))
    from_state: TicketState | None = Field(
        default=None, sa_column=enum_column(TicketState, nullable=True, name="from_state")
    )
    to_state: TicketState = Field(sa_column=enum_column(TicketState, name="to_state"))
    words: str = Field(default="", sa_type=EncryptedText)
    inside_words: str = Field(default="", sa_type=EncryptedText)
    outcome: Outcome | None = Field(default=None, sa_column=enum_column(Outcome, nullable=True))
    rating: Rating | None = Field(default=None, sa_column=enum_column(Rating, nullable=True))


class TicketPhoto(SQLModel, table=True):
    """A picture of a ticket; the file is encrypted among the uploads.

    Everybody may see it once staff released it (``published_at``): one by one, as some show faces.
    """

    __tablename__ = "ticket_photo"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="has_a_size"),
        CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name="released_by_somebody"
        ),
    )

    id: int = primary_key()
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    event_id: int = Field(foreign_key="ticket_event.id", index=True)
    stored: str = Field(max_length=40, unique=True)
    width: int
    height: int
    added_at: datetime
    by_reporter: bool
    published_at: datetime | None = None
    published_by_id: int | None = Field(default=None, foreign_key="account.id")
