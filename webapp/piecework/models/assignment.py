"""A household's work: assignments, deliveries, inspections, findings and disputes."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum
from webapp.piecework.lifecycle import AssignmentHold, AssignmentState


class Assignment(SQLModel, table=True):
    """The part of an order that one household claimed: ``pieces``, due on ``due``.

    ``rate_fen`` (fen for a piece) is null until the first issue and never changes after it.
    ``rework_due`` is when pieces sent back for rework are due.
    """

    __tablename__ = "piecework_assignment"
    __table_args__ = (
        CheckConstraint("pieces >= 0", name="pieces_not_negative"),
        CheckConstraint("rate_fen > 0", name="rate_positive"),
        CheckConstraint(
            "state IN ('claimed', 'trial_passed', 'withdrawn') OR rate_fen IS NOT NULL",
            name="rate_locked_at_issue",
        ),
        CheckConstraint("state <> 'rework' OR rework_due IS NOT NULL", name="rework_has_due"),
        Index("ix_piecework_assignment_order_state", "order_id", "state"),
        Index("ix_piecework_assignment_household_state", "household_id", "state"),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id")
    household_id: int = Field(foreign_key="household.id")
    state: AssignmentState = Field(
        default=AssignmentState.CLAIMED, sa_column=enum_column(AssignmentState, index=True)
    )
    hold: AssignmentHold | None = Field(
        default=None, sa_column=enum_column(AssignmentHold, nullable=True)
    )
    hold_reason: str = Field(default="", max_length=200)
    pieces: int
    due: date
    rework_due: date | None = None
    rate_fen: int | None = None
    claimed_by_id: int | None = Field(default=None, foreign_key="account.id")
    claimed_at: datetime
    updated_at: datetime
    idempotency_key: str = Field(max_length=64, unique=True)


class AssignmentMember(SQLModel, table=True):
    """A member of the household who does the work.

    ``age`` is in full years when named; null only in rows older than the question.
    """

    __tablename__ = "piecework_assignment_member"
    __table_args__ = (
        Index("uq_piecework_member", "assignment_id", "resident_id", unique=True),
        CheckConstraint("age >= 16", name="old_enough"),
    )

    id: int = primary_key()
    assignment_id: int = Field(foreign_key="piecework_assignment.id")
    resident_id: int = Field(foreign_key="resident.id", index=True)
    age: int | None = None


class AssignmentMaterial(SQLModel, table=True):
    """How much of one material may be issued for an assignment, and was issued less returns.

    All amounts are in the material's unit. ``ceiling`` is need × (1 + allowance); ``override``
    was added for whole packs, with a reason.
    The ``replacement`` columns are the same for pieces sent back for rework.
    """

    __tablename__ = "piecework_assignment_material"
    __table_args__ = (
        CheckConstraint("issued BETWEEN 0 AND ceiling + override", name="issue_within_need"),
        CheckConstraint(
            "replacement_issued BETWEEN 0 AND replacement_ceiling + replacement_override",
            name="replacement_within_need",
        ),
        CheckConstraint("override >= 0 AND replacement_override >= 0", name="override_positive"),
        Index("uq_piecework_assignment_material", "assignment_id", "material_id", unique=True),
    )

    id: int = primary_key()
    assignment_id: int = Field(foreign_key="piecework_assignment.id")
    material_id: int = Field(foreign_key="piecework_material.id", index=True)
    ceiling: int
    issued: int = 0
    override: int = 0
    replacement_ceiling: int = 0
    replacement_issued: int = 0
    replacement_override: int = 0


class Delivery(SQLModel, table=True):
    """Pieces a household handed in; ``wastage`` is by material id, in the material's unit."""

    __tablename__ = "piecework_delivery"
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces_positive"),
        Index("uq_piecework_delivery", "assignment_id", "number", unique=True),
    )

    id: int = primary_key()
    assignment_id: int = Field(foreign_key="piecework_assignment.id")
    number: int
    pieces: int
    is_rework: bool = False
    wastage: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    inspected: bool = Field(default=False, index=True)
    submitted_at: datetime = Field(index=True)
    submitted_by_id: int | None = Field(default=None, foreign_key="account.id")
    entry_id: int = Field(foreign_key="ledger_entry.id", unique=True)


class Inspection(SQLModel, table=True):
    """The result of inspecting a delivery; ``reversed_by_id`` is the entry that reversed it."""

    __tablename__ = "piecework_inspection"
    __table_args__ = (
        CheckConstraint(
            "accepted >= 0 AND rework >= 0 AND rejected >= 0 AND accepted + rework + rejected > 0",
            name="counts_positive",
        ),
        Index(
            "uq_piecework_inspection_standing",
            "delivery_id",
            unique=True,
            sqlite_where=text("reversed_by_id IS NULL"),
            postgresql_where=text("reversed_by_id IS NULL"),
        ),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    assignment_id: int = Field(foreign_key="piecework_assignment.id", index=True)
    delivery_id: int = Field(foreign_key="piecework_delivery.id", index=True)
    accepted: int
    rework: int
    rejected: int
    note: str = Field(default="", max_length=300)
    inspector_id: int = Field(foreign_key="account.id", index=True)
    at: datetime
    entry_id: int = Field(foreign_key="ledger_entry.id", unique=True)
    reversed_by_id: int | None = Field(default=None, foreign_key="ledger_entry.id")


class InspectionPhoto(SQLModel, table=True):
    """A photo of inspected pieces in the uploads folder, re-encoded without metadata."""

    __tablename__ = "piecework_photo"

    id: int = primary_key()
    inspection_id: int = Field(foreign_key="piecework_inspection.id", index=True)
    stored: str = Field(max_length=40, unique=True)
    width: int
    height: int
    added_at: datetime


class WastageFinding(SQLModel, table=True):
    """A signed finding of waste beyond the allowance: the only ground for a charge."""

    __tablename__ = "piecework_finding"
    __table_args__ = (
        CheckConstraint("excess > 0", name="excess_positive"),
        CheckConstraint("charge_fen >= 0", name="charge_not_negative"),
        CheckConstraint("cause <> '' AND heard <> ''", name="finding_has_words"),
    )

    id: int = primary_key()
    assignment_id: int = Field(foreign_key="piecework_assignment.id", index=True)
    material_id: int = Field(foreign_key="piecework_material.id")
    excess: int
    charge_fen: int
    cause: str = Field(max_length=300)
    heard: str = Field(max_length=300)
    signed_by_id: int = Field(foreign_key="account.id")
    signed_at: datetime
    entry_id: int | None = Field(default=None, foreign_key="ledger_entry.id", unique=True)
    waived_by_entry_id: int | None = Field(default=None, foreign_key="ledger_entry.id")
    idempotency_key: str = Field(max_length=64, unique=True)


class DisputeAbout(LabelledEnum):
    """What a dispute is about."""

    COUNT = "count", "件数不对"
    QUALITY = "quality", "质量说法不一样"
    PAY = "pay", "工钱不对"
    MATERIAL = "material", "材料不对"
    OTHER = "other", "别的事"


class Dispute(SQLModel, table=True):
    """A dispute of a household (``assignment_id`` set) or a company; open until decided."""

    __tablename__ = "piecework_dispute"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (outcome = '')", name="decided_has_outcome"),
    )

    id: int = primary_key()
    order_id: int = Field(foreign_key="piecework_order.id", index=True)
    assignment_id: int | None = Field(
        default=None, foreign_key="piecework_assignment.id", index=True
    )
    about: DisputeAbout = Field(sa_column=enum_column(DisputeAbout))
    words: str = Field(sa_type=Text)
    opened_by_id: int | None = Field(default=None, foreign_key="account.id")
    opened_at: datetime
    outcome: str = Field(default="", max_length=300)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, index=True)
    idempotency_key: str = Field(max_length=64, unique=True)
