"""Pairs of possible duplicates, and what a merge moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.core.labels import LabelledEnum


class DuplicateKind(LabelledEnum):
    """What the two files are of."""

    OPENING = "opening", "机会"
    RESIDENT = "resident", "居民"


class PairState(LabelledEnum):
    """Decision on a pair; undoing a merge makes it ``open`` again."""

    OPEN = "open", "待定"
    APART = "apart", "不是同一个"
    MERGED = "merged", "已合并"


class DuplicatePair(SQLModel, table=True):
    """Two rows of ``kind`` that may be duplicates; ``first_id`` is the older, ``evidence`` why.

    Once merged, ``kept_id`` is the one that goes on, ``moved`` lists the rows that went over
    to it (``{"table", "column", "ids"}``), and ``before`` holds what the two were, so that
    the merge can be undone.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("kind", "first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="older_first"),
        CheckConstraint("(state = 'merged') = (kept_id IS NOT NULL)", name="merged_keeps_one"),
        Index("ix_duplicate_pair_queue", "state", "kind", "id"),
    )

    id: int = primary_key()
    kind: DuplicateKind = Field(sa_column=enum_column(DuplicateKind))
    first_id: int
    second_id: int
    evidence: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: PairState = Field(default=PairState.OPEN, sa_column=enum_column(PairState))
    found_at: datetime
    decided_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    kept_id: int | None = None
    moved: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
