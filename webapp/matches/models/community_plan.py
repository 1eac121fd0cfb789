"""The plan of the whole community: who would get which opening, if all are placed at once."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.matches.lifecycle import PlanGap, PlanState

_STANDING = text("state IN ('made', 'in_force')")


class CommunityPlan(SQLModel, table=True):
    """One plan with its figures; one waits to be looked at and one is in force, at most.

    It is of the whole community and not of a branch: all branches fill the same openings.
    ``placed`` people of ``people`` have an opening, ``bound`` is the proven most. ``homes`` are
    households in which nobody works and somebody looks for work, ``homes_reached`` those of them
    that have an opening. ``same``, ``other`` and ``fresh`` compare people's first openings with
    the plan that was in force when this one was made: the same, another, none before.
    Nobody made a plan of the night (``made_by_id`` is ``None``). ``marked_at`` is when the queue
    showed all it picks; until then the taking over is not done.
    """

    __tablename__ = "community_plan"
    __table_args__ = (
        CheckConstraint("placed >= 0 AND placed <= bound AND bound <= people", name="placed_of"),
        CheckConstraint("homes_reached >= 0 AND homes_reached <= homes", name="homes_of"),
        CheckConstraint(
            "(state = 'made' AND taken_over_at IS NULL AND ended_at IS NULL)"
            " OR (state = 'in_force' AND taken_over_at IS NOT NULL AND ended_at IS NULL)"
            " OR (state = 'ended' AND ended_at IS NOT NULL)",
            name="state_has_moments",
        ),
        Index(
            "uq_community_plan_standing",
            "state",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: int = primary_key()
    state: PlanState = Field(sa_column=enum_column(PlanState))
    made_at: datetime
    made_by_id: int | None = Field(default=None, foreign_key="account.id")
    taken_over_at: datetime | None = None
    taken_over_by_id: int | None = Field(default=None, foreign_key="account.id")
    marked_at: datetime | None = None
    ended_at: datetime | None = None
    people: int
    placed: int
    bound: int
    homes: int
    homes_reached: int
    same: int = 0
    other: int = 0
    fresh: int = 0


class PlanLine(SQLModel, table=True):
    """What a plan gives one person: ``rank`` 1 is their opening, 2 another that has places left.

    Who gets nothing has one line of rank 0 with the reason, and ``fits``, of how many openings
    they meet all conditions. ``needy`` says that nobody of their household was at work.
    A line that staff took out (``out_at``) is picked by no later plan until it is put back.
    """

    __tablename__ = "plan_line"
    __table_args__ = (
        CheckConstraint("rank BETWEEN 0 AND 2", name="rank_known"),
        CheckConstraint(
            "(rank = 0) = (opening_id IS NULL) AND (rank = 0) = (gap IS NOT NULL)",
            name="opening_or_reason",
        ),
        CheckConstraint("out_at IS NULL OR rank > 0", name="out_had_opening"),
        CheckConstraint("(out_at IS NULL) = (out_by_id IS NULL)", name="out_by_somebody"),
        UniqueConstraint("plan_id", "resident_id", "opening_id", name="uq_plan_line_opening"),
        Index(
            "uq_plan_line_rank",
            "plan_id",
            "resident_id",
            "rank",
            unique=True,
            sqlite_where=text("out_at IS NULL"),
            postgresql_where=text("out_at IS NULL"),
        ),
        Index("ix_plan_line_in_order", "plan_id", "rank", "needy", "score"),
    )

    id: int = primary_key()
    plan_id: int = Field(foreign_key="community_plan.id", ondelete="CASCADE")
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    rank: int
    opening_id: int | None = Field(default=None, foreign_key="opening.id", index=True)
    score: float | None = None
    reasons: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    gap: PlanGap | None = Field(default=None, sa_column=enum_column(PlanGap, nullable=True))
    fits: int = 0
    needy: bool
    out_at: datetime | None = None
    out_by_id: int | None = Field(default=None, foreign_key="account.id")
