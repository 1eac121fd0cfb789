"""Draws: entries under receipt codes, the frozen list with its hash, the result typed in twice."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.draws.lifecycle import DrawState, SeedSource

_NOT_CANCELLED = text("state <> 'cancelled'")


class Draw(SQLModel, table=True):
    """One draw of ``places`` among those who entered.

    ``subject`` says what is drawn for, in the words of the part that asks (``payment_check:3``);
    nothing is drawn for twice unless the first draw was cancelled before its result was known.
    ``list_text`` and ``list_hash`` (:mod:`webapp.draws.order`) stand once the list is frozen,
    ``source``, ``source_day`` and ``known_at`` say on which result it waits and from when that is
    known. Where nothing is drawn on that day, the next drawing of the same name counts.
    ``round`` counts how often the result was typed in; two who typed differently begin again.

    Triggers hold what a later hand could want to change: a frozen list, the result it waits for,
    the entries, what was typed, and that two people typed the same.
    """

    __tablename__ = "draw"
    __table_args__ = (
        CheckConstraint("places >= 1", name="at_least_one_place"),
        CheckConstraint("round >= 1", name="round_from_one"),
        CheckConstraint(
            "state NOT IN ('frozen', 'typed', 'drawn') OR (length(list_hash) = 64"
            " AND list_text <> '' AND source IS NOT NULL AND source_day IS NOT NULL"
            " AND known_at IS NOT NULL AND frozen_at IS NOT NULL)",
            name="frozen_is_whole",
        ),
        CheckConstraint("state <> 'open' OR list_hash = ''", name="open_has_no_list"),
        CheckConstraint("frozen_at < known_at", name="frozen_before_it_is_known"),
        CheckConstraint("(state = 'drawn') = (seed <> '')", name="drawn_has_seed"),
        CheckConstraint("(state = 'drawn') = (drawn_at IS NOT NULL)", name="drawn_has_moment"),
        CheckConstraint("drawn_at >= known_at", name="drawn_after_it_is_known"),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
            " AND (state = 'cancelled') = (reason <> '')",
            name="cancelled_with_reason",
        ),
        # Whoever does not like a result cannot have another one.
        CheckConstraint("cancelled_at < known_at", name="cancelled_before_it_is_known"),
        Index(
            "uq_draw_subject",
            "subject",
            unique=True,
            sqlite_where=_NOT_CANCELLED,
            postgresql_where=_NOT_CANCELLED,
        ),
    )

    id: int = primary_key()
    code: str = Field(max_length=16, unique=True)
    subject: str = Field(max_length=64)
    title: str = Field(max_length=80)
    places: int
    state: DrawState = Field(default=DrawState.OPEN, sa_column=enum_column(DrawState, index=True))
    list_text: str = Field(default="", sa_type=Text)
    list_hash: str = Field(default="", max_length=64)
    source: SeedSource | None = Field(
        default=None, sa_column=enum_column(SeedSource, nullable=True)
    )
    source_day: date | None = None
    known_at: datetime | None = None
    round: int = 1
    seed: str = Field(default="", max_length=40)
    created_at: datetime
    frozen_at: datetime | None = None
    drawn_at: datetime | None = None
    cancelled_at: datetime | None = None
    reason: str = Field(default="", max_length=200)


class DrawEntry(SQLModel, table=True):
    """One entry of a draw, known by its receipt code alone; who holds it the asking part knows.

    ``number`` is its place in the frozen list, ``rank`` its place in the drawn order, both from 1.
    """

    __tablename__ = "draw_entry"
    __table_args__ = (
        UniqueConstraint("draw_id", "number"),
        UniqueConstraint("draw_id", "rank"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("rank >= 1", name="rank_from_one"),
    )

    id: int = primary_key()
    draw_id: int = Field(foreign_key="draw.id", index=True)
    code: str = Field(max_length=16, unique=True)
    number: int | None = None
    rank: int | None = None


class SeedEntry(SQLModel, table=True):
    """The result as one person typed it in one round, ``turn`` first or second. Append-only."""

    __tablename__ = "draw_seed_entry"
    __table_args__ = (
        UniqueConstraint("draw_id", "round", "turn"),
        UniqueConstraint("draw_id", "round", "typed_by_id"),
        CheckConstraint("turn IN (1, 2)", name="first_or_second"),
    )

    id: int = primary_key()
    draw_id: int = Field(foreign_key="draw.id")
    round: int
    turn: int
    value: str = Field(max_length=40)
    typed_by_id: int = Field(foreign_key="account.id")
    typed_at: datetime
