"""Spot checks: a quarter's frozen list, what was drawn, what another branch found, the reply."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, primary_key
from webapp.spot_checks.lifecycle import Finding, SpotKind


class SpotCheck(SQLModel, table=True):
    """The check of one quarter (``2026-Q3``) and kind: ``sample`` of ``population`` are looked at.

    The figures the size rests on are kept as they were. ``list_hash`` is that of the draw's list,
    or, where all are looked at and nothing is drawn, of the numbered list of codes. Until
    ``selected_at`` the result that it is drawn by is awaited.
    """

    __tablename__ = "spot_check"
    __table_args__ = (
        UniqueConstraint("quarter", "kind"),
        CheckConstraint("sample BETWEEN 1 AND population", name="sample_of_the_population"),
        CheckConstraint("sample = population OR draw_id IS NOT NULL", name="a_part_is_drawn"),
        CheckConstraint("length(list_hash) = 64", name="whole_hash"),
        CheckConstraint("length(quarter) = 7", name="whole_quarter"),
    )

    id: int = primary_key()
    quarter: str = Field(max_length=7)
    kind: SpotKind = Field(sa_column=enum_column(SpotKind))
    draw_id: int | None = Field(default=None, foreign_key="draw.id", unique=True)
    population: int
    sample: int
    confidence_permille: int
    margin_permille: int
    list_hash: str = Field(max_length=64)
    made_at: datetime
    selected_at: datetime | None = None


class SpotCheckLine(SQLModel, table=True):
    """One hire or ticket of a quarter's list, known outside by its code alone.

    ``branch_id`` and ``member_id`` are whose work it was when the list was frozen; nobody of that
    branch looks at it. Where it was drawn (``selected``), ``reviewer_id`` looks at it by
    ``due_on`` (``None`` while nobody can); the finding stands as it was written. The member may
    reply once, until ``reply_until``; ``measures`` are what the branch did about it. A match that
    was deleted with its person's file leaves the line without one.
    """

    __tablename__ = "spot_check_line"
    __table_args__ = (
        UniqueConstraint("check_id", "match_id"),
        UniqueConstraint("check_id", "ticket_id"),
        CheckConstraint("match_id IS NULL OR ticket_id IS NULL", name="one_thing"),
        CheckConstraint("selected = (due_on IS NOT NULL)", name="selected_has_day"),
        CheckConstraint("reviewer_id IS NULL OR selected", name="the_sample_is_looked_at"),
        CheckConstraint("reviewer_id <> member_id", name="nobody_looks_at_their_own"),
        CheckConstraint(
            "(finding IS NULL) = (found_at IS NULL)"
            " AND (finding IS NULL OR reviewer_id IS NOT NULL)",
            name="found_by_somebody",
        ),
        CheckConstraint(
            "finding IS NULL OR finding = 'as_it_should' OR words <> ''", name="says_what"
        ),
        CheckConstraint("finding IS NOT NULL OR words = ''", name="words_of_a_finding"),
        CheckConstraint(
            "(reply_until IS NOT NULL) = (finding IS NOT NULL AND member_id IS NOT NULL)",
            name="may_be_replied_to",
        ),
        CheckConstraint(
            "(reply = '') = (replied_at IS NULL) AND (reply = '' OR reply_until IS NOT NULL)",
            name="reply_to_a_finding",
        ),
        CheckConstraint(
            "(measures = '') = (measured_at IS NULL)"
            " AND (measures = '') = (measured_by_id IS NULL)",
            name="measures_whole",
        ),
        CheckConstraint(
            "measures = '' OR (finding IS NOT NULL AND finding IN ('partly', 'not'))",
            name="measures_where_something_was_wrong",
        ),
    )

    id: int = primary_key()
    check_id: int = Field(foreign_key="spot_check.id", index=True)
    match_id: int | None = Field(default=None, foreign_key="match.id", ondelete="SET NULL")
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    draw_entry_id: int | None = Field(default=None, foreign_key="draw_entry.id", unique=True)
    code: str = Field(max_length=16, unique=True)
    branch_id: int = Field(foreign_key="branch.id")
    member_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    selected: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    reviewer_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    due_on: date | None = None
    finding: Finding | None = Field(default=None, sa_column=enum_column(Finding, nullable=True))
    words: str = Field(default="", max_length=500)
    found_at: datetime | None = None
    reply_until: date | None = None
    reply: str = Field(default="", max_length=500)
    replied_at: datetime | None = None
    measures: str = Field(default="", max_length=500)
    measured_at: datetime | None = None
    measured_by_id: int | None = Field(default=None, foreign_key="account.id")


class SpotCheckRecusal(SQLModel, table=True):
    """Somebody said they should not look at a line; it never comes back to them. Append-only."""

    __tablename__ = "spot_check_recusal"
    __table_args__ = (UniqueConstraint("line_id", "account_id"),)

    id: int = primary_key()
    line_id: int = Field(foreign_key="spot_check_line.id")
    account_id: int = Field(foreign_key="account.id")
    at: datetime
