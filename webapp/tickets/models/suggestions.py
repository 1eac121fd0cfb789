"""What was suggested for a ticket from its words, and beside it what a person decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, json_list, primary_key
from webapp.tickets.lifecycle import TicketKind, Urgency


class TicketSuggestion(SQLModel, table=True):
    """A suggestion for one ticket, made once from the words it came with.

    ``branch_id`` is null where the installation has no such branch. ``also`` are names of branches
    to be asked, ``missing`` what to ask back, ``external`` the outside number that comes first.
    ``dangers`` are the ticket's words that tell of danger, a line each; ``duplicates`` earlier
    tickets that may be the same matter, as JSON ``[[id, [why, …]], …]``: both repeat what was said,
    and are encrypted as that is. ``decided_…`` is what a person chose when they first sorted it.
    """

    __tablename__ = "ticket_suggestion"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NULL) = (decided_branch_id IS NULL)"
            " AND (decided_at IS NULL) = (decided_kind IS NULL)"
            " AND (decided_at IS NULL) = (decided_urgency IS NULL)",
            name="decided_whole",
        ),
    )

    id: int = primary_key()
    ticket_id: int = Field(foreign_key="ticket.id", unique=True)
    at: datetime
    branch_id: int | None = Field(default=None, foreign_key="branch.id", index=True)
    also: list[str] = json_list()
    kind: TicketKind = Field(sa_column=enum_column(TicketKind))
    urgency: Urgency = Field(sa_column=enum_column(Urgency))
    is_private: bool
    about_staff: bool
    external: str = Field(default="", max_length=10)
    missing: list[str] = json_list()
    dangers: str = Field(default="", sa_type=EncryptedText)
    duplicates: str = Field(default="[]", sa_type=EncryptedText)
    decided_at: datetime | None = Field(default=None, index=True)
    decided_branch_id: int | None = Field(default=None, foreign_key="branch.id", index=True)
    decided_kind: TicketKind | None = Field(
        default=None, sa_column=enum_column(TicketKind, nullable=True, name="decided_kind")
    )
    decided_urgency: Urgency | None = Field(
        default=None, sa_column=enum_column(Urgency, nullable=True, name="decided_urgency")
    )
