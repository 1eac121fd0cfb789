"""Stalls and projects, and the rounds in which their places are given out."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, true
from sqlmodel import Field, SQLModel

from webapp.core.db import enum_column, json_list, primary_key
from webapp.core.labels import LabelledEnum
from webapp.guides.trades import Site, Trade
from webapp.ventures.lifecycle import Allocation, RoundState


class RentPeriod(LabelledEnum):
    """What the rent is paid by."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    YEAR = "year", "年"
    DAY = "day", "天"


class Venture(SQLModel, table=True):
    """What an opening of kind venture offers, beside what the opening says itself.

    Title, description, place and the last day to apply are the opening's: by it a venture is
    searched, matched and suggested. ``places`` is how many people can have one, beside those
    whom the opening counts as hired from before there were cases. Amounts are fen; what somebody
    may earn stands here only with where it is known from, ``example`` marks amounts and earnings
    nobody has confirmed. ``plan`` is a drawing in words: a line a row, stalls parted by spaces,
    this one's in brackets (``大门 C10 C11 [C12] C13``).
    """

    __tablename__ = "venture"
    __table_args__ = (
        CheckConstraint("rent_fen >= 0 AND deposit_fen >= 0 AND stock_fen >= 0", name="amounts"),
        CheckConstraint(
            "rent_fen IS NULL OR (rent_period IS NOT NULL AND rent_to <> '')", name="rent_is_whole"
        ),
        CheckConstraint(
            "deposit_fen IS NULL OR deposit_fen = 0 OR (deposit_to <> '' AND deposit_back <> '')",
            name="deposit_says_to_whom_and_when_back",
        ),
        CheckConstraint("earn_max_fen >= earn_min_fen", name="earnings_in_order"),
        CheckConstraint(
            "(earn_min_fen IS NULL AND earn_max_fen IS NULL) OR earn_source <> ''",
            name="earnings_have_a_source",
        ),
        CheckConstraint("photo = '' OR photo_alt <> ''", name="photo_in_words"),
        CheckConstraint("places BETWEEN 0 AND 99", name="places_in_reason"),
    )

    id: int = primary_key()
    opening_id: int = Field(foreign_key="opening.id", unique=True)
    trade: Trade = Field(sa_column=enum_column(Trade))
    site: Site = Field(sa_column=enum_column(Site))
    allocation: Allocation = Field(sa_column=enum_column(Allocation))
    places: int = 1
    sells: str = Field(default="", max_length=120)
    rent_fen: int | None = None
    rent_period: RentPeriod | None = Field(
        default=None, sa_column=enum_column(RentPeriod, nullable=True)
    )
    rent_to: str = Field(default="", max_length=60)
    deposit_fen: int | None = None
    deposit_to: str = Field(default="", max_length=60)
    deposit_back: str = Field(default="", max_length=120)
    stock_fen: int | None = None
    stock_words: str = Field(default="", max_length=120)
    earn_min_fen: int | None = None
    earn_max_fen: int | None = None
    earn_source: str = Field(default="", max_length=160)
    example: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    risks: list[str] = json_list()
    season: str = Field(default="", max_length=120)
    plan: str = Field(default="", max_length=400)
    photo: str = Field(default="", max_length=40)
    photo_width: int = 0
    photo_height: int = 0
    photo_alt: str = Field(default="", max_length=120)
    created_at: datetime
    created_by_id: int | None = Field(default=None, foreign_key="account.id")


class VentureRound(SQLModel, table=True):
    """One giving out of a venture's places: the list as it was frozen, and the order found.

    ``places`` is how many there were to give. ``draw_id`` is the draw that makes the order, or
    parts those of equal points; ``None`` where the points alone do.
    """

    __tablename__ = "venture_round"
    __table_args__ = (
        CheckConstraint("places > 0", name="something_to_give"),
        CheckConstraint("entries > 0", name="somebody_to_give_it_to"),
        CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided_at_a_time"),
        Index("ix_venture_round_venture", "venture_id", "frozen_at"),
    )

    id: int = primary_key()
    venture_id: int = Field(foreign_key="venture.id")
    state: RoundState = Field(sa_column=enum_column(RoundState))
    method: Allocation = Field(sa_column=enum_column(Allocation))
    places: int
    entries: int
    entries_until: date
    frozen_at: datetime
    frozen_by_id: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = None
