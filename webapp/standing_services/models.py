"""A standing service (who goes to whom, how often) and each visit that was due, made or not."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from webapp.core.crypto import EncryptedText
from webapp.core.db import enum_column, primary_key
from webapp.standing_services.lifecycle import (
    AgreedHow,
    EndReason,
    PauseReason,
    ServiceKind,
    ServiceState,
    VisitOutcome,
)
from webapp.standing_services.schedule import Rhythm

_SETTLED = text("outcome IN ('visited', 'missed')")


class StandingService(SQLModel, table=True):
    """Somebody is visited again and again by one member, with a backup of the same branch.

    The person is a resident of the files, or somebody outside them by encrypted name, address and
    number. ``due_on`` is the day of the beat whose visit is not settled yet, ``next_on`` the day
    somebody means to go (later after a day that did not fit), null while nobody goes. Of a visit
    nobody made, ``missed_since`` is the day it was meant for, and the two moments say when backup
    and secretary were told. ``notes_agreed``: the person wants a short note kept of each visit.
    A trigger holds visitor and backup to the branch.
    """

    __tablename__ = "standing_service"
    __table_args__ = (
        CheckConstraint("owner_id <> backup_id", name="backup_is_another"),
        CheckConstraint(
            "(resident_id IS NULL) = (outside_name IS NOT NULL)"
            " AND (outside_name IS NULL) = (outside_address IS NULL)"
            " AND (outside_phone IS NULL OR outside_name IS NOT NULL)",
            name="one_person",
        ),
        CheckConstraint(
            "(every_days IS NULL) = (weekdays <> '')"
            " AND (every_days IS NULL OR every_days BETWEEN 1 AND 92)",
            name="one_rhythm",
        ),
        CheckConstraint("(state = 'active') = (next_on IS NOT NULL)", name="active_has_next"),
        CheckConstraint("next_on IS NULL OR next_on >= due_on", name="next_not_before_due"),
        CheckConstraint(
            "(state = 'paused') = (paused_until IS NOT NULL)"
            " AND (paused_until IS NULL) = (pause_reason IS NULL)",
            name="paused_until_a_day",
        ),
        CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)"
            " AND (ended_at IS NULL) = (end_reason IS NULL)",
            name="ended_has_reason",
        ),
        CheckConstraint(
            "missed_since IS NOT NULL OR (backup_told_at IS NULL AND secretary_told_at IS NULL)",
            name="told_of_something",
        ),
        CheckConstraint(
            "missed_since IS NULL OR state = 'active'", name="only_active_ones_are_missed"
        ),
        Index("ix_standing_service_next", "state", "next_on"),
        Index("ix_standing_service_branch", "branch_id", "state"),
    )

    id: int = primary_key()
    branch_id: int = Field(foreign_key="branch.id")
    kind: ServiceKind = Field(sa_column=enum_column(ServiceKind))
    resident_id: int | None = Field(default=None, foreign_key="resident.id", index=True)
    outside_name: str | None = Field(default=None, sa_type=EncryptedText)
    outside_address: str | None = Field(default=None, sa_type=EncryptedText)
    outside_phone: str | None = Field(default=None, sa_type=EncryptedText)
    owner_id: int = Field(foreign_key="account.id", index=True)
    backup_id: int = Field(foreign_key="account.id", index=True)
    every_days: int | None = None
    weekdays: str = Field(default="", max_length=7)
    to_ask: str = Field(default="", sa_type=EncryptedText)
    state: ServiceState = Field(default=ServiceState.ACTIVE, sa_column=enum_column(ServiceState))
    due_on: date
    next_on: date | None = None
    missed_since: date | None = None
    backup_told_at: datetime | None = None
    secretary_told_at: datetime | None = None
    agreed_how: AgreedHow = Field(sa_column=enum_column(AgreedHow))
    agreed_on: date
    agreed_note: str = Field(default="", sa_type=EncryptedText)
    notes_agreed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    paused_until: date | None = None
    pause_reason: PauseReason | None = Field(
        default=None, sa_column=enum_column(PauseReason, nullable=True)
    )
    ended_at: datetime | None = None
    end_reason: EndReason | None = Field(
        default=None, sa_column=enum_column(EndReason, nullable=True)
    )
    idempotency_key: str = Field(max_length=32, unique=True)
    created_by_id: int = Field(foreign_key="account.id")
    created_at: datetime

    @property
    def rhythm(self) -> Rhythm:
        """How often somebody goes."""
        return Rhythm(self.every_days, self.weekdays)


class StandingVisit(SQLModel, table=True):
    """What came of one visit that was due on ``due_on`` and meant for ``planned_on``.

    Each day due is settled once: visited, or missed. ``day`` is when it happened; ``note`` is
    encrypted, as it may hold facts of health. ``next_on`` is when the next was meant for then.
    Nobody changes a visit; who wrote it by mistake takes it back on the same day.
    """

    __tablename__ = "standing_visit"
    __table_args__ = (
        CheckConstraint("(outcome = 'missed') = (by_id IS NULL)", name="missed_by_nobody"),
        CheckConstraint("note IS NULL OR outcome <> 'missed'", name="no_note_of_nothing"),
        CheckConstraint("planned_on >= due_on", name="planned_not_before_due"),
        UniqueConstraint("idempotency_key"),
        Index(
            "uq_standing_visit_settled",
            "service_id",
            "due_on",
            unique=True,
            sqlite_where=_SETTLED,
            postgresql_where=_SETTLED,
        ),
        Index("ix_standing_visit_due", "due_on"),
    )

    id: int = primary_key()
    service_id: int = Field(foreign_key="standing_service.id", index=True)
    due_on: date
    planned_on: date
    outcome: VisitOutcome = Field(sa_column=enum_column(VisitOutcome))
    day: date
    by_id: int | None = Field(default=None, foreign_key="account.id")
    note: str | None = Field(default=None, sa_type=EncryptedText)
    next_on: date
    idempotency_key: str | None = Field(default=None, max_length=32)
    at: datetime
