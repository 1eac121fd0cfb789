"""Versions of the ranking model, and residents whose suggestions are asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class VersionState(LabelledEnum):
    """Where a model version stands."""

    REQUESTED = "requested", "等着学"  # asked for; the scheduler trains it soon
    CANDIDATE = "candidate", "学好了，没有用"  # trained and kept, not in use
    CURRENT = "current", "正在用"  # makes the suggestions; exactly one
    RETIRED = "retired", "用过，换下了"  # was in use
    REFUSED = "refused", "没有学成"  # no model came of it


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


class SuggestionRequest(SQLModel, table=True):
    """Suggestions to compute anew: of one resident, or of all when ``resident_id`` is null."""

    __tablename__ = "suggestion_request"

    id: int = primary_key()
    resident_id: int | None = Field(
        default=None, foreign_key="resident.id", index=True, ondelete="CASCADE"
    )
    requested_at: datetime


class KeptMeaning(SQLModel, table=True):
    """What a text of work means, worked out once.

    ``key`` is a digest of the text and of the version of what it was worked out with;
    ``content`` is the library's form in base64. It says nothing of whose text it was.
    """

    __tablename__ = "kept_meaning"

    id: int = primary_key()
    key: str = Field(max_length=64, unique=True)
    content: str = Field(sa_type=Text)
    created_at: datetime = Field(index=True)
