"""Cases: one person and their business, what happened to it, what was planned for it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, json_list, primary_key
from webapp.guides.trades import Site, Trade
from webapp.ventures.lifecycle import (
    HOLDING,
    LIVE,
    CaseOrigin,
    CaseState,
    EndCause,
    MentorState,
    RefuseCause,
)


def _listed(states: frozenset[CaseState]) -> str:
    return ", ".join(f"'{state.value}'" for state in CaseState if state in states)


_LIVE = text(f"state IN ({_listed(LIVE)}) AND venture_id IS NOT NULL")


class VentureCase(SQLModel, table=True):
    """One person and one business, from the application to its end.

    ``venture_id`` is empty for an idea of the person's own. ``code`` is the receipt: by it alone
    lists and results name somebody. ``rank`` is the number in the order of a round, ``points``
    and ``points_detail`` (``{"code", "value"}``) what it rests on, ``place_no`` which of the
    venture's places is held. ``due_on`` is the day of the next step, ``cash_until`` the last month
    with figures (its first day). ``spell_id`` is the stretch of self-employment it has written.
    """

    __tablename__ = "venture_case"
    __table_args__ = (
        UniqueConstraint("venture_id", "place_no"),
        UniqueConstraint("round_id", "rank"),
        Index(
            "uq_venture_case_live",
            "resident_id",
            "venture_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        CheckConstraint(
            f"place_no IS NULL OR (place_no > 0 AND state IN ({_listed(HOLDING)}))",
            name="place_while_held",
        ),
        CheckConstraint(
            "state <> 'offered' OR (place_no IS NOT NULL AND offered_until IS NOT NULL)",
            name="offer_is_of_a_place_until_a_time",
        ),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer_ends"),
        CheckConstraint(
            "state NOT IN ('active', 'closed') OR opened_on IS NOT NULL", name="open_since_a_day"
        ),
        CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_on_a_day"),
        CheckConstraint("closed_on >= opened_on", name="closed_after_opening"),
        CheckConstraint(
            "(state IN ('closed', 'stopped')) = (end_cause IS NOT NULL)", name="ended_for_a_cause"
        ),
        CheckConstraint(
            "(state = 'refused') = (refuse_cause IS NOT NULL)", name="refused_for_a_cause"
        ),
        CheckConstraint("state <> 'refused' OR end_note <> ''", name="refused_in_words"),
        CheckConstraint("(mentor_id IS NULL) = (mentor_state IS NULL)", name="mentor_was_asked"),
        CheckConstraint(
            "rank IS NULL OR (rank > 0 AND round_id IS NOT NULL)", name="rank_of_round"
        ),
        Index("ix_venture_case_state", "state", "due_on"),
        Index("ix_venture_case_offered", "state", "offered_until"),
    )

    id: int = primary_key()
    venture_id: int | None = Field(default=None, foreign_key="venture.id", index=True)
    resident_id: int = Field(foreign_key="resident.id", index=True, ondelete="CASCADE")
    state: CaseState = Field(sa_column=enum_column(CaseState))
    origin: CaseOrigin = Field(sa_column=enum_column(CaseOrigin))
    code: str = Field(max_length=12, unique=True)
    title: str = Field(max_length=80)
    trade: Trade = Field(sa_column=enum_column(Trade))
    site: Site = Field(sa_column=enum_column(Site))
    round_id: int | None = Field(default=None, foreign_key="venture_round.id")
    rank: int | None = None
    points: int | None = None
    points_detail: list[dict[str, str | int]] = json_list()
    place_no: int | None = None
    offered_until: datetime | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    end_cause: EndCause | None = Field(default=None, sa_column=enum_column(EndCause, nullable=True))
    refuse_cause: RefuseCause | None = Field(
        default=None, sa_column=enum_column(RefuseCause, nullable=True)
    )
    end_note: str = Field(default="", max_length=200)
    mentor_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    mentor_state: MentorState | None = Field(
        default=None, sa_column=enum_column(MentorState, nullable=True)
    )
    due_on: date | None = None
    next_step: str = Field(default="", max_length=200)
    cash_until: date | None = None
    spell_id: int | None = Field(
        default=None, foreign_key="employment_spell.id", ondelete="SET NULL"
    )
    since: datetime
    created_at: datetime


class VentureEvent(SQLModel, table=True):
    """One step of a case: who, from where to where."""

    __tablename__ = "venture_event"

    id: int = primary_key()
    case_id: int = Field(foreign_key="venture_case.id", index=True, ondelete="CASCADE")
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    action: str = Field(max_length=32)
    from_state: str = Field(default="", max_length=32)
    to_state: str = Field(max_length=32)


class VenturePlan(SQLModel, table=True):
    """The one-page plan of a case: what, where, who buys, and what it takes; money in fen.

    ``cost_fen`` and ``price_fen`` are of one piece (``unit``: a bowl, a pound), ``fixed_fen`` is
    paid each month whatever is sold, ``days`` are those open a month, ``expected`` the pieces a
    day the person thinks to sell. The last five say where the first money comes from.
    """

    __tablename__ = "venture_plan"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 31", name="days_of_a_month"),
        CheckConstraint(
            "cost_fen >= 0 AND price_fen >= 0 AND fixed_fen >= 0 AND start_fen >= 0"
            " AND own_fen >= 0 AND family_fen >= 0 AND loan_fen >= 0 AND credit_fen >= 0"
            " AND other_fen >= 0",
            name="amounts_not_negative",
        ),
        CheckConstraint("expected >= 0", name="expected_not_negative"),
    )

    id: int = primary_key()
    case_id: int = Field(foreign_key="venture_case.id", unique=True, ondelete="CASCADE")
    what: str = Field(max_length=200)
    sold_where: str = Field(default="", max_length=120)
    buyers: str = Field(default="", max_length=200)
    unit: str = Field(max_length=10)
    cost_fen: int
    price_fen: int
    fixed_fen: int
    days: int
    expected: int | None = None
    start_fen: int = 0
    own_fen: int = 0
    family_fen: int = 0
    loan_fen: int = 0
    credit_fen: int = 0
    other_fen: int = 0
    updated_at: datetime
    updated_by_id: int | None = Field(default=None, foreign_key="account.id")
