"""What staff were shown, and the versions of the model that showed it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.db import enum_column, primary_key
from webapp.learning.lifecycle import VersionState


class Impression(SQLModel, table=True):
    """A member of staff saw a suggestion: where it stood, and which model had put it there.

    ``position`` is its place among the resident's suggestions and ``rank`` the one the model
    gave it, both from 1; ``propensity`` the chance that this rank stood there. ``place`` is the
    row on the page, ``in_full`` whether it was open with both sides or a line in the list.
    """

    __tablename__ = "impression"
    __table_args__ = (
        UniqueConstraint(
            "resident_id",
            "opening_id",
            "account_id",
            "model_version",
            "position",
            "in_full",
            name="uq_impression_once",
        ),
        CheckConstraint("position >= 1", name="position_from_one"),
    )

    id: int = primary_key()
    at: datetime = Field(index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    resident_id: int = Field(foreign_key="resident.id", ondelete="CASCADE")
    opening_id: int = Field(foreign_key="opening.id", index=True)
    position: int
    rank: int
    propensity: float
    place: int
    in_full: bool
    model_version: str = Field(max_length=64)


class ModelVersion(SQLModel, table=True):
    """One version of the model that ranks.

    ``file`` is its name in the folder of models, empty for the prior the program ships;
    ``file_sha256`` and ``data_sha256`` are digests of that file and of what it learned from.
    ``report`` holds the gate's verdict, ``metrics`` its figures, ``fairness`` figures by group.
    ``switched_by_id`` is who put it in use, null for the scheduled job.
    """

    __tablename__ = "model_version"
    __table_args__ = (
        # Exactly one makes the suggestions, and one training at a time is waited for.
        Index(
            "uq_model_version_only",
            "state",
            unique=True,
            sqlite_where=text("state IN ('current', 'requested')"),
            postgresql_where=text("state IN ('current', 'requested')"),
        ),
    )

    id: int = primary_key()
    name: str | None = Field(default=None, max_length=64, index=True)
    state: VersionState = Field(sa_column=enum_column(VersionState))
    file: str = Field(default="", max_length=120)
    file_sha256: str = Field(default="", max_length=64)
    data_sha256: str = Field(default="", max_length=64)
    decisions: int = 0
    metrics: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    fairness: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")
    started_at: datetime | None = None
    switched_at: datetime | None = None
    switched_by_id: int | None = Field(default=None, foreign_key="account.id")
