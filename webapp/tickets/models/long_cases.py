"""Long cases: what takes many errands, each errand, and the papers it needs."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.residents.models import ConsentChannel
from webapp.tickets.long_case_lifecycle import (
    LongCaseKind,
    LongCaseOutcome,
    LongCaseState,
    PaperKind,
    PaperState,
    StepKind,
)


class LongCase(SQLModel, table=True):
    """Something that takes many errands, with a member and a backup of one branch.

    The person is a resident of the files, or somebody outside them. An open case always has a next
    errand with its day. What it is about, and how it ended, is encrypted; reading it is audited.
    A trigger holds owner and backup to the branch.
    """

    __tablename__ = "long_case"
    __table_args__ = (
        CheckConstraint("owner_id <> backup_id", name="backup_is_another"),
        CheckConstraint(
            "(resident_id IS NULL) = (outside_name IS NOT NULL)"
            " AND (outside_phone IS NULL OR outside_name IS NOT NULL)",
            name="one_person",
        ),
        CheckConstraint(
            "(state = 'open') = (next_on IS NOT NULL) AND (next_on IS NULL) = (next_kind IS NULL)",
            name="open_has_next_step",
        ),
        CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (outcome IS NULL)",
            name="ended_has_outcome",
        ),
        Index("ix_long_case_kind", "kind", "state"),
        Index("ix_long_case_branch", "branch_id", "state", "next_on"),
    )

    id: int = primary_key()
    kind: LongCaseKind = Field(sa_column=enum_column(LongCaseKind))
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", unique=True)
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    outside_name: str | None = Field(default=None, sa_type=EncryptedText)
    outside_phone: str | None = Field(default=None, sa_type=EncryptedText)
    branch_id: int = Field(foreign_key="branch.id")
    owner_id: int = Field(foreign_key="account.id", index=True)
    backup_id: int = Field(foreign_key="account.id", index=True)
    about: str = Field(sa_type=EncryptedText)
    state: LongCaseState = Field(default=LongCaseState.OPEN, sa_column=enum_column(LongCaseState))
    next_kind: StepKind | None = Field(
        default=None, sa_column=enum_column(StepKind, nullable=True, name="next_kind")
    )
    next_words: str = Field(default="", sa_type=EncryptedText)
    next_on: date | None = None
    agreed_how: ConsentChannel = Field(sa_column=enum_column(ConsentChannel))
    agreed_on: date
    outcome: LongCaseOutcome | None = Field(
        default=None, sa_column=enum_column(LongCaseOutcome, nullable=True)
    )
    outcome_words: str = Field(default="", sa_type=EncryptedText)
    ended_at: datetime | None = None
    idempotency_key: str = Field(max_length=32, unique=True)
    opened_by_id: int = Field(foreign_key="account.id")
    opened_at: datetime


class LongCaseStep(SQLModel, table=True):
    """One errand that was made: where, who was met, what came of it. Append-only.

    Its words alone may be erased (a trigger holds the rest). ``at`` is when it was written down.
    """

    __tablename__ = "long_case_step"
    __table_args__ = (Index("ix_long_case_step_case", "case_id", "day", "id"),)

    id: int = primary_key()
    case_id: int = Field(foreign_key="long_case.id")
    day: date
    kind: StepKind = Field(sa_column=enum_column(StepKind))
    place: str = Field(default="", sa_type=EncryptedText)
    met: str = Field(default="", sa_type=EncryptedText)
    came_of: str = Field(sa_type=EncryptedText)
    by_id: int = Field(foreign_key="account.id")
    idempotency_key: str = Field(max_length=32, unique=True)
    at: datetime


class LongCasePaper(SQLModel, table=True):
    """A paper of a case and where it is; ``needed_for`` is the errand that asks for it.

    ``was_missing``: it had to be got first. ``name`` says which one, where the kind does not.
    """

    __tablename__ = "long_case_paper"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "name"),
        CheckConstraint("state <> 'missing' OR was_missing", name="missing_was_missing"),
    )

    id: int = primary_key()
    case_id: int = Field(foreign_key="long_case.id", index=True)
    kind: PaperKind = Field(sa_column=enum_column(PaperKind))
    name: str = Field(default="", max_length=40)
    state: PaperState = Field(sa_column=enum_column(PaperState))
    needed_for: StepKind | None = Field(
        default=None, sa_column=enum_column(StepKind, nullable=True, name="needed_for")
    )
    was_missing: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    changed_at: datetime
    changed_by_id: int = Field(foreign_key="account.id")
